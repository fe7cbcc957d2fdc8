import codecs
import json
import stat

import pytest

from movie_sync import queue_files
from movie_sync.errors import QueueError
from movie_sync.models import State
from tests import make

PENDING = "queue_pending.json"


def write(folder, *items):
    return queue_files.write(folder, State.PENDING, map(queue_files.encode, items))


def read(folder):
    return queue_files.read(folder, State.PENDING)


def broken(folder, text):
    """What reading says of a file with this text."""
    (folder / PENDING).write_bytes(text)
    with pytest.raises(QueueError) as caught:
        read(folder)
    assert (folder / PENDING).read_bytes() == text
    return str(caught.value)


def line(number=1, **changes):
    return queue_files.encode(make.item(number, **changes))


def test_there_is_one_item_on_a_line(tmp_path):
    write(tmp_path, make.item(1), make.item(2, title="Dîner de cons (1998)"))
    lines = (tmp_path / PENDING).read_text().splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("[", "]", 4)
    assert [json.loads(line.rstrip(","))["title"] for line in lines[1:3]] == [
        "Film 1 (1999)",
        "Dîner de cons (1998)",
    ]


@pytest.mark.parametrize("count", [0, 1, 2, queue_files.CHUNK, queue_files.CHUNK + 1, 4500])
def test_any_number_of_items_is_written_and_read(tmp_path, count):
    items = [make.item(number) for number in range(count)]
    write(tmp_path, *items)
    assert read(tmp_path) == items
    assert len(json.loads((tmp_path / PENDING).read_text())) == count


def test_every_field_comes_back(tmp_path):
    item = make.item(
        priority=3, attempts=2, searches=1, claims=1, retry_at=make.NOON, permanent=True,
        last_error='no "one"\n', step="searching", handle="a" * 40, progress=0.25,
        completed_at=make.NOON, removed_at=make.NOON, seq=7, pos=9, data={"a": [1, {"b": None}]},
    )  # fmt: skip
    write(tmp_path, item)
    assert read(tmp_path) == [item]


def test_what_is_as_usual_is_left_out():
    assert json.loads(line()) == {
        "id": "film:letterboxd:1",
        "kind": "film",
        "title": "Film 1 (1999)",
        "wanted_by": ["letterboxd:alice"],
        "added_at": "2026-01-05T12:00:00Z",
        "data": {"year": 1999},
    }


def test_the_file_and_the_one_before_it_are_for_their_owner_only(tmp_path):
    write(tmp_path)
    write(tmp_path, make.item())
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {PENDING: 0o600, PENDING + "~": 0o600}


def test_the_file_before_stays_beside_it(tmp_path):
    write(tmp_path, make.item(1))
    write(tmp_path, make.item(2))
    (tmp_path / (PENDING + "~")).replace(tmp_path / PENDING)
    assert read(tmp_path) == [make.item(1)]


def test_no_file_at_all_is_an_empty_queue(tmp_path):
    assert read(tmp_path) == []


def test_a_file_that_went_missing_is_not_an_empty_queue(tmp_path):
    write(tmp_path, make.item(1))
    write(tmp_path, make.item(2))
    (tmp_path / PENDING).unlink()
    with pytest.raises(QueueError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        "queue_pending.json is gone, but queue_pending.json~ is there; nothing was started; go "
        'back with "queue restore-file pending", or delete queue_pending.json~ too to begin with '
        "an empty queue"
    )


WHOLE = b"[\n" + line(1) + b",\n" + line(2) + b"\n]\n"
DAMAGES = {
    b"": "it is empty, where at least [] should be",
    b" \n": "it is empty, where at least [] should be",
    b"\0" * 4096: "it holds nothing but zeros, as after a power cut",
    WHOLE[:300] + b"\0" * 90: "line 3, column 145: Invalid control character at",
    WHOLE[:-20]: "line 3, column 132: Unterminated string starting at",
    WHOLE[:200]: "line 3, column 41: Unterminated string starting at",
    b"[\n" + line(1) + b"\n" + line(2) + b"\n]\n": "line 3, column 1: Expecting ',' delimiter",
    WHOLE + b"x": "line 5, column 1: Extra data",
    WHOLE.replace(b"Film 2", b"Fil\xe9 2"): "line 3, column 53 is not UTF-8 text",
    WHOLE.decode().encode("utf-16"): "line 1, column 1 is not UTF-8 text",
    b"{}": "it must be a list, and is an object, as {...}, where a list of items should be",
    b"[1]": "line 1, item 1 (without an id): it must be an object, as {...}, and is a whole number",
    b"[NaN]": "line 1, column 2: invalid character",
    b"[" * 100_000: "it is nested too deeply",
    WHOLE[:-3] + b",\n]": "line 4, column 1: there is a comma too many before this",
    WHOLE.replace(b'"kind":"film",', b"", 1): "line 2, item 1 (film:letterboxd:1): "
    "its field 'kind' is missing",
    WHOLE.replace(b'"Film 2 (1999)"', b"2"): "line 3, item 2 (film:letterboxd:2) in 'title': "
    "it must be text, and is a whole number",
    WHOLE.replace(b'["letterboxd:alice"]', b"[7]", 1): "line 2, item 1 (film:letterboxd:1) in "
    "'wanted_by[0]': it must be text, and is a whole number",
    WHOLE.replace(b"12:00:00Z", b"12:00:00"): "line 2, item 1 (film:letterboxd:1) in 'added_at': "
    "it must be a time with its zone, such as 2026-01-05T12:00:00Z",
    WHOLE.replace(b"2026-01-05T12:00:00Z", b"today"): "line 2, item 1 (film:letterboxd:1) in "
    "'added_at': it must be a time with its zone, such as 2026-01-05T12:00:00Z",
    WHOLE.replace(b'"kind"', b'"state":"done","kind"'): "line 2, item 1 (film:letterboxd:1): "
    "this version knows no field 'state'; a newer one may have written it",
    WHOLE.replace(b"film:letterboxd:2", b"film:letterboxd:1"): "film:letterboxd:1 is there twice, "
    "in line 2 and in line 3",
    WHOLE.replace(b"film:letterboxd:2", b""): "line 3, item 2 (Film 2 (1999)): its id is empty",
    WHOLE.replace(b'"kind"', b'"seq":-1,"kind"'): "line 2, item 1 (film:letterboxd:1) in 'seq': "
    "-1 cannot be",
    WHOLE.replace(b'"kind"', b'"pos":9007199254740993,"kind"'): "line 2, item 1 "
    "(film:letterboxd:1) in 'pos': 9007199254740993 cannot be",
}


@pytest.mark.parametrize(("text", "what"), DAMAGES.items(), ids=range(len(DAMAGES)))
def test_damage_is_told_with_its_place_and_never_an_empty_queue(tmp_path, text, what):
    told = f"queue_pending.json: {what}; nothing was started and nothing changed; mend it"
    assert broken(tmp_path, text) == told


def test_the_way_back_is_told_where_there_is_one(tmp_path):
    write(tmp_path, make.item(1))
    write(tmp_path, make.item(2))
    assert broken(tmp_path, b"[").endswith(
        '; mend it, or go back with "queue restore-file pending"'
    )


def test_a_mark_before_the_text_is_no_fault(tmp_path):
    (tmp_path / PENDING).write_bytes(codecs.BOM_UTF8 + WHOLE)
    assert read(tmp_path) == [make.item(1), make.item(2)]


def test_a_file_too_large_for_any_queue_is_not_even_read(tmp_path):
    with (tmp_path / PENDING).open("wb") as file:
        file.truncate(queue_files.LARGEST_BYTES * 3)
    with pytest.raises(QueueError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        "queue_pending.json cannot be read (it is of 3.0 GiB, and no queue is so large); nothing "
        "was started"
    )


@pytest.mark.slow
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("seed", [b"\0", b"[", b" ", b"a", b'{"id":', b"\xff"], ids=repr)
def test_a_hundred_megabytes_of_anything_are_told_in_seconds(tmp_path, state, seed):
    (tmp_path / f"queue_{state}.json").write_bytes(seed * (10**8 // len(seed)))
    with pytest.raises(QueueError, match=f"queue_{state}.json: .*; nothing was started"):
        queue_files.read(tmp_path, state)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / PENDING).mkdir()
    with pytest.raises(QueueError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        "queue_pending.json cannot be read (Is a directory); nothing was started"
    )


@pytest.fixture
def real(tmp_path):
    """A queue file that is a link to one elsewhere."""
    real = tmp_path / "elsewhere" / "films.json"
    real.parent.mkdir()
    (tmp_path / PENDING).symlink_to(real)
    return real


def test_a_link_is_followed_and_stays_one(tmp_path, real):
    real.write_bytes(b"[]")
    write(tmp_path, make.item())
    assert (tmp_path / PENDING).is_symlink()
    assert [item.id for item in queue_files.parse(real.read_bytes())] == [make.item().id]
    assert queue_files.previous_of(tmp_path / PENDING).read_bytes() == b"[]"


def test_a_link_to_a_disk_that_is_not_there_is_not_an_empty_queue(tmp_path, real):
    with pytest.raises(QueueError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        f"queue_pending.json is a link to {real}, and that is not there; nothing was started; "
        "is its disk mounted?"
    )


def test_a_text_is_read_with_the_stamp_that_belongs_to_it(tmp_path):
    path = tmp_path / PENDING
    write(tmp_path, make.item())
    text, stamp = queue_files.read_settled(path)
    assert (text, stamp) == (path.read_bytes(), queue_files.stamp_of(path))


def test_an_edit_put_aside_is_for_its_owner_only(tmp_path):
    aside = queue_files.put_aside(tmp_path / PENDING, b"mine", "invalid", "20260105T120000")
    assert aside.name == "queue_pending.json.invalid-20260105T120000"
    assert (aside.read_bytes(), stat.S_IMODE(aside.stat().st_mode)) == (b"mine", 0o600)
