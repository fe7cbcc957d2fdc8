"""What matching speaks of: what Viki shows, what catalogues have, why the two may be the same.

Plain facts: no I/O. The one thing to know: a `Mapping` says which episode elsewhere an episode of
Viki's is, and a person may write it as it pleases them; nothing here changes one that they wrote.
"""

from collections.abc import Iterable
from enum import IntEnum, StrEnum

from msgspec import Struct, field

from movie_sync.library_models import PROVIDERS, Facts, Kind, SeasonFacts

# Languages that works of a country are called in at home.
LANGUAGES_OF = {
    "kr": ("ko",), "jp": ("ja",), "th": ("th",), "vn": ("vi",), "ph": ("tl",),
    "cn": ("zh", "cn"), "tw": ("zh", "cn"), "hk": ("zh", "cn"), "sg": ("zh", "cn"),
}  # fmt: skip
TOLD_FIRST = ("trakt", "tmdb", "imdb", "tvdb", *PROVIDERS)  # the id that a work is named by


class YearHint(Struct, frozen=True, omit_defaults=True):
    """Viki tells no year, but when it had the rights: the work may be older, and not younger."""

    year: int
    at_most: bool = True  # False: it is that of the work, give or take one


class Viewed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A container of Viki's, as far as it tells what it is."""

    id: str  # "36951c"
    kind: Kind
    title: str  # the English one, where there is any
    titles: dict[str, str] = field(default_factory=dict)  # by language; "zh" and "zt" are Chinese
    also: tuple[str, ...] = ()  # what else it is called, in any language
    phonetic: tuple[str, ...] = ()  # its own title in Latin letters
    country: str | None = None  # ISO 3166: "kr"
    language: str | None = None  # ISO 639-1, of its own title
    year: YearHint | None = None
    planned_episodes: int | None = None
    actual_episodes: int | None = None  # that are there now, without clips and specials
    minutes: int | None = None  # of a film
    ids: dict[str, str] = field(default_factory=dict)  # that a person or MyDramaList told

    @property
    def episodes(self) -> int | None:
        return max(self.planned_episodes or 0, self.actual_episodes or 0) or None

    @property
    def own_titles(self) -> tuple[str, ...]:
        """In its own language: of Chinese ones both ways of writing it."""
        told = (self.language,) if self.language else LANGUAGES_OF.get(self.country or "", ())
        languages = ("zh", "zt") if "zh" in told or "zt" in told else told
        return tuple(self.titles[one] for one in languages if self.titles.get(one))

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, none twice."""
        told = (self.title, *self.own_titles, *self.titles.values(), *self.phonetic, *self.also)
        return tuple(dict.fromkeys(filter(None, told)))


class Season(Struct, frozen=True, omit_defaults=True):
    """Of a show, as a catalogue counts them."""

    number: int  # 0: specials
    episodes: int | None = None
    year: int | None = None
    name: str | None = None  # where it is more than "Season 2"


class Candidate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A film or show that a catalogue has."""

    kind: Kind
    title: str
    ids: dict[str, str]
    year: int | None = None
    original_title: str | None = None
    others: tuple[str, ...] = ()  # aliases and translations, in any language
    countries: tuple[str, ...] = ()  # ISO 3166, in any case
    language: str | None = None  # ISO 639-1
    seasons: tuple[Season, ...] = ()  # none: it is not known which it has
    minutes: int | None = None  # of a film

    @property
    def key(self) -> str:
        """ "trakt:245986"; the same for as long as its ids are."""
        named = next((one for one in TOLD_FIRST if one in self.ids), None)
        return f"{named}:{self.ids[named]}" if named else f"{self.title}:{self.year}"

    @property
    def regular(self) -> tuple[Season, ...]:
        """Its seasons without the specials, in order."""
        told = (one for one in self.seasons if one.number > 0 and one.episodes != 0)
        return tuple(sorted(told, key=lambda one: one.number))

    def is_same(self, other: "Candidate") -> bool:
        """By an id that both have."""
        return self.kind is other.kind and bool(self.ids.items() & other.ids.items())

    def __str__(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title


class Stretch(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Episodes in a row, and which they are elsewhere."""

    season: int
    first: int = 1  # Viki's number of the first of them
    last: int | None = None  # None: all that follow
    offset: int = 0  # to add to Viki's number
    pieces: int = 1  # so many of Viki's make one there, as where it shows halves


class Place(Struct, frozen=True, omit_defaults=True):
    """An episode elsewhere."""

    season: int
    number: int
    piece: int = 1
    pieces: int = 1

    @property
    def whole(self) -> bool:
        """Whether who has seen this piece has come to the end of the episode."""
        return self.piece == self.pieces


class Mapping(Struct, frozen=True, omit_defaults=True):
    """Where the episodes of a container stand elsewhere; of a film, nothing."""

    stretches: tuple[Stretch, ...] = ()

    def place(self, number: int) -> Place | None:
        """None where it stands nowhere: specials, numbers outside, and all of a film."""
        for one in self.stretches:
            if number >= max(one.first, 1) and (one.last is None or number <= one.last):
                place = _place(one, number)
                return place if place.number > 0 else None
        return None

    def __str__(self) -> str:
        return ", ".join(map(_said, self.stretches)) or "a film"


class Tier(IntEnum):
    """How alike names are; a higher one is stronger."""

    NONE = 0
    NEAR = 1  # words in common
    ROMANISED = 2  # the same sounds, written otherwise
    FOLDED = 3  # but for an article and the like
    ALIAS = 4  # what one is also called
    ENGLISH = 5  # the very title
    NATIVE = 6  # the very title in its own script
    ID = 7  # not by its name


class Point(Struct, frozen=True):
    """What one fact says."""

    what: str  # "title", "country", "year", "episodes", "minutes", "type", "native"
    factor: float  # 1.0: it agrees; towards 0: it speaks against it
    sentence: str
    agrees: bool = False  # it is known of both, and fits


class Evidence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a candidate may be what Viki shows, and why not."""

    tier: Tier
    points: tuple[Point, ...]
    score: float  # 0.0 to 1.0
    mapping: Mapping = Mapping()
    doubts: tuple[str, ...] = ()  # each is enough to ask a person

    def agrees(self, *what: str) -> bool:
        return any(point.agrees for point in self.points if point.what in what)

    @property
    def sentences(self) -> tuple[str, ...]:
        return (*(point.sentence for point in self.points), *self.doubts)


class State(StrEnum):
    """Of a match."""

    AUTO = "auto"  # sure enough to act on
    MANUAL = "manual"  # a person said so
    REVIEW = "review"  # a person has to say
    NONE = "none"  # nothing is like it


class Choice(Struct, frozen=True, kw_only=True):
    """What may be meant, for a person to choose from."""

    candidate: Candidate
    evidence: Evidence

    @property
    def score(self) -> float:
        return self.evidence.score

    @property
    def mapping(self) -> Mapping:
        return self.evidence.mapping


class Verdict(Struct, frozen=True, kw_only=True):
    """What a container is."""

    state: State  # AUTO, REVIEW or NONE
    confidence: float  # 0.0 to 1.0
    sentence: str  # why
    candidate: Candidate | None = None  # of AUTO alone
    mapping: Mapping = Mapping()
    choices: tuple[Choice, ...] = ()  # the likest first


def candidate_of(facts: Facts, seasons: Iterable[Season] = (), others: Iterable[str] = ()) -> (
    Candidate
):  # fmt: skip
    """As TMDB or Trakt tells of it; seasons that are not given are those of its facts."""
    return Candidate(
        kind=facts.kind,
        title=facts.title,
        ids=dict(facts.ids),
        year=facts.year,
        original_title=facts.original_title,
        others=tuple(dict.fromkeys((*facts.other_titles, *others))),
        countries=facts.countries,
        language=facts.original_language,
        seasons=tuple(seasons) or tuple(season_of(one) for one in facts.seasons),
        minutes=facts.runtime_min if facts.kind is Kind.FILM else None,
    )


def season_of(facts: SeasonFacts) -> Season:
    days = [one.aired_on for one in facts.episodes if one.aired_on]
    aired_on = facts.aired_on or min(days, default=None)
    return Season(
        number=facts.number,
        episodes=len(facts.episodes) or None,
        year=aired_on.year if aired_on else None,
        name=facts.name,
    )


def _place(stretch: Stretch, number: int) -> Place:
    """Of pieces, counted from the first of the stretch."""
    if stretch.pieces == 1:
        return Place(stretch.season, number + stretch.offset)
    whole, piece = divmod(number - stretch.first, stretch.pieces)
    return Place(stretch.season, stretch.first + whole + stretch.offset, piece + 1, stretch.pieces)


def _said(stretch: Stretch) -> str:
    numbers = f"{stretch.first} to {stretch.last}" if stretch.last else f"{stretch.first} on"
    there = f"season {stretch.season}"
    if stretch.offset:
        there += f" from {stretch.first + stretch.offset}"
    halves = f", {stretch.pieces} to one there" if stretch.pieces > 1 else ""
    return f"episodes {numbers} are {there}{halves}"
