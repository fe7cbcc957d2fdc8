"""Where a film is and what it waits for, and what speaks for and against a release, in words."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from movie_sync.films.space import sized
from movie_sync.films.undo import CLEANED
from movie_sync.films.unwanted import is_to_go, since
from movie_sync.models import Item, State
from movie_sync.retries import soon


def standing(state: State, item: Item, now: datetime) -> str:
    """Where it is and what it waits for, in one sentence."""
    match state:
        case State.PENDING:
            what = "a better release is looked for next" if "have" in item.data else "is pending"
            return f"{what}; {item.last_error}" if item.last_error else what
        case State.ACTIVE:
            release = (item.data.get("release") or {}).get("name")
            percent = f", {item.progress:.0%}" if item.progress is not None else ""
            what = f"{item.step}{percent}" + (f": {release}" if release else "")
            return f"{what}; {item.last_error}" if item.last_error else what
        case State.FAILED:
            again = f"tried again {soon(item.retry_at, now)}" if item.retry_at else "given up"
            return f"{item.last_error}; {again}"
        case State.COMPLETED:
            there = f"in the library as {item.data.get('path', 'a file that was not noted')}"
            return f"{there}{_unwanted(item)}"
        case _ if recycled := (item.data.get(CLEANED) or {}).get("recycled"):
            return f'left the library, for nobody wanted it; recycled as "{recycled}"'
        case _:
            return f"set aside as removed by {item.data.get('removed_by', 'hand')}"


def _unwanted(item: Item) -> str:
    at = since(item) if is_to_go(item) else None
    return f"; nobody wants it since {at:%Y-%m-%d}, see `cleanup list`" if at else ""


def release_line(each: dict[str, Any]) -> str:
    """A release as a search explained it: its rank, or all that is held against it."""
    mark = f"{each['rank']}." if "rank" in each else "-"
    head = f"{mark:<3} {each['name']} ({', '.join(facts(each))})"
    refused = "; ".join(reason(*one) for one in each.get("refused", ()))
    return f"{head}: {refused}" if refused else head


def reason(_: str, message: str, setting: str | None) -> str:
    return f"{message} ({setting})" if setting else message


def facts(each: dict[str, Any]) -> Iterator[str]:
    """What a person compares releases by."""
    yield sized(each["size_bytes"])
    yield "1 seeder" if each["seeders"] == 1 else f"{each['seeders']} seeders"
    if each.get("freeleech"):
        yield "freeleech"
    if each.get("score"):
        yield f"score {each['score']}"
