"""`status`: what is going on, and what needs a person. Reads files; a running program adds its own
view of its workers."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from movie_sync import control, errands, needs
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.errors import MovieSyncError
from movie_sync.films.items import KIND
from movie_sync.films.space import sized
from movie_sync.films.unwanted import is_to_go
from movie_sync.instance import owner
from movie_sync.models import Item, State
from movie_sync.needs import Need
from movie_sync.queue_load import Items, load, statistics
from movie_sync.views import services, sources
from movie_sync.views.words import ago, lasting, span

SHOWN = 5
OPEN = (State.PENDING, State.ACTIVE, State.FAILED)


@click.command("status", help=__doc__)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--stats", is_flag=True, help="Print the counts alone.")
@click.option("--watch", is_flag=True, help="Go on showing it until Ctrl+C; with --json on change.")
@click.option("--health", is_flag=True, help="Exit with 0 if it runs and is alive, else with 1.")
@pass_context
def command(context: Context, as_json: bool, stats: bool, watch: bool, health: bool) -> None:
    if watch or health:
        from movie_sync.cli import status_watch

        sys.exit(status_watch.watch(context, as_json=as_json) if watch
                 else status_watch.health(context.home))  # fmt: skip
    items, _ = load(context.home, reader=True)
    found = gather(context, items)
    if as_json:
        click.echo(output.json(found))
    elif stats:
        click.echo(_counts(found["queues"]))
    else:
        for line in lines(found, items, datetime.now(UTC)):
            click.echo(line)


def gather(context: Context, items: Items | None = None) -> dict[str, Any]:
    """Everything that `status --json` prints."""
    home, now = context.home, datetime.now(UTC)
    items = load(home, reader=True)[0] if items is None else items
    found: dict[str, Any] = {
        "home": str(home),
        "running": owner(home),
        "queues": statistics(lambda state: items[state].values()),
        "moving": _moving(home, items[State.ACTIVE].values()),
        "sources": sources.of_files(home),
        "services": {name: services.data(one) for name, one in services.known(home, now).items()},
        "budgets": services.budget_sentences(home, now),
        "needs": needs.of_files(home, items, now),
        "errands": errands.waiting(i for s in OPEN for i in items[s].values()),
        "shows": _shows(context),
        "library": _library(context),
        "settings": [problem.message for problem in context.loaded().problems],
        "trouble": [],
    }  # fmt: skip
    try:
        answer = control.ask(home, do="status") or {}
    except MovieSyncError as error:
        answer = {"trouble": [str(error)]}
    for worker in answer.get("workers", ()):
        if worker["failure"]:
            found["trouble"].append(f"{worker['name']}: {worker['failure']}")
    found["trouble"] += answer.get("trouble", ())
    return found


def _library(context: Context) -> dict[str, Any] | None:
    """The library in one sentence; None while it is off."""
    if not context.loaded().config.library.enabled:
        return None
    from movie_sync.cli.library import brief

    return brief(context)


def _shows(context: Context) -> dict[str, Any] | None:
    """None while they are off; else nothing of them is loaded."""
    if not context.loaded().config.shows.enabled:
        return None
    from movie_sync.cli.shows import brief

    return brief(context)


def _moving(home: Path, active: Iterable[Item]) -> list[dict[str, Any]]:
    """What is under way; only a running program can tell how fast."""
    with suppress(MovieSyncError):
        moving = (control.ask(home, do="moving") or {}).get("moving")
        if moving is not None:
            return list(moving)
    films = (item for item in active if item.kind == KIND)
    known = [(item, {"id": item.id, "title": item.title, "step": item.step}) for item in films]
    return [
        facts | {"progress": item.progress, "trouble": item.last_error} for item, facts in known
    ]


def lines(found: dict[str, Any], items: Items, now: datetime) -> list[str]:
    return [*head(found), *map(move_line, found["moving"]), *rest(found, items, now)]


def head(found: dict[str, Any]) -> list[str]:
    running = f"running (process {found['running']})" if found["running"] else "not running"
    return [f"Movie Sync is {running}", _counts(found["queues"])]


def move_line(move: dict[str, Any]) -> str:
    progress, trouble = move.get("progress"), move.get("trouble")
    percent = f" {progress:.0%}" if progress is not None else ""
    how = ", ".join([f"{move['step']}{percent}", *pace(move)])
    return f"  {move['title']}: {how}" + (f": {trouble}" if trouble else "")


def pace(move: dict[str, Any]) -> Iterator[str]:
    """How fast it comes and how long it will take, or for how long nothing came."""
    if speed := move.get("speed_bytes_s"):
        yield f"{sized(speed)}/s"
        if eta_s := move.get("eta_s"):
            yield f"{span(timedelta(seconds=eta_s))} left"
    elif stalled_s := move.get("stalled_s"):
        yield f"nothing for {span(timedelta(seconds=stalled_s))}"
        if (left_s := move.get("replaced_in_s")) is not None:
            yield f"another release in {span(timedelta(seconds=left_s))}"


def rest(found: dict[str, Any], items: Items, now: datetime) -> list[str]:
    """All but what is under way."""
    lines = _failed([i for i in items[State.FAILED].values() if i.kind == KIND], now)
    if unwanted := sum(map(is_to_go, items[State.COMPLETED].values())):
        verb = "film in the library is" if unwanted == 1 else "films in the library are"
        lines.append(f"{unwanted} {verb} wanted by nobody: cleanup list")
    for name, one in found["sources"].items():
        lines.append(f"{name}: {_source(one, now)}")
    for name in sorted({*found["services"], *found["budgets"]}):
        told = [_service(one, now)] if (one := found["services"].get(name)) else []
        told += [found["budgets"][name]] if name in found["budgets"] else []
        lines.append(f"{name}: {'; '.join(told)}")
    if found["library"]:
        lines.append(f"library: {found['library']['sentence']}: library list")
    if found["shows"]:
        lines.append(f"shows: {found['shows']['sentence']}: shows status")
    if found["errands"]:
        lines.append(f"{found['errands']}: notify list")
    lines += [f"needs you: {sentence}" for sentence in (*found["settings"], *found["trouble"])]
    return lines + list(_needs(found["needs"]))


def _needs(found: Iterable[Need]) -> Iterator[str]:
    """One line for each; films that were given up are named above, and counted here."""
    found = list(found)
    for need in found:
        if need.kind != needs.GIVEN_UP:
            yield f"needs you: {need.sentence.removesuffix('.')}. {need.do}"
    if count := sum(need.kind == needs.GIVEN_UP for need in found):
        what = "1 film was given up" if count == 1 else f"{count} films were given up"
        yield f"needs you: {what}: queue list failed"


def _failed(failed: list[Item], now: datetime) -> list[str]:
    failed.sort(key=lambda item: item.seq, reverse=True)
    lines = []
    for item in failed[:SHOWN]:
        lines.append(f"  {item.title}: {item.last_error}; {_again(item, now)}")
    if len(failed) > SHOWN:
        lines.append(f"  ... and {len(failed) - SHOWN} more: queue list failed")
    return lines


def _again(item: Item, now: datetime) -> str:
    if item.permanent or item.retry_at is None:
        return "given up"
    return f"tried again {ago(item.retry_at, now)}" if item.retry_at > now else "its turn has come"


def _source(one: dict[str, Any], now: datetime) -> str:
    read = f"{one['films']} films, read {ago(one['read_at'], now)}" if one.get("read_at") else ""
    if not one["problem"]:
        return read or "not read yet"
    problem = lasting(one["problem"], one.get("problem_since"), now)
    return f"{problem}; {read}" if read else problem


def _service(one: dict[str, Any], now: datetime) -> str:
    if one["state"] == "well":
        return f"well again since {span(now - one['since'])}"
    again = one["rests_until"]
    when = f"asked again {ago(again, now)}" if again > now else "asked again with the next film"
    if one["state"] == "login refused":
        when += ", or at once with another login"
    return f"{lasting(one['why'], one['since'], now)}; {when}"


def _counts(queues: dict[str, int]) -> str:
    given_up = queues["permanent_failures"]
    failed = f"{queues['failed']} failed" + (f" ({given_up} given up)" if given_up else "")
    return (
        f"{queues['pending']} pending, {queues['active']} active, {failed}, "
        f"{queues['completed']} completed, {queues['removed']} removed"
    )
