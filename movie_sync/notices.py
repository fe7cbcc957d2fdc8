"""What a person is told, and when.

Nothing calls here: each look compares what is so now with what was noted in `notices.json`, and
gives the notices that the queues should hold. A notice has an id made of what it is about and since
when, so that the queues, which know it for a month, take it once. What needs a person is told once
until it has been in order for some hours; what happened to films is told by the number of their
last change. Noted first, then queued, then the mark is moved: a crash anywhere tells all, once.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from movie_sync import atomic, digest, notice_texts, notices_of_shows
from movie_sync.errors import FilesError
from movie_sync.films.bringing import How
from movie_sync.films.items import KIND, film_of, version_of
from movie_sync.films.placing import INSTEAD_OF
from movie_sync.messages import NOTICE, Notice
from movie_sync.models import Item, Moment, State
from movie_sync.needs import BLOCKED, CONFIRM, DISK, GIVEN_UP, LOGIN, SETTINGS, TROUBLE, Need
from movie_sync.notice_settings import NEEDS_YOU, Notifications
from movie_sync.notices_of_shows import Group
from movie_sync.queue_moves import CLEANUP
from movie_sync.queues import QueueManager

log = logging.getLogger(__name__)

FILE = "notices.json"
QUIET = timedelta(hours=6)  # what comes and goes more often is told once
FRESH = timedelta(days=3)  # what happened earlier is told no more; far less than it is remembered
FEW = 5  # more needs of one kind at one time are one notice
NAMED = 20  # of them in its text
LONGEST = 100  # part of an id

EVENT_OF = {
    LOGIN: "login_refused", BLOCKED: "source_blocked", DISK: "disk_full", GIVEN_UP: "given_up",
    CONFIRM: "confirm", TROUBLE: "trouble", SETTINGS: "trouble",
}  # fmt: skip


class Noted(Struct, omit_defaults=True):
    """One need that was seen."""

    since: Moment
    notice: str = ""  # id of what tells it; empty where it is not to be told
    gone_at: Moment | None = None


class _File(Struct, omit_defaults=True):
    mark: int | None = None  # number of the last change of the queues that was looked at
    needs: dict[str, Noted] = {}
    digest_on: date | None = None
    digest_from: Moment | None = None
    shows: list[Group] = []


class Notices:
    """For one thread. Raises FilesError where `notices.json` cannot be written."""

    def __init__(self, home: Path, section: Notifications, zone: tzinfo | None = None) -> None:
        """`zone` is where the person lives; None is the machine's."""
        self._path, self._section, self._zone = home / FILE, section, zone
        self._kept = _read(self._path)

    @property
    def ids(self) -> set[str]:
        """Of notices on what is still so, which must not be forgotten."""
        return {noted.notice for noted in self._kept.needs.values()}

    @property
    def mark(self) -> int | None:
        return self._kept.mark

    def of_needs(self, needs: Sequence[Need], queue: QueueManager, now: datetime) -> list[Notice]:
        """What to tell of these. That they were seen is on disk when this returns."""
        told = [need for need in needs if need.kind in EVENT_OF]
        before = msgspec.json.encode(self._kept)
        self._note(told, now)
        if msgspec.json.encode(self._kept) != before:
            self._save()
        together: dict[str, list[Need]] = {}
        for need in told:
            notice = self._kept.needs[need.key].notice
            if notice and queue.get(notice) is None:
                together.setdefault(notice, []).append(need)
        return [self._of_need(id_, each, queue) for id_, each in together.items()]

    def of_films(self, changed: Iterable[tuple[State, Item]], now: datetime) -> list[Notice]:
        """What to tell of what happened to these."""
        happened = (each for state, item in changed if (each := what_happened(state, item, now)))
        events = self._section.events
        return [self._of_film(*each) for each in happened if each[0] in events]

    def of_shows(
        self, changed: Iterable[tuple[State, Item]], queue: QueueManager, now: datetime
    ) -> list[Notice]:
        """What to tell of shows, many at a time. What was gathered is on disk when this returns.
        To be told to `move` that it is queued."""
        groups = self._kept.shows
        before = msgspec.json.encode(groups)
        notices_of_shows.gather(groups, changed, self._section.events, now)
        notices_of_shows.close(groups, queue, now)
        if msgspec.json.encode(groups) != before:
            self._save()
        return [self._of_group(group) for group in groups if group.closed]

    def of_day(self, queue: QueueManager, needs: Sequence[Need], now: datetime) -> list[Notice]:
        """The summary of a day, once it is its time. To be told to `move` that it is queued."""
        if not self._is_digest_due(now):
            return []
        since = self._kept.digest_from or now - timedelta(days=1)
        summary = digest.summary(queue, needs, since)
        if not summary:
            return []
        today = now.astimezone(self._zone).date()
        words = {"day": f"{today:%A, %d %B}", "summary": summary}
        return [self._notice(f"{NOTICE}:digest:{today}", "digest", words, now)]

    def move(self, mark: int, now: datetime, *, lasting: bool) -> None:
        """What was given for the changes up to this one is queued.

        Args:
            lasting: have it on disk; else a crash has the same changes looked at again, which
                does no harm.
        """
        due = self._is_digest_due(now)
        self._kept.mark = mark
        self._kept.shows = [group for group in self._kept.shows if not group.closed]
        if due:
            self._kept.digest_on = now.astimezone(self._zone).date()
            self._kept.digest_from = now
        if due or lasting:
            self._save()

    def _is_digest_due(self, now: datetime) -> bool:
        if not self._section.digest_at:
            return False
        local = now.astimezone(self._zone)
        if self._kept.digest_on is None:  # just switched on: the next one is the first
            past = local.time() >= time.fromisoformat(self._section.digest_at)
            self._kept.digest_on = local.date() - timedelta(days=not past)
            self._save()
        late = local.time() >= time.fromisoformat(self._section.digest_at)
        return late and self._kept.digest_on < local.date()

    def _note(self, needs: Sequence[Need], now: datetime) -> None:
        """Which are there, since when, and which have gone."""
        kept = self._kept.needs
        keys = {need.key for need in needs}
        for key, noted in list(kept.items()):
            if key in keys:
                noted.gone_at = None
            elif noted.gone_at is None or noted.gone_at > now:
                noted.gone_at = now
            elif now - noted.gone_at >= QUIET:
                del kept[key]
        new: dict[str, list[Need]] = {}
        for need in needs:
            if need.key not in kept:
                new.setdefault(EVENT_OF[need.kind], []).append(need)
        for event, of_it in new.items():
            for need in of_it:
                since = need.since or now
                about = _short(need.key.partition(":")[2])
                if len(of_it) > FEW:
                    about, since = f"{len(of_it)} at once", now
                told = event in self._section.events
                id_ = f"{NOTICE}:{event}:{about}:{since.isoformat(timespec='seconds')}"
                kept[need.key] = Noted(since, id_ if told else "")

    def _of_need(self, id_: str, needs: Sequence[Need], queue: QueueManager) -> Notice:
        need, since = needs[0], self._kept.needs[needs[0].key].since
        event = EVENT_OF[need.kind]
        words = {"sentence": need.sentence.removesuffix("."), "do": need.do}
        words["service"] = need.service or need.source or ""
        _, item = (queue.get(need.item) if need.item else None) or (None, None)
        if item:
            words |= words_of(item) | {"reason": item.last_error or ""}
        notice = self._notice(id_, event, words, since, item)
        if len(needs) == 1:
            return notice
        lines = [each.sentence for each in needs[:NAMED]]
        left = [f"and {len(needs) - NAMED} more"] if len(needs) > NAMED else []
        title = f"{len(needs)} films were given up" if event == "given_up" else notice.title
        return replace(notice, title=title, text="\n".join([*lines, *left]), film=None)

    def _of_film(self, event: str, item: Item, at: datetime, which: str) -> Notice:
        return self._notice(f"{NOTICE}:{event}:{item.id}:{which}", event, words_of(item), at, item)

    def _of_group(self, group: Group) -> Notice:
        words, id_ = notices_of_shows.words(group), notices_of_shows.id_of(group)
        notice = self._notice(f"{NOTICE}:{id_}", group.event, words, group.since)
        state = "failed" if group.event == notices_of_shows.FAILED else "added"
        link = f"{notice.link}/shows/all?state={state}" if notice.link else None
        return replace(notice, link=link, shows=notices_of_shows.facts(group))

    def _notice(
        self, id_: str, event: str, words: Mapping[str, str], at: datetime, item: Item | None = None
    ) -> Notice:
        title, text = notice_texts.written(self._section, event, words)
        return Notice(
            id=id_,
            event=event,
            title=title,
            text=text,
            at=at,
            urgent=event in NEEDS_YOU,
            link=self._link(item),
            film=facts(item) if item else None,
        )

    def _link(self, item: Item | None) -> str | None:
        page = self._section.page_url.rstrip("/")
        if not page:
            return None
        return f"{page}/films/{quote(item.id, safe=':@')}" if item else page

    def _save(self) -> None:
        try:
            atomic.write(self._path, [msgspec.json.encode(self._kept), b"\n"])
        except OSError as error:
            message = f"{self._path} cannot be written ({error.strerror}); nothing was told"
            raise FilesError(message) from error


def what_happened(
    state: State, item: Item, now: datetime
) -> tuple[str, Item, datetime, str] | None:
    """Event, film, when, and what tells this time from others; None where nothing lately did."""
    if item.kind != KIND:
        return None
    event, at = "", None
    if state is State.COMPLETED and item.data.get("how") in (How.LINKED, How.COPIED):
        event, at = "upgraded" if item.data.get(INSTEAD_OF) else "arrived", item.completed_at
    elif state is State.REMOVED and item.data.get("removed_by") == CLEANUP:
        event, at = "removed", item.removed_at
    elif state is State.ACTIVE and item.handle:
        return "downloading", item, now, item.handle
    if at is None or not now - FRESH <= at:
        return None
    return event, item, at, at.isoformat()


def words_of(item: Item) -> dict[str, str]:
    """What a text about a film may name."""
    film, release = film_of(item), item.data.get("release") or {}
    version = version_of(item)
    return {
        "film": f"{item.title}, {version}" if version else item.title,
        "title": film.title,
        "year": str(film.year or ""),
        "release": str(release.get("name", "")),
        "old": str(item.data.get(INSTEAD_OF, "")),
        "path": str(item.data.get("path", "")),
    }


def facts(item: Item) -> dict[str, object]:
    """What is known of a film, for a program that reads the notice."""
    film, words = film_of(item), words_of(item)
    known = {
        "id": item.id, "title": film.title, "year": film.year, "imdb_id": film.imdb_id,
        "tmdb_id": film.tmdb_id, "version": version_of(item), "release": words["release"],
        "path": words["path"],
    }  # fmt: skip
    return {name: value for name, value in known.items() if value}


def _short(about: str) -> str:
    """As part of an id; a sentence by its digits."""
    return about if len(about) <= LONGEST else sha256(about.encode()).hexdigest()[:16]


def _read(path: Path) -> _File:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_File)
    except FileNotFoundError:
        return _File()
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        log.warning("%s cannot be read (%s); what needs you is told anew", path, error)
        return _File()
