from datetime import timedelta
from pathlib import Path

import pytest

from movie_sync.films.decision import choose
from movie_sync.films.ranking import CRITERIA
from movie_sync.settings import Profile
from tests import make

DECISIONS = Path(__file__).parents[2] / "docs" / "decisions.md"
GERMAN = "1999.German.1080p.BluRay-B"


def named(tail, **changes):
    return make.release(name=f"Film.1.{tail}", **changes)


# The criterion, the better release, the worse one though it is better in all that ranks below,
# the profile, and the sentence.
PAIRS = [
    (
        "quality",
        named("1999.1080p.DVDRip", seeders=1),
        named("1999.720p.BluRay", seeders=900),
        {},
        "its 1080p is preferred to 720p",
    ),
    (
        "quality",
        named("1999.720p.WEB-DL"),
        named("1999.2160p.BluRay"),
        {},
        "its 720p is preferred to 2160p",
    ),
    (
        "score",
        named("1999.1080p.WEB-DL.x265-A", seeders=1),
        named("1999.1080p.BluRay.x264-B", seeders=900),
        {"preferred": {"x265": 10, "x264": -5}},
        "10 points for words in its name against -5",
    ),
    (
        "language",
        named("1999.1080p.WEB-DL-A"),
        named(GERMAN, seeders=900),
        {},
        "it names no language, and the next is in German",
    ),
    (
        "hdr",
        named("1999.1080p.WEB-DL.HDR.x265-A"),
        named("1999.1080p.BluRay-B", seeders=900),
        {"hdr": "prefer"},
        "it is in HDR, and the next is not",
    ),
    (
        "hdr",
        named("1999.1080p.WEB-DL-A"),
        named("1999.1080p.BluRay.HDR.x265-B", seeders=900),
        {"hdr": "avoid"},
        "it is not in HDR, and the next is",
    ),
    (
        "edition",
        named("1999.Extended.1080p.WEB-DL-A"),
        named("1999.1080p.BluRay-B", seeders=900),
        {"editions": ("extended", "")},
        'its edition "Extended" is preferred to "plain"',
    ),
    (
        "edition",
        named("1999.1080p.WEB-DL-A"),
        named("1999.Theatrical.1080p.BluRay-B", seeders=900),
        {"editions": ("extended", "")},
        'its edition "plain" is preferred to "Theatrical"',
    ),
    (
        "source",
        named("1999.1080p.BluRay"),
        named("1999.1080p.WEB-DL.PROPER"),
        {},
        "its source bluray is preferred to webdl",
    ),
    (
        "source",
        named("1999.1080p.WEB-DL"),
        named("1999.1080p.WEBRip"),
        {},
        "its source webdl is preferred to webrip",
    ),
    (
        "source",
        named("1999.1080p.WEBRip"),
        named("1999.1080p.HDTV"),
        {},
        "its source webrip is preferred to tv",
    ),
    (
        "source",
        named("1999.1080p.HDTV"),
        named("1999.1080p.DVDRip"),
        {},
        "its source tv is preferred to dvd",
    ),
    (
        "source",
        named("1999.1080p.DVDRip"),
        named("1999.1080p.x264"),
        {},
        "its source dvd is preferred to none named",
    ),
    (
        "revision",
        named("1999.REPACK2.1080p.BluRay"),
        named("1999.PROPER.1080p.BluRay", freeleech=True),
        {},
        "it is version 3, and the next version 2",
    ),
    (
        "freeleech",
        named("1999.1080p.BluRay-A", freeleech=True, seeders=1),
        named("1999.1080p.BluRay-B", seeders=900, halfleech=True, doubleup=True),
        {},
        "it counts nothing against the ratio, and the next counts half against the ratio and gives "
        "double",
    ),
    (
        "freeleech",
        named("1999.1080p.BluRay-A", doubleup=True, seeders=1),
        named("1999.1080p.BluRay-B", seeders=900),
        {},
        "it counts whole against the ratio and gives double, and the next counts whole against the "
        "ratio",
    ),
    (
        "internal",
        named("1999.1080p.BluRay-A", internal=True, seeders=1),
        named("1999.1080p.BluRay-B", seeders=900),
        {"prefer_internal": True},
        "it was made by fake's own people, and the next was not",
    ),
    (
        "seeders",
        named("1999.1080p.BluRay-A", seeders=100, size_bytes=20 * make.GIB),
        named("1999.1080p.BluRay-B", seeders=4, size_bytes=4 * make.GIB),
        {},
        "100 seeders against 4",
    ),
    (
        "size",
        named("1999.1080p.BluRay-B", seeders=10, size_bytes=4 * make.GIB),
        named("1999.1080p.BluRay-A", seeders=12, size_bytes=20 * make.GIB),
        {},
        "its size of 4.0 GiB is nearer to the 4.3 GiB aimed at than 20.0 GiB",
    ),
    (
        "name",
        named("1999.1080p.BluRay-A"),
        named("1999.1080p.BluRay-B"),
        {},
        "the next is as good, and only its name comes later",
    ),
    (
        "indexer",
        named("1999.1080p.BluRay-A", indexer="a", id="2"),
        named("1999.1080p.BluRay-A", indexer="b", id="1"),
        {},
        "the next is as good, and only its name comes later",
    ),
    (
        "id",
        named("1999.1080p.BluRay-A", id="1"),
        named("1999.1080p.BluRay-A", id="2"),
        {},
        "the next is as good, and only its name comes later",
    ),
]


@pytest.mark.parametrize(("criterion", "better", "worse", "settings", "sentence"), PAIRS)
def test_the_better_release_is_taken_and_says_why(criterion, better, worse, settings, sentence):
    choice = choose(make.film(), [worse, better], Profile(**settings), now=make.NOON)
    assert choice.ranked == (better, worse)
    assert choice.why_best() == sentence


def test_every_criterion_has_a_pair_above():
    assert {pair[0] for pair in PAIRS} == {criterion.name for criterion in CRITERIA}


def test_the_criteria_are_told_to_the_reader_in_their_order():
    text = DECISIONS.read_text()
    places = [text.index(f"**{criterion.name}**") for criterion in CRITERIA]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("settings", "free"),
    [({}, True), ({"prefer_freeleech": False}, False)],
)
def test_freeleech_counts_only_where_it_is_preferred(settings, free):
    offers = [
        named("1999.1080p.BluRay-A", freeleech=True, seeders=1),
        named("1999.1080p.BluRay-B", seeders=900),
    ]
    best = choose(make.film(), offers, Profile(**settings), now=make.NOON).best
    assert best.freeleech == free


def test_half_leech_is_better_than_none_and_worse_than_free():
    offers = [
        named("1999.1080p.BluRay-A"),
        named("1999.1080p.BluRay-B", halfleech=True),
        named("1999.1080p.BluRay-C", freeleech=True),
    ]
    ranked = choose(make.film(), offers, Profile(), now=make.NOON).ranked
    assert [release.name[-1] for release in ranked] == ["C", "B", "A"]


def test_a_real_proper_repairs_a_proper():
    real = named("1999.REAL.PROPER.1080p.BluRay-B")
    proper = named("1999.PROPER.1080p.BluRay-A")
    choice = choose(make.film(), [proper, real], Profile(), now=make.NOON)
    assert choice.best == real
    assert choice.why_best() == "it is version REAL 2, and the next version 2"


def test_twelve_seeders_are_no_better_than_ten_and_one_is_better_than_none():
    near = [
        named("1999.1080p.BluRay-A", seeders=10),
        named("1999.1080p.BluRay-B", seeders=12),
        named("1999.1080p.BluRay-C", seeders=1),
        named("1999.1080p.BluRay-D", seeders=0),
    ]
    ranked = choose(make.film(), near, Profile(min_seeders=0), now=make.NOON).ranked
    assert [release.name[-1] for release in ranked] == ["A", "B", "C", "D"]


def test_the_cutoff_ends_waiting_for_a_better_one():
    profile = Profile(wait_hours=6)
    low = choose(make.film(), [named("1999.720p.BluRay-A")], profile, now=make.NOON)
    assert low.hold_until(None) == make.NOON + timedelta(hours=6)
    assert low.hold_until(make.NOON - timedelta(hours=2)) == make.NOON + timedelta(hours=4)
    assert low.hold_until(make.NOON - timedelta(hours=6)) is None
    enough = choose(make.film(), [named("1999.1080p.BluRay-A")], profile, now=make.NOON)
    assert enough.hold_until(None) is None


def test_nothing_is_held_where_nothing_fits_or_no_wait_is_set():
    assert choose(make.film(), [], Profile(wait_hours=6), now=make.NOON).hold_until(None) is None
    low = choose(make.film(), [named("1999.720p.BluRay-A")], Profile(), now=make.NOON)
    assert low.hold_until(None) is None
