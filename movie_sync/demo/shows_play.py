"""The demo of shows: the program runs, and the Sonarr beside it tells what it was given."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from movie_sync.demo.play import GIVE_UP_AFTER_S, ended_as_by_ctrl_c, stop, until
from movie_sync.demo.shows_world import ADDED, THERE, ShowsWorld
from movie_sync.shows.verdict import ShowState

WAITS = 2  # shows of the newest that wait: one for a TVDB id, one for a person's word


@dataclass(frozen=True)
class ShowOutcome:
    ok: bool
    shows: list[dict[str, Any]]  # the newest ones: title, state, rule and why
    counts: dict[str, int]  # of all, by state
    requests: int  # to TVmaze
    seconds: float
    problems: list[str]


def play_shows(world: ShowsWorld, tell: Callable[[str], object]) -> ShowOutcome:
    """Run the program in this world until what is wanted is in Sonarr; `tell` hears each step."""
    began_at, told = time.monotonic(), 0
    with (world.folder / "program.log").open("wb") as out, ended_as_by_ctrl_c():
        program = subprocess.Popen(
            world.command(), env=world.environment(), stdout=out, stderr=out,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            for _ in until(began_at + GIVE_UP_AFTER_S, program):
                for title in world.added[told:]:
                    tell(f"{title} is in Sonarr")
                told = len(world.added)
                if told >= len(ADDED) and _is_noted(world):
                    break
        finally:
            stopped = stop(program)
    shows, counts = _looked_up(world)
    problems = [] if stopped else ["the program did not end when told to"]
    problems += _amiss(world, shows)
    took = time.monotonic() - began_at
    return ShowOutcome(not problems, shows, counts, len(world.tvmaze.requests), took, problems)


def as_data(world: ShowsWorld, outcome: ShowOutcome) -> dict[str, Any]:
    """What `demo --shows --json` prints."""
    return {
        "ok": outcome.ok,
        "shows": outcome.shows,
        "counts": outcome.counts,
        "added": world.added,
        "requests": outcome.requests,
        "seconds": round(outcome.seconds, 2),
        "problems": outcome.problems,
        "home": str(world.home),
    }


def _is_noted(world: ShowsWorld) -> bool:
    """Whether the program has stored that they are there."""
    _, counts = _looked_up(world)
    return counts.get("added", 0) >= len(ADDED)


def _looked_up(world: ShowsWorld) -> tuple[list[dict[str, Any]], dict[str, int]]:
    from movie_sync.db import FILE, Database
    from movie_sync.shows.store import ShowStore

    path = world.home / FILE
    if not path.exists():
        return [], {}
    db = Database(path, backup=None)
    try:
        store = ShowStore(db)
        known = [store.get(show["id"]) for show in world.newest]
        found = [
            {"title": str(show), "state": str(row.state), "rule": row.rule, "why": row.sentence,
             "url": show.url}
            for show, row in filter(None, known)
        ]  # fmt: skip
        return found, store.counts()
    finally:
        db.close()


def _amiss(world: ShowsWorld, shows: list[dict[str, Any]]) -> list[str]:
    """What is not as it should be."""
    by_title = {show["title"].rpartition(" (")[0]: show["state"] for show in shows}
    wanted = dict.fromkeys(ADDED, ShowState.ADDED) | {THERE: ShowState.EXISTS}
    problems = [
        f"{title} is {by_title.get(title, 'not known')}, and not {state}"
        for title, state in wanted.items()
        if by_title.get(title) != state
    ]
    if sorted(world.added) != sorted(ADDED):
        problems.append(f"Sonarr was given {', '.join(world.added) or 'nothing'}")
    waiting = (ShowState.REVIEW, ShowState.PENDING_TVDB)
    if sum(state in waiting for state in by_title.values()) != WAITS:
        problems.append("a show that has to wait does not")
    return problems
