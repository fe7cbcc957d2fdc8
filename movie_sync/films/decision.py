"""Which release of a film to take, and why not the others.

Pure: the same film, releases and profile always give the same choice. Every rule looks at every
release, so that a person sees all the reasons at once and not only the first. Judging and
ranking are apart: a rule never prefers, and a preference never refuses.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from msgspec import Struct, structs

from movie_sync import releases, titles
from movie_sync.films import contents
from movie_sync.films.sizes import Size
from movie_sync.models import Film, Release
from movie_sync.releases import Kind, Modifier, ReleaseName, Source
from movie_sync.settings import Profile
from movie_sync.torrents import TorrentFile

MOST_EXPLAINED = 20  # a popular film has hundreds of releases, and its item is one line of JSON

# Best first. A remux differs from an encode of the same disc in its size, which has its limits.
SOURCES = (Source.BLURAY, Source.WEBDL, Source.WEBRIP, Source.TV, Source.DVD)
EARLY_COPIES = {
    Source.CAM: "a cam",
    Source.TELESYNC: "a telesync",
    Source.TELECINE: "a telecine",
    Source.WORKPRINT: "a workprint",
    Source.SCREENER: "a screener",
}
EXPLAINED = ("indexer", "id", "name", "size_bytes", "seeders")

_PROGRAM = re.compile(
    r"\.(?:exe|msi|bat|cmd|scr|pif|lnk|vb[es]|jse?|ws[fh]|hta|ps1|reg|jar|apk|dmg|pkg|deb|rpm|sh)"
)
_ARCHIVE = re.compile(r"\.(?:rar|r\d\d|zip|z\d\d|7z|tar|gz|xz|bz2|ace|\d{3})")


class Reason(StrEnum):
    """Why a release was turned down. Each value is explained in docs/decisions.md."""

    OTHER_FILM = "other_film"
    WRONG_TITLE = "wrong_title"
    WRONG_YEAR = "wrong_year"
    YEAR_UNKNOWN = "year_unknown"
    NOT_A_FILM = "not_a_film"
    EARLY_COPY = "early_copy"
    FULL_DISC = "full_disc"
    RESOLUTION_UNKNOWN = "resolution_unknown"
    RESOLUTION_NOT_WANTED = "resolution_not_wanted"
    TOO_FEW_SEEDERS = "too_few_seeders"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    ALREADY_TRIED = "already_tried"


class Rejection(Struct, frozen=True):
    """One reason, with the numbers behind it in words."""

    reason: Reason
    message: str


class Case(Struct, frozen=True):
    """A release held against a film: all that a rule may look at."""

    release: Release
    name: ReleaseName
    film: Film
    profile: Profile
    tried: Collection[str] = ()

    @property
    def ids_agree(self) -> bool | None:
        """Whether both name the same film by id; None if one of them names none."""
        offered, wanted = _number(self.name.imdb_id), _number(self.film.imdb_id)
        return None if offered is None or wanted is None else offered == wanted

    @property
    def size(self) -> Size:
        return Size(self.release.size_bytes, self.film.runtime_min, self.name.likely_resolution)


class Decision(Struct, frozen=True):
    """One release and everything held against it."""

    release: Release
    rejections: tuple[Rejection, ...]

    @property
    def accepted(self) -> bool:
        return not self.rejections


class Choice(Struct, frozen=True):
    """The accepted releases, best first, and the decision on each one looked at."""

    ranked: tuple[Release, ...]
    decisions: tuple[Decision, ...]

    @property
    def best(self) -> Release | None:
        return self.ranked[0] if self.ranked else None

    def why_not(self) -> str:
        """In one line, why nothing was taken."""
        if not self.decisions:
            return "no indexer lists it"
        if self.ranked:
            return f"{len(self.decisions)} found, {len(self.ranked)} accepted"
        counts = Counter(found.reason for each in self.decisions for found in each.rejections)
        reasons = ", ".join(f"{count} {reason}" for reason, count in counts.most_common())
        return f"{len(self.decisions)} found, none accepted: {reasons}"


Rule = Callable[[Case], Rejection | None]


def other_film(case: Case) -> Rejection | None:
    why = f"is of {case.name.imdb_id}, wanted {case.film.imdb_id}"
    return Rejection(Reason.OTHER_FILM, why) if case.ids_agree is False else None


def wrong_title(case: Case) -> Rejection | None:
    why = None if case.ids_agree else titles.other_title(case.film, case.name.titles)
    return Rejection(Reason.WRONG_TITLE, why) if why else None


def wrong_year(case: Case) -> Rejection | None:
    why = None if case.ids_agree else titles.other_year(case.film, case.name.year)
    if why is None:
        return None
    unknown = case.film.year is None or case.name.year is None
    return Rejection(Reason.YEAR_UNKNOWN if unknown else Reason.WRONG_YEAR, why)


def not_a_film(case: Case) -> Rejection | None:
    if case.name.kind is Kind.TV:
        return Rejection(Reason.NOT_A_FILM, "is of a series")
    if case.name.kind is Kind.UNKNOWN:
        return Rejection(Reason.NOT_A_FILM, "is not named like a release of one film")
    return None


def early_copy(case: Case) -> Rejection | None:
    what = EARLY_COPIES.get(case.name.source) if case.name.source else None
    return Rejection(Reason.EARLY_COPY, f"is {what}, which is never taken") if what else None


def full_disc(case: Case) -> Rejection | None:
    if case.profile.full_discs or case.name.modifier is not Modifier.DISC:
        return None
    return Rejection(Reason.FULL_DISC, "is a whole disc, wanted one film file")


def wrong_resolution(case: Case) -> Rejection | None:
    lines = case.name.likely_resolution
    if lines in case.profile.resolutions:
        return None
    wanted = ", ".join(f"{lines}p" for lines in case.profile.resolutions)
    if lines is None:
        message = f"does not say its resolution or source, wanted {wanted}"
        return Rejection(Reason.RESOLUTION_UNKNOWN, message)
    seen = f"{lines}p" if case.name.resolution else f"{lines}p, going by its source"
    return Rejection(Reason.RESOLUTION_NOT_WANTED, f"is {seen}, wanted {wanted}")


def too_few_seeders(case: Case) -> Rejection | None:
    seeders, least = case.release.seeders, case.profile.min_seeders
    if seeders >= least:
        return None
    counted = "1 seeder" if seeders == 1 else f"{seeders} seeders"
    return Rejection(Reason.TOO_FEW_SEEDERS, f"{counted}, at least {least} wanted")


def too_small(case: Case) -> Rejection | None:
    least = case.profile.min_mib_per_minute
    if case.size.mib_per_minute >= least:
        return None
    return Rejection(Reason.TOO_SMALL, case.size.against(least, "at least"))


def too_large(case: Case) -> Rejection | None:
    most = case.profile.max_mib_per_minute
    if case.size.mib_per_minute <= most:
        return None
    return Rejection(Reason.TOO_LARGE, case.size.against(most, "at most"))


def already_tried(case: Case) -> Rejection | None:
    if f"{case.release.indexer}:{case.release.id}" not in case.tried:
        return None
    return Rejection(Reason.ALREADY_TRIED, "was tried for this film before, and came to nothing")


RULES: tuple[Rule, ...] = (
    other_film,
    wrong_title,
    wrong_year,
    not_a_film,
    early_copy,
    full_disc,
    wrong_resolution,
    too_few_seeders,
    too_small,
    too_large,
    already_tried,
)


def read_name(release: Release) -> ReleaseName:
    """What its name says; the id that the indexer gives goes before one in the name."""
    name = releases.read(release.name)
    return structs.replace(name, imdb_id=release.imdb_id or name.imdb_id)


def judge(release: Release, film: Film, profile: Profile, tried: Collection[str] = ()) -> Decision:
    """Hold one release against every rule; `tried` has "indexer:id" of those that failed."""
    return _judge(Case(release, read_name(release), film, profile, tried))


def _judge(case: Case) -> Decision:
    found = (rule(case) for rule in RULES)
    return Decision(case.release, tuple(rejection for rejection in found if rejection))


def choose(
    film: Film, found: Iterable[Release], profile: Profile, tried: Collection[str] = ()
) -> Choice:
    """Judge all releases, and rank those accepted."""
    cases = [Case(release, read_name(release), film, profile, tried) for release in found]
    decisions = tuple(_judge(case) for case in cases)
    pairs = zip(cases, decisions, strict=True)
    accepted = sorted((case for case, each in pairs if each.accepted), key=preference)
    return Choice(tuple(case.release for case in accepted), decisions)


def preference(case: Case) -> tuple[Any, ...]:
    """Sort key, smallest first, in the order that docs/decisions.md gives.

    The name and the id come last, so that equal releases always sort the same way.
    """
    release, profile = case.release, case.profile
    lines = case.name.likely_resolution
    return (
        profile.resolutions.index(lines) if lines in profile.resolutions else 99,
        SOURCES.index(case.name.source) if case.name.source in SOURCES else 99,
        -case.name.version,
        profile.prefer_freeleech and not release.freeleech,
        # Twelve seeders are no better than ten; a hundred are.
        -round(math.log10(max(release.seeders, 1))),
        case.size.from_middle(profile.min_mib_per_minute, profile.max_mib_per_minute),
        release.name,
        release.indexer,
        release.id,
    )


def explain(choice: Choice) -> list[dict[str, Any]]:
    """The choice as data to keep: the accepted by rank, then the refused with their reasons."""
    ranks = {release: rank for rank, release in enumerate(choice.ranked, 1)}
    by_rank = sorted(choice.decisions, key=lambda each: ranks.get(each.release, len(ranks) + 1))
    return [_explained(each, ranks.get(each.release)) for each in by_rank[:MOST_EXPLAINED]]


def _explained(decision: Decision, rank: int | None) -> dict[str, Any]:
    facts = {name: getattr(decision.release, name) for name in EXPLAINED}
    if rank:
        return facts | {"rank": rank}
    return facts | {"refused": [[each.reason.value, each.message] for each in decision.rejections]}


def _number(imdb_id: str | None) -> int | None:
    """Zeros in front do not count: "tt0133093" and "tt133093" are one."""
    digits = (imdb_id or "").removeprefix("tt")
    return int(digits) if digits.isdecimal() else None


def files_refused(torrent: TorrentFile) -> str | None:
    """Why a torrent is not taken, by the files it lists: it is a fake, or nothing to watch."""
    files = {PurePath(path): size_bytes for path, size_bytes in torrent.files}
    for path in files:
        if _PROGRAM.fullmatch(path.suffix.lower()):
            return f'holds a program ("{path.name}"), as fakes do'
        if "password" in path.stem.lower() and "password" not in torrent.name.lower():
            return f'holds a note on a password ("{path.name}")'
    packed = [path for path in files if _ARCHIVE.fullmatch(path.suffix.lower())]
    videos = [path for path in files if contents.is_video(path)]
    if sum(map(files.__getitem__, packed)) > sum(map(files.__getitem__, videos)):
        return f"holds its film in {len(packed)} archives, which are not unpacked"
    inner = (PurePath(*path.parts[1:] or path.parts) for path in videos)
    if all(contents.is_extra(path, torrent.name) for path in inner):
        return f'holds no film; its largest file is "{max(files, key=files.__getitem__).name}"'
    return None
