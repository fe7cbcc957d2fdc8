"""What a person may ask of the history, by the same words from a command, a page and the socket."""

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from movie_sync.errors import NotQueued, QueueError
from movie_sync.history import looks, match_wishes
from movie_sync.history.days import noon
from movie_sync.history.import_models import IMPORT, Options
from movie_sync.history.import_state import ImportState
from movie_sync.history.rows import PlayRow
from movie_sync.history.running import History
from movie_sync.history.store import HistoryStore
from movie_sync.history.wording import counts_sentence, import_sentence, play_name
from movie_sync.history_models import Play, Work

Answer = dict[str, Any]
Request = Mapping[str, Any]
BY_HAND = "hand"
NOBODY = "nobody is to be asked: neither trakt nor viki is on; files can be imported"


def perform(history: History, request: Request) -> Answer:
    """Fulfil one wish of `{"do": "history", "wish": ...}`. The answer holds a "sentence".

    Raises:
        QueueError: there is no such wish, or it could not be fulfilled.
        ConfigError, FilesError, ServiceError: nothing was changed.
    """
    now = datetime.now(UTC)
    wish = str(request.get("wish"))
    if wish in match_wishes.WISHES:
        return match_wishes.perform(history, request, now)
    if wish not in WISHES:
        raise QueueError(f"there is no such wish for the history: {wish}; nothing was changed")
    return WISHES[wish](history, request, now)


def options_of(history: History, request: Request) -> Options:
    """As a wish names them; what it does not say is as the settings have it.

    Raises QueueError: it says something else.
    """
    usual = {"most_a_day": history.most_a_day, "specials": history.specials}
    named = {name: request[name] for name in Options.__struct_fields__ if name in request}
    try:
        return msgspec.convert({**usual, **named}, Options)
    except msgspec.ValidationError as error:
        raise QueueError(f"an import cannot be done so: {error}; nothing was begun") from error


def import_status(store: HistoryStore, state: ImportState | None) -> Answer:
    """Of the import in hand, or of the last one.

    Args:
        state: of the running program; None where none runs.
    """
    last = next(iter(store.syncs(kind=IMPORT, limit=1)), None)
    shown = state or ImportState()
    return {
        "state": msgspec.to_builtins(shown),
        "sync": msgspec.to_builtins(last) if last else None,
        "sentence": import_sentence(shown, last),
    }


def _status(history: History, request: Request, now: datetime) -> Answer:
    state = msgspec.to_builtins(history.importing.state)
    return {"sentence": "it runs", "trouble": history.troubles(), "import": state}


def _preview(history: History, request: Request, now: datetime) -> Answer:
    found = history.preview(options_of(history, request), now)
    return {"preview": msgspec.to_builtins(found), "sentence": f"read from {found.source}"}


def _import(history: History, request: Request, now: datetime) -> Answer:
    number = history.start_import(options_of(history, request), now)
    return {"sync": number, "sentence": f"import {number} begins; see `history import status`"}


def _import_status(history: History, request: Request, now: datetime) -> Answer:
    return import_status(history.store, history.importing.state)


def _import_cancel(history: History, request: Request, now: datetime) -> Answer:
    ended = history.importing.cancel(now)
    said = "the import ends; what it stored stays" if ended else "no import is going on"
    return {"cancelled": ended, "sentence": said}


def _push(history: History, request: Request, now: datetime) -> Answer:
    history.require_pushing()
    history.expect()
    return {"sentence": "Trakt is told of what waits"}


def _go_on(history: History, request: Request, now: datetime) -> Answer:
    history.go_on(now)
    return {"sentence": "Trakt is told again of what waits"}


def _undo(history: History, request: Request, now: datetime) -> Answer:
    number = _number(request, "sync")
    undo = history.undo(number, now)
    return {"sync": undo, "sentence": f"sync {number} is being undone, as sync {undo}"}


def _sync(history: History, request: Request, now: datetime) -> Answer:
    """The workers do it."""
    names = looks.SYNCED if request["wish"] == "sync" else looks.READ
    asked = history.wish_looks(force=bool(request.get("force")), names=names)
    named = ", ".join(asked)
    said = f"{named}: a look begins; see `history log`" if asked else NOBODY
    return {"asked": asked, "sentence": said}


def _dry_run(history: History, request: Request, now: datetime) -> Answer:
    proposal = history.require_pushing().dry_run(now)
    return {"proposal": msgspec.to_builtins(proposal), "sentence": proposal.sentence}


def _viki_file(history: History, request: Request, now: datetime) -> Answer:
    done = history.viki.import_file(Path(str(request.get("path"))), now)
    history.wish_looks(names=[looks.MATCHING])
    history.expect()
    told = msgspec.to_builtins(done)
    return {"refreshed": told, "sentence": done.sentence}


def _add(history: History, request: Request, now: datetime) -> Answer:
    """A play that a person tells of themselves: with a time, a day, or neither."""
    try:
        named = msgspec.convert(request.get("work"), Work)
        at, day_only = _moment(history, request)
    except msgspec.ValidationError as error:
        raise QueueError(f"a play cannot be told so: {error}; nothing was stored") from error
    key = f"{BY_HAND}:{secrets.token_hex(8)}"
    play = Play(key=key, source=BY_HAND, work=named, watched_at=at, day_only=day_only)
    saved = history.store.save_plays([play], now)
    history.expect()
    what = "is in the history" if saved.new else counts_sentence(saved.counts)
    return {"saved": saved.counts, "sentence": f"{named}: {what}"}


def _moment(history: History, request: Request) -> tuple[datetime | None, bool]:
    """And whether only the day is known. Raises msgspec.ValidationError."""
    if day := request.get("day"):
        return noon(msgspec.convert(day, date), history.store.zone), True
    if at := request.get("watched_at"):
        moment = msgspec.convert(at, datetime)
        return moment.astimezone(UTC), False
    return None, False


def _remove(history: History, request: Request, now: datetime) -> Answer:
    row = _play(history, request)
    history.store.remove_plays([row.id], now)
    return {"sentence": f"{play_name(row)} is taken out of the history, and stays out"}


def _restore(history: History, request: Request, now: datetime) -> Answer:
    row = _play(history, request)
    history.store.restore_plays([row.id], now)
    return {"sentence": f"{play_name(row)} is in the history again"}


def _date(history: History, request: Request, now: datetime) -> Answer:
    row = _play(history, request)
    try:
        at, day_only = _moment(history, request)
    except msgspec.ValidationError as error:
        raise QueueError(f"this is no date: {error}; nothing was changed") from error
    history.store.set_date(row.id, at, day_only=day_only)
    return {"sentence": f"{play_name(row)} has another date now"}


def _play(history: History, request: Request) -> PlayRow:
    number = _number(request, "play")
    found = history.store.play(number)
    if found is None:
        raise NotQueued(f"there is no play {number}; nothing was changed")
    return found


def _number(request: Request, name: str) -> int:
    number = request.get(name)
    if not isinstance(number, int):
        raise QueueError(f"it was not said which {name} is meant; nothing was changed")
    return number


WISHES: dict[str, Callable[[History, Request, datetime], Answer]] = {
    "status": _status,
    "sync": _sync,
    "refresh": _sync,
    "push": _push,
    "dry-run": _dry_run,
    "go-on": _go_on,
    "undo": _undo,
    "preview": _preview,
    "import": _import,
    "import-status": _import_status,
    "import-cancel": _import_cancel,
    "viki-import": _viki_file,
    "play-add": _add,
    "play-remove": _remove,
    "play-restore": _restore,
    "play-date": _date,
}
