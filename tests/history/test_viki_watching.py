from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from movie_sync.history import viki_watching
from movie_sync.history.viki_watching import Crossing, Glance, Rule, Viewing, needs_refresh
from movie_sync.services.viki_shapes import Container, Marker, OnBillboard, Video

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NEW = Viewing()


def marker(seconds, at=NOON, duration_s=3900, credits_s=3780):
    return Marker(
        video_id="1v", container_id="1c", seconds=seconds, at=at,
        duration_s=duration_s, credits_s=credits_s,
    )  # fmt: skip


def after(*markers, rule=None, viewing=NEW):
    """What is known after them all, and every play."""
    plays = []
    for each in markers:
        viewing, more = viki_watching.followed(viewing, each, rule)
        plays += more
    return viewing, plays


@pytest.mark.parametrize(
    ("seconds", "duration_s", "credits_s", "watched"),
    [
        (3599, 4000, None, False),
        (3600, 4000, None, True),
        (3499, 4000, 3500, False),
        (3500, 4000, 3500, True),  # just where the credits begin
        (3501, 4000, 3500, True),
        (3599, 4000, 0, False),  # a mark at 0 is none
        (3600, 4000, 0, True),
        (3599, 4000, 4001, False),  # as is one after the end
        (3600, 4000, 4001, True),
        (3600, 4000, 3990, True),  # whichever is first
        (3600, 4000, 4000, True),
        (3599, 4000, -1, False),
        (5000, 4000, None, True),
        (0, 4000, None, False),
        (3600, 0, None, False),
        (3600, 0, 3500, False),
        (0, 0, 0, False),
        (None, 4000, 3500, None),
        (3600, None, 3500, None),
        (None, None, None, None),
    ],
)
def test_a_video_is_watched_from_its_credits_or_nine_tenths_on(
    seconds, duration_s, credits_s, watched
):
    assert viki_watching.is_watched(seconds, duration_s, credits_s) is watched


@pytest.mark.parametrize(
    ("percent", "seconds", "watched"),
    [
        (80, 3119, False),
        (80, 3120, True),
        (100, 3899, False),
        (100, 3900, True),
        (87.5, 3413, True),
    ],
)
def test_the_share_is_by_setting(percent, seconds, watched):
    assert viki_watching.is_watched(seconds, 3900, None, percent) is watched


@given(some.integers(0, 20_000), some.integers(1, 20_000), some.integers(1, 100))
def test_the_share_is_exact(seconds, duration_s, percent):
    expected = seconds * 100 >= duration_s * percent
    assert viki_watching.is_watched(seconds, duration_s, None, percent) is expected


@pytest.mark.parametrize(
    ("seconds", "duration_s", "percent"),
    [(0, 4000, 0.0), (3000, 4000, 75.0), (4100, 4000, 100.0), (10, 0, None), (None, 4000, None)],
)
def test_percent_stays_between_0_and_100(seconds, duration_s, percent):
    assert viki_watching.percent_of(seconds, duration_s) == percent


def test_the_first_crossing_is_the_play_and_its_time_stays():
    viewing, plays = after(
        marker(600), marker(3780, NOON + DAY), marker(3890, NOON + 2 * DAY)
    )  # fmt: skip
    assert plays == [Crossing(1, NOON + DAY)]
    assert viewing.watched_at == NOON + DAY
    assert viewing.furthest_s == 3890


def test_a_missing_position_is_not_the_whole_video():
    viewing, plays = after(marker(None))
    assert plays == []
    assert not viewing.is_watched
    assert viewing.furthest_s is None
    assert viewing.percent is None
    assert viewing.duration_s == 3900


def test_bare_seconds_wait_for_a_length():
    viewing, plays = after(marker(3890, None, None, None))
    assert plays == []
    viewing, plays = viki_watching.learned(viewing, Video(id="1v", duration_s=3900))
    assert plays == (Crossing(1, None),)
    assert viewing.is_watched
    assert viewing.watched_at is None


def test_credits_that_are_told_later_are_not_forgotten():
    viewing, plays = after(marker(3450, NOON, 3900, None))
    assert plays == []
    viewing, plays = viki_watching.learned(
        viewing, Video(id="1v", duration_s=3900, credits_s=3400)
    )  # fmt: skip
    assert plays == (Crossing(1, NOON),)
    viewing, plays = viki_watching.learned(viewing, Video(id="1v", credits_s=3400))
    assert plays == ()


def test_credits_that_come_with_a_later_marker_count_too():
    viewing, plays = after(
        marker(3450, NOON, 3900, None), marker(100, NOON + DAY, 3900, 3400)
    )  # fmt: skip
    assert plays == [Crossing(1, NOON)]
    assert viewing.watched_at == NOON


def test_a_length_of_0_does_not_replace_one_that_is_known():
    viewing, plays = after(marker(600), marker(3800, NOON + DAY, 0, 0))
    assert plays == [Crossing(1, NOON + DAY)]
    assert (viewing.duration_s, viewing.credits_s) == (3900, 3780)


def test_going_back_to_the_start_unwatches_nothing():
    viewing, plays = after(marker(3890), marker(0, NOON + DAY), marker(120, NOON + 2 * DAY))
    assert plays == [Crossing(1, NOON)]
    assert viewing.is_watched
    assert viewing.furthest_s == 3890
    assert viewing.last_s == 120


def test_credits_that_move_unwatch_nothing():
    viewing, _ = after(marker(3400, credits_s=3400), marker(3400, NOON + DAY, credits_s=3890))
    assert viewing.is_watched


def test_a_video_that_is_begun_anew_and_ends_again_is_a_second_play():
    viewing, plays = after(
        marker(3890), marker(120, NOON + 6 * DAY), marker(3800, NOON + 6 * DAY + timedelta(hours=1))
    )
    assert plays == [Crossing(1, NOON), Crossing(2, NOON + 6 * DAY + timedelta(hours=1))]
    assert viewing.plays == 2
    assert viewing.watched_at == NOON


def test_a_marker_that_is_only_newer_is_no_second_play():
    _, plays = after(marker(3780), marker(3890, NOON + DAY), marker(3890, NOON + 9 * DAY))
    assert plays == [Crossing(1, NOON)]


def test_the_last_minutes_once_more_are_no_second_play():
    _, plays = after(marker(3890), marker(3500, NOON + DAY), marker(3890, NOON + DAY * 2))
    assert plays == [Crossing(1, NOON)]


@pytest.mark.parametrize(("minutes", "plays"), [(359, 1), (360, 2)])
def test_a_second_end_counts_after_six_hours_only(minutes, plays):
    viewing, _ = after(
        marker(3890),
        marker(60, NOON + timedelta(hours=1)),
        marker(3890, NOON + timedelta(minutes=minutes)),
    )
    assert viewing.plays == plays


def test_an_end_that_came_too_soon_does_not_count_later_either():
    viewing, _ = after(
        marker(3890),
        marker(60, NOON + timedelta(hours=1)),
        marker(3800, NOON + timedelta(hours=2)),
        marker(3890, NOON + timedelta(hours=20)),
    )
    assert viewing.plays == 1


def test_a_third_play_is_counted_from_the_second():
    rule = Rule(again_after=timedelta(days=2))
    viewing, plays = after(
        marker(3890), marker(60, NOON + 3 * DAY), marker(3890, NOON + 4 * DAY),
        marker(60, NOON + 5 * DAY), marker(3890, NOON + 8 * DAY), rule=rule,
    )  # fmt: skip
    assert [each.number for each in plays] == [1, 2, 3]
    assert viewing.last_play_at == NOON + 8 * DAY


def test_the_same_markers_told_again_add_nothing():
    story = [marker(600), marker(3890, NOON + DAY), marker(60, NOON + 3 * DAY),
             marker(3890, NOON + 4 * DAY)]  # fmt: skip
    viewing, plays = after(*story)
    assert len(plays) == 2
    assert after(*story, viewing=viewing) == (viewing, [])


def test_an_old_file_takes_nothing_back_and_adds_no_play():
    viewing, _ = after(marker(3890, NOON + DAY))
    assert after(marker(200), viewing=viewing) == (viewing, [])


def test_an_old_file_may_tell_of_a_play_that_was_not_known():
    viewing, plays = after(marker(60, NOON + DAY), marker(3890, NOON))
    assert plays == [Crossing(1, NOON)]
    assert viewing.last_s == 60


def test_a_play_without_a_time_lets_later_ones_count_from_the_next_end_on():
    _, plays = after(
        marker(3890, None), marker(60, NOON), marker(3890, NOON + DAY),
        marker(60, NOON + 2 * DAY), marker(3890, NOON + 3 * DAY),
    )  # fmt: skip
    assert plays == [Crossing(1, None), Crossing(2, NOON + 3 * DAY)]


@given(
    some.lists(
        some.builds(
            marker,
            some.one_of(some.none(), some.integers(0, 5000)),
            some.one_of(some.none(), some.integers(0, 200).map(lambda n: NOON + n * DAY / 4)),
            some.sampled_from([None, 0, 3900]),
            some.sampled_from([None, 0, 3500, 3950]),
        ),
        max_size=12,
    )
)
def test_whatever_is_told_watched_stays_watched_and_plays_are_numbered_in_turn(story):
    viewing, plays = NEW, []
    for each in story:
        following, more = viki_watching.followed(viewing, each)
        assert following.plays >= viewing.plays
        assert (following.furthest_s or 0) >= (viewing.furthest_s or 0)
        viewing, plays = following, plays + list(more)
    assert [each.number for each in plays] == list(range(1, viewing.plays + 1))
    assert viewing.is_watched or viewing.watched_at is None


@pytest.mark.parametrize(
    ("video_id", "watched_at", "expected"),
    [
        ("1000004v", "2026-01-13T12:00:00Z", "5aedbebf3e66d4738424dc0e48f9ec25"),
        ("1000004v", None, "06c4fc2cbb814de4d672a38cb434aa68"),
        (None, "2026-01-13T12:00:00Z", "b6d19737ec18cd12d5a70ecd2a56ecc2"),
        (None, None, "d41d8cd98f00b204e9800998ecf8427e"),  # of the empty text
    ],
)
def test_the_hash_is_md5_of_both_texts_put_together(video_id, watched_at, expected):
    assert viki_watching.compute_billboard_hash(video_id, watched_at) == expected


def test_only_what_changed_has_to_be_asked_for():
    old = Glance("4v", "2026-01-13T12:00:00Z")
    assert not needs_refresh(old, Glance("4v", "2026-01-13T12:00:00Z"))
    assert not needs_refresh(Glance(), Glance(None, None))
    assert needs_refresh(None, old)
    assert needs_refresh(None, Glance())
    assert needs_refresh(old, Glance("5v", "2026-01-13T12:00:00Z"))
    assert needs_refresh(old, Glance("4v", "2026-01-14T12:00:00Z"))


def test_texts_that_are_the_same_put_together_are_not_the_same():
    old, new = Glance("4v2", "026"), Glance("4v", "2026")
    assert old.hash == new.hash
    assert needs_refresh(old, new)


def test_a_glance_is_what_the_list_shows():
    shown = OnBillboard(container=Container(id="1c"), last_video_id="4v", last_watched_at="then")
    assert viki_watching.glance(shown) == Glance("4v", "then")


def episode(number, **changes):
    return Video(**{"id": f"{number}v", "type": "episode", "number": number} | changes)


def test_a_show_is_counted_by_its_episodes_and_not_by_its_markers():
    videos = [episode(n) for n in range(1, 5)]
    videos += [
        episode(0),
        Video(id="9v", type="clip"),
        episode(7, part=2),
        episode(8, type="trailer"),
    ]
    seen = {
        "1v": Viewing(furthest_s=3890, plays=1), "2v": Viewing(furthest_s=60),
        "3v": Viewing(furthest_s=0), "9v": Viewing(plays=1), "0v": Viewing(plays=1),
    }  # fmt: skip
    found = viki_watching.standing(videos, seen)
    assert (found.watched, found.begun, found.total, found.percent) == (1, 1, 4, 25.0)
    assert viki_watching.standing(videos, seen, planned=16).total == 16
    assert viki_watching.standing([], {}).percent == 0.0


def test_a_play_has_its_key_for_ever():
    assert viki_watching.play_key("1000001v", 2) == "viki:1000001v:2"
