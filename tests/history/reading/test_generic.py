import json
from datetime import UTC, datetime

import pytest

from movie_sync.errors import FilesError
from movie_sync.history.reading import Problem, read_file
from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.library_models import Kind
from tests.history.reading.files import NOW, entries, episode, movie, problems, zipped

EVENING = datetime(2026, 1, 5, 20, 15, tzinfo=UTC)
IMDB = (
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),"
    "Year,Genres,Num Votes,Release Date,Directors\n"
)
IMPORT = (
    "LetterboxdURI,tmdbID,imdbID,Title,Year,Directors,Rating,Rating10,WatchedDate,Rewatch,Tags,"
    "Review\n"
)


@pytest.fixture
def written(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
        return path

    return write


def refused(path):
    with pytest.raises(FilesError) as caught:
        entries(path)
    return str(caught.value).replace(str(path), path.name).partition("; understood are")[0]


def test_a_table_of_our_own_shape_holds_films_and_episodes(written):
    path = written(
        "mine.csv",
        "kind,title,year,season,episode,watched_at,zone,imdb,tmdb,tvdb,trakt,episode_tvdb\n"
        "film,Heat,1995,,,2026-01-05 21:15,,tt0113277,949,,,\n"
        "show,Taxi Driver,2021,1,2,2026-01-05 15:15,America/New_York,,,388593,5,77\n",
    )
    film, show = entries(path)
    assert film.work == Work(
        kind=Kind.FILM, title="Heat", year=1995, ids={"imdb": "tt0113277", "tmdb": "949"}
    )
    assert show.work == Work(
        kind=Kind.SHOW,
        title="Taxi Driver",
        year=2021,
        ids={"tvdb": "388593", "trakt": "5"},
        season=1,
        episode=2,
        episode_ids={"tvdb": "77"},
    )
    assert film.watched_at == show.watched_at == EVENING
    assert (film.source, show.zone) == ("file:csv", "America/New_York")


def test_the_least_that_a_table_needs_is_a_title_and_a_day(written):
    (found,) = entries(written("mine.csv", "Name;Watched on\nHeat;5.1.2026\n"))
    assert found.work == Work(kind=Kind.FILM, title="Heat")
    assert (found.watched_at, found.day_only) == (datetime(2026, 1, 5, 11, tzinfo=UTC), True)


def test_a_row_may_be_a_play_a_wish_and_a_rating(written):
    path = written(
        "trakt.csv",
        "imdb_id,tmdb_id,type,watched_at,watchlisted_at,rating,rated_at\n"
        "tt0113277,949,movie,2026-01-05T20:15:00Z,2025-12-01T00:00:00Z,9,2026-01-06T00:00:00Z\n",
    )
    found = entries(path)
    assert [type(entry) for entry in found] == [Play, Wish, Rating]
    assert found[0].work.title == "tmdb:949"
    assert found[2].tenths == 9


def test_the_same_row_has_the_same_key_in_any_file_and_order(written):
    header, heat, ran = "title,year,watched_at\n", "Heat,1995,2026-01-05\n", "Ran,1985,2026-01-06\n"
    one = entries(written("one.csv", header + heat + ran))
    other = entries(written("other.csv", header + ran + heat))
    assert [play.key for play in one] == [play.key for play in reversed(other)]
    assert len({play.key for play in one}) == 2


def test_a_day_has_the_same_key_wherever_the_reader_lives(written):
    path = written("one.csv", "title,watched_at\nHeat,2026-01-05\n")
    (here,) = entries(path)
    (there,) = read_file(path, zone=None, now=NOW).entries
    assert here.key == there.key


def test_ratings_of_imdb_are_read(written):
    path = written(
        "ratings.csv",
        IMDB + "tt0113277,9,2026-01-05,Heat,Heat,https://www.imdb.com/title/tt0113277/,Movie,8.3,"
        "170,1995,Crime,1,1995-12-15,Michael Mann\n"
        "tt0903747,10,2026-01-05,Breaking Bad,,,TV Series,9.5,45,2008,,1,,\n"
        "tt2301451,10,2026-01-05,Ozymandias,,,TV Episode,10,45,2013,,1,,\n"
        "tt0000001,8,2026-01-05,Pong,,,Video Game,7,,1972,,1,,\n",
    )
    found = entries(path)
    assert [(entry.work.title, entry.work.kind, entry.tenths) for entry in found[:2]] == [
        ("Heat", Kind.FILM, 9), ("Breaking Bad", Kind.SHOW, 10),
    ]  # fmt: skip
    assert found[0].work.ids == {"imdb": "tt0113277"}
    assert [str(entry) for entry in found[2:]] == [
        "ratings.csv, line 4: is an episode, and its season and number are not said; it was left "
        "out",
        'ratings.csv, line 5: is a "video game", which is neither a film nor a show; it was left '
        "out",
    ]


def test_an_imdb_watchlist_holds_wishes_and_no_ratings_of_the_crowd(written):
    path = written(
        "WATCHLIST.csv",
        "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,"
        "IMDb Rating,Year,Your Rating,Date Rated\n"
        "1,tt0113277,2026-01-05,2026-01-05,,Heat,Heat,,Movie,8.3,1995,,\n",
    )
    (found,) = entries(path)
    assert isinstance(found, Wish)
    assert found.listed_at == datetime(2026, 1, 5, 11, tzinfo=UTC)


def test_letterboxds_import_format_has_stars_and_tenths(written):
    path = written(
        "letterboxd.csv",
        IMPORT + "https://boxd.it/2b0k,949,tt0113277,Heat,1995,,4.5,,2026-01-05,,,\n"
        ",,,Ran,1985,,,7,,,,\n,,,Alien,1979,,,,,,,\n",
    )
    heat, rated, ran, ran_rated, alien = entries(path)
    assert heat.work.ids == {"imdb": "tt0113277", "tmdb": "949", "boxd": "2b0k"}
    assert (rated.tenths, ran_rated.tenths) == (9, 7)
    assert (ran.watched_at, alien.watched_at) == (None, None)


def test_words_are_ratings_too(written):
    path = written("mine.csv", "title,rating\nHeat,Outstanding\nRan,meh\n")
    assert [entry.tenths for entry in entries(path)] == [10, 4]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Heat,1995,,,,0", 'has the rating "0", which is none of 1 to 10'),
        ("Heat,1995,,,,7.5", 'has the rating "7.5", which is none of 1 to 10'),
        ("Heat,1995,,,,great", 'has the rating "great", which is none of 1 to 10'),
        ("Heat,1995,,,,", "says neither when it was watched or listed, nor how it was rated"),
        ("Heat,1995,,,01/02/2026,", 'has the date "01/02/2026"; write it as 2026-01-31'),
        (",1995,,,2026-01-05,", "has no title and no id"),
        ("Heat,95,,,2026-01-05,", 'has the year "95"'),
        ("Taxi Driver,,,2,2026-01-05,", "is an episode, and its season is not said"),
        ("Taxi Driver,,x,2,2026-01-05,", 'has the season "x"'),
        ("Taxi Driver,,2,,2026-01-05,", "is a play of a whole show or season; which episodes is "
         "not said"),
        ("Heat,1995,,,2026-01-05", "has 5 of 6 columns"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_the_rest_is_read(written, row, sentence):
    good = "Ran,1985,,,2026-01-06,\n"
    header = "title,year,season,episode,watched_at,rating\n"
    path = written("mine.csv", f"{header}{good}{row}\n{good}")
    assert [type(entry) for entry in entries(path)] == [Play, Problem, Play]
    assert problems(path) == [f"mine.csv, line 3: {sentence}; it was left out"]


def test_a_bad_rating_does_not_cost_the_play_of_its_row(written):
    path = written("mine.csv", "title,watched_at,rating\nHeat,2026-01-05,0\n")
    assert [type(entry) for entry in entries(path)] == [Play, Problem]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.csv", "", "a.csv has no first line with names of columns that can be read"),
        ("a.csv", "Heat\nRan\n", "a.csv has the columns Heat, and none for a title or an id and "
         "none for watched_at, rating or listed_at"),
        ("a.csv", "title,year\nHeat,1995\n", "a.csv has the columns title, year, and none for "
         "watched_at, rating or listed_at"),
        ("a.csv", "watched_at,genre\n", "a.csv has the columns watched_at, genre, and none for a "
         "title or an id"),
        ("a.json", "{", "a.json is no sound JSON (Input data was truncated)"),
        ("a.json", '{"plays": []}', "a.json is neither a list of plays, ratings and wishes nor a "
         "SIMKL backup"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_understood_says_what_is_missing(written, name, text, sentence):
    assert refused(written(name, text)) == f"{sentence}; nothing of it was read"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refused(tmp_path / "a.csv") == "a.csv is no file that is there; nothing was read"
    assert refused(tmp_path) == f"{tmp_path.name} is no file that is there; nothing was read"


def test_text_that_is_not_utf_8_costs_what_follows_it_and_says_so(tmp_path):
    path = tmp_path / "a.csv"
    good = b"title,watched_at\n" + b"Heat,2026-01-05\n" * 2000
    path.write_bytes(good + b"Am\xe9lie,2026-01-05\n")
    assert problems(path)[0].endswith(": is not UTF-8 text; it and what follows were not read")


def test_json_of_our_own_shape_is_read(written):
    path = written(
        "mine.json",
        [
            {"kind": "show", "title": "Taxi Driver", "season": 1, "episode": 2,
             "ids": {"tvdb": 388593, "simkl": 7}, "episode_ids": {"tvdb": "77"},
             "watched_at": "2026-01-05T20:15:00Z"},
            {"title": "Heat", "imdb": "tt0113277", "rating": 9.0},
            {"what": "wish", "title": "Ran"},
            ["no object"],
        ],
    )  # fmt: skip
    show, heat, ran, problem = entries(path)
    assert show.work.ids == {"tvdb": "388593", "simkl": "7"}
    assert show.work.episode_ids == {"tvdb": "77"}
    assert (heat.tenths, heat.work.ids) == (9, {"imdb": "tt0113277"})
    assert ran == Wish(work=Work(kind=Kind.FILM, title="Ran"), source="file:json")
    assert str(problem) == "mine.json, entry 4: is no object; it was left out"


def test_a_list_of_trakts_items_is_read_as_its_export_is(written):
    items = [movie(), episode(), movie(watched_at=None, listed_at="2026-01-01T00:00:00Z")]
    del items[2]["watched_at"]
    play, other, wish = entries(written("history.json", items))
    assert (play.key, other.key) == ("trakt:9000000007", "trakt:8000000001")
    assert play.source == "file:trakt"
    assert isinstance(wish, Wish)


BACKUP = {
    "movies": [
        {"status": "completed", "last_watched_at": "2026-01-05T20:15:00Z", "user_rating": 9,
         "movie": {"title": "Heat", "year": 1995, "ids": {"simkl": 1, "imdb": "tt0113277"}}},
        {"status": "plantowatch", "movie": {"title": "Ran", "year": 1985, "ids": {}}},
    ],
    "shows": [
        {"status": "watching", "show": {"title": "Taxi Driver", "year": 2021, "ids": {"tvdb": "5"}},
         "seasons": [{"number": 1, "episodes": [
             {"number": 1, "watched_at": "1970-01-01T00:00:01Z"}, {"number": 2},
             {"number": 3, "watched_at": "2126-01-01T00:00:00Z"},
             {"number": 4, "watched_at": "2026-01-05T20:15:00Z"}]}]},
        {"status": "completed", "show": {"title": "Dark", "ids": {}}},
    ],
    "anime": [{"show": {}}],
}  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
def test_a_backup_of_simkl_is_read(tmp_path, written, packed):
    path = (
        zipped(tmp_path / "simkl.zip", {"SimklBackup.json": BACKUP})
        if packed
        else written("SimklBackup.json", BACKUP)
    )
    found = entries(path)
    plays = [(str(entry.work), entry.watched_at) for entry in found if isinstance(entry, Play)]
    assert plays == [
        ("Heat (1995)", EVENING), ("Taxi Driver (2021) 1x01", None),
        ("Taxi Driver (2021) 1x02", None), ("Taxi Driver (2021) 1x04", EVENING),
    ]  # fmt: skip
    assert [entry.tenths for entry in found if isinstance(entry, Rating)] == [9]
    assert [entry.work.title for entry in found if isinstance(entry, Wish)] == ["Ran"]
    assert [problem.partition(": ")[0] for problem in problems(path)] == [
        "shows, entry 1, Taxi Driver (2021) 1x03", "shows, entry 2", "anime, entry 1",
    ]  # fmt: skip
