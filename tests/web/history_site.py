"""The program with its page and with the history on: films, a show, and what is not sure yet."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from movie_sync.db import FILE, Database
from movie_sync.history.match_models import (
    Candidate,
    Choice,
    Evidence,
    Mapping,
    Point,
    State,
    Stretch,
    Tier,
    Verdict,
)
from movie_sync.history.matching import Standing, chosen
from movie_sync.history.rows import Batch
from movie_sync.history.store import HistoryStore
from movie_sync.history.viki_rows import VikiNews
from movie_sync.history_models import Play, Progress, Rating, Wish, Work
from movie_sync.library_models import Kind
from movie_sync.services.viki_shapes import Container
from tests.web.site import Site

TODAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
MONTH = f"{TODAY:%Y-%m}"
SIGNAL = {"title": "Signal", "year": 2016, "ids": {"tmdb": "64", "trakt": "101"}}
HALF = timedelta(minutes=45)

Filled = Callable[[HistoryStore, datetime], object]


def history_site(folder: Path, fill: Filled | None = None, **more: Any) -> Site:
    """Not started yet. Args: fill: what the history holds; by default what `watched` makes."""
    site = Site(folder, **{"history": {"enabled": True, "zone": "UTC"}} | more)
    put_history(site.home, fill or watched)
    return site


def put_history(home: Path, fill: Filled) -> None:
    """Into the database of a home."""
    db = Database(home / FILE, backup=None)
    fill(HistoryStore(db, UTC), datetime.now(UTC))
    db.close()


def film(title: str, year: int, tmdb: str) -> Work:
    return Work(kind=Kind.FILM, title=title, year=year, ids={"tmdb": tmdb})


def episode(number: int, season: int = 1, **more: Any) -> Work:
    usual = {"episode_title": f"Part {number}", **SIGNAL}
    return Work(kind=Kind.SHOW, season=season, episode=number, **usual | more)


def play(key: str, work: Work, at: datetime | None, **more: Any) -> Play:
    source, _, told_id = key.rpartition(":")
    return Play(key=key, source=source, told_id=told_id, work=work, watched_at=at, **more)


def watched(store: HistoryStore, now: datetime) -> None:
    """A film seen twice and one last year, four episodes, one in progress, one without a day; two
    that Viki shows and nobody is sure of; what an import and a push came to."""
    number = store.begin_sync("import", now - HALF, provider="trakt")
    parasite = film("Parasite", 2019, "496243")
    plays = [
        play("trakt:1", parasite, TODAY - timedelta(days=400)),
        play("trakt:2", parasite, TODAY),
        play("trakt:3", film("L'Été", 1983, "101"), None),
        play("file:letterboxd:4", film("Brazil", 1985, "68"), TODAY - HALF, day_only=True),
        *(play(f"viki:{n}", episode(n), TODAY - timedelta(hours=n)) for n in (1, 2, 3, 4)),
    ]
    progress = Progress(work=episode(5), source="viki", at=TODAY, position_s=1800, duration_s=3600)
    store.save(
        Batch(
            plays=plays, progress=[progress], sync_id=number,
            ratings=[Rating(work=parasite, source="trakt", tenths=9, rated_at=TODAY)],
            wishes=[Wish(work=film("Metropolis", 1927, "19"), source="trakt")],
            counts={"left_out": 1}, problems=["Nameless (1999): it has no TMDB id; left out"],
        ),
        now,
    )  # fmt: skip
    store.end_sync(number, "done", now)
    push = store.begin_sync("push", now, provider="trakt")
    store.end_sync(push, "failed", now, "trakt: no answer in 15 s; nothing more was sent")
    _viki(store, now)


def _viki(store: HistoryStore, now: datetime) -> None:
    shows = [
        Container(
            id="36951c", type="series", country="kr", planned_episodes=12,
            titles={"en": "Hello, My Twenties!"}, phonetic="Cheongchun Sidae",
        ),
        Container(id="37000c", type="series", titles={"en": "Nobody Knows It"}, country="jp"),
        Container(id="37100c", type="series", titles={"en": "Signal"}, country="kr"),
    ]  # fmt: skip
    store.save_viki(VikiNews(containers=shows), now)
    choices = (choice("Age of Youth", 2016, "109557", 0.81), choice("Youth", 2012, "777", 0.44))
    sentence = "it may be Age of Youth (2016): Viki calls it otherwise"
    verdict = Verdict(
        state=State.REVIEW, confidence=0.81, sentence=sentence, choices=choices,
    )  # fmt: skip
    unsure = Standing(state=State.REVIEW, confidence=0.81, sentence=sentence)
    store.save_match("36951c", unsure, now, verdict=verdict)
    nothing = Standing(state=State.NONE, sentence="nothing that was found is like it", tries=1,
                       retry_at=now + timedelta(days=7))  # fmt: skip
    store.save_match("37000c", nothing, now)
    known = chosen({"trakt": "101"}, Mapping((Stretch(season=1),)), "a person said so")
    store.save_match("37100c", known, now, by_hand=True)


def choice(title: str, year: int, trakt: str, score: float) -> Choice:
    points = (
        Point("title", 0.8, "its name is one that it is also called", agrees=True),
        Point("episodes", 1.0, "12 episodes are 12 there", agrees=True),
    )
    mapping = Mapping((Stretch(season=1),))
    evidence = Evidence(tier=Tier.ALIAS, points=points, score=score, mapping=mapping)
    ids = {"trakt": trakt, "tmdb": f"9{trakt}"}
    return Choice(
        candidate=Candidate(kind=Kind.SHOW, title=title, year=year, ids=ids), evidence=evidence
    )
