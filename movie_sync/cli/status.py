"""`status`: what is going on, and what needs a person. Reads files; a running program adds its own
view of its workers."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from movie_sync import breaker, budgets, control
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.errors import FilesError, MovieSyncError
from movie_sync.films import watchlists
from movie_sync.films.unwanted import is_to_go
from movie_sync.instance import owner
from movie_sync.models import Item, State
from movie_sync.queue_load import Items, load, statistics

SHOWN = 5


@click.command("status", help=__doc__)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--stats", is_flag=True, help="Print the counts alone.")
@pass_context
def command(context: Context, as_json: bool, stats: bool) -> None:
    items, _ = load(context.home, reader=True)
    found = _gather(context, items)
    if as_json:
        click.echo(output.json(found))
    elif stats:
        click.echo(_counts(found["queues"]))
    else:
        for line in _lines(found, items, datetime.now(UTC)):
            click.echo(line)


def gather(context: Context) -> dict[str, Any]:
    """Everything that `status --json` prints."""
    items, _ = load(context.home, reader=True)
    return _gather(context, items)


def _gather(context: Context, items: Items) -> dict[str, Any]:
    home = context.home
    found: dict[str, Any] = {
        "home": str(home),
        "running": owner(home),
        "queues": statistics(lambda state: items[state].values()),
        "sources": _sources(home),
        "services": _services(home, time.time()),
        "budgets": _budgets(home),
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


def _services(home: Path, now: float) -> dict[str, Any]:
    """What is known of those that ever failed; the others are well, or were never asked."""
    return {
        name: {
            "state": _state(rest, now),
            "why": rest.why or None,
            "since": _moment(rest.since),
            "rests_until": _moment(rest.until) if rest.failures else None,
            "failures": rest.failures,
        }
        for name, rest in breaker.read_all(home).items()
    }


def _state(rest: breaker.Rest, now: float) -> str:
    if not rest.failures:
        return "well"
    if rest.refused:
        return "login refused"
    return "rests" if rest.until > now else "asked next"


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _budgets(home: Path) -> dict[str, str]:
    found = {}
    for path in sorted(home.glob("budget_*.json")):
        try:
            sentence = budgets.sentence(budgets.read(path), time.time())
        except FilesError as error:
            sentence = str(error)
        found[path.stem.removeprefix("budget_")] = sentence
    return found


def _sources(home: Path) -> dict[str, Any]:
    try:
        listed = watchlists.read(home / "watchlist.json")
    except FilesError as error:
        return {"watchlist.json": {"problem": str(error)}}
    return {
        name: {
            "films": len(one.films),
            "read_at": one.read_at,
            "problem": one.problem,
            "problem_since": one.problem_since,
            "next_at": one.next_at,
        }
        for name, one in listed.items()
    }


def _lines(found: dict[str, Any], items: Items, now: datetime) -> list[str]:
    running = f"running (process {found['running']})" if found["running"] else "not running"
    lines = [f"Movie Sync is {running}"]
    lines.append(_counts(found["queues"]))
    for item in items[State.ACTIVE].values():
        percent = f" {item.progress:.0%}" if item.progress is not None else ""
        trouble = f": {item.last_error}" if item.last_error else ""
        lines.append(f"  {item.title}: {item.step}{percent}{trouble}")
    lines += _failed(list(items[State.FAILED].values()), now)
    if unwanted := sum(map(is_to_go, items[State.COMPLETED].values())):
        verb = "film in the library is" if unwanted == 1 else "films in the library are"
        lines.append(f"{unwanted} {verb} wanted by nobody: cleanup list")
    for name, one in found["sources"].items():
        lines.append(f"{name}: {_source(one, now)}")
    for name in sorted({*found["services"], *found["budgets"]}):
        told = [_service(one, now)] if (one := found["services"].get(name)) else []
        told += [found["budgets"][name]] if name in found["budgets"] else []
        lines.append(f"{name}: {'; '.join(told)}")
    lines += [f"needs you: {sentence}" for sentence in (*found["settings"], *found["trouble"])]
    return lines


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
        return f"well again since {_span(now - one['since'])}"
    again = one["rests_until"]
    when = f"asked again {ago(again, now)}" if again > now else "asked again with the next film"
    if one["state"] == "login refused":
        when += ", or at once with another login"
    return f"{lasting(one['why'], one['since'], now)}; {when}"


def lasting(problem: str, since: datetime | None, now: datetime) -> str:
    return f"{problem} (for {_span(now - since)})" if since else problem


def ago(at: datetime | None, now: datetime) -> str:
    """ "5 min ago", "in 2 h": a distance that a person reads at a glance."""
    if at is None:
        return "at an unknown time"
    return f"{_span(now - at)} ago" if at <= now else f"in {_span(at - now)}"


def _span(time: timedelta) -> str:
    seconds = max(time.total_seconds(), 0.0)
    for unit_s, name, least in ((86400, "days", 2), (3600, "h", 1), (60, "min", 1)):
        if seconds >= least * unit_s:
            return f"{seconds / unit_s:.0f} {name}"
    return f"{seconds:.0f} s"


def _counts(queues: dict[str, int]) -> str:
    given_up = queues["permanent_failures"]
    failed = f"{queues['failed']} failed" + (f" ({given_up} given up)" if given_up else "")
    return (
        f"{queues['pending']} pending, {queues['active']} active, {failed}, "
        f"{queues['completed']} completed, {queues['removed']} removed"
    )
