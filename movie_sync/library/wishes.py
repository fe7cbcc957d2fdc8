"""What a person may ask of the library, by the same words from a command, a page and the socket."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from movie_sync.config import folder
from movie_sync.errors import NotQueued, QueueError
from movie_sync.library.review import Done, Numbers, Review
from movie_sync.library.running import Library
from movie_sync.library.verdicts import Known, known_of
from movie_sync.library_models import Facts, Kind

Answer = dict[str, Any]


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The title that a person means: by its number here, by TMDB's, or by name."""

    kind: Kind = Kind.FILM
    title_id: int | None = None
    tmdb_id: int | None = None
    title: str | None = None
    year: int | None = None
    season: int | None = None
    episodes: tuple[int, ...] = ()


def perform(library: Library, request: Mapping[str, Any]) -> Answer:
    """Fulfil one wish of `{"do": "library", "wish": ...}`. The answer holds a "sentence".

    Raises:
        QueueError: there is no such wish, or it could not be fulfilled.
        FilesError, ServiceError: nothing was changed.
    """
    now = datetime.now(UTC)
    match request:
        case {"wish": "status"}:
            looking = [{"source": one.source, **one.counts} for one in library.looking()]
            return {"looking": looking, "trouble": library.troubles()}
        case {"wish": "scan"}:
            names = library.scan(request.get("source"), accept=bool(request.get("accept")))
            return {"sources": names, "sentence": f"a look at {_listed(names)} begins"}
        case {"wish": "probe" | "checksum" as what, "asset": int() as asset}:
            return _ask(library, what, asset, now)
        case {"wish": "refresh", "title": int() as title}:
            return _refresh(library, title, now)
        case {"wish": "forget", "source": str() as source}:
            return _forget(library, source, now)
    done = _of_review(library, request, now)
    library.decide()
    return _told(done)


def _of_review(library: Library, request: Mapping[str, Any], now: datetime) -> Done:
    review = library.review
    match request:
        case {"wish": "approve", "review": int() as number}:
            done = review.approve(number, now, candidate=int(request.get("candidate", 0)))
        case {"wish": "choose"}:
            done = _choose(library, request, now)
        case {"wish": "ignore"}:
            done = _ignore(review, request, now)
        case {"wish": "split", "assets": list() as assets}:
            done = review.split(_numbers(assets), now)
        case {"wish": "merge", "title": int() as title, "into": int() as into}:
            done = review.merge(title, into, now)
        case {"wish": "trust", "folder": str() as named}:
            done = review.trust(_place(library, named), now)
        case {"wish": "undo", "choice": int() as choice}:
            done = review.undo(choice, now)
        case _:
            wish = request.get("wish")
            raise QueueError(f"there is no such wish for the library: {wish}; nothing was changed")
    return done


def _place(library: Library, named: str) -> str:
    """The folder of a source by its name, or the one that is named itself."""
    place = library.places.get(named)
    return str(folder(place.settings.path)) if place and place.settings.path else named


def _ignore(review: Review, request: Mapping[str, Any], now: datetime) -> Done:
    if isinstance(request.get("review"), int):
        return review.ignore(request["review"], now)
    return review.ignore_files(_numbers(request.get("assets", [])), now)


def _choose(library: Library, request: Mapping[str, Any], now: datetime) -> Done:
    chosen = msgspec.convert(
        {name: request[name] for name in Chosen.__struct_fields__ if name in request}, Chosen
    )
    known = _known(library, chosen)
    numbers = None
    if chosen.episodes:
        numbers = Numbers(season=chosen.season or 0, episodes=chosen.episodes)
    if isinstance(request.get("review"), int):
        return library.review.choose(request["review"], known, now, numbers=numbers)
    assets = _numbers(request.get("assets", []))
    if not assets:
        raise QueueError("it was not said of which file; nothing was changed")
    return library.review.match(assets, known, now, numbers=numbers)


def _known(library: Library, chosen: Chosen) -> Known:
    if chosen.title_id is not None:
        page = library.store.title(chosen.title_id)
        if page is None:
            raise NotQueued(f"there is no title {chosen.title_id}; nothing was changed")
        facts = Facts(kind=page.row.kind, title=page.row.title, year=page.row.year, ids=page.ids)
        return known_of(facts, chosen.title_id)
    if chosen.tmdb_id is not None:
        if library.metadata is None:
            raise QueueError("TMDB has no key here, and cannot say what that is; name the title")
        ask = library.metadata.film if chosen.kind is Kind.FILM else library.metadata.show
        return known_of(ask(chosen.tmdb_id))
    if not chosen.title or not chosen.title.strip():
        raise QueueError("it was not said which title is meant; nothing was changed")
    return Known(kind=chosen.kind, title=chosen.title.strip(), year=chosen.year)


def _ask(library: Library, what: str, asset: int, now: datetime) -> Answer:
    file = library.store.waiting_file(asset)
    if file is None or not file.path:
        raise NotQueued(f"there is no file {asset} on a disk of this machine; nothing was changed")
    if what == "probe":
        library.store.probe_again(asset)
    library.enriching.ask(what, asset, file.path, now)
    library.wake_assets()
    done = {"probe": "it is looked into", "checksum": "its checksum is made"}[what]
    return {"sentence": f"{file.path}: {done}"}


def _refresh(library: Library, title: int, now: datetime) -> Answer:
    found = library.store.title(title)
    if found is None:
        raise NotQueued(f"there is no title {title}; nothing was changed")
    if library.metadata is None:
        raise QueueError("TMDB has no key here; nothing was asked")
    library.enriching.ask("facts", title, found.row.title, now)
    library.wake_assets()
    return {"sentence": f"TMDB is asked about {found.row.title}"}


def _forget(library: Library, source: str, now: datetime) -> Answer:
    gone = library.forget(source, now).gone
    sentence = f"{source} is forgotten, and with it {_counted(gone)}; no file was touched"
    return {"gone": gone, "sentence": sentence}


def _counted(files: int) -> str:
    return "1 file" if files == 1 else f"{files:,} files"


def _numbers(given: list[Any]) -> list[int]:
    return [one for one in given if isinstance(one, int)]


def _told(done: Done) -> Answer:
    return {"sentence": done.sentence, "choice": done.choice_id, "files": done.files,
            "title": done.title_id}  # fmt: skip


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "nothing"
