import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync import export_queues
from movie_sync.errors import FilesError
from movie_sync.export_queues import COLUMNS, as_csv, as_json, row, rows, write
from movie_sync.models import State
from movie_sync.queues import QueueManager
from movie_sync.table_cells import safe, unsafe
from tests import make


def read_back(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_film_is_a_flat_row():
    data = {"year": 1999, "imdb_id": "tt0000001", "tmdb_id": 7, "path": "/films/Film 1.mkv"}
    item = make.item(1, data={**data, "release": {"name": "Film.1.1080p"}}, attempts=2)
    (cells,) = read_back(as_csv([row(State.COMPLETED, item)]))
    assert list(cells) == list(COLUMNS)
    assert cells == {
        **dict.fromkeys(COLUMNS, ""), "id": item.id, "title": "Film 1", "year": "1999",
        "imdb_id": "tt0000001", "tmdb_id": "7", "state": "completed", "attempts": "2",
        "wanted_by": "letterboxd:alice", "added_at": "2026-01-05T12:00:00Z",
        "path": "/films/Film 1.mkv", "release": "Film.1.1080p",
    }  # fmt: skip


def test_json_has_one_film_on_a_line():
    text = as_json(row(State.PENDING, make.item(number)) for number in (1, 2))
    assert len(text.splitlines()) == 4
    assert [film["title"] for film in json.loads(text)] == ["Film 1", "Film 2"]
    assert json.loads(as_json([])) == []


def test_the_queues_are_told_in_their_order_and_only_their_films(tmp_path):
    queue = QueueManager(tmp_path, idle_s=60)
    queue.put_many([make.item(1), make.item(2, priority=1), make.item(3, kind="errand")])
    queue.complete("film:letterboxd:1")
    queue.close()
    told = [(film.state, film.title) for film in rows(tmp_path)]
    assert told == [("pending", "Film 2"), ("completed", "Film 1")]
    assert [film.title for film in rows(tmp_path, [State.COMPLETED])] == ["Film 1"]


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("=IMPORTDATA(A1)", "'=IMPORTDATA(A1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM", "'@SUM"),
        ("\tx", "'\tx"),
        ("'=x", "''=x"),
        ("'71", "'71"),
        ("(500) Days", "(500) Days"),
        ("\uff1d1", "'\uff1d1"),
    ],
)
def test_no_cell_is_taken_for_a_formula(title, cell):
    assert safe(title) == cell
    assert unsafe(cell) == title


@given(st.text())
def test_every_cell_is_read_back_as_it_was(text):
    assert unsafe(safe(text)) == text
    assert not safe(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_title_survives_the_table(title):
    (cells,) = read_back(as_csv([row(State.PENDING, make.item(title=title))]))
    assert unsafe(cells["title"]) == title.removesuffix(" (1999)")


def test_an_export_takes_the_place_of_another_one_and_of_nothing_else(tmp_path):
    for form in export_queues.FORMATS:
        path = tmp_path / f"films.{form}"
        for films in ([], [row(State.PENDING, make.item())], []):
            write(path, export_queues.text(films, form))
    other = tmp_path / "config.json"
    other.write_text('{"username": "ann"}')
    with pytest.raises(FilesError, match="is there, and is no export; nothing was written"):
        write(other, "[]\n")
    assert other.read_text() == '{"username": "ann"}'
