"""What a release is refused for: the rules that a profile sets, and RULES with all of them. Pure.

Every rule looks at every release, so that a person sees all the reasons at once and not only the
first. A rule never prefers: what goes before what is the business of `ranking.py`. To add one: a
value of Reason, a function, its place in RULES, and its line in docs/decisions.md.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from movie_sync.films import profiles, right_film, spoken
from movie_sync.films.case import Case
from movie_sync.films.profiles import EARLY_COPIES
from movie_sync.films.reasons import Reason, Rejection
from movie_sync.films.words import Word
from movie_sync.releases import Modifier, ReleaseName

MOST_LISTED = 6


Rule = Callable[[Case], Rejection | None]


def reasons(case: Case) -> tuple[Rejection, ...]:
    """All that is held against a release, in the order of the rules."""
    return tuple(found for rule in RULES if (found := rule(case)))


def blocked(case: Case) -> Rejection | None:
    why = case.blocked.get(f"{case.release.indexer}:{case.release.id}")
    return None if why is None else Rejection(Reason.BLOCKED, f"is blocked for this film: {why}")


def no_better(case: Case) -> Rejection | None:
    """What is in the library is replaced by a better quality until the cutoff, and by a repair of
    itself; never by anything else."""
    if case.have is None or case.place is None or _repairs(case.name, case.have):
        return None
    there = profiles.quality(case.have)
    if not case.wants.given.upgrade:
        why = f"the library has it in {there}, and nothing is replaced"
        return Rejection(Reason.NO_BETTER, why, "profile.upgrade")
    place = case.wants.place(case.have)
    if case.wants.is_enough(place):
        why = f"the library has it in {there}, which is good enough"
        return Rejection(Reason.NO_BETTER, why, "profile.cutoff")
    if place is None or case.place < place:
        return None
    how = "the same quality as" if case.place == place else "a lower quality than"
    why = f"is of {how} the {there} in the library"
    return Rejection(Reason.NO_BETTER, why, "profile.qualities")


def _repairs(name: ReleaseName, have: ReleaseName) -> bool:
    """Whether it is what is there once more, by the same people and with a fault mended."""
    return (
        profiles.quality(name) == profiles.quality(have)
        and name.group is not None
        and name.group.lower() == (have.group or "").lower()
        and (name.real, name.version) > (have.real, have.version)
    )


def full_disc(case: Case) -> Rejection | None:
    if case.wants.given.full_discs or case.name.modifier is not Modifier.DISC:
        return None
    why = "is a whole disc, wanted one film file"
    return Rejection(Reason.FULL_DISC, why, "profile.full_discs")


def three_d(case: Case) -> Rejection | None:
    if case.wants.given.three_d or not case.name.three_d:
        return None
    return Rejection(Reason.THREE_D, "is in 3D, wanted flat", "profile.three_d")


def wrong_quality(case: Case) -> Rejection | None:
    if case.place is not None or case.name.source in EARLY_COPIES:
        return None
    wanted = _listed([each.text for each in case.wants.qualities])
    if case.name.likely_resolution is None:
        why = f"does not say its resolution or source, wanted {wanted}"
        return Rejection(Reason.QUALITY_UNKNOWN, why, "profile.qualities")
    guessed = "" if case.name.resolution else ", going by its source"
    why = f"is {profiles.quality(case.name)}{guessed}, wanted {wanted}"
    return Rejection(Reason.QUALITY_NOT_WANTED, why, "profile.qualities")


def hdr_not_wanted(case: Case) -> Rejection | None:
    if case.wants.hdr != "never" or not case.name.hdr:
        return None
    why = f"is in HDR ({', '.join(case.name.hdr)}), wanted without"
    return Rejection(Reason.HDR_NOT_WANTED, why, "profile.hdr")


def no_hdr(case: Case) -> Rejection | None:
    if case.wants.hdr != "only" or case.name.hdr:
        return None
    return Rejection(Reason.NO_HDR, "does not say that it is in HDR", "profile.hdr")


def wrong_language(case: Case) -> Rejection | None:
    wanted = case.wants.languages
    if not wanted or case.language is not spoken.Fit.NO:
        return None
    heard = spoken.heard(case.name, spoken.own_language(case.film))
    why = f"{heard}, wanted {spoken.asked_for(case.film, wanted)}"
    return Rejection(Reason.WRONG_LANGUAGE, why, "profile.languages")


def hardcoded_subtitles(case: Case) -> Rejection | None:
    if case.wants.given.hardcoded_subtitles or not case.name.hardcoded_subtitles:
        return None
    why = "has subtitles burnt into the picture"
    return Rejection(Reason.HARDCODED_SUBTITLES, why, "profile.hardcoded_subtitles")


def no_required_word(case: Case) -> Rejection | None:
    required = case.wants.required
    if not required or any(word.is_in(case.release.name) for word in required):
        return None
    why = f"has none of {_quoted(required)} in its name"
    return Rejection(Reason.NO_REQUIRED_WORD, why, "profile.required")


def never_word(case: Case) -> Rejection | None:
    found = [word for word in case.wants.never if word.is_in(case.release.name)]
    if not found:
        return None
    return Rejection(Reason.NEVER_WORD, f"has {_quoted(found)} in its name", "profile.never")


def score_too_low(case: Case) -> Rejection | None:
    least = case.wants.given.min_score
    if case.score >= least:
        return None
    why = f"has {_count(case.score, 'point')}, at least {least} wanted"
    return Rejection(Reason.SCORE_TOO_LOW, why, "profile.min_score")


def too_small(case: Case) -> Rejection | None:
    least = case.wants.least
    if case.size.mib_per_minute >= least:
        return None
    why = case.size.against(least, "at least")
    return Rejection(Reason.TOO_SMALL, why, "profile.min_mib_per_minute")


def too_large(case: Case) -> Rejection | None:
    most = case.wants.most
    if case.size.mib_per_minute <= most:
        return None
    why = case.size.against(most, "at most")
    return Rejection(Reason.TOO_LARGE, why, "profile.max_mib_per_minute")


def too_few_seeders(case: Case) -> Rejection | None:
    seeders, least = case.release.seeders, case.wants.given.min_seeders
    if seeders >= least:
        return None
    why = f"{_count(seeders, 'seeder')}, at least {least} wanted"
    return Rejection(Reason.TOO_FEW_SEEDERS, why, "profile.min_seeders")


def not_freeleech(case: Case) -> Rejection | None:
    if case.release.freeleech or not case.wants.given.only_freeleech:
        return None
    why = "counts against the ratio, wanted freeleech"
    return Rejection(Reason.NOT_FREELEECH, why, "profile.only_freeleech")


def too_new(case: Case) -> Rejection | None:
    """What does not say when it was uploaded is let pass: some indexers never do."""
    uploaded_at, least = case.release.uploaded_at, case.wants.given.min_age_minutes
    if uploaded_at is None or case.now - uploaded_at >= timedelta(minutes=least):
        return None
    minutes = max(int((case.now - uploaded_at).total_seconds() // 60), 0)
    why = f"was uploaded {minutes} min ago, at least {least} min wanted"
    return Rejection(Reason.TOO_NEW, why, "profile.min_age_minutes")


def _listed(texts: Sequence[str]) -> str:
    more = len(texts) - MOST_LISTED
    return ", ".join(texts[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def _quoted(found: Iterable[Word]) -> str:
    return _listed([f'"{word.text}"' for word in found])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


RULES: tuple[Rule, ...] = (
    right_film.other_film, right_film.wrong_title, right_film.wrong_year, right_film.not_a_film,
    right_film.early_copy, right_film.before_premiere, blocked, no_better, full_disc, three_d,
    wrong_quality, hdr_not_wanted, no_hdr, wrong_language, hardcoded_subtitles, no_required_word,
    never_word, score_too_low, too_small, too_large, too_few_seeders, not_freeleech, too_new,
)  # fmt: skip
