import json
import zipfile

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movie_sync.errors import FilesError, MovieSyncError
from movie_sync.export_queues import as_csv, as_json, row
from movie_sync.import_files import read_file
from movie_sync.models import State
from tests import make

HEAT = {"title": "Heat", "year": 1995, "tmdbId": 949, "monitored": True, "hasFile": False}
CASES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def read(tmp_path):
    def read(text, name="films.json", form=None):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else str(text).encode())
        return read_file(path, form)

    return read


def titles(reading):
    return [str(film) for film, _ in reading.films]


@pytest.mark.parametrize(("form", "text"), [("csv", as_csv), ("json", as_json)])
def test_what_was_exported_is_read_back(read, form, text):
    data = {"year": 1999, "imdb_id": "tt0000001", "tmdb_id": 7}
    item = make.item(1, title='=Film; 1, "x" (1999)', data=data, wanted_by=("hand", "list:x"))
    reading = read(text([row(State.PENDING, item)]), f"films.{form}")
    ((film, wants),) = reading.films
    assert msgspec.to_builtins(film) == {
        "key": "letterboxd:1", "title": '=Film; 1, "x"', **data,
    }  # fmt: skip
    assert wants == ("hand", "list:x")
    assert reading.bad == []


@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_is_done_removed_or_skipped_there_is_not_wanted_again(read, form):
    skipped = make.item(4, permanent=True, last_error="skipped by hand")
    given_up = make.item(5, permanent=True, last_error="no seeders")
    films = [row(State.COMPLETED, make.item(1)), row(State.REMOVED, make.item(2)),
             row(State.ACTIVE, make.item(3)), row(State.FAILED, skipped),
             row(State.FAILED, given_up)]  # fmt: skip
    reading = read(as_csv(films) if form == "csv" else as_json(films), f"x.{form}")
    assert titles(reading) == ["Film 3 (1999)", "Film 5 (1999)"]
    assert reading.skipped == {"there already": 1, "removed": 1, "skipped by hand": 1}


def test_a_spreadsheet_may_have_saved_it_with_other_marks(read):
    text = as_csv([row(State.PENDING, make.item(1))]).replace(",", ";").replace("\r\n", "\n")
    assert titles(read(text.replace("1999;", "1999.0;"), "x.csv")) == ["Film 1 (1999)"]
    assert titles(read(b"\xef\xbb\xbf" + text.encode(), "x.csv")) == ["Film 1 (1999)"]


def test_a_queue_file_is_read_by_the_state_in_its_name(read):
    text = b"[" + msgspec.json.encode(make.item(1)) + b"]"
    assert titles(read(text, "queue_failed.json")) == ["Film 1 (1999)"]
    assert read(text, "queue_completed.json").skipped == {"there already": 1}


def test_files_of_the_earlier_program_are_read_under_any_name(read):
    film = {"id": 240344, "title": "Parasite", "slug": "parasite-2019", "year": 2019,
            "imdb_id": "tt6751668", "retry_count": 2}  # fmt: skip
    for name in ("queue_pending.json", "old films.json"):
        ((film_read, wants),) = read(json.dumps([film]), name).films
        assert (film_read.key, film_read.imdb_id) == ("letterboxd:240344", "tt6751668")
        assert wants == ("hand",)
    done = read(json.dumps([film]), "queue_completed.json.earlier")
    assert (done.films, done.skipped) == ([], {"there already": 1})


def test_what_radarr_has_or_does_not_look_for_is_left_out(read):
    reading = read(json.dumps([
        HEAT, HEAT | {"title": "Alien", "hasFile": True, "monitored": False},
        HEAT | {"title": "Aliens", "monitored": False}, {"hasFile": False},
    ]))  # fmt: skip
    assert titles(reading) == ["Heat (1995)"]
    assert reading.skipped == {"there already": 1, "not monitored": 1}
    assert reading.bad == ["film 4 has no title and no id"]


def test_radarrs_flags_count_in_a_table_too(read):
    text = "title,year,monitored,hasFile\nHeat,1995,True,False\nAlien,1979,True,True\n"
    reading = read(text, "radarr.csv")
    assert titles(reading) == ["Heat (1995)"]
    assert reading.skipped == {"there already": 1}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "watchlist.csv",
            "Date,Name,Year,Letterboxd URI\n2026-01-05,Heat,1995,https://boxd.it/1\n",
        ),
        ("imdb.csv", "Const,Title,Title Type,Year\ntt0113277,Heat,Movie,1995\n"),
        ("films.txt", "title,year\nHeat,1995\n"),
        ("films.json", '["Heat (1995)"]'),
        ("films.json", '{"movies": [{"title": "Heat", "year": 1995}]}'),
    ],
)
def test_lists_of_others_are_read_as_they_come(read, name, text):
    assert titles(read(text, name)) == ["Heat (1995)"]


def test_a_letterboxd_export_is_read_from_its_zip(tmp_path):
    path = tmp_path / "letterboxd-ann.zip"
    with zipfile.ZipFile(path, "w") as archive:
        text = "Date,Name,Year,Letterboxd URI\n2026-01-05,Heat,1995,https://boxd.it/1\n"
        archive.writestr("watchlist.csv", text)
    assert titles(read_file(path)) == ["Heat (1995)"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"year": 3}, "entry 1: 3 is no year of a film"),
        ({"year": "MCM"}, 'entry 1: "MCM" cannot be its year'),
        ({"imdb_id": "6751668"}, 'entry 1: "6751668" is no IMDb id'),
        ({"title": " \x00 "}, "entry 1: it has no title"),
        ({"state": "done"}, "entry 1: 'done' is not a valid State"),
    ],
)
def test_an_entry_that_cannot_be_right_is_named_and_hides_no_other(read, changes, told):
    good = {"id": "film:x", "title": "Heat", "year": 1995, "state": "pending"}
    reading = read(json.dumps([good | changes, good]))
    assert reading.bad == [told]
    assert titles(reading) == ["Heat (1995)"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "it is empty, without even a header; nothing was added"),
        (b"[{", "is no sound JSON"),
        (b"[" * 100_000, "is no sound JSON"),
        (b"\xff\xfe", "is not UTF-8 text; nothing was added"),
        (b"a,b\n1,2\n", "names no column for a title or an id; nothing was added"),
        (b"<html><body>x</body></html>", "it is a web page and no list; nothing was added"),
        (b"[1, 2]", "nothing was added"),
    ],
)
def test_what_is_no_list_of_films_is_told(read, text, told):
    with pytest.raises(FilesError) as caught:
        read(text)
    assert told in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["id", "title", "year", "state", "wanted_by", "imdb_id", "tmdb_id", "data",
                         "hasFile", "monitored", "slug", "kind", "movies", "x"]),
        inner | st.sampled_from(["film:a", "film:imdb:tt1234567", "pending", "completed"]),
        max_size=6),
    max_leaves=12,
)  # fmt: skip


@CASES
@given(st.lists(JSON, max_size=4) | JSON)
def test_any_json_is_read_or_told_of(read, document):
    try:
        reading = read(json.dumps(document))
    except MovieSyncError:
        return
    for film, wants in reading.films:
        assert film.title
        assert wants
        assert msgspec.convert(msgspec.to_builtins(film), type(film)) == film


@CASES
@given(st.binary(max_size=200) | st.text(max_size=200).map(
    lambda rest: f"id,title,state,year\n{rest}".encode(errors="replace")))  # fmt: skip
def test_any_bytes_are_read_or_told_of(read, text):
    for name in ("x.csv", "x.json", "x.zip", "queue_failed.json"):
        try:
            read(text, name)
        except MovieSyncError:
            continue
