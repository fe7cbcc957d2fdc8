"""Why a release can be turned down: the codes, and the shape of one reason. Pure."""

from enum import StrEnum

from msgspec import Struct


class Reason(StrEnum):
    """Why a release was turned down. Each value is explained in docs/decisions.md."""

    OTHER_FILM = "other_film"
    WRONG_TITLE = "wrong_title"
    WRONG_YEAR = "wrong_year"
    YEAR_UNKNOWN = "year_unknown"
    NOT_A_FILM = "not_a_film"
    BLOCKED = "blocked"
    NO_BETTER = "no_better"
    EARLY_COPY = "early_copy"
    BEFORE_PREMIERE = "before_premiere"
    FULL_DISC = "full_disc"
    THREE_D = "three_d"
    QUALITY_UNKNOWN = "quality_unknown"
    QUALITY_NOT_WANTED = "quality_not_wanted"
    HDR_NOT_WANTED = "hdr_not_wanted"
    NO_HDR = "no_hdr"
    WRONG_LANGUAGE = "wrong_language"
    HARDCODED_SUBTITLES = "hardcoded_subtitles"
    NO_REQUIRED_WORD = "no_required_word"
    NEVER_WORD = "never_word"
    SCORE_TOO_LOW = "score_too_low"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_FEW_SEEDERS = "too_few_seeders"
    NOT_FREELEECH = "not_freeleech"
    TOO_NEW = "too_new"


class Rejection(Struct, frozen=True):
    """One reason, with the numbers behind it in words, and the setting that would change it."""

    reason: Reason
    message: str
    setting: str | None = None
