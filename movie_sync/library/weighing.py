"""What each teller claims that a file is, and which of them says anything. Pure.

The one thing to know: a name that says nothing ("movie.mkv", "S01E01.mkv", the group's own short
name of a release) is no claim, and a claim without a year borrows that of another of its title.
"""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct, structs

from movie_sync.library_models import Kind, Teller, Told
from movie_sync.title_keys import keys, strict, words_of

TRUST = {teller: place for place, teller in enumerate(Teller)}
NUMBERS_TRUST = (  # of episodes: tools count as their site does, and people as the disc did
    Teller.HAND, Teller.DOWNLOAD, Teller.FILE, Teller.SERVER, Teller.NFO, Teller.FOLDER,
)  # fmt: skip
OF_THE_WORLD = frozenset(("tmdb", "imdb", "tvdb", "tvmaze", "trakt", "letterboxd", "viki"))
WORDS_OF = {
    Teller.HAND: "a person",
    Teller.DOWNLOAD: "the download",
    Teller.NFO: "the NFO",
    Teller.SERVER: "the media server",
    Teller.FOLDER: "the folder's name",
    Teller.FILE: "the file's name",
}

_NOTHING = re.compile(
    r"(?:the )?(?:(?:main )?(?:movie|film|feature|video|title|episode|disc|disk|cd|dvd|part|vts"
    r"|track|untitled|unknown|new|index|mainfeature|playlist|t|s\d+ ?e)[ _]*\d*[ _]*\d*"
    r"|\d{5}|[0-9a-f]{16,})"
)
_EPISODE_ALONE = re.compile(r"s\d{1,4} ?e\d+.*|\d{1,2}x\d{2,3}.*")
_ALSO = re.compile(r" a\.?k\.?a\.? | / ", re.IGNORECASE)


class Claim(Struct, frozen=True, kw_only=True):
    """What one teller says of the film or the show."""

    by: Teller
    titles: tuple[str, ...] = ()
    year: int | None = None
    own_year: bool = False  # it said so itself
    ids: tuple[tuple[str, str], ...] = ()
    kind: Kind | None = None

    def agrees(self, other: "Claim") -> bool:
        """Whether the two may be called the same."""
        mine = {key for title in self.titles for key in keys(title)}
        return any(not mine.isdisjoint(keys(title)) for title in other.titles)

    def __str__(self) -> str:
        title = f'"{self.titles[0]}"' if self.titles else "nothing"
        return f"{title} ({self.year})" if self.year else title


def claims(tellings: Iterable[Told]) -> tuple[Claim, ...]:
    """Those that say anything of the title, the most trusted first."""
    told = sorted(tellings, key=lambda one: TRUST[one.by])
    spoken = [_claim(one) for one in told]
    others = [one for one in spoken if one.titles and one.by is not Teller.FILE]
    if any(one.extra for one in told) and others:  # "Making of.mkv" names itself, and no film
        spoken = [one for one in spoken if one.by is not Teller.FILE or one.ids]
    if any(one.kind is Kind.SHOW for one in others) and not any(map(_is_numbered_file, told)):
        # "The Train Job.mkv" in a show's folder is called as its episode.
        spoken = [one for one in spoken if one.by is not Teller.FILE or one.ids]
    some = tuple(dict.fromkeys(one for one in spoken if one.titles or one.ids))
    return tuple(_dated(one, some) for one in some)


def _is_numbered_file(told: Told) -> bool:
    return told.by is Teller.FILE and bool(told.episodes or told.absolute or told.aired_on)


def _claim(told: Told) -> Claim:
    ids = tuple(sorted(pair for pair in told.ids.items() if pair[0] in OF_THE_WORLD))
    speaks = told.titles and says_something(told.titles[0])
    halves = [half for title in told.titles for half in _ALSO.split(title)]
    titles = tuple(dict.fromkeys(halves)) if speaks else ()
    return Claim(
        by=told.by,
        titles=tuple(filter(says_something, titles)),
        year=told.year,
        own_year=told.year is not None,
        ids=ids,
        kind=told.kind,
    )


def says_something(title: str) -> bool:
    words = " ".join(words_of(title))
    return bool(words) and not _NOTHING.fullmatch(words) and not _EPISODE_ALONE.fullmatch(words)


def _dated(claim: Claim, others: Sequence[Claim]) -> Claim:
    """With the year of the most trusted claim of that title."""
    if claim.year is not None:
        return claim
    found = (one.year for one in others if one.year is not None and one.agrees(claim))
    return structs.replace(claim, year=next(found, None))


def is_part_of(claim: Claim, title: str) -> bool:
    """Whether its words are all among those of a title, as people shorten it, or its first letters:
    "fallout", "lotr"."""
    words = words_of(title)
    initials = "".join(word[0] for word in words)
    return any(
        set(words_of(said)) <= set(words) or strict(said) in (initials, "".join(words)[:8])
        for said in claim.titles
    )


def numbers(tellings: Iterable[Told]) -> Told | None:
    """Whoever tells the episode: the name of the file before the tools that have read it."""
    some = sorted(tellings, key=lambda one: NUMBERS_TRUST.index(one.by))
    return next((one for one in some if one.episodes or one.absolute or one.aired_on), None)


def first(tellings: Sequence[Told], field: str) -> object:
    """What the most trusted teller says of one thing."""
    told = sorted(tellings, key=lambda one: TRUST[one.by])
    return next((said for one in told if (said := getattr(one, field)) is not None), None)
