"""What a person asks of Viki's shows and of the history's state. Reads alone, and asks nobody.

Three kinds of questions: what is watched (`all_shows`, `show_detail`, `in_progress`,
`pending_sync`), what things are taken for (`get_match`, `list_unmatched`), and whether all is well
(`stats`, `issues`, `health_check`).
"""

from collections.abc import Iterator

from msgspec import Struct
from sqlalchemy import func, select

from movie_sync.history.match_models import Choice, State
from movie_sync.history.rows import Counts, OutboxRow, Sending
from movie_sync.history.store import HistoryStore
from movie_sync.history.viki_plays import shown_of
from movie_sync.history.viki_rows import ContainerRow, MatchRow, VideoRow
from movie_sync.history.viki_watching import Standing, standing
from movie_sync.history_tables import viki_containers
from movie_sync.library_models import Kind
from movie_sync.models import Moment

AT_ONCE = 200
PENDING = (Sending.WAITING, Sending.SENDING, Sending.UNKNOWN)
MATCHED = (State.AUTO, State.MANUAL)


class ShowLine(Struct, frozen=True, kw_only=True):
    """A show or film of Viki's, as a list shows it."""

    id: str
    title: str
    kind: Kind | None
    state: str  # of its match, or "new"
    match: str | None  # the title that it is taken for
    title_id: int | None
    watched: Standing

    @property
    def is_in_progress(self) -> bool:
        done = self.watched.total and self.watched.watched >= self.watched.total
        return not done and bool(self.watched.watched or self.watched.begun)


class EpisodeLine(Struct, frozen=True, kw_only=True):
    video_id: str
    number: int | None
    counts: bool  # False: a clip, a trailer, a special
    watched: bool
    plays: int
    watched_at: Moment | None
    last_at: Moment | None
    seconds: int | None
    percent: float | None
    place: str | None  # "2x05", where its match has it


class ShowDetail(Struct, frozen=True, kw_only=True):
    show: ShowLine
    episodes: tuple[EpisodeLine, ...]
    mapping: str
    matches: tuple[MatchRow, ...]  # all that was ever said of it, the newest first


class Match(Struct, frozen=True, kw_only=True):
    """What a container is taken for, and what else was proposed."""

    show: ShowLine
    confidence: float
    sentence: str
    ids: dict[str, str]
    choices: tuple[Choice, ...]
    asked_again_at: Moment | None


class Stats(Struct, frozen=True, kw_only=True):
    counts: Counts
    shows: int  # of Viki
    matched: int
    sent: int
    pending: int

    @property
    def match_percent(self) -> float | None:
        return 100.0 * self.matched / self.shows if self.shows else None

    @property
    def sync_percent(self) -> float | None:
        """Of all that was ever to be told."""
        told = self.sent + self.pending
        return 100.0 * self.sent / told if told else None


class Issue(Struct, frozen=True):
    serious: bool
    sentence: str


class Health(Struct, frozen=True):
    well: bool  # no serious issue
    issues: tuple[Issue, ...]

    @property
    def sentence(self) -> str:
        if not self.issues:
            return "all is well"
        serious = sum(one.serious for one in self.issues)
        return f"{len(self.issues)} to look at, {serious} of them serious"


def all_shows(store: HistoryStore, after_id: str = "", limit: int = 60) -> list[ShowLine]:
    """By number."""
    return [_line(store, row) for row in store.containers(after_id=after_id, limit=limit)]


def show_detail(store: HistoryStore, container_id: str) -> ShowDetail | None:
    row = store.container(container_id)
    if row is None:
        return None
    videos = store.videos(container_id)
    return ShowDetail(
        show=_line(store, row, videos),
        episodes=tuple(_episode(row, one) for one in videos),
        mapping=str(row.standing.mapping) if row.standing and row.standing.ids else "",
        matches=tuple(store.matches(container_id)),
    )


def in_progress(store: HistoryStore, limit: int = 60) -> list[ShowLine]:
    """Shows that are begun and not done, by number."""
    begun = (row for row in _every(store) if row.watched or row.begun)
    found = []
    for row in begun:
        line = _line(store, row)
        if line.is_in_progress:
            found.append(line)
        if len(found) >= limit:
            break
    return found


def pending_sync(
    store: HistoryStore, provider: str, account: str, after_id: int = 0, limit: int = 60
) -> list[OutboxRow]:
    """What a provider has not been told of yet, or not for sure."""
    return store.outbox(provider, account, PENDING, after_id=after_id, limit=limit)


def get_match(store: HistoryStore, container_id: str) -> Match | None:
    row = store.container(container_id)
    return _match(store, row) if row else None


def list_unmatched(store: HistoryStore, after_id: str = "", limit: int = 60) -> list[Match]:
    """What nobody knows the title of, or a person has to say; with what was proposed."""
    return [_match(store, row) for row in store.unmatched(after_id=after_id, limit=limit)]


def stats(store: HistoryStore) -> Stats:
    c = viki_containers.c
    query = select(c.state, func.count()).group_by(c.state)
    with store.db.read() as connection:
        states = {state: count for state, count in connection.execute(query)}  # noqa: C416
    counts = store.counts()
    return Stats(
        counts=counts,
        shows=sum(states.values()),
        matched=sum(states.get(str(one), 0) for one in MATCHED),
        sent=counts.outbox.get(str(Sending.DONE), 0),
        pending=sum(counts.outbox.get(str(one), 0) for one in PENDING),
    )


def issues(store: HistoryStore) -> list[Issue]:
    """What a person should know, the serious first."""
    counts = store.counts()
    found = [*_of_viki(store), *_of_outbox(counts)]
    if counts.unmatched:
        found.append(Issue(False, f"{_counted(counts.unmatched, 'show')} of Viki without a title"))
    if counts.waiting:
        said = f"{_counted(counts.waiting, 'play')} waiting until you say which title is meant"
        found.append(Issue(False, said))
    for kind in ("import", "push"):
        last = next(iter(store.syncs(kind=kind, limit=1)), None)
        if last and last.state == "failed":
            found.append(Issue(True, f"the last {kind} failed: {last.problem or 'see its log'}"))
    return sorted(found, key=lambda one: not one.serious)


def health_check(store: HistoryStore) -> Health:
    found = issues(store)
    return Health(not any(one.serious for one in found), tuple(found))


def _of_viki(store: HistoryStore) -> Iterator[Issue]:
    if store.mark("viki", "auth") == "auth_expired":
        yield Issue(True, 'Viki\'s session is over; paste its cookies by "history viki login"')
        return
    last = next(iter(store.syncs(kind="viki", limit=1)), None)
    if last and last.state == "failed":
        yield Issue(True, f"the last look at Viki failed: {last.problem or 'see its log'}")


def _of_outbox(counts: Counts) -> Iterator[Issue]:
    words = {
        Sending.NOT_FOUND: (False, "could not be told, for Trakt does not know the title"),
        Sending.REFUSED: (True, "refused by Trakt"),
        Sending.UNKNOWN: (False, "sent without an answer; looked for before they are sent again"),
    }
    for state, (serious, said) in words.items():
        if number := counts.outbox.get(str(state), 0):
            yield Issue(serious, f"{_counted(number, 'play')} {said}")


def _every(store: HistoryStore) -> Iterator[ContainerRow]:
    after_id = ""
    while rows := store.containers(after_id=after_id, limit=AT_ONCE):
        yield from rows
        after_id = rows[-1].container.id


def _line(store: HistoryStore, row: ContainerRow, videos: list[VideoRow] | None = None) -> ShowLine:
    container = row.container
    videos = store.videos(container.id) if videos is None else videos
    listed = [one.video for one in videos if one.video]
    viewings = {one.id: one.viewing for one in videos}
    return ShowLine(
        id=container.id,
        title=container.title,
        kind=shown_of(container, row).kind,
        state=row.state,
        match=row.title,
        title_id=row.title_id,
        watched=standing(listed, viewings, container.planned_episodes),
    )


def _episode(row: ContainerRow, one: VideoRow) -> EpisodeLine:
    at = None
    if row.standing and row.standing.ids and one.number is not None:
        at = row.standing.mapping.place(one.number)
    return EpisodeLine(
        video_id=one.id,
        number=one.number,
        counts=one.video.counts if one.video else False,
        watched=one.viewing.is_watched,
        plays=one.viewing.plays,
        watched_at=one.viewing.watched_at,
        last_at=one.viewing.last_at,
        seconds=one.viewing.last_s,
        percent=one.viewing.percent,
        place=f"{at.season}x{at.number:02}" if at else None,
    )


def _match(store: HistoryStore, row: ContainerRow) -> Match:
    told, now = store.matches(row.container.id), row.standing
    return Match(
        show=_line(store, row),
        confidence=now.confidence if now else 0.0,
        sentence=now.sentence if now else "nobody was asked yet",
        ids=now.ids if now else {},
        choices=next((one.choices for one in told if one.choices), ()),
        asked_again_at=now.retry_at if now else None,
    )


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
