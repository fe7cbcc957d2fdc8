"""Whether a file is the film that its release promised, by what the file says of itself. Pure.

In doubt it is: what the file or the film does not tell refuses nothing.
"""

from collections.abc import Sequence

from movie_sync.films.spoken import own_language
from movie_sync.languages import ORIGINAL, name_of
from movie_sync.models import Film, MediaFacts

SHORTEST, LONGEST = 0.6, 2.0  # times the running time that is known
SLACK_S = 300.0  # more that a film may be longer, for shorts often come with something around them

# What files do not keep apart.
_SAME = {"Flemish": "Dutch"}


def why_not(film: Film, parts: Sequence[MediaFacts], wanted: Sequence[str]) -> str | None:
    """Why it is not what is wanted, as a sentence; None where it may be.

    Args:
        parts: what is told of the film's file, or of each if it comes in several.
        wanted: languages of which one must be heard, as in an effective profile; none is any.
    """
    return _by_length(film, parts) or _by_language(film, parts, wanted)


def _by_length(film: Film, parts: Sequence[MediaFacts]) -> str | None:
    lengths = [part.duration_s for part in parts if part.duration_s is not None]
    if not film.runtime_min or not lengths or len(lengths) < len(parts):
        return None
    length_s, known_s = sum(lengths), film.runtime_min * 60
    if SHORTEST * known_s <= length_s <= LONGEST * known_s + SLACK_S:
        return None
    return f"it runs for {_minutes(length_s)}, and the film for {film.runtime_min} min"


def _by_language(film: Film, parts: Sequence[MediaFacts], wanted: Sequence[str]) -> str | None:
    asked = {own_language(film) if each == ORIGINAL else each for each in wanted}
    heard = {name_of(code or "") for part in parts for code in part.audio_languages}
    if not asked or not heard or None in asked | heard:
        return None
    if not {_plain(each) for each in asked}.isdisjoint(_plain(each) for each in heard):
        return None
    spoken, missed = sorted(map(str, heard)), sorted(map(str, asked))
    return f"it is spoken in {' and '.join(spoken)}, and {' or '.join(missed)} is wanted"


def _plain(language: str | None) -> str:
    """Without its region: "Portuguese (BR)" is Portuguese to a file."""
    name = str(language).partition(" (")[0]
    return _SAME.get(name, name)


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
