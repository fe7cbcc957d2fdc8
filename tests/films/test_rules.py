from datetime import date, timedelta
from pathlib import Path

import pytest

from movie_sync import releases
from movie_sync.films import decision, right_film
from movie_sync.films.case import Case
from movie_sync.films.decision import judge, read_name
from movie_sync.films.profiles import effective
from movie_sync.films.reasons import Reason
from movie_sync.films.rules import RULES
from movie_sync.settings import Profile
from tests import make

DECISIONS = Path(__file__).parents[2] / "docs" / "decisions.md"
MIB = 1024**2
MATRIX = make.film(title="The Matrix", imdb_id="tt0133093", runtime_min=136)
KOREAN = make.film(original_language="ko")


def named(tail, **changes):
    return make.release(name=f"Film.1.{tail}", **changes)


def uploaded(**ago):
    return make.release(uploaded_at=make.NOON - timedelta(**ago))


def judged(release, film=None, profile=None, **held):
    return judge(release, film or make.film(), profile or Profile(), now=make.NOON, **held)


def case(release, film, settings, have=None):
    return Case(
        release=release,
        name=read_name(release),
        film=film,
        wants=effective(Profile(**settings)),
        now=make.NOON,
        blocked=BLOCKED,
        have=have and releases.read(have),
    )


def test_an_ordinary_release_is_accepted():
    assert judged(make.release()).accepted


# Release, film, profile, and the one reason: its code, its sentence, what would change it.
CASES = [
    (
        make.release(imdb_id="tt0000007"),
        make.film(imdb_id="tt0133093"),
        {},
        ("other_film", "is of tt0000007, wanted tt0133093", None),
    ),
    (
        make.release(tmdb_id=7),
        make.film(tmdb_id=603),
        {},
        ("other_film", "is of TMDB's 7, wanted TMDB's 603", None),
    ),
    (
        make.release(name="Film.2.1999.1080p.BluRay"),
        make.film(),
        {},
        ("wrong_title", 'is called "Film 2", wanted "Film 1"', None),
    ),
    (
        named("1984.1080p.BluRay"),
        make.film(),
        {},
        ("wrong_year", "is from 1984, wanted 1999", None),
    ),
    (
        named("1080p.BluRay"),
        make.film(),
        {},
        ("year_unknown", "does not say its year, wanted 1999", None),
    ),
    (
        make.release(),
        make.film(year=None),
        {},
        (
            "year_unknown",
            'the year of "Film 1" is not known here, so that a remake may be meant',
            None,
        ),
    ),
    (
        named("1999.S01E02.1080p.WEB"),
        make.film(),
        {},
        ("not_a_film", "is of a series (season 1, episode 2)", None),
    ),
    (
        named("1999.Soundtrack.1080p.WEB"),
        make.film(),
        {},
        ("not_a_film", "is not named like a release of one film", None),
    ),
    (
        named("1999.1080p.HDCAM.x264"),
        make.film(),
        {},
        ("early_copy", "is a cam, which is never taken", None),
    ),
    (
        make.release(uploaded_at=make.NOON),
        make.film(premiered_on=date(2026, 3, 1)),
        {},
        (
            "before_premiere",
            "is offered since 2026-01-05, 55 days before the film is first shown",
            None,
        ),
    ),
    (
        named("2028.1080p.BluRay"),
        make.film(year=2028),
        {},
        ("before_premiere", "is offered since 2026-01-05, and the film is of 2028", None),
    ),
    (
        make.release(id="failed"),
        make.film(),
        {},
        ("blocked", "is blocked for this film: stalled for 24 h at 40 %", None),
    ),
    (
        named("1999.COMPLETE.BLURAY"),
        make.film(),
        {},
        ("full_disc", "is a whole disc, wanted one film file", "profile.full_discs"),
    ),
    (
        named("1999.1080p.3D.HSBS.BluRay.x264"),
        make.film(),
        {},
        ("three_d", "is in 3D, wanted flat", "profile.three_d"),
    ),
    (
        make.release(name="Film 1 (1999)"),
        make.film(),
        {},
        (
            "quality_unknown",
            "does not say its resolution or source, wanted 1080p, 720p, 2160p, 576p, 480p",
            "profile.qualities",
        ),
    ),
    (
        named("1999.576p.BluRay.x264"),
        make.film(),
        {"qualities": ("1080p", "720p")},
        ("quality_not_wanted", "is 576p bluray, wanted 1080p, 720p", "profile.qualities"),
    ),
    (
        named("1999.DVDRip.XviD", size_bytes=2 * make.GIB),
        make.film(),
        {"preset": "best", "qualities": ("1080p remux", "1080p bluray", "1080p")},
        (
            "quality_not_wanted",
            "is 480p dvd, going by its source, wanted 1080p remux, 1080p bluray, 1080p",
            "profile.qualities",
        ),
    ),
    (
        named("1999.1080p.BluRay.DV.HDR.x265"),
        make.film(),
        {"hdr": "never"},
        ("hdr_not_wanted", "is in HDR (dv, hdr), wanted without", "profile.hdr"),
    ),
    (
        make.release(),
        make.film(),
        {"hdr": "only"},
        ("no_hdr", "does not say that it is in HDR", "profile.hdr"),
    ),
    (
        named("1999.German.1080p.BluRay.x264"),
        KOREAN,
        {"languages": ("original", "French")},
        (
            "wrong_language",
            "is in German, wanted the film's own (Korean) or French",
            "profile.languages",
        ),
    ),
    (
        named("1999.HC.1080p.WEBRip.x264"),
        make.film(),
        {},
        (
            "hardcoded_subtitles",
            "has subtitles burnt into the picture",
            "profile.hardcoded_subtitles",
        ),
    ),
    (
        make.release(),
        KOREAN,
        {"languages": ("German",)},
        (
            "wrong_language",
            "names no language, which stands for Korean, wanted German",
            "profile.languages",
        ),
    ),
    (
        make.release(),
        make.film(),
        {"required": ("x265", "/hevc|av1/")},
        (
            "no_required_word",
            'has none of "x265", "/hevc|av1/" in its name',
            "profile.required",
        ),
    ),
    (
        make.release(),
        make.film(),
        {"never": ("x265", "x264", "/-grp$/")},
        ("never_word", 'has "x264", "/-grp$/" in its name', "profile.never"),
    ),
    (
        make.release(),
        make.film(),
        {"preferred": {"bluray": 5, "x264": -4}, "min_score": 3},
        ("score_too_low", "has 1 point, at least 3 wanted", "profile.min_score"),
    ),
    (
        make.release(size_bytes=700 * MIB),
        make.film(),
        {},
        (
            "too_small",
            "has 700 MiB for 110 min (assumed) at 1080p, at least 880 MiB wanted",
            "profile.min_mib_per_minute",
        ),
    ),
    (
        make.release(size_bytes=30 * make.GIB),
        make.film(runtime_min=120),
        {},
        (
            "too_large",
            "has 30.0 GiB for 120 min at 1080p, at most 23.4 GiB wanted",
            "profile.max_mib_per_minute",
        ),
    ),
    (
        make.release(seeders=0),
        make.film(),
        {},
        ("too_few_seeders", "0 seeders, at least 1 wanted", "profile.min_seeders"),
    ),
    (
        make.release(seeders=1),
        make.film(),
        {"min_seeders": 5},
        ("too_few_seeders", "1 seeder, at least 5 wanted", "profile.min_seeders"),
    ),
    (
        make.release(halfleech=True),
        make.film(),
        {"only_freeleech": True},
        (
            "not_freeleech",
            "counts against the ratio, wanted freeleech",
            "profile.only_freeleech",
        ),
    ),
    (
        uploaded(minutes=12),
        make.film(),
        {"min_age_minutes": 60},
        (
            "too_new",
            "was uploaded 12 min ago, at least 60 min wanted",
            "profile.min_age_minutes",
        ),
    ),
]
BLOCKED = {"fake:failed": "stalled for 24 h at 40 %"}


@pytest.mark.parametrize(("release", "film", "settings", "expected"), CASES)
def test_a_release_is_refused_in_a_sentence_that_says_what_to_change(
    release, film, settings, expected
):
    [found] = judged(release, film, Profile(**settings), blocked=BLOCKED).rejections
    assert (found.reason, found.message, found.setting) == expected


WORSE = named("1999.720p.BluRay.x264-GRP")
THERE = [
    (
        make.release(),
        {},
        "Film.1.1999.1080p.WEB-DL-GRP",
        ("the library has it in 1080p webdl, which is good enough", "profile.cutoff"),
    ),
    (
        make.release(),
        {"upgrade": False},
        "Film.1.1999.720p.WEB-DL-GRP",
        ("the library has it in 720p webdl, and nothing is replaced", "profile.upgrade"),
    ),
    (
        WORSE,
        {"preset": "best", "hdr": "any"},
        "Film.1.1999.1080p.WEB-DL-GRP",
        ("is of a lower quality than the 1080p webdl in the library", "profile.qualities"),
    ),
    (
        WORSE,
        {},
        "Film.1.1999.720p.WEB-DL-GRP",
        ("is of the same quality as the 720p webdl in the library", "profile.qualities"),
    ),
]


@pytest.mark.parametrize(("release", "settings", "have", "expected"), THERE)
def test_what_is_there_is_replaced_by_nothing_that_is_no_better(release, settings, have, expected):
    [found] = judged(release, profile=Profile(**settings), have=have).rejections
    assert (found.reason, found.message, found.setting) == ("no_better", *expected)


@pytest.mark.parametrize(
    ("tail", "have", "accepted"),
    [
        ("1080p.BluRay-B", "720p.BluRay-A", True),
        ("720p.BluRay-B", "480p.DVDRip-A", True),
        ("720p.BluRay-B", "1080p.HDCAM-A", True),
        ("480p.DVDRip-A", "720p.BluRay-A", False),
        ("REPACK.1080p.BluRay-A", "1080p.BluRay-A", True),
        ("REPACK2.1080p.BluRay-A", "REPACK.1080p.BluRay-A", True),
        ("PROPER.1080p.BluRay-a", "1080p.BluRay-A", True),
        ("REPACK.1080p.BluRay-B", "1080p.BluRay-A", False),
        ("REPACK.1080p.WEB-DL-A", "1080p.BluRay-A", False),
        ("REPACK.720p.BluRay-A", "1080p.BluRay-A", False),
        ("REPACK.1080p.BluRay", "1080p.BluRay", False),
        ("1080p.BluRay-A", "REPACK.1080p.BluRay-A", False),
    ],
)
def test_only_a_better_quality_or_a_repair_of_itself_replaces_what_is_there(tail, have, accepted):
    release = named(f"1999.{tail}", size_bytes=3 * make.GIB)
    assert judged(release, have=f"Film.1.1999.{have}").accepted == accepted


def test_every_reason_has_a_case_above():
    assert {expected[0] for *_, expected in CASES} | {"no_better"} == set(Reason)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_refuses_one_of_them(rule):
    cases = [case(release, film, settings) for release, film, settings, _ in CASES]
    cases += [case(release, make.film(), settings, have) for release, settings, have, _ in THERE]
    assert any(rule(each) for each in cases)


def test_every_setting_that_a_reason_names_is_one():
    named_ = {expected[2] for *_, expected in CASES} | {expected[1] for *_, expected in THERE}
    fields = {f"profile.{name}" for name in Profile.__struct_fields__}
    assert named_ - {None} <= fields


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_explained_to_the_reader(reason):
    assert f"\n| `{reason}` |" in DECISIONS.read_text()


def test_all_reasons_are_given_at_once():
    rejections = judged(named("1984.1080p.CAM", seeders=0)).rejections
    assert [each.reason for each in rejections] == [
        Reason.WRONG_YEAR,
        Reason.EARLY_COPY,
        Reason.TOO_FEW_SEEDERS,
    ]


@pytest.mark.parametrize(
    "name", ["Matriks.1080p.BluRay.x264-GRP", "The.Matrix.2003.1080p.BluRay.x264-GRP"]
)
def test_an_id_that_agrees_speaks_for_any_title_and_year(name):
    assert judged(make.release(name=name, imdb_id="tt133093"), MATRIX).accepted
    assert judged(make.release(name=f"{name} [tt0133093]"), MATRIX).accepted
    by_tmdb = make.film(title="The Matrix", tmdb_id=603)
    assert judged(make.release(name=name, tmdb_id=603), by_tmdb).accepted


def test_an_id_that_differs_speaks_against_the_right_title():
    name = "The.Matrix.1999.1080p.BluRay"
    release = make.release(name=f"{name} [tt0133093]", imdb_id="tt0000007")
    [rejection] = judged(release, MATRIX).rejections
    assert rejection.reason is Reason.OTHER_FILM
    assert read_name(release).imdb_id == "tt0000007"


def test_imdbs_id_goes_before_tmdbs_which_is_perhaps_of_a_series():
    release = make.release(imdb_id="tt0133093", tmdb_id=7)
    assert judged(release, make.film(imdb_id="tt0133093", tmdb_id=603)).accepted


def test_a_year_off_by_one_is_let_pass():
    assert judged(named("2000.1080p.BluRay"), make.film(year=1999)).accepted


def test_a_part_two_is_never_taken_for_part_one():
    film = make.film(title="Dune", year=2021)
    part_two = make.release(name="Dune.Part.Two.2024.1080p.WEB", seeders=900)
    part_one = make.release(name="Dune.2021.1080p.WEB", seeders=100)
    choice = decision.choose(film, [part_two, part_one], Profile(), now=make.NOON)
    assert choice.ranked == (part_one,)


@pytest.mark.parametrize(
    ("days_early", "accepted"), [(0, True), (30, True), (31, False), (-900, True)]
)
def test_dates_of_premieres_are_believed_to_a_month(days_early, accepted):
    premiered_on = make.NOON.date() + timedelta(days=days_early)
    release = make.release(uploaded_at=make.NOON)
    assert judged(release, make.film(premiered_on=premiered_on)).accepted == accepted


def test_a_release_long_before_the_film_is_to_be_had_at_home_is_no_fake():
    film = make.film(premiered_on=date(2025, 12, 1), home_release_on=date(2026, 6, 1))
    assert judged(uploaded(days=3), film).accepted


def test_without_a_date_a_film_may_be_offered_from_the_year_before_its_own_on():
    assert judged(named("2027.1080p.BluRay"), make.film(year=2027)).accepted


def test_how_wrong_dates_may_be_is_told_to_the_reader():
    assert f"{right_film.DATES_ARE_WRONG_BY.days} days" in DECISIONS.read_text()


def test_a_release_that_does_not_say_when_it_was_uploaded_is_old_enough():
    assert judged(make.release(), profile=Profile(min_age_minutes=60)).accepted


@pytest.mark.parametrize(
    ("tail", "gib", "accepted"),
    [
        ("1999.2160p.BluRay", 60, True),
        ("1999.1080p.BluRay", 60, False),
        ("1999.1080p.BluRay", 2, True),
        ("1999.2160p.BluRay", 2, False),
        ("1999.720p.BluRay", 0.5, True),
        ("1999.DVDRip.XviD", 0.35, True),
        ("1999.DVDRip.XviD", 9, False),
    ],
)
def test_the_size_is_measured_by_the_resolution(tail, gib, accepted):
    assert judged(named(tail, size_bytes=int(gib * make.GIB))).accepted == accepted


def test_a_long_film_may_be_larger():
    release = make.release(size_bytes=40 * make.GIB)
    assert not judged(release).accepted
    assert judged(release, make.film(runtime_min=210)).accepted


@pytest.mark.parametrize(
    ("tail", "settings"),
    [
        ("1999.1080p.COMPLETE.BLURAY", {"full_discs": True}),
        ("1999.1080p.3D.HSBS.BluRay.x264", {"three_d": True}),
        ("1999.HC.1080p.WEBRip.x264", {"hardcoded_subtitles": True}),
        ("1999.1080p.BluRay.HDR.x265", {"hdr": "only"}),
    ],
)
def test_what_a_profile_allows_is_taken(tail, settings):
    assert judged(named(tail), profile=Profile(**settings)).accepted


def test_many_qualities_are_not_all_listed():
    release = named("1999.DVDRip.XviD", size_bytes=2 * make.GIB)
    qualities = tuple(f"1080p {source}" for source in ("bluray", "webdl", "webrip", "tv", "dvd"))
    wanted = Profile(qualities=(*qualities, "720p bluray", "720p webdl", "720p"))
    [found] = judged(release, profile=wanted).rejections
    assert found.message.endswith("1080p tv, 1080p dvd, 720p bluray and 2 more")
