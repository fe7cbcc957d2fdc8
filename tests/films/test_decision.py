from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.films.decision import (
    MOST_EXPLAINED,
    RULES,
    Case,
    Reason,
    choose,
    explain,
    files_refused,
    judge,
    read_name,
)
from movie_sync.settings import Profile
from movie_sync.torrents import TorrentFile
from tests import make

ORDINARY = Profile()
DECISIONS = Path(__file__).parents[2] / "docs" / "decisions.md"
MIB = 1024**2
MATRIX = make.film(title="The Matrix", imdb_id="tt0133093", runtime_min=136)


def named(tail, **changes):
    return make.release(name=f"Film.1.{tail}", **changes)


def best_name(*releases, profile=ORDINARY):
    best = choose(make.film(), releases, profile).best
    return best and best.name


def test_an_ordinary_release_is_accepted():
    assert judge(make.release(), make.film(), ORDINARY).accepted


CASES = [
    (
        make.release(imdb_id="tt0000007"),
        make.film(imdb_id="tt0133093"),
        Reason.OTHER_FILM,
        "is of tt0000007, wanted tt0133093",
    ),
    (
        make.release(name="Film.2.1999.1080p.BluRay"),
        make.film(),
        Reason.WRONG_TITLE,
        'is called "Film 2", wanted "Film 1"',
    ),
    (named("1984.1080p.BluRay"), make.film(), Reason.WRONG_YEAR, "is from 1984, wanted 1999"),
    (
        named("1080p.BluRay"),
        make.film(),
        Reason.YEAR_UNKNOWN,
        "does not say its year, wanted 1999",
    ),
    (
        make.release(),
        make.film(year=None),
        Reason.YEAR_UNKNOWN,
        'the year of "Film 1" is not known here, so that a remake may be meant',
    ),
    (named("S01E02.1999.1080p.WEB"), MATRIX, Reason.NOT_A_FILM, "is of a series"),
    (
        named("1999.Soundtrack.1080p.WEB"),
        make.film(),
        Reason.NOT_A_FILM,
        "is not named like a release of one film",
    ),
    (
        named("1999.1080p.HDCAM.x264"),
        make.film(),
        Reason.EARLY_COPY,
        "is a cam, which is never taken",
    ),
    (
        named("1999.1080p.COMPLETE.BLURAY"),
        make.film(),
        Reason.FULL_DISC,
        "is a whole disc, wanted one film file",
    ),
    (
        make.release(name="Film 1 (1999)"),
        make.film(),
        Reason.RESOLUTION_UNKNOWN,
        "does not say its resolution or source, wanted 1080p, 720p, 2160p, 480p",
    ),
    (
        named("1999.576p.BluRay"),
        make.film(),
        Reason.RESOLUTION_NOT_WANTED,
        "is 576p, wanted 1080p, 720p, 2160p, 480p",
    ),
    (
        make.release(seeders=0),
        make.film(),
        Reason.TOO_FEW_SEEDERS,
        "0 seeders, at least 1 wanted",
    ),
    (
        make.release(size_bytes=700 * MIB),
        make.film(),
        Reason.TOO_SMALL,
        "has 700 MiB for 110 min (assumed) at 1080p, at least 880 MiB wanted",
    ),
    (
        make.release(size_bytes=30 * make.GIB),
        make.film(runtime_min=120),
        Reason.TOO_LARGE,
        "has 30.0 GiB for 120 min at 1080p, at most 23.4 GiB wanted",
    ),
    (
        make.release(id="failed"),
        make.film(),
        Reason.ALREADY_TRIED,
        "was tried for this film before, and came to nothing",
    ),
]


@pytest.mark.parametrize(("release", "film", "reason", "message"), CASES)
def test_each_reason_is_given_with_its_sentence(release, film, reason, message):
    rejections = judge(release, film, ORDINARY, tried=["fake:failed"]).rejections
    assert (reason, message) in [(each.reason, each.message) for each in rejections]


def test_every_reason_has_a_case_above():
    assert {reason for _, _, reason, _ in CASES} == set(Reason)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_refuses_one_of_them(rule):
    cases = [Case(r, read_name(r), film, ORDINARY, ["fake:failed"]) for r, film, _, _ in CASES]
    assert any(rule(case) for case in cases)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_explained_to_the_reader(reason):
    assert f"\n| `{reason}` |" in DECISIONS.read_text()


def test_all_reasons_are_given_at_once():
    rejections = judge(named("1984.1080p.CAM", seeders=0), make.film(), ORDINARY).rejections
    assert [each.reason for each in rejections] == [
        Reason.WRONG_YEAR,
        Reason.EARLY_COPY,
        Reason.TOO_FEW_SEEDERS,
    ]


@pytest.mark.parametrize(
    "name", ["Matriks.1080p.BluRay.x264-GRP", "The.Matrix.2003.1080p.BluRay.x264-GRP"]
)
def test_an_id_that_agrees_speaks_for_any_title_and_year(name):
    assert judge(make.release(name=name, imdb_id="tt133093"), MATRIX, ORDINARY).accepted
    assert judge(make.release(name=f"{name} [tt0133093]"), MATRIX, ORDINARY).accepted


def test_an_id_that_differs_speaks_against_the_right_title():
    name = "The.Matrix.1999.1080p.BluRay"
    release = make.release(name=f"{name} [tt0133093]", imdb_id="tt0000007")
    [rejection] = judge(release, MATRIX, ORDINARY).rejections
    assert rejection.reason is Reason.OTHER_FILM
    assert read_name(release).imdb_id == "tt0000007"


def test_a_year_off_by_one_is_let_pass():
    assert judge(named("2000.1080p.BluRay"), make.film(year=1999), ORDINARY).accepted


def test_a_part_two_is_never_taken_for_part_one():
    film = make.film(title="Dune", year=2021)
    part_two = make.release(name="Dune.Part.Two.2024.1080p.WEB", seeders=900)
    part_one = make.release(name="Dune.2021.1080p.WEB", seeders=100)
    assert choose(film, [part_two, part_one], ORDINARY).ranked == (part_one,)


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
    release = named(tail, size_bytes=int(gib * make.GIB))
    assert judge(release, make.film(), ORDINARY).accepted == accepted


def test_a_long_film_may_be_larger():
    release = make.release(size_bytes=40 * make.GIB)
    assert not judge(release, make.film(), ORDINARY).accepted
    assert judge(release, make.film(runtime_min=210), ORDINARY).accepted


def test_a_whole_disc_is_taken_where_the_profile_says_so():
    disc = named("1999.1080p.COMPLETE.BLURAY", size_bytes=20 * make.GIB)
    assert judge(disc, make.film(), Profile(full_discs=True)).accepted


# Each pair: the first is better, though it is worse in all that ranks below.
@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (named("1999.1080p.DVDRip", seeders=1), named("1999.720p.BluRay", seeders=900)),
        (named("1999.720p.WEB-DL"), named("1999.2160p.BluRay")),
        (named("1999.1080p.BluRay"), named("1999.1080p.WEB-DL.PROPER")),
        (named("1999.1080p.WEB-DL"), named("1999.1080p.WEBRip")),
        (named("1999.1080p.WEBRip"), named("1999.1080p.HDTV")),
        (named("1999.1080p.HDTV"), named("1999.1080p.DVDRip")),
        (named("1999.1080p.DVDRip"), named("1999.1080p.x264")),
        (named("1999.PROPER.1080p.BluRay"), named("1999.1080p.BluRay", freeleech=True)),
        (
            named("1999.1080p.BluRay-A", freeleech=True, seeders=1),
            named("1999.1080p.BluRay-B", seeders=900),
        ),
        (
            named("1999.1080p.BluRay-A", seeders=100, size_bytes=20 * make.GIB),
            named("1999.1080p.BluRay-B", seeders=10, size_bytes=4 * make.GIB),
        ),
        (
            named("1999.1080p.BluRay-B", seeders=10, size_bytes=4 * make.GIB),
            named("1999.1080p.BluRay-A", seeders=12, size_bytes=20 * make.GIB),
        ),
        (named("1999.1080p.BluRay-A"), named("1999.1080p.BluRay-B")),
    ],
)
def test_the_better_release_is_taken(better, worse):
    assert choose(make.film(), [worse, better], ORDINARY).ranked == (better, worse)


def test_freeleech_counts_only_where_it_is_preferred():
    free = named("1999.1080p.BluRay-A", freeleech=True, seeders=1)
    many = named("1999.1080p.BluRay-B", seeders=900)
    assert best_name(free, many) == free.name
    assert best_name(free, many, profile=Profile(prefer_freeleech=False)) == many.name


def test_resolutions_rank_as_the_profile_has_them():
    offers = [
        named(f"1999.{lines}p.BluRay", size_bytes=9 * make.GIB) for lines in (720, 1080, 2160)
    ]
    choice = choose(make.film(), offers, Profile(resolutions=(2160, 720)))
    assert [release.name for release in choice.ranked] == [
        "Film.1.1999.2160p.BluRay",
        "Film.1.1999.720p.BluRay",
    ]


@given(st.permutations([named(f"1999.1080p.BluRay-{group}", id=group) for group in "ABCDE"]))
def test_the_order_of_the_offers_changes_nothing(offers):
    ranked = choose(make.film(), offers, ORDINARY).ranked
    assert "".join(release.id for release in ranked) == "ABCDE"


def test_a_refusal_counts_its_reasons():
    offers = [make.release(seeders=0), make.release(seeders=0), named("1984.1080p.BluRay")]
    choice = choose(make.film(), offers, ORDINARY)
    assert choice.best is None
    assert choice.why_not() == "3 found, none accepted: 2 too_few_seeders, 1 wrong_year"


def test_no_release_at_all_is_said_so():
    assert choose(make.film(), [], ORDINARY).why_not() == "no indexer lists it"


def test_the_choice_can_be_kept_as_json():
    good, poor = named("1999.1080p.BluRay", id="1"), make.release(id="2", seeders=0)
    kept = msgspec.json.decode(
        msgspec.json.encode(explain(choose(make.film(), [poor, good], ORDINARY)))
    )
    facts = {"indexer": "fake", "size_bytes": 8 * make.GIB}
    assert kept == [
        facts | {"id": "1", "name": good.name, "seeders": 20, "rank": 1},
        facts
        | {"id": "2", "name": poor.name, "seeders": 0}
        | {"refused": [["too_few_seeders", "0 seeders, at least 1 wanted"]]},
    ]


def test_of_many_releases_only_the_first_are_kept():
    offers = [make.release(id=str(number), seeders=number % 2) for number in range(60)]
    kept = explain(choose(make.film(), offers, ORDINARY))
    assert len(kept) == MOST_EXPLAINED
    assert all("rank" in each for each in kept)


def torrent(*files, name="Film.1.1999.1080p.BluRay.x264-GRP"):
    listed = tuple((f"{name}/{path}", size) for path, size in files)
    size_bytes = sum(size for _, size in listed)
    return TorrentFile(
        handle="0" * 40, name=name, files=listed, size_bytes=size_bytes, private=True
    )


FILM = ("film.mkv", 8 * make.GIB)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([FILM, ("film.nfo", 1), ("Subs/en.srt", 1)], None),
        ([FILM, ("Sample/film-sample.mkv", 1), ("Subs/subs.rar", 1)], None),
        ([("BDMV/STREAM/00001.m2ts", 9)], None),
        ([FILM, ("Setup.EXE", 1)], 'holds a program ("Setup.EXE"), as fakes do'),
        ([("film.mkv.lnk", 9)], 'holds a program ("film.mkv.lnk"), as fakes do'),
        ([FILM, ("PASSWORD.txt", 1)], 'holds a note on a password ("PASSWORD.txt")'),
        (
            [("film.rar", 9), ("film.r00", 9), ("Sample/sample.mkv", 1)],
            "holds its film in 2 archives, which are not unpacked",
        ),
        ([("film.pdf", 9), ("cover.jpg", 1)], 'holds no film; its largest file is "film.pdf"'),
        ([("Sample/sample.mkv", 9)], 'holds no film; its largest file is "sample.mkv"'),
    ],
)
def test_a_torrent_is_refused_by_what_it_holds(files, why):
    assert files_refused(torrent(*files)) == why


def test_a_film_on_passwords_is_no_fake():
    files = [FILM, ("The.Password.nfo", 1)]
    assert files_refused(torrent(*files, name="The.Password.1999.1080p.WEB")) is None


def test_a_single_file_is_judged_by_itself():
    single = TorrentFile(
        handle="0" * 40, name="f.mkv", files=(("f.mkv", 9),), size_bytes=9, private=False
    )
    assert files_refused(single) is None
