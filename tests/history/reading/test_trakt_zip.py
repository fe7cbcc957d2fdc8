import json
import tracemalloc
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from movie_sync.errors import FilesError
from movie_sync.history.reading import Problem, read_file
from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.library_models import Kind
from tests.history.reading.files import BERLIN, NOW, entries, episode, movie, problems, zipped

# Where this folder does not lie beside the project, the last test is skipped.
SHARED = Path(__file__).parents[4] / "shared"
SYNTHETIC = SHARED / "fixtures" / "history" / "trakt_export_synthetic"
HEAT = Work(
    kind=Kind.FILM,
    title="Heat",
    year=1995,
    ids={"tmdb": "107", "imdb": "tt0000007", "trakt": "7"},
)
FIRST = Work(
    kind=Kind.SHOW,
    title="Taxi Driver",
    year=2021,
    ids={"tvdb": "50", "trakt": "5"},
    season=1,
    episode=1,
    episode_title="First",
    episode_ids={"trakt": "501"},
)


def keys(found):
    return [entry.key for entry in found if isinstance(entry, Play)]


def failure(path):
    with pytest.raises(FilesError) as caught:
        entries(path)
    return str(caught.value).replace(str(path), path.name)


def test_the_events_of_an_export_are_its_plays(tmp_path):
    path = zipped(tmp_path / "trakt.zip", {"watched-history-1.json": [movie(), episode()]})
    assert entries(path) == [
        Play(
            key="trakt:9000000007",
            source="file:trakt",
            work=HEAT,
            watched_at=datetime(2026, 1, 10, 20, 15, tzinfo=UTC),
            told_id="9000000007",
        ),
        Play(
            key="trakt:8000000001",
            source="file:trakt",
            work=FIRST,
            watched_at=datetime(2026, 1, 11, 20, 15, tzinfo=UTC),
            told_id="8000000001",
        ),
    ]


def test_piece_10_comes_after_piece_2(tmp_path):
    pieces = {f"watched-history-{number}.json": [movie(number)] for number in range(11, 0, -1)}
    found = keys(entries(zipped(tmp_path / "trakt.zip", pieces)))
    assert found == [f"trakt:{9_000_000_000 + number}" for number in range(1, 12)]


def test_the_same_file_gives_the_same_keys(tmp_path):
    path = zipped(tmp_path / "trakt.zip", {"watched-history-1.json": [movie(), movie(id=None)]})
    assert keys(entries(path)) == keys(entries(path))
    assert len(set(keys(entries(path)))) == 2


def test_aggregates_paused_and_hidden_are_no_plays_where_there_are_events(tmp_path):
    last = {"plays": 2, "last_watched_at": "2026-01-15T01:00:00Z", "movie": movie()["movie"]}
    files = {
        "watched-history-1.json": [movie()],
        "watched-movies-1.json": [last],
        "watched-shows.json": [],
        "watched-playback.json": [{"progress": 50.0, "movie": movie()["movie"], "id": 3}],
        "hidden-progress-watched.json": [{"show": episode()["show"]}],
        "comments-movies.json": [{}],
        "lists-mine.json": [{}],
        "collection-movies.json": [{}],
        "user-profile.json": {"username": "alice"},
        "readme.txt": "hello",
    }
    assert keys(entries(zipped(tmp_path / "trakt.zip", files))) == ["trakt:9000000007"]
    assert problems(tmp_path / "trakt.zip") == []


def test_the_old_layout_is_read_too(tmp_path):
    files = {
        "alice/watched/history-1.json": [movie(1)],
        "alice/watched/watched-history-2.json": [movie(2)],
        "alice/watched/playback.json": [movie(3)],
        "alice/ratings/movies.json": [{"rating": 9, "movie": movie()["movie"]}],
        "alice/lists/watchlist.json": [{"show": episode()["show"], "type": "show"}],
    }
    found = entries(zipped(tmp_path / "trakt.zip", files))
    assert keys(found) == ["trakt:9000000001", "trakt:9000000002"]
    assert [type(entry) for entry in found[2:]] == [Wish, Rating]


def test_aggregates_stand_in_where_there_are_no_events_and_say_so(tmp_path):
    seasons = [
        {"number": 2, "episodes": [{"number": 3, "last_watched_at": "2026-01-11T20:00:00Z"}]}
    ]
    files = {
        "watched-movies.json": [{"last_watched_at": "2026-01-10T20:00:00Z", **movie(id=4)}],
        "watched-shows.json": [{"show": episode()["show"], "seasons": seasons}],
    }
    found = entries(zipped(tmp_path / "trakt.zip", files))
    assert [str(entry) for entry in found if isinstance(entry, Problem)] == [
        f"watched-{kind}.json: says only when each was watched last; "
        "earlier plays are not in this export"
        for kind in ("movies", "shows")
    ]
    assert keys(found) == [
        "trakt:last:film:7:2026-01-10T20:00:00Z",
        "trakt:last:show:5:2x3:2026-01-11T20:00:00Z",
    ]


def test_ratings_and_wishes_are_read(tmp_path):
    season = {"type": "season", "season": {"number": 2}, "show": episode()["show"], "rating": 4}
    files = {
        "ratings-movies-1.json": [movie(rating=9, rated_at="2026-01-15T02:00:00.000Z")],
        "ratings-seasons.json": [season],
        "ratings-episodes-1.json": [episode(rating=8)],
        "lists-watchlist.json": [movie(listed_at="2025-12-01T00:00:00.000Z", rank=1)],
    }
    found = entries(zipped(tmp_path / "trakt.zip", files))
    assert found[0] == Wish(
        work=HEAT, source="file:trakt", listed_at=datetime(2025, 12, 1, tzinfo=UTC)
    )
    assert [(entry.work.season, entry.work.episode, entry.tenths) for entry in found[1:]] == [
        (1, 1, 8), (None, None, 9), (2, None, 4),
    ]  # fmt: skip
    assert found[2].rated_at == datetime(2026, 1, 15, 2, tzinfo=UTC)


@pytest.mark.parametrize("rating", [0, 11, -1, None])
def test_a_rating_outside_of_the_scale_is_no_rating(tmp_path, rating):
    path = zipped(tmp_path / "trakt.zip", {"ratings-movies.json": [movie(rating=rating)]})
    assert [str(entry) for entry in entries(path)] == [
        f"ratings-movies.json, entry 1: has the rating {rating}, which is none of 1 to 10; "
        "it was left out"
    ]


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (movie(movie=None), "is not as it should be: a 'movie' says nothing of what it is"),
        (movie(movie={"title": "", "ids": {}}), "has no title and no id"),
        (movie(movie={"title": 7, "ids": {}}), "has an unknown form (Expected `str | null`, "
         "got `int` - at `$.movie.title`)"),
        (movie(watched_at="yesterday"), "is not as it should be: 'yesterday' is no time"),
        (movie(watched_at="2126-01-10T20:15:00Z"), "was watched 2126-01-10, which is still to "
         "come"),
        (episode(type="show", episode=None), "is a play of a whole show or season; which episodes "
         "is not said"),
        (episode(episode={"number": 1}), "has an unknown form (Object missing required field "
         "`season` - at `$.episode`)"),
        ("Heat", "has an unknown form (Expected `object`, got `str`)"),
    ],
)  # fmt: skip
def test_an_item_that_cannot_be_read_is_named_and_the_rest_is_read(tmp_path, item, sentence):
    path = zipped(tmp_path / "trakt.zip", {"watched-history-1.json": [movie(1), item, movie(2)]})
    assert keys(entries(path)) == ["trakt:9000000001", "trakt:9000000002"]
    assert problems(path) == [f"watched-history-1.json, entry 2: {sentence}; it was left out"]


@pytest.mark.parametrize("at", [None, "", "1970-01-01T00:00:01Z"])
def test_a_play_of_1970_or_of_no_date_is_one_of_a_day_that_is_not_known(tmp_path, at):
    path = zipped(tmp_path / "trakt.zip", {"watched-history-1.json": [movie(watched_at=at)]})
    assert entries(path)[0].watched_at is None


def test_an_item_without_a_title_has_its_id_for_one(tmp_path):
    item = movie(movie={"title": None, "year": None, "ids": {"trakt": 7}})
    path = zipped(tmp_path / "trakt.zip", {"watched-history-1.json": [item]})
    assert entries(path)[0].work == Work(kind=Kind.FILM, title="Trakt 7", ids={"trakt": "7"})


@pytest.mark.parametrize(
    ("content", "place", "sentence"),
    [
        (b"", "0", "is no JSON list"),
        (b"{}", "0", "is no JSON list"),
        (json.dumps([movie(1)])[:-1].encode(), "1", "breaks off"),
        (json.dumps([movie(1), movie(3)])[:-9].encode(), "1", "is no sound JSON"),
        (json.dumps([movie(1)]).encode() + b"]", "1", "goes on after its end"),
        (b'[{"id": "\xff"}]', "0", "is not UTF-8 text"),
        (b"[" * 100_000, "0", "is no sound JSON (too deep)"),
    ],
)
def test_a_damaged_piece_is_named_with_its_place_and_the_others_are_read(
    tmp_path, content, place, sentence
):
    files = {"watched-history-1.json": content, "watched-history-2.json": [movie(2)]}
    path = zipped(tmp_path / "trakt.zip", files)
    (problem,) = problems(path)
    assert problem.startswith(f"watched-history-1.json, after entry {place}: {sentence}")
    assert problem.endswith("; the rest of it was not read")
    assert keys(entries(path))[-1] == "trakt:9000000002"


def test_a_piece_with_a_changed_byte_is_damaged_and_the_others_are_read(tmp_path):
    files = {f"watched-history-{number}.json": [movie(number)] for number in (1, 2)}
    path = tmp_path / "trakt.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, items in files.items():
            archive.writestr(name, json.dumps(items))
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b'"Heat"', b'"Hext"', 1))
    assert problems(path)[0].startswith("watched-history-1.json, after entry ")
    assert "is damaged (Bad CRC-32" in problems(path)[0]
    assert keys(entries(path))[-1] == "trakt:9000000002"


def test_a_missing_piece_is_told(tmp_path):
    names = [f"watched-history-{number}.json" for number in (1, 3, 8)]
    path = zipped(tmp_path / "trakt.zip", {name: [] for name in names})
    assert problems(path) == [
        "watched-history-2.json: is missing with its plays; export again",
        "watched-history-4.json to -7.json: is missing with its plays; export again",
    ]


def test_a_kind_of_watched_file_that_is_not_known_is_told(tmp_path):
    files = {"watched-history-1.json": [], "watched-dreams.json": [{}]}
    assert problems(zipped(tmp_path / "trakt.zip", files)) == [
        "watched-dreams.json: is of a kind that is not known; it was not read"
    ]


def test_a_zip_of_something_else_is_refused(tmp_path):
    assert failure(zipped(tmp_path / "x.zip", {"photo.jpg": b"", "notes.json": []})) == (
        "x.zip holds 2 files, and none that is known; nothing of it was read; understood are a zip "
        "of Trakt, Letterboxd or SIMKL, or a CSV or JSON file with titles or ids and what was "
        "watched, rated or listed"
    )


@pytest.mark.slow
def test_100_000_plays_are_read_in_little_memory(tmp_path):
    piece = json.dumps([movie(number) for number in range(1, 1001)])
    pieces = {f"watched-history-{number}.json": piece for number in range(1, 101)}
    path = zipped(tmp_path / "trakt.zip", pieces)
    tracemalloc.start()
    try:
        found = read_file(path, zone=BERLIN, now=NOW).entries
        assert sum(isinstance(entry, Play) for entry in found) == 100_000
        assert tracemalloc.get_traced_memory()[1] < 20 * 1024**2
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(not SYNTHETIC.is_dir(), reason=f"no export in {SYNTHETIC}; none is read")
def test_an_export_as_others_have_seen_it_is_read(tmp_path):
    files = {file.name: file.read_bytes() for file in SYNTHETIC.iterdir()}
    found = entries(zipped(tmp_path / "trakt.zip", files))
    assert keys(found) == ["trakt:9000000003", "trakt:9000000002", "trakt:9000000001"]
    assert sum(isinstance(entry, Rating) for entry in found) == 3
    assert sum(isinstance(entry, Wish) for entry in found) == 1
