"""What identifying says of a file: sure, unsure, or what has to be asked first. Pure facts.

The one thing to know: a `Known` is a title as some catalogue has it, ours or TMDB's; `identity` is
the same for both where they mean the same.
"""

from datetime import date
from enum import StrEnum

from msgspec import Struct, field, structs

from movie_sync.library_models import Facts, Kind, Match
from movie_sync.title_keys import keys, strict


class Known(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A title that a catalogue has."""

    kind: Kind
    title: str
    year: int | None = None
    ids: dict[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()  # what else it is called
    title_id: int | None = None  # of our own library
    countries: tuple[str, ...] = ()  # ISO 3166
    poster: str | None = None
    votes: int | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        for provider in ("tmdb", "imdb", "tvdb", "tvmaze", "trakt"):
            if provider in self.ids:
                return self.kind, provider, self.ids[provider]
        return self.kind, self.title_id or (strict(self.title), self.year)

    @property
    def confirmed(self) -> bool:
        """Whether anybody but a name has said what it is."""
        return bool(self.ids)

    @property
    def titles(self) -> tuple[str, ...]:
        return self.title, *self.others

    def bears(self, title: str) -> bool:
        """Whether it may be called so."""
        asked = keys(title)
        return any(known in asked for own in self.titles for known in keys(own))

    def __str__(self) -> str:
        return f'"{self.title}" ({self.year})' if self.year else f'"{self.title}"'

    def facts(self) -> Facts:
        """For a title that our library has not got yet."""
        return Facts(
            kind=self.kind,
            title=self.title,
            year=self.year,
            ids=self.ids,
            other_titles=self.others,
            countries=self.countries,
            poster=self.poster,
            votes=self.votes,
        )


def known_of(facts: Facts, title_id: int | None = None) -> Known:
    original = (facts.original_title,) if facts.original_title else ()
    others = dict.fromkeys((*original, *facts.other_titles))
    return Known(
        kind=facts.kind,
        title=facts.title,
        year=facts.year,
        ids=facts.ids,
        others=tuple(title for title in others if title != facts.title),
        title_id=title_id,
        countries=facts.countries,
        poster=facts.poster,
        votes=facts.votes,
    )


class Reason(StrEnum):
    """Why a person is asked."""

    NO_NAME = "no_name"  # nothing tells what it is
    NO_YEAR = "no_year"  # a title alone, and nobody to ask whether others bear it
    UNKNOWN = "unknown"  # nobody knows a title of this name
    NAMESAKES = "namesakes"  # several titles may be meant
    OTHER_YEAR = "other_year"  # a title is called so, and is of another year
    DISAGREE = "disagree"  # its names tell of different titles
    WRONG_ID = "wrong_id"  # its id is of something that its names contradict
    WRONG_KIND = "wrong_kind"  # a film's id or place, and an episode's name, or the reverse
    WHICH_EPISODE = "which_episode"  # the show is known


class Guess(Struct, frozen=True):
    """What may be meant, for a person to choose from."""

    known: Known
    score: float  # 0.0 to 1.0
    why: str


class Sure(Struct, frozen=True, kw_only=True):
    """What a file is. One of a show without any episode is of a day that nobody has listed."""

    known: Known
    match: Match
    season: int | None = None
    episodes: tuple[int, ...] = ()
    aired_on: date | None = None
    edition: str | None = None
    part: int | None = None
    extra: str | None = None
    remark: str | None = None  # what is odd about it, for its page


class Unsure(Struct, frozen=True, kw_only=True):
    """A person has to say; what was known before stays until then."""

    reason: Reason
    sentence: str
    guesses: tuple[Guess, ...] = ()  # the likest first


class OfIds(Struct, frozen=True):
    """Which title has one of these ids?"""

    kind: Kind
    ids: tuple[tuple[str, str], ...]


class OfTitle(Struct, frozen=True):
    """Which titles are called so, or nearly so: of this year, or of any?"""

    kind: Kind
    title: str
    year: int | None


class OfSeasons(Struct, frozen=True):
    """Which seasons and episodes has the show?"""

    ids: tuple[tuple[str, str], ...]


Question = OfIds | OfTitle | OfSeasons


class Ask(Struct, frozen=True):
    """Nothing can be said before this is known."""

    question: Question


Verdict = Sure | Unsure | Ask


class Rule(Struct, frozen=True, kw_only=True):
    """What a person has settled for a whole folder."""

    sentence: str
    known: Known | None = None  # all in it is of this title
    trusted: bool = False  # its names are taken at their word


def changed(known: Known, **what: object) -> Known:
    return structs.replace(known, **what)
