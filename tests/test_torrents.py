import hashlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.errors import BadAnswer
from movie_sync.torrents import LARGEST_BYTES, narrowed, read


def bencode(value):
    match value:
        case int():
            return b"i%de" % value
        case bytes():
            return b"%d:%s" % (len(value), value)
        case str():
            return bencode(value.encode())
        case list():
            return b"l" + b"".join(map(bencode, value)) + b"e"
        case dict():
            pairs = sorted(
                (key.encode() if isinstance(key, str) else key, value[key]) for key in value
            )
            return b"d" + b"".join(bencode(key) + bencode(each) for key, each in pairs) + b"e"
    raise TypeError(value)


def info(**changes):
    facts = {"name": "Film.1999.mkv", "piece length": 16384, "pieces": b"x" * 20, "length": 5}
    return {key: value for key, value in (facts | changes).items() if value is not None}


def torrent(**changes):
    return bencode({"announce": "http://127.0.0.1/announce", "info": info(**changes)})


def folder(*paths):
    return torrent(length=None, files=[{"length": 3, "path": path} for path in paths])


def test_one_file_is_read():
    found = read(torrent(private=1))
    assert found.files == (("Film.1999.mkv", 5),)
    assert (found.name, found.size_bytes, found.private) == ("Film.1999.mkv", 5, True)


def test_several_files_lie_in_a_folder_of_the_torrents_name():
    found = read(folder(["film.mkv"], ["Subs", "en.srt"]))
    assert found.files == (("Film.1999.mkv/film.mkv", 3), ("Film.1999.mkv/Subs/en.srt", 3))
    assert (found.size_bytes, found.private) == (6, False)


def test_the_handle_is_the_hash_of_the_bytes_as_they_came():
    raw = b"d6:lengthi5e4:name4:film12:piece lengthi16384e6:pieces20:" + b"x" * 20
    unsorted = raw + b"5:aaaaai0ee"
    found = read(b"d4:info" + unsorted + b"e")
    assert found.handle == hashlib.sha1(unsorted, usedforsecurity=False).hexdigest()


def test_padding_between_files_is_no_file():
    files = [
        {"length": 3, "path": ["film.mkv"]},
        {"length": 9, "path": [".pad", "9"], "attr": "p"},
    ]
    found = read(torrent(length=None, files=files))
    assert (found.files, found.size_bytes) == ((("Film.1999.mkv/film.mkv", 3),), 3)


def test_a_name_that_is_not_utf8_is_read_with_replacements():
    assert read(torrent(name=b"Am\xe9lie.mkv")).name == "Am\N{REPLACEMENT CHARACTER}lie.mkv"


def test_a_name_given_twice_is_taken_in_utf8():
    changes = {"name": b"Am\xe9lie.mkv", "name.utf-8": "Amélie.mkv"}
    assert read(bencode({"info": info() | changes})).name == "Amélie.mkv"


def test_a_line_end_behind_the_torrent_is_let_pass():
    assert read(torrent() + b"\r\n").handle == read(torrent()).handle


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<!DOCTYPE html><title>Login</title>", "sent a web page, not a torrent file"),
        (b"", "sent something else, not a torrent file"),
        (b"i5e", "sent something else, not a torrent file"),
        (torrent()[:46], "the torrent file breaks off, at byte 46"),
        (torrent()[:-1], "the torrent file breaks off, at byte 133"),
        (torrent() + b"x", "the torrent file has more bytes behind its end, at byte 134"),
        (b"de", "the torrent file has no info dictionary, at byte 2"),
        (b"d4:infoi1ee", "the torrent file has no info dictionary, at byte 11"),
        (b"d4:infod1:xi03eee", "the torrent file is not bencoded, at byte 11"),
        (b"d4:infodei1ee", "the torrent file is not bencoded, at byte 9"),
        (b"d1:x99:abce", "the torrent file breaks off, at byte 7"),
        (b"d4:infode4:infodee", "the torrent file gives a key twice, at byte 15"),
        (
            b"d4:info" + b"l" * 100 + b"e" * 101,
            "the torrent file is nested or long beyond reason, at byte 23",
        ),
        (torrent(name=None), "the torrent has a file without a name"),
        (torrent(pieces=None), "the torrent file lacks the hashes of its pieces"),
        (torrent(pieces=b"x" * 19), "the torrent file lacks the hashes of its pieces"),
        (torrent(length=-1), "the torrent has a file without a size"),
        (torrent(length=None), "the torrent has a file without a size"),
        (torrent(length=None, files=[]), "the torrent lists no files"),
        (torrent(length=None, files=["film.mkv"]), "the torrent's list of files is none"),
        (folder([]), "the torrent has a file without a name"),
        (
            torrent(**{"pieces": None, "meta version": 2, "file tree": {}}),
            "the torrent is of version 2 only; version 1 or both is needed",
        ),
    ],
)  # fmt: skip
def test_what_is_no_good_torrent_is_refused_with_the_place(data, message):
    with pytest.raises(BadAnswer) as raised:
        read(data, "filelist")
    assert str(raised.value) == f"filelist: {message}"


@pytest.mark.parametrize("name", ["", " ", ".", "..", "/etc/passwd", "a/b", "..\\b", "a\0b"])
def test_a_name_that_could_leave_its_folder_is_refused(name):
    for data in (torrent(name=name), folder(["Subs", name])):
        with pytest.raises(BadAnswer, match="unsafe name"):
            read(data)


def test_a_torrent_beyond_reason_is_not_even_read():
    with pytest.raises(BadAnswer, match="larger than 10 MiB"):
        read(b"d" + b"0" * LARGEST_BYTES)


@pytest.mark.slow
def test_millions_of_small_values_are_refused_early():
    with pytest.raises(BadAnswer, match="nested or long beyond reason"):
        read(b"d4:infol" + b"le" * 1_000_000 + b"ee")


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_be_refused(data):
    with pytest.raises(BadAnswer):
        read(data)


@given(st.integers(0, 133), st.binary(min_size=1, max_size=3))
def test_a_damaged_torrent_is_read_or_refused(at, damage):
    data = torrent()
    with suppress(BadAnswer):
        read(data[:at] + damage + data[at + len(damage) :])


@given(st.lists(st.tuples(st.text("abc é", min_size=1), st.integers(0, 2**40)), min_size=1))
def test_every_file_is_listed_with_its_size(listed):
    files = [{"length": size, "path": [f"x{name}"]} for name, size in listed]
    found = read(torrent(length=None, files=files))
    assert [size for _, size in found.files] == [size for _, size in listed]
    assert found.size_bytes == sum(size for _, size in listed)


PADDED = [
    {"length": 3, "path": ["film.mkv"]},
    {"length": 9, "path": [".pad", "9"], "attr": "p"},
    {"length": 3, "path": ["film.mp4"]},
    {"length": 1, "path": ["en.srt"]},
]


def test_a_narrowed_torrent_is_the_same_one_with_a_note_of_what_is_wanted():
    whole = torrent(length=None, files=PADDED)
    found = read(narrowed(whole, ["Film.1999.mkv/film.mkv", "Film.1999.mkv/en.srt"], []))
    assert found.wanted == (("Film.1999.mkv/film.mkv", 3), ("Film.1999.mkv/en.srt", 1))
    assert found.unwanted == {2}
    assert (found.handle, found.files) == (read(whole).handle, read(whole).files)
    assert (read(whole).wanted, read(whole).unwanted) == (read(whole).files, frozenset())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "then"),
    [
        ({}, [b"http://b/"]),
        ({"url-list": "http://a/"}, [b"http://b/", b"http://a/"]),
        ({"url-list": ["http://a/", "http://b/", ""]}, [b"http://b/", b"http://a/"]),
        ({"url-list": ""}, [b"http://b/"]),
    ],
)
def test_a_narrowed_torrent_names_further_places_to_load_it_from(given, then):
    whole = bencode({"zebra": [1, {}], "info": info()} | given)
    expected = {"info": info(), "movie-sync": {"unwanted": []}, "url-list": then, "zebra": [1, {}]}
    assert narrowed(whole, ["Film.1999.mkv"], ["http://b/"]) == bencode(expected)


@pytest.mark.parametrize("note", [7, {}, {"unwanted": 3}, {"unwanted": ["x", -1, []]}])
def test_a_note_of_another_form_means_nothing(note):
    assert read(bencode({"info": info(), "movie-sync": note})).unwanted == frozenset()


def test_only_a_good_torrent_is_narrowed():
    with pytest.raises(BadAnswer, match="sent a web page"):
        narrowed(b"<html>", [], [])
