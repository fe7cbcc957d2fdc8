"""A Viki that answers from memory, and what a pass needs, so that tests state what is unusual."""

import itertools
from datetime import UTC, datetime, timedelta

from movie_sync.errors import NotAuthorised, NotFound
from movie_sync.history.adopting import Adopting
from movie_sync.history.store import HistoryStore
from movie_sync.history.viki_sync import VikiParts, VikiSync
from movie_sync.services.viki_shapes import (
    Container,
    Marker,
    Markers,
    OnBillboard,
    Video,
    VikiLogin,
)

NOW = datetime(2026, 1, 12, 9, tzinfo=UTC)
SEEN_AT = datetime(2026, 1, 10, 12, tzinfo=UTC)
LOGIN = VikiLogin(session_id="s" * 16, viki_session="v" * 16, token="ex1token", user_id="1u")
COOKIES_ALONE = VikiLogin(session_id="s" * 16, viki_session="v" * 16)
DURATION_S, CREDITS_S = 3900, 3780


def show(number=1, **changes):
    facts = {"id": f"{number}c", "type": "series", "titles": {"en": f"Show {number}"}}
    return Container(**(facts | {"planned_episodes": 16} | changes))


def film(number=9, **changes):
    return show(number, **({"type": "film", "planned_episodes": 1} | changes))


def video(container, number=1, **changes):
    facts = {"id": f"{container.id[:-1]}{number:03}v", "type": "episode", "number": number}
    facts |= {"duration_s": DURATION_S, "credits_s": CREDITS_S}
    return Video(**(facts | changes))


def marker(one, container, seconds=CREDITS_S, at=SEEN_AT, **changes):
    facts = {"video_id": one.id, "container_id": container.id, "episode": one.number or 1}
    facts |= {"seconds": seconds, "at": at, "duration_s": one.duration_s}
    return Marker(**(facts | {"credits_s": one.credits_s} | changes))


class FakeViki:
    """Containers with their videos, markers in the order that they came, and what was asked."""

    def __init__(self, *containers, login=LOGIN, per_answer=100):
        self.login, self.per_answer = login, per_answer
        self.shows = {one.id: one for one in containers}
        self.episodes = {
            one.id: [video(one, n) for n in range(1, 5)]
            if one.type == "series" else [video(one, 1, type="movie")]
            for one in containers
        }  # fmt: skip
        self.told: list[tuple[int, Marker]] = []
        self.listed: dict[str, OnBillboard] = {}
        self.calls: list[str] = []
        self.fails: dict[str, Exception] = {}  # by the name of a call, or by call and id
        self.clock = itertools.count(1_768_000_000)

    def watch(self, container_id, number=1, seconds=CREDITS_S, at=SEEN_AT, **changes):
        one = next(v for v in self.episodes[container_id] if v.number == number)
        told = marker(one, self.shows[container_id], seconds, at, **changes)
        kept = [(s, m) for s, m in self.told if m.video_id != one.id]
        self.told = [*kept, (next(self.clock), told)]
        shown = OnBillboard(
            container=self.shows[container_id], last_video_id=one.id, last_watched_at=str(at)
        )
        self.listed[container_id] = shown

    def markers(self, since_s=1):
        self._asked("markers", since_s)
        fresh = [(s, m) for s, m in self.told if s > since_s]
        if not fresh:
            yield Markers(markers=(), updated_till_s=max(since_s, 1_768_000_000), more=False)
        for start in range(0, len(fresh), self.per_answer):
            some = fresh[start : start + self.per_answer]
            more = start + self.per_answer < len(fresh)
            self._fail("answer", start)
            yield Markers(markers=tuple(m for _, m in some), updated_till_s=some[-1][0], more=more)

    def billboard(self):
        self._asked("billboard")
        if not self.login.has_token:
            raise NotAuthorised("viki", "no token is stored")
        return list(self.listed.values())

    def container(self, container_id):
        self._asked("container", container_id)
        if container_id not in self.shows:
            raise NotFound("viki", f"there is no container {container_id}")
        return self.shows[container_id]

    def videos(self, container_id):
        self._asked("videos", container_id)
        return list(self.episodes[container_id])

    def asked_for(self, what):
        return [call for call in self.calls if call.startswith(what)]

    def _asked(self, what, id_=""):
        self.calls.append(f"{what} {id_}".strip())
        self._fail(what, id_)

    def _fail(self, what, id_):
        for name in (what, f"{what} {id_}"):
            if name in self.fails:
                raise self.fails[name]


def syncing(store: HistoryStore, source, **parts):
    return VikiSync(VikiParts(store=store, adopting=Adopting(store), source=source, **parts))


def seen(store):
    """Every play: title, season, episode, day."""
    return sorted(
        (row.title, row.season, row.episode, str(row.local_day)) for row in store.plays(limit=1000)
    )


def later(**much):
    return NOW + timedelta(**much)
