from pathlib import Path

import pytest

from movie_sync import releases
from movie_sync.errors import ConfigError
from movie_sync.films import profiles
from movie_sync.films.profiles import PRESETS, effective
from movie_sync.settings import Profile

DECISIONS = Path(__file__).parents[2] / "docs" / "decisions.md"
KNOWN = "2160p, 1080p, 720p, 576p, 480p, bluray, webdl, webrip, web, tv, dvd, remux, disc, rawhd"


def quality_of(tail, *qualities):
    """The quality of a profile that a release is of."""
    wants = effective(Profile(qualities=qualities))
    place = wants.place(releases.read(f"Film.1.1999.{tail}"))
    return None if place is None else qualities[place]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_leaves_nothing_open(preset):
    wants, its = effective(Profile(preset=preset)), PRESETS[preset]
    assert [each.text for each in wants.qualities] == list(its.qualities)
    assert wants.qualities[wants.cutoff].text == its.cutoff
    assert (wants.least, wants.aim, wants.most) == (its.least, its.aim, its.most)
    assert wants.least < wants.aim < wants.most
    assert wants.hdr == its.hdr


@pytest.mark.parametrize("preset", PRESETS)
def test_what_a_preset_sets_is_told_to_the_reader(preset):
    its = PRESETS[preset]
    sizes = f"{its.least:g} | {its.aim:g} | {its.most:g}"
    row = f"| `{preset}` | {', '.join(its.qualities)} | {its.cutoff} | {sizes} | {its.hdr} |"
    assert row in DECISIONS.read_text()


@pytest.mark.parametrize(
    ("tail", "quality"),
    [
        ("1080p.BluRay.REMUX-A", "1080p bluray remux"),
        ("1080p.BluRay.x264-A", "1080p"),
        ("2160p.WEB-DL-A", "2160p web"),
        ("2160p.WEBRip-A", "2160p web"),
        ("2160p.BluRay-A", None),
        ("720p.REMUX-A", "remux"),
        ("DVDRip.XviD-A", "480p"),
        ("1080p.HDCAM-A", None),
    ],
)
def test_a_release_is_of_the_first_quality_whose_words_all_fit(tail, quality):
    listed = ("1080p bluray remux", "2160p web", "1080p", "remux", "480p")
    assert quality_of(tail, *listed) == quality


def test_words_of_a_quality_are_read_as_people_write_them():
    assert quality_of("1080p.WEB-DL-A", "1080p WEB-DL") == "1080p WEB-DL"
    assert quality_of("1080p.BluRay-A", " Blu-ray  1080P") == " Blu-ray  1080P"


@pytest.mark.parametrize(
    ("settings", "section", "sentence"),
    [
        (
            {"qualities": ("1080i webdl",)},
            "profile",
            f'profile.qualities: "1080i" is no word of a quality; known are {KNOWN}',
        ),
        (
            {"qualities": ("1080p 720p",)},
            "versions.2160p",
            'versions.2160p.qualities: "1080p 720p" is no quality; one has a resolution, a source, '
            '"remux" or the like, or one of each, such as "1080p bluray remux"',
        ),
        (
            {"qualities": ("",)},
            "profile",
            'profile.qualities: "" is no quality; one has a resolution, a source, "remux" or the '
            'like, or one of each, such as "1080p bluray remux"',
        ),
        (
            {"qualities": ("1080p", "720p"), "cutoff": "2160p"},
            "profile",
            'profile.cutoff: "2160p" is in no quality of this profile; these are 1080p, 720p',
        ),
        (
            {"cutoff": "good"},
            "profile",
            f'profile.cutoff: "good" is no word of a quality; known are {KNOWN}',
        ),
        (
            {"min_mib_per_minute": 50, "max_mib_per_minute": 20},
            "profile",
            "profile: min_mib_per_minute is 50, more than max_mib_per_minute with 20; no release "
            "could be of such a size",
        ),
        (
            {"languages": ("Klingon",)},
            "profile",
            'profile.languages: "Klingon" is no language known here; write it in English, such as '
            '"German"',
        ),
        (
            {"never": ("/(/",)},
            "profile",
            "profile.never: /(/ is no regular expression: missing ), unterminated subpattern at "
            "position 0",
        ),
        (
            {"required": (" ",)},
            "profile",
            'profile.required: " " is in every name; leave it out',
        ),
        (
            {"preferred": {"//": 5}},
            "profile",
            'profile.preferred: "//" is in every name; leave it out',
        ),
        (
            {"editions": ("/*/",)},
            "profile",
            "profile.editions: /*/ is no regular expression: nothing to repeat at position 0",
        ),
    ],
)
def test_a_profile_that_makes_no_sense_says_what_would(settings, section, sentence):
    with pytest.raises(ConfigError) as caught:
        profiles.check(Profile(**settings), section)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_make_sense(preset):
    profiles.check(Profile(preset=preset))


@pytest.mark.parametrize(
    ("settings", "sizes"),
    [
        ({"max_mib_per_minute": 20}, (8, 20, 20)),
        ({"max_mib_per_minute": 5}, (5, 5, 5)),
        ({"min_mib_per_minute": 0}, (0, 40, 200)),
        ({"min_mib_per_minute": 300}, (300, 300, 300)),
        ({"aim_mib_per_minute": 100}, (8, 100, 200)),
        ({"aim_mib_per_minute": 900}, (8, 200, 200)),
    ],
)
def test_sizes_of_the_preset_give_way_to_those_that_are_set(settings, sizes):
    wants = effective(Profile(**settings))
    assert (wants.least, wants.aim, wants.most) == sizes


@pytest.mark.parametrize(
    ("qualities", "cutoff", "enough"),
    [
        (("1080p bluray", "1080p webdl", "720p"), "1080p", 2),
        (("1080p", "1080p tv", "720p"), "1080p", 1),
        (("2160p", "1080p", "720p"), "", 2),
        (("2160p", "720p"), "", 1),
        (("2160p webdl", "web"), "webdl", 1),
        (("2160p webdl", "web"), "web", 2),
    ],
)
def test_a_cutoff_is_met_by_the_quality_it_names_and_all_before(qualities, cutoff, enough):
    assert effective(Profile(qualities=qualities, cutoff=cutoff)).cutoff == enough - 1


@pytest.mark.parametrize(
    ("tail", "met"),
    [
        ("1080p.BluRay-A", True),
        ("720p.BluRay-A", False),
        ("1080p.HDCAM-A", False),
        ("BluRay-A", False),
    ],
)
def test_a_release_at_the_cutoff_is_good_enough(tail, met):
    assert profiles.meets_cutoff(f"Film.1.1999.{tail}", Profile()) == met


def test_best_is_content_with_a_disc_in_2160p_and_nothing_less():
    best = Profile(preset="best")
    assert profiles.meets_cutoff("Film.1.1999.2160p.BluRay.x265-A", best)
    assert not profiles.meets_cutoff("Film.1.1999.2160p.WEB-DL-A", best)


@pytest.mark.parametrize(
    ("tail", "words"),
    [
        ("1080p.BluRay.REMUX-A", "1080p bluray remux"),
        ("2160p.WEB-DL-A", "2160p webdl"),
        ("DVDRip.XviD-A", "480p dvd"),
        ("1080p.x264-A", "1080p"),
        ("", "unknown"),
    ],
)
def test_a_quality_is_said_in_words_that_a_profile_may_use(tail, words):
    assert profiles.quality(releases.read(f"Film.1.1999.{tail}")) == words
    if words != "unknown":
        profiles.check(Profile(qualities=(words,), cutoff=words))


@pytest.mark.parametrize("text", ["German", "german", "de", "ger", "Deutsch"])
def test_a_language_is_known_by_any_of_its_names(text):
    assert effective(Profile(languages=(text,))).languages == ("German",)
