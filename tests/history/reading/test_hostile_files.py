import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movie_sync.errors import FilesError
from movie_sync.history.reading import Problem, read_file
from movie_sync.history_models import Play, Rating, Wish
from tests.history.reading.files import BERLIN, NOW, episode, movie, zipped
from tests.history.reading.test_letterboxd import PARTS

ENTRIES = (Play, Rating, Wish, Problem)
CSV = b"title,year,season,episode,watched_at,rating,zone,imdb\nHeat,1995,1,2,2026-01-05,9,UTC,tt1\n"
JSON = b'[{"title": "Heat", "watched_at": "2026-01-05", "ids": {"imdb": "tt0113277"}}]'
TRAKT = {
    "watched-history-1.json": [movie(), episode()],
    "ratings-movies.json": [movie(rating=9)],
}


def read_or_refused(path):
    with suppress(FilesError):
        found = list(read_file(path, zone=BERLIN, now=NOW).entries)
        assert all(isinstance(entry, ENTRIES) for entry in found)
        return found
    return None


@pytest.mark.parametrize("files", [TRAKT, PARTS])
@pytest.mark.parametrize(
    ("step", "bytes_"),
    [(29, (0xFF,)), pytest.param(1, (0, 1, 0x80, 0xFF), marks=pytest.mark.slow)],
)
def test_a_zip_that_is_wrong_in_any_one_byte_is_read_or_refused(tmp_path, files, step, bytes_):
    path = zipped(tmp_path / "export.zip", files)
    good = path.read_bytes()
    for at in range(0, len(good), step):
        for byte in bytes_:
            path.write_bytes(good[:at] + bytes([good[at] ^ byte]) + good[at + 1 :])
            read_or_refused(path)


@pytest.mark.parametrize("files", [TRAKT, PARTS])
def test_a_zip_that_is_cut_is_refused(tmp_path, files):
    path = zipped(tmp_path / "export.zip", files)
    good = path.read_bytes()
    for length in range(0, len(good), 61):
        path.write_bytes(good[:length])
        assert read_or_refused(path) is None


@pytest.mark.parametrize(("name", "good"), [("a.csv", CSV), ("a.json", JSON)])
@pytest.mark.parametrize("examples", [15, pytest.param(2000, marks=pytest.mark.slow)])
def test_a_damaged_text_is_read_or_refused(tmp_path, name, good, examples):
    path = tmp_path / name

    @settings(max_examples=examples, database=None)
    @given(st.lists(st.tuples(st.integers(0, len(good) - 1), st.binary(max_size=3)), max_size=4))
    def read_or_refused_with(damages):
        data = bytearray(good)
        for at, piece in damages:
            data[at : at + 1] = piece
        path.write_bytes(data)
        read_or_refused(path)

    read_or_refused_with()


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
NAMES = (
    "type", "id", "movie", "show", "episode", "season", "title", "year", "ids", "watched_at",
    "rating", "rated_at", "listed_at", "last_watched_at", "seasons", "kind", "key", "zone", "what",
    "episode_ids", "number",
)  # fmt: skip


@pytest.mark.parametrize("name", ["watched-history-1.json", "watched-shows.json", "a.json"])
@pytest.mark.parametrize("examples", [8, pytest.param(500, marks=pytest.mark.slow)])
def test_any_json_is_read_or_told(tmp_path, name, examples):
    told = st.dictionaries(st.sampled_from(NAMES), JSON_VALUES, max_size=6)
    nested = st.dictionaries(st.sampled_from(NAMES), told | JSON_VALUES, max_size=6)

    @settings(max_examples=examples, database=None)
    @given(st.lists(nested, max_size=3))
    def all_is_told(items):
        if name == "a.json":
            path = tmp_path / name
            path.write_text(json.dumps(items))
        else:
            path = zipped(tmp_path / "export.zip", {name: items})
        found = read_or_refused(path)
        assert found is not None
        assert len(found) >= len(items)

    all_is_told()
