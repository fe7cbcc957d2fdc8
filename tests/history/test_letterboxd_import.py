import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from movie_sync.history.letterboxd_import import COLUMNS, seen, to_see
from movie_sync.history.reading import read_file
from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.library_models import Kind

BERLIN = ZoneInfo("Europe/Berlin")
LATE = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)  # the 6th there
HEAT = Work(kind=Kind.FILM, title="Heat", year=1995, ids={"tmdb": "949", "imdb": "tt0113277"})
RAN = Work(kind=Kind.FILM, title="Ran", year=1985, ids={"boxd": "1Vqs"})
SHOW = Work(kind=Kind.SHOW, title="Taxi Driver", season=1, episode=1)


def play(work, at=LATE, key="1"):
    return Play(key=key, source="trakt", work=work, watched_at=at)


def rated(work, tenths=9):
    return Rating(work=work, source="trakt", tenths=tenths)


def rows(found):
    return [row for text in found.texts for row in csv.DictReader(io.StringIO(text, newline=""))]


def test_a_play_is_a_row_of_the_diary_on_the_persons_day():
    (row,) = rows(seen([play(HEAT)], [rated(HEAT)], BERLIN))
    assert tuple(row) == COLUMNS
    assert {name: cell for name, cell in row.items() if cell} == {
        "tmdbID": "949",
        "imdbID": "tt0113277",
        "Title": "Heat",
        "Year": "1995",
        "Rating10": "9",
        "WatchedDate": "2026-01-06",
    }


def test_a_rewatch_says_so_and_a_day_is_there_once():
    plays = [play(HEAT, LATE + timedelta(hours=hour)) for hour in (72, 1, 0)]
    found = rows(seen(plays, [], BERLIN))
    assert [(row["WatchedDate"], row["Rewatch"]) for row in found] == [
        ("2026-01-06", ""), ("2026-01-09", "true"),
    ]  # fmt: skip


def test_a_film_without_a_day_is_marked_as_seen():
    (row,) = rows(seen([play(RAN, None)], [], BERLIN))
    assert (row["WatchedDate"], row["LetterboxdURI"]) == ("", "https://boxd.it/1Vqs")


def test_shows_are_left_out_and_counted():
    found = seen([play(SHOW), play(HEAT), play(SHOW)], [rated(SHOW), rated(RAN)], BERLIN)
    assert str(found) == (
        "2 films in 2 rows, 1 file; 3 entries of shows are left out, as Letterboxd knows none"
    )
    assert str(seen([play(HEAT)], [], BERLIN)) == "1 film in 1 row, 1 file"


def test_no_film_is_no_file():
    found = seen([play(SHOW)], [], BERLIN)
    assert (found.texts, found.films, found.left_out) == ((), 0, 1)


def test_files_are_as_small_as_letterboxd_takes_them():
    works = [Work(kind=Kind.FILM, title=f"Amélie {number}") for number in range(200)]
    found = seen([play(work) for work in works], [], BERLIN, largest_bytes=1000)
    assert len(found.texts) > 5
    assert all(len(text.encode()) <= 1000 for text in found.texts)
    assert all(text.startswith("LetterboxdURI,") for text in found.texts)
    assert [row["Title"] for row in rows(found)] == [work.title for work in works]


def test_films_to_see_are_there_once():
    wishes = [Wish(work=work, source="trakt") for work in (HEAT, RAN, HEAT, SHOW)]
    found = to_see(wishes)
    assert [row["Title"] for row in rows(found)] == ["Heat", "Ran"]
    assert found.left_out == 1


def test_what_is_written_for_letterboxd_is_understood_here_too(tmp_path):
    path = tmp_path / "letterboxd.csv"
    (text,) = seen([play(HEAT), play(RAN, None)], [rated(HEAT)], BERLIN).texts
    path.write_text(text, encoding="utf-8", newline="")
    ran, heat, rating = read_file(path, zone=BERLIN, now=LATE + timedelta(days=9)).entries
    assert (ran.work, ran.watched_at) == (RAN, None)
    assert (heat.work, heat.day_only, rating.tenths) == (HEAT, True, 9)
