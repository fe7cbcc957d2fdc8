"""What needs a person: the same list for the page, for `status`, and for notices.

Told by what is so now, in the queues and in the files of the home folder; nothing is asked and
nothing changed. What ends by itself, such as an outage of minutes, is not in it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from msgspec import Struct

from movie_sync import breaker
from movie_sync.errors import FilesError
from movie_sync.films.items import KIND
from movie_sync.films.starting import NEEDED
from movie_sync.films.sync import BROKEN, PLACING
from movie_sync.films.watchlists import Cause, Listed, read
from movie_sync.messages import is_errand
from movie_sync.models import Item, State

LASTING = timedelta(hours=6)  # an outage that is longer hardly ends by itself
FORGOTTEN = timedelta(days=2)  # a service that nobody has asked since is not set up any more
BY_A_PERSON = "skipped by hand"
OF_SHOWS = ("shows", "adding")  # workers

LOGIN, BLOCKED, DISK, GIVEN_UP, CONFIRM, TROUBLE, SETTINGS, ERRAND, REVIEW = (
    "login", "blocked", "disk", "given_up", "confirm", "trouble", "settings", "errand", "review",
)  # fmt: skip


class Need(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that waits for a person."""

    key: str  # the same as long as it is the same need: "login:filelist"
    kind: str  # one of the words above
    sentence: str
    do: str  # what to do about it, as a sentence
    since: datetime | None = None  # None where that is not known
    item: str | None = None  # id of the film
    source: str | None = None  # name of the watchlist
    service: str | None = None
    action: str | None = None  # where it is done: "credentials", "confirm", "retry", "settings"


class Trouble(Struct, frozen=True, kw_only=True):
    """Something that a running program says of itself."""

    sentence: str
    name: str = ""  # of the worker
    cause: str = ""  # the name of the error that ended its pass
    since: datetime | None = None


class Queues(Protocol):
    def iter(self, state: State) -> Iterable[Item]: ...


class Lists(Protocol):
    @property
    def sources(self) -> dict[str, Listed]: ...


def needs_you(  # noqa: PLR0917 - one argument for each place that is looked at
    home: Path,
    queue: Queues,
    memory: Lists,
    trouble: Sequence[Trouble],
    problems: Sequence[str],
    now: datetime,
    *,
    reviews: int = 0,
) -> list[Need]:
    """All of them, the most urgent first, none twice.

    Args:
        trouble: of a running program; none where none runs.
        problems: of the settings, as sentences.
        reviews: files of the library of which a person has to say what they are.
    """
    rests = breaker.read_all(home)
    found = [
        *_of_settings(problems),
        *_of_program(trouble, rests, now),
        *_of_services(rests, now),
        *_of_lists(memory.sources),
        *_of_queues(queue),
        *_of_library(reviews),
    ]
    by_key: dict[str, Need] = {}
    for need in found:
        by_key.setdefault(need.key, need)
    return list(by_key.values())


def of_files(home: Path, items: Mapping[State, Mapping[str, Item]], now: datetime) -> list[Need]:
    """As told by the files of the home folder alone, for who is not the running program."""
    try:
        listed = read(home / "watchlist.json")
    except FilesError:
        listed = {}
    return needs_you(home, _Read(items), _Listed(listed), (), (), now)


class _Read(NamedTuple):
    items: Mapping[State, Mapping[str, Item]]

    def iter(self, state: State) -> Iterable[Item]:
        return self.items[state].values()


class _Listed(NamedTuple):
    sources: dict[str, Listed]


def _of_settings(problems: Iterable[str]) -> Iterator[Need]:
    for sentence in problems:
        yield Need(
            key=f"{SETTINGS}:{sentence}", kind=SETTINGS, sentence=sentence,
            do='Mend it, then run "config check".', action="settings",
        )  # fmt: skip


def _of_program(
    trouble: Iterable[Trouble], rests: Mapping[str, breaker.Rest], now: datetime
) -> Iterator[Need]:
    for each in trouble:
        service = each.sentence.partition(":")[0]
        match each.cause:
            case "NotAuthorised":
                yield _login(service, each.sentence, each.since)
            case "Blocked":
                yield _blocked(service, each.sentence, each.since)
            case "FilesError":
                yield _disk(each.name, each.sentence, each.since)
            case "Unavailable" if each.since and now - each.since < LASTING:
                pass
            case "Unavailable" if service in rests and rests[service].failures:
                pass  # it is told of once, by the service, however many workers miss it
            case cause:
                to_mend = cause == "ConfigError"
                yield Need(
                    key=f"{TROUBLE}:{each.name or each.sentence}", kind=TROUBLE,
                    sentence=f"{each.name}: {each.sentence}" if each.name else each.sentence,
                    do="Set what it names." if to_mend else 'See the log, and run "doctor".',
                    since=each.since, action="settings" if to_mend else None,
                )  # fmt: skip


def _of_services(rests: Mapping[str, breaker.Rest], now: datetime) -> Iterator[Need]:
    for service, rest in rests.items():
        since = datetime.fromtimestamp(rest.since, UTC)
        until = datetime.fromtimestamp(rest.until, UTC)
        if not rest.failures or now - until > FORGOTTEN:
            continue
        sentence = f"{service}: {rest.why}"
        if rest.refused:
            yield _login(service, sentence, since)
        elif rest.blocked:
            yield _blocked(service, sentence, since)
        elif now - since >= LASTING:
            yield Need(
                key=f"{TROUBLE}:{service}", kind=TROUBLE, sentence=sentence, since=since,
                do="See that it runs, and that its address is right.", service=service,
            )  # fmt: skip


def _of_lists(sources: Mapping[str, Listed]) -> Iterator[Need]:
    for source, listed in sources.items():
        if not listed.problem:
            continue
        sentence = f"{source}: {listed.problem}"
        match listed.cause:
            case Cause.BLOCKED:
                yield _blocked(source, sentence, listed.problem_since, source=source)
            case Cause.LOGIN:
                yield _login(source, sentence, listed.problem_since)
            case Cause.CONFIRM:
                yield Need(
                    key=f"{CONFIRM}:{source}", kind=CONFIRM, sentence=sentence,
                    do="Look at the list, and confirm it if that is right.",
                    since=listed.problem_since, source=source, action="confirm",
                )  # fmt: skip


def _of_queues(queue: Queues) -> Iterator[Need]:
    failed = list(queue.iter(State.FAILED))
    films = [item for item in failed if item.kind == KIND]
    held = [item for item in queue.iter(State.ACTIVE) if item.kind == KIND and item.last_error]
    if waiting := [item for item in films if NEEDED in item.data and not item.permanent]:
        yield _disk("downloads", _first_of(waiting, "waits", "wait"))
    if placing := [item for item in held if item.step == PLACING]:
        yield _disk("library", _first_of(placing, "waits for its place", "wait for their places"))
    for item in held:
        if item.step == BROKEN:
            yield Need(
                key=f"{TROUBLE}:{item.id}", kind=TROUBLE, sentence=f"{item.title}: {_why(item)}",
                do="See to it in the torrent client; it then goes on by itself.", item=item.id,
            )  # fmt: skip
    for item in sorted(films, key=lambda item: item.seq, reverse=True):
        if item.permanent and item.last_error != BY_A_PERSON:
            yield Need(
                key=f"{GIVEN_UP}:{item.id}", kind=GIVEN_UP, item=item.id, action="retry",
                sentence=f"{item.title} was given up: {_why(item)}",
                do="Retry it, choose another release, or skip it.",
            )  # fmt: skip
    for item in failed:
        if item.permanent and is_errand(item) and item.last_error != BY_A_PERSON:
            yield Need(
                key=f"{ERRAND}:{item.id}", kind=ERRAND, sentence=f"{item.title}: {_why(item)}",
                do='Mend what it names, then retry it; "notify list" shows all.',
                item=item.id, action="retry",
            )  # fmt: skip


def _of_library(reviews: int) -> Iterator[Need]:
    if reviews:
        files = (
            "1 file of the library waits"
            if reviews == 1
            else (f"{reviews} files of the library wait")
        )
        yield Need(
            key=REVIEW, kind=REVIEW, sentence=f"{files} for your word",
            do="Say what they are in the review inbox.", action="review",
        )  # fmt: skip


def _login(service: str, sentence: str, since: datetime | None) -> Need:
    return Need(
        key=f"{LOGIN}:{service}", kind=LOGIN, sentence=sentence, since=since, service=service,
        do="Give it the right login.", action="credentials",
    )  # fmt: skip


def _blocked(
    service: str, sentence: str, since: datetime | None, source: str | None = None
) -> Need:
    way = 'import an export with "watchlist import"' if source else "do without it for a while"
    return Need(
        key=f"{BLOCKED}:{service}", kind=BLOCKED, sentence=sentence, since=since, source=source,
        service=None if source else service,
        do=f"Open it in a browser; if it stays closed to programs, {way}.",
    )  # fmt: skip


def _disk(what: str, sentence: str, since: datetime | None = None) -> Need:
    whose = "Shows" if what in OF_SHOWS else "Films"
    return Need(
        key=f"{DISK}:{what}", kind=DISK, sentence=sentence, since=since,
        do=f"{whose} go on by themselves once that is put right.",
    )  # fmt: skip


def _first_of(items: Sequence[Item], one: str, many: str) -> str:
    first = items[0]
    if len(items) == 1:
        return f"{first.title} {one}: {_why(first)}"
    return f"{len(items)} films {many}; {first.title}: {_why(first)}"


def _why(item: Item) -> str:
    return item.last_error or "the reason was not kept"
