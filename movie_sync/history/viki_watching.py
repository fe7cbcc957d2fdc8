"""What a position in a video comes to: watched or not, since when, and whether once more.

Pure: the same markers in the same order always come to the same. A video is watched from where its
credits begin, or from a share of its length, and from then on for ever. The one thing to know: what
was not told is not known. A marker without a position says nothing, and watches nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from movie_sync.models import Moment
from movie_sync.services.viki_shapes import Marker, OnBillboard, Video

AGAIN_AFTER = timedelta(hours=6)  # sooner, an end that is seen twice is one play


class Rule(Struct, frozen=True, kw_only=True):
    percent: float = 90.0  # of a video that does not say where its credits begin, or never ends
    again_after: timedelta = AGAIN_AFTER


class Viewing(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that is known of one video: what has to be kept of it."""

    furthest_s: int | None = None  # None: never told
    furthest_at: Moment | None = None
    last_s: int | None = None
    last_at: Moment | None = None
    duration_s: int | None = None
    credits_s: int | None = None
    plays: int = 0
    watched_at: Moment | None = None  # the first play; None too where it is not known when
    last_play_at: Moment | None = None
    anew: bool = False  # seen in its first half again since the last play

    @property
    def is_watched(self) -> bool:
        return self.plays > 0

    @property
    def is_begun(self) -> bool:
        return not self.is_watched and bool(self.furthest_s)

    @property
    def percent(self) -> float | None:
        """Of its length, for a person to see."""
        return percent_of(self.furthest_s, self.duration_s)


class Crossing(Struct, frozen=True):
    """A video was watched to its end: its first play, or a later one."""

    number: int  # 1: the first
    at: Moment | None  # None: it is not known when


class Glance(Struct, frozen=True):
    """What the list "continue watching" shows of a show, without asking for it."""

    video_id: str | None = None
    watched_at: str | None = None

    @property
    def hash(self) -> str:
        return compute_billboard_hash(self.video_id, self.watched_at)


class Standing(Struct, frozen=True):
    """How much of a show is watched."""

    watched: int
    begun: int
    total: int

    @property
    def percent(self) -> float:
        return min(100.0, 100.0 * self.watched / self.total) if self.total else 0.0


def crossing_s(duration_s: int | None, credits_s: int | None, percent: float = 90.0) -> float:
    """From which second on a video is watched; endless where its length is not known or 0."""
    if not duration_s or duration_s <= 0:
        return float("inf")
    share_s = duration_s * percent / 100
    if credits_s is not None and 0 < credits_s <= duration_s:
        return min(share_s, credits_s)
    return share_s


def is_watched(
    seconds: int | None,
    duration_s: int | None,
    credits_s: int | None = None,
    percent: float = 90.0,
) -> bool | None:
    """None: that cannot be known yet, as the position or the length was not told."""
    if seconds is None or duration_s is None:
        return None
    return seconds >= crossing_s(duration_s, credits_s, percent)


def percent_of(seconds: int | None, duration_s: int | None) -> float | None:
    """0 to 100; None where the position or the length is not known."""
    if seconds is None or not duration_s or duration_s <= 0:
        return None
    return min(max(100 * seconds / duration_s, 0.0), 100.0)


def followed(
    viewing: Viewing, marker: Marker, rule: Rule | None = None
) -> tuple[Viewing, tuple[Crossing, ...]]:
    """What is known after a marker, and the plays that it adds.

    A marker that is told twice, or late, adds none. A play after the first one counts if the video
    was in its first half in between, and ended at least `rule.again_after` after the last play.
    """
    rule = rule or Rule()
    known = _with_facts(viewing, marker.duration_s, marker.credits_s)
    if marker.seconds is None:
        return _first(known, rule)
    is_news = _is_news(known, marker)
    if known.furthest_s is None or marker.seconds > known.furthest_s:
        known = replace(known, furthest_s=marker.seconds, furthest_at=marker.at)
    if not is_news:
        return _first(known, rule)
    known = replace(known, last_s=marker.seconds, last_at=marker.at or known.last_at)
    if not known.is_watched:
        return _first(known, rule)
    return _later(known, marker, rule)


def learned(
    viewing: Viewing, video: Video, rule: Rule | None = None
) -> tuple[Viewing, tuple[Crossing, ...]]:
    """The same once the length or the credits of a video are told, after its position was."""
    return _first(_with_facts(viewing, video.duration_s, video.credits_s), rule or Rule())


def compute_billboard_hash(last_video_id: str | None, last_watched_at: str | None) -> str:
    """Tells a list that changed from one that did not; it guards nothing."""
    text = f"{last_video_id or ''}{last_watched_at or ''}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def glance(shown: OnBillboard) -> Glance:
    return Glance(shown.last_video_id, shown.last_watched_at)


def needs_refresh(old: Glance | None, new: Glance) -> bool:
    """Whether a show has to be asked for. Both fields count, for hashes of texts that are put
    together are the same for "1v" + "2" and "1v2" + ""."""
    return old is None or old.hash != new.hash or old != new


def standing(
    videos: Iterable[Video], viewings: Mapping[str, Viewing], planned: int | None = None
) -> Standing:
    """Of a show, by its list of episodes. Clips, trailers and specials do not count, and episodes
    to come do."""
    counted = [video.id for video in videos if video.counts]
    seen = [viewings[video_id] for video_id in counted if video_id in viewings]
    return Standing(
        watched=sum(each.is_watched for each in seen),
        begun=sum(each.is_begun for each in seen),
        total=max(len(counted), planned or 0),
    )


def play_key(video_id: str, number: int) -> str:
    """The same play has the same key for ever."""
    return f"viki:{video_id}:{number}"


def _is_news(viewing: Viewing, marker: Marker) -> bool:
    """A marker without a time is taken for the newest, as that is how Viki tells them."""
    return marker.at is None or viewing.last_at is None or marker.at > viewing.last_at


def _with_facts(viewing: Viewing, duration_s: int | None, credits_s: int | None) -> Viewing:
    """A length or credits of 0 are no better than none, and never replace others."""
    return replace(
        viewing,
        duration_s=duration_s or viewing.duration_s or duration_s,
        credits_s=credits_s or viewing.credits_s or credits_s,
    )


def _first(viewing: Viewing, rule: Rule) -> tuple[Viewing, tuple[Crossing, ...]]:
    is_over = is_watched(
        viewing.furthest_s, viewing.duration_s, viewing.credits_s, rule.percent
    )  # fmt: skip
    if viewing.is_watched or not is_over:
        return viewing, ()
    at = viewing.furthest_at
    return replace(viewing, plays=1, watched_at=at, last_play_at=at), (Crossing(1, at),)


def _later(viewing: Viewing, marker: Marker, rule: Rule) -> tuple[Viewing, tuple[Crossing, ...]]:
    """A play after the first one, perhaps."""
    assert marker.seconds is not None
    from_s = crossing_s(viewing.duration_s, viewing.credits_s, rule.percent)
    if marker.seconds < from_s / 2:
        return replace(viewing, anew=True), ()
    if marker.seconds < from_s or not viewing.anew or marker.at is None:
        return viewing, ()
    ended = replace(viewing, anew=False)
    if viewing.last_play_at is None:  # from now on it is known
        return replace(ended, last_play_at=marker.at), ()
    if marker.at - viewing.last_play_at < rule.again_after:
        return ended, ()
    number = viewing.plays + 1
    return replace(ended, plays=number, last_play_at=marker.at), (Crossing(number, marker.at),)
