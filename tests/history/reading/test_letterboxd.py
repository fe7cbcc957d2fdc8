from datetime import UTC, datetime

import pytest

from movie_sync.errors import FilesError
from movie_sync.history.reading import Problem, read_file
from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.library_models import Kind
from tests.history.reading.files import BERLIN, NOW, entries, problems, zipped

FILM = "Date,Name,Year,Letterboxd URI"
DIARY = f"{FILM},Rating,Rewatch,Tags,Watched Date\n"
HEAT_SEEN = "2026-01-06,Heat,1995,https://boxd.it/aaa1,4.5,,,2026-01-05\n"
HEAT_AGAIN = "2026-01-16,Heat,1995,https://boxd.it/aaa2,5,Yes,,2026-01-15\n"
HEAT, ALIEN = (
    "2026-01-05,Heat,1995,https://boxd.it/2b0k\n",
    "2025-03-01,Alien,1979,https://boxd.it/29Vm\n",
)
PARTS = {
    "diary.csv": DIARY + HEAT_SEEN + HEAT_AGAIN,
    "watched.csv": f"{FILM}\n{HEAT}{ALIEN}",
    "ratings.csv": f"{FILM},Rating\n2026-01-15,Heat,1995,https://boxd.it/2b0k,4.5\n",
    "watchlist.csv": f"{FILM}\n2026-01-02,Ran,1985,https://boxd.it/1Vqs\n",
}


def film(title, year, code):
    return Work(kind=Kind.FILM, title=title, year=year, ids={"boxd": code} if code else {})


def test_each_entry_of_the_diary_is_a_play_of_its_day(tmp_path):
    found = entries(zipped(tmp_path / "letterboxd.zip", PARTS))
    assert found[:2] == [
        Play(
            key=f"letterboxd:aaa{number}",
            source="file:letterboxd",
            work=film("Heat", 1995, "2b0k"),
            watched_at=datetime(2026, 1, day, 11, tzinfo=UTC),
            day_only=True,
        )
        for number, day in ((1, 5), (2, 15))
    ]


def test_a_film_that_only_watched_has_is_a_play_of_a_day_that_is_not_known(tmp_path):
    found = entries(zipped(tmp_path / "letterboxd.zip", PARTS))
    assert [entry for entry in found[2:] if isinstance(entry, Play)] == [
        Play(
            key="letterboxd:watched:29Vm",
            source="file:letterboxd",
            work=film("Alien", 1979, "29Vm"),
            watched_at=None,
        )
    ]


def test_ratings_are_halves_of_tenths_and_the_watchlist_are_wishes(tmp_path):
    found = entries(zipped(tmp_path / "letterboxd.zip", PARTS))
    noon = {"source": "file:letterboxd"}
    assert found[3:] == [
        Rating(
            work=film("Heat", 1995, "2b0k"),
            tenths=9,
            rated_at=datetime(2026, 1, 15, 11, tzinfo=UTC),
            **noon,
        ),
        Wish(
            work=film("Ran", 1985, "1Vqs"), listed_at=datetime(2026, 1, 2, 11, tzinfo=UTC), **noon
        ),
    ]


def test_a_film_whose_row_of_the_diary_cannot_be_read_was_still_seen(tmp_path):
    files = PARTS | {"diary.csv": DIARY + HEAT_SEEN.replace("2026-01-05", "sometime")}
    found = entries(zipped(tmp_path / "letterboxd.zip", files))
    assert isinstance(found[0], Problem)
    assert found[1].key == "letterboxd:watched:2b0k"


def test_two_films_of_one_name_and_year_are_two(tmp_path):
    other = "2025-03-01,Heat,1995,https://boxd.it/zzzz\n"
    files = PARTS | {"watched.csv": f"{FILM}\n{HEAT}{other}"}
    found = entries(zipped(tmp_path / "letterboxd.zip", files))
    assert [entry.key for entry in found[:3]] == [
        "letterboxd:aaa1", "letterboxd:aaa2", "letterboxd:watched:zzzz",
    ]  # fmt: skip


def test_entries_that_have_their_films_address_are_apart_by_their_days(tmp_path):
    diary = DIARY + HEAT_SEEN + HEAT_AGAIN.replace("aaa2", "aaa1")
    found = entries(zipped(tmp_path / "letterboxd.zip", {"diary.csv": diary}))
    assert [entry.key for entry in found] == ["letterboxd:aaa1", "letterboxd:aaa1:2026-01-15"]


def test_what_was_deleted_and_lists_are_left(tmp_path):
    files = {f"{name}/diary.csv": PARTS["diary.csv"] for name in ("deleted", "orphaned", "lists")}
    path = zipped(
        tmp_path / "letterboxd.zip", files | {"letterboxd-alice/watchlist.csv": f"{FILM}\n"}
    )
    assert [str(entry) for entry in entries(path)] == [
        "diary.csv: is not in this export; on which days films were seen is not known"
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("2026-01-06,,1995,https://boxd.it/x,,,,2026-01-05\n", "has no title"),
        ("2026-01-06,Heat,20x5,https://boxd.it/x,,,,2026-01-05\n", 'has the year "20x5"'),
        ("2026-01-06,Heat,1995\n", "has 3 of 8 columns"),
        ('2026-01-06,"Heat,1995\n', "cannot be read: unexpected end of data"),
        ("2026-01-06,Heat,1995,,,,,5.13.2026\n", 'has the date "5.13.2026"; write it as '
         "2026-01-31"),
        ("2026-01-06,Heat,1995,,,,,2126-01-01\n", "was watched 2126-01-01, which is still to come"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_the_rest_is_read(tmp_path, row, problem):
    files = {"diary.csv": DIARY + HEAT_SEEN + row + HEAT_AGAIN}
    path = zipped(tmp_path / "letterboxd.zip", files)
    found = entries(path)
    assert [entry.key for entry in found if isinstance(entry, Play)] == [
        "letterboxd:aaa1", "letterboxd:aaa2",
    ]  # fmt: skip
    (told,) = problems(path)
    assert told.startswith(f"diary.csv, line 3: {problem}")
    assert told.endswith("; it was left out")


def test_a_part_that_is_no_text_is_told_and_the_others_are_read(tmp_path):
    path = zipped(tmp_path / "letterboxd.zip", PARTS | {"ratings.csv": b"\xff\xfe\x00"})
    assert problems(path) == [
        "ratings.csv: has no first line with names of columns that can be read; it was not read"
    ]
    assert len(entries(path)) == 5


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("diary.csv", [Play, Play]), ("My Watched (1).csv", [Play, Play]),
        ("ratings.csv", [Rating]), ("watchlist-alice.csv", [Wish]),
    ],
)  # fmt: skip
def test_a_part_alone_is_read_too(tmp_path, name, kinds):
    path = tmp_path / name
    part = next(part for part in PARTS if part.removesuffix(".csv") in name.casefold())
    path.write_text(PARTS[part])
    assert [type(entry) for entry in entries(path)] == kinds
    assert read_file(path, zone=BERLIN, now=NOW).form == "a Letterboxd export"


def test_films_to_see_are_not_taken_for_films_seen(tmp_path):
    path = tmp_path / "films.csv"
    path.write_text(PARTS["watchlist.csv"])
    with pytest.raises(FilesError, match="may hold films to see or films seen"):
        entries(path)


def test_a_half_star_that_there_is_not_is_no_rating(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(f"{FILM},Rating\n2026-01-15,Heat,1995,https://boxd.it/2b0k,0\n")
    assert entries(path) == [
        Problem(
            "ratings.csv, line 2",
            'has the rating "0", which is none of 0.5 to 5; it was left out',
        )
    ]
