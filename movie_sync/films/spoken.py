"""Is a language heard in a release that somebody wants to hear, by its name? Pure.

Releases of the film's own language seldom say so: one that names no language counts as having it,
and one that says MULTi or DL as having it beside others.
"""

from collections.abc import Sequence
from enum import IntEnum

from movie_sync.languages import ORIGINAL, name_of
from movie_sync.models import Film
from movie_sync.releases import ReleaseName


class Fit(IntEnum):
    """How sure it is that one of the languages is heard; less is surer."""

    SURE = 0
    PERHAPS = 1  # it names others, and the film's own, which is wanted, may be one of them
    NO = 2


def fit(name: ReleaseName, film: Film, wanted: Sequence[str]) -> Fit:
    """The surest of the wanted languages; where none is asked for, the film's own."""
    own = own_language(film)
    return min(_fit(name, own, language) for language in wanted or (ORIGINAL,))


def own_language(film: Film) -> str | None:
    """By its English name; None where it is not known here."""
    return name_of(film.original_language) if film.original_language else None


def heard(name: ReleaseName, own: str | None = None) -> str:
    """What a release says of its languages, in words behind "it"; `own` is the film's language."""
    if name.languages:
        said = ["its own language" if each == ORIGINAL else each for each in name.languages]
        return f"is in {' and '.join(said)}"
    if name.multi:
        return "is in several languages and names none"
    if name.dubbed:
        return "is dubbed and names no language"
    return f"names no language, which stands for {own}" if own else "names no language"


def asked_for(film: Film, wanted: Sequence[str]) -> str:
    """In words: "the film's own (Korean) or German"."""
    own = f"the film's own ({own_language(film) or 'not known here'})"
    return " or ".join(own if each == ORIGINAL else each for each in wanted)


def _fit(name: ReleaseName, own: str | None, language: str) -> Fit:
    if language != ORIGINAL and language in name.languages:
        return Fit.SURE
    is_own = language == ORIGINAL or (own is not None and _base(language) == _base(own))
    return _fit_own(name, own) if is_own else Fit.NO


def _fit_own(name: ReleaseName, own: str | None) -> Fit:
    said = {_base(each) for each in name.languages}
    if ORIGINAL in said or (own and _base(own) in said) or (name.multi and len(said) < 2):
        return Fit.SURE
    if name.multi:
        return Fit.PERHAPS
    if name.dubbed or (said and own):
        return Fit.NO
    return Fit.PERHAPS if said else Fit.SURE


def _base(language: str) -> str:
    """Without its region: a film is in Portuguese, and its release in Portuguese (BR)."""
    return language.partition(" (")[0]
