"""The demo itself: the program runs, and its queue files tell how far each film is."""

import filecmp
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from movie_sync.demo.world import Offered, Place, World
from movie_sync.films.story import Event, Stories
from movie_sync.models import Item, State
from movie_sync.queue_load import load
from movie_sync.retries import soon

LOOK_EVERY_S = 0.1
GIVE_UP_AFTER_S = 100.0
STOP_WITHIN_S = 6.0


@dataclass
class Progress:
    """How far one film is, in words for a person."""

    title: str
    text: str = "on the watchlist"
    item: Item | None = None
    state: State | None = None
    seconds: float | None = None  # until it was in the library
    refusals: list[str] = field(default_factory=list)  # releases that were not taken, and why
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    ok: bool
    films: list[Progress]
    seconds: float
    problems: list[str]


def play(world: World, show: Callable[[list[Progress]], object]) -> Outcome:
    """Run the program in this world until its films are in the library; `show` sees each change."""
    began_at = time.monotonic()
    films = {offered.title: Progress(offered.title) for offered in world.offered}
    log_file = world.folder / "program.log"
    with log_file.open("wb") as out, ended_as_by_ctrl_c():
        program = subprocess.Popen(
            world.command(), env=world.environment(), stdout=out, stderr=out,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            for _ in until(began_at + GIVE_UP_AFTER_S, program):
                _look(world.home, films, began_at)
                show(list(films.values()))
                if all(film.state is State.COMPLETED for film in films.values()):
                    break
        finally:
            stopped = stop(program)
    _look(world.home, films, began_at)
    show(list(films.values()))
    problems = [] if stopped else ["the program did not end when told to"]
    problems += [why for offered in world.offered if (why := _amiss(world, films, offered))]
    return Outcome(not problems, list(films.values()), time.monotonic() - began_at, problems)


def stay(world: Place, port: int) -> bool:
    """Run the program with its page until this is ended, as by Ctrl+C; False if it ended itself."""
    log_file = world.folder / "program.log"
    with log_file.open("wb") as out, ended_as_by_ctrl_c():
        program = subprocess.Popen(
            world.command("--web", "--web-port", str(port)), env=world.environment(),
            stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            return program.wait() == 0
        except KeyboardInterrupt:
            return stop(program)


@contextmanager
def ended_as_by_ctrl_c() -> Iterator[None]:
    """Whoever ends this process, or closes its terminal, ends the program that it began as well.

    The first such signal raises KeyboardInterrupt, and others are then of no effect.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*_: object) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    known = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)}
    before = {each: handler for each, handler in known.items() if handler is not signal.SIG_IGN}
    for each in before:
        signal.signal(each, interrupt)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def until(deadline: float, program: "subprocess.Popen[bytes]") -> Iterator[None]:
    """A look now and then, for as long as the program runs."""
    while time.monotonic() < deadline and program.poll() is None:
        yield
        time.sleep(LOOK_EVERY_S)


def _look(home: Path, films: dict[str, Progress], began_at: float) -> None:
    items, _ = load(home, reader=True)
    stories = Stories(home / "stories")
    for state in State:
        for item in items[state].values():
            if film := films.get(item.title):
                _note(film, state, item, time.monotonic() - began_at)
                film.refusals = _refusals(stories.read(item.id))


def _refusals(events: Iterable[Event]) -> list[str]:
    """What was not taken, and the first reason of each."""
    said = (
        f"{release['name']}: {release['refused'][0][1]}"
        for event in events
        for release in event.releases
        if "refused" in release
    )
    return list(dict.fromkeys(said))


def _note(film: Progress, state: State, item: Item, seconds: float) -> None:
    film.item, film.state, film.text = item, state, _text(state, item)
    if state is State.FAILED and item.last_error and item.last_error not in film.failures:
        film.failures.append(item.last_error)
    if state is State.COMPLETED and film.seconds is None:
        film.seconds = seconds


def _text(state: State, item: Item) -> str:
    match state:
        case State.PENDING:
            return "pending"
        case State.ACTIVE if item.handle:
            return f"downloading {item.progress or 0:.0%}"
        case State.ACTIVE:
            return "searching"
        case State.FAILED:
            wait = soon(item.retry_at, datetime.now(UTC)) if item.retry_at else "when told to"
            return f"failed, tried again {wait}"
        case State.COMPLETED:
            return "in the library"
        case _:
            return "removed"


def _amiss(world: World, films: dict[str, Progress], offered: Offered) -> str | None:
    """What is wrong with a film that should have arrived."""
    film = films[offered.title]
    if film.state is not State.COMPLETED or film.item is None:
        return f"{film.title} did not arrive: {film.text}"
    placed = Path(film.item.data["path"])
    loaded = world.downloads / offered.release / offered.clip.name
    if not filecmp.cmp(placed, offered.clip, shallow=False):
        return f"{film.title} is not what was offered"
    if not placed.samefile(loaded):
        return f"{film.title} takes its space twice"
    return None


def stop(program: "subprocess.Popen[bytes]") -> bool:
    """Whether it ended in time, and well."""
    if program.poll() is None:
        program.send_signal(signal.SIGTERM)
    try:
        return program.wait(STOP_WITHIN_S) == 0
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
        return False


def as_data(world: World, outcome: Outcome) -> dict[str, Any]:
    """What `demo --json` prints."""
    return {
        "ok": outcome.ok,
        "films": [_film_data(film) for film in outcome.films],
        "seconds": round(outcome.seconds, 2),
        "problems": outcome.problems,
        "home": str(world.home),
        "library": str(world.library),
    }


def _film_data(film: Progress) -> dict[str, Any]:
    data = film.item.data if film.item else {}
    return {
        "title": film.title,
        "state": str(film.state) if film.state else None,
        "path": data.get("path"),
        "release": data.get("release", {}).get("name"),
        "seconds": None if film.seconds is None else round(film.seconds, 2),
    }
