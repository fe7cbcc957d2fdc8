"""The program with its page and with the library on: some films and a show, and no look due."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from movie_sync.db import FILE, Database
from movie_sync.library.store import LibraryStore
from movie_sync.library_models import (
    Collection,
    Credit,
    EpisodeFacts,
    Facts,
    Found,
    Kind,
    Match,
    SeasonFacts,
    Sidecar,
    Teller,
    Told,
)
from movie_sync.media_models import Chapter, Hdr, Media, Picture, Sound, Text
from tests.web.site import Site

NOBODY = "http://127.0.0.1:9"
SURE = Match(by="name", confidence=0.98, sentence="its name and year")
TODAY = datetime.now(UTC).date()

Filled = Callable[[LibraryStore, datetime], object]


def library_site(
    folder: Path,
    fill: Filled | None = None,
    *,
    settings: Mapping[str, Any] | None = None,
    **more: Any,
) -> Site:
    """Not started yet.

    Args:
        fill: what the library holds; by default what `fill` below makes.
        settings: of the section `library`.
        more: other sections.
    """
    (folder / "tv").mkdir(parents=True)
    of_shows = {"tv": {"path": str(folder / "tv"), "holds": "shows"}}
    section = {"enabled": True, "probe": False, "pictures": False, "sources": of_shows}
    section |= settings or {}
    site = Site(folder, library=section, tmdb={"base_url": NOBODY}, **more)
    put_library(site.home, fill or filled)
    return site


def put_library(home: Path, fill: Filled) -> None:
    """Into the database of a home; no look at its sources is due."""
    now = datetime.now(UTC)
    db = Database(home / FILE, backup=None)
    store = LibraryStore(db)
    fill(store, now)
    for row in store.sources():
        scan = store.begin_scan(row.name, now, row.kind)
        counts = {"discovered": row.files, "new": row.files}
        store.end_scan(scan, now, counts, complete=True)
    db.close()


def filled(store: LibraryStore, now: datetime) -> dict[str, int]:
    """Films, a show that lacks episodes, questions, a duplicate, and what is broken or gone; the
    numbers of the titles."""
    store.put_source("films", "folder")
    made = {
        "été": _film(store, now, film("L'Été", 1983, ids={"tmdb": "101", "imdb": "tt0000101"})),
        "parasite": _parasite(store, now),
        "metropolis": _film(store, now, film("Metropolis", 1927, ids={"tmdb": "19"}), "a", "b"),
        "broken": _film(store, now, film("Brazil", 1985, ids={"tmdb": "68"})),
        "gone": _film(store, now, film("Gone", 1999)),
        "show": _show(store, now),
    }
    _look_into(store, now)
    broken = store.titles(text="Brazil").rows[0].id
    number = store.assignments(title_id=broken)[0].asset_id
    store.probe_again(number)
    (one,) = [each for each in store.waiting_probe(0, 50) if each.asset_id == number]
    store.save_broken(number, one.content, "it ends after 3 of 90 minutes", now)
    store.mark_gone("films", ["/films/Gone (1999)/Gone (1999).mkv"], now)
    _questions(store, now)
    return made


def film(title: str, year: int, **facts: Any) -> Facts:
    usual = {"genres": ("Drama",), "runtime_min": 120, "rating": 7.5, "overview": "It happens."}
    return Facts(kind=Kind.FILM, title=title, year=year, **usual | facts)


def file(path: str, *told: Told, **facts: Any) -> Found:
    size = 10**9 + sum(map(ord, path))
    usual = {"fingerprint": str(size), "size_bytes": size, "mtime_ns": 10**18 + size}
    return Found(uri=path, path=path, told=told or (Told(by=Teller.FILE),), **usual | facts)


def media(lines: int = 1080, hdr: Hdr | None = None, language: str = "eng") -> Media:
    return Media(
        container="matroska", duration_ms=7_260_000,
        pictures=(Picture(codec="hevc", width=lines * 16 // 9, height=lines, hdr=hdr),),
        sounds=(Sound(codec="eac3", language=language, channels=6),
                Sound(codec="aac", language="ger", channels=2, commentary=True)),
        texts=(Text(codec="subrip", language="eng", forced=True),),
        chapters=(Chapter(start_ms=0, end_ms=60_000, title="The Beginning"),),
    )  # fmt: skip


def _film(store: LibraryStore, now: datetime, facts: Facts, *copies: str) -> int:
    """With one file, or one for each copy."""
    name = f"{facts.title} ({facts.year})"
    paths = [f"/films/{name}/{name}{' ' * bool(copy)}{copy}.mkv" for copy in copies or ("",)]
    sub = (Sidecar(path=f"/films/{name}/{name}.ro.srt", what="subtitles", language="ro"),)
    store.save_found("films", [file(path, sidecars=sub) for path in paths], now)
    return taken(store, now, facts, paths)


def taken(store: LibraryStore, now: datetime, facts: Facts, paths: list[str]) -> int:
    """A title with these facts, for which these files are taken."""
    title_id = store.put_title(facts, now)
    assert isinstance(title_id, int)
    store.save_facts(title_id, facts, now)
    for one in store.unidentified(0, 100_000):
        if one.path in paths:
            store.assign(one.asset_id, title_id, (), SURE, now)
    return title_id


def _parasite(store: LibraryStore, now: datetime) -> int:
    cast = (Credit(person_tmdb_id=20738, name="Song Kang-ho", role="Kim Ki-taek"),)
    crew = (Credit(person_tmdb_id=21684, name="Bong Joon-ho", role="Director", department="D"),)
    facts = film(
        "Parasite", 2019, ids={"tmdb": "496243", "imdb": "tt6751668", "letterboxd": "parasite"},
        original_title="기생충", other_titles=("Gisaengchung",), genres=("Comedy", "Thriller"),
        tagline="Act like you own the place.", original_language="ko", cast=cast, crew=crew,
        collection=Collection(tmdb_id=7, name="Made up Collection"), votes=18_000,
    )  # fmt: skip
    return _film(store, now, facts)


def _show(store: LibraryStore, now: datetime) -> int:
    """Two seasons of four episodes: the second of the first is missing, the last is to come."""
    seasons = tuple(
        SeasonFacts(
            number=number,
            episodes=tuple(
                EpisodeFacts(number=n, name=f"Part {number}.{n}", aired_on=_day(number, n))
                for n in range(1, 5)
            ),
        )
        for number in (1, 2)
    )
    facts = Facts(
        kind=Kind.SHOW, title="Signal", year=2016, ids={"tmdb": "64", "tvdb": "301824"},
        genres=("Crime",), status="Returning Series", seasons=seasons,
    )  # fmt: skip
    there = [(1, 1), (1, 3), (1, 4), (2, 1), (2, 2), (2, 3)]
    files = {f"/tv/Signal/Signal S{s:02}E{e:02}.mkv": (s, e) for s, e in there}
    store.put_source("tv", "folder")
    store.save_found("tv", [file(path) for path in files], now)
    title_id = store.put_title(facts, now)
    assert isinstance(title_id, int)
    store.save_facts(title_id, facts, now)
    for one in store.unidentified(0, 1000):
        if one.path in files:
            season, number = files[one.path]
            ids = store.episode_ids(title_id, season, [number])
            store.assign(one.asset_id, title_id, ids, SURE, now)
    return title_id


def _day(season: int, number: int) -> date:
    return TODAY + timedelta(days=7) if (season, number) == (2, 4) else date(2015 + season, 1, 1)


def _look_into(store: LibraryStore, now: datetime) -> None:
    for one in store.waiting_probe(0, 1000):
        lines, hdr, language = 1080, None, "eng"
        if "Parasite" in one.path:
            lines, hdr, language = 2160, Hdr.DOLBY_VISION, "kor"
        if " b.mkv" in one.path:
            lines = 720
        store.save_media(one.asset_id, one.content, media(lines, hdr, language), now)


def _questions(store: LibraryStore, now: datetime) -> None:
    """One of a single film, and one of a folder with three episodes."""
    paths = ["/films/The Thing/The Thing.mkv"]
    paths += [f"/films/Fargo/Fargo S01E0{n}.mkv" for n in (1, 2, 3)]
    episodes = [
        Told(by=Teller.FILE, kind=Kind.SHOW, titles=("Fargo",), season=1, episodes=(n,))
        for n in (1, 2, 3)
    ]
    thing = Told(by=Teller.FILE, kind=Kind.FILM, titles=("The Thing",))
    told = dict(zip(paths, [thing, *episodes], strict=True))
    store.save_found("films", [file(path, told[path]) for path in paths], now)
    candidates = {
        paths[0]: [
            _candidate("film", "The Thing", 1982, "1091", 0.7),
            _candidate("film", "The Thing", 2011, "60935", 0.6),
        ]
    }
    show = [_candidate("show", "Fargo", 2014, "60622", 0.8)]
    for one in store.unidentified(0, 1000):
        assert one.path
        why = ("namesakes", "two shows are called so")
        if one.path == paths[0]:
            why = ("no_year", "two films are called so, and no year is told")
        told = candidates.get(one.path, show)
        store.ask(*why, told, now, asset_id=one.asset_id, confidence=0.7)


def _candidate(kind: str, title: str, year: int, tmdb: str, score: float) -> dict[str, Any]:
    return {
        "kind": kind, "title": title, "year": year, "ids": {"tmdb": tmdb}, "title_id": None,
        "poster": None, "score": score, "why": "bears this title",
    }  # fmt: skip
