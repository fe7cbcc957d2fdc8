"""What comes from outside with ill will: it ends in one sentence, soon, and writes nowhere."""

import io
import json
import logging
import time
import zipfile
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movie_sync import config, queue_files
from movie_sync.errors import BadAnswer, FilesError, MovieSyncError
from movie_sync.journal import read as read_journal
from movie_sync.log import PlainFormatter, Redactor
from movie_sync.models import State
from movie_sync.releases import read as read_release
from movie_sync.services import torznab_xml
from movie_sync.services.entries import Malformed, collect, read_csv
from movie_sync.services.feeds import read_feed
from movie_sync.services.letterboxd_export import read_export
from movie_sync.torrents import MOST_FILES
from movie_sync.torrents import read as read_torrent
from tests.test_torrents import bencode, folder, info, torrent

pytestmark = pytest.mark.slow

SOON_S = 30.0  # on a machine that stands still for seconds; each takes a part of one
HEADER = "Date,Name,Year,Letterboxd URI\n"


@contextmanager
def soon():
    began = time.monotonic()
    yield
    assert time.monotonic() - began < SOON_S


# Torrent files; names that climb out of their folder stand in test_torrents.py


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (folder(*([f"{n}.srt"] for n in range(MOST_FILES + 1))), "lists 5001 files"),
        (folder(*([f"{n}.srt"] for n in range(100_000))), "nested or long beyond reason"),
        (folder(["a"] * 150_000 + ["..", "x"]), "an unsafe name"),
        (torrent(name="x/../../y"), "an unsafe name"),
        (torrent(**{"name.utf-8": b"../up"}), "an unsafe name"),
        (folder(["Subs", b"..\xff/../x"]), "an unsafe name"),
        (b"d4:infod6:lengthi" + b"9" * 5000 + b"e4:name1:aee", "is not bencoded"),
        (b"d4:infod6:lengthi-0e4:name1:aee", "is not bencoded"),
        (b"d4:infod4:name999999999:aee", "breaks off"),
        (b"d4:infod4:name0000001:aee", "is not bencoded"),
        (b"d4:info" + b"d1:a" * 50_000 + b"e" * 50_001, "nested or long beyond reason"),
        (torrent(length=b"5"), "a file without a size"),
        (torrent(length=[1]), "a file without a size"),
        (torrent(length=None, files=[{"length": 1, "path": [["film.mkv"]]}]), "without a name"),
        (torrent(length=None, files={"a": 1}), "list of files is none"),
        (torrent(length=None, files=[{"path": ["a"], "attr": "l"}]), "a file without a size"),
    ],
    ids=range(16),
)
def test_a_hostile_torrent_is_refused_in_a_sentence(data, message):
    with soon(), pytest.raises(BadAnswer) as raised:
        read_torrent(data, "filelist")
    assert message in str(raised.value)
    assert len(str(raised.value)) < 200


def test_a_link_in_a_torrent_is_a_file_to_us_whatever_it_names():
    entry = {"length": 3, "path": ["film.mkv"], "attr": "l", "symlink path": ["..", "etc"]}
    found = read_torrent(torrent(length=None, files=[entry]))
    assert found.files == (("Film.1999.mkv/film.mkv", 3),)


@settings(database=None)
@given(st.dictionaries(st.sampled_from(sorted(info())), st.binary(max_size=9) | st.integers()))
def test_values_of_other_kinds_are_read_or_refused(changes):
    with suppress(BadAnswer):
        read_torrent(bencode({"info": info() | changes}))


# Lists


@pytest.mark.parametrize(
    "row",
    [
        f"x,{'9' * 5000},\n",
        f"x,{10**24},\n",
        "x,٣٤٥,\n",
        f"x,,https://www.themoviedb.org/movie/{'9' * 5000}\n",
        f"x,,https://www.themoviedb.org/movie/{10**24}\n",
        f"{'(' * 100_000},,\n",
        f"{'a (' * 40_000},,\n",
        f"x,,{'letterboxd.com/a' * 5000}\n",
        "../../etc/passwd\0,1,\n",
        "\u202egpj.exe,1,\n",
    ],
    ids=range(10),
)
def test_no_entry_of_a_list_is_more_than_the_journal_takes(row):
    with soon():
        found = collect(read_csv("Title,tmdbID,URL\n" + row))
    for film in found.films.values():
        assert (film.tmdb_id or 0) < 2**31
    assert all(len(sentence) < 200 for sentence in found.bad)


@pytest.mark.parametrize(
    "text",
    [
        "Title,Year\n" + '"' * 99_999,
        "Title,Year\n" + "x" * 200_000 + ",1999",
        "," * 100_000,
        "Title" + ",a" * 50_000 + "\n" + "x," * 50_000,
        "\0" * 1000,
        "Title\r" * 1000,
    ],
    ids=range(6),
)
def test_a_hostile_csv_is_read_or_refused_soon(text):
    with soon(), suppress(Malformed):
        collect(read_csv(text))


BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n + 1} "{f"&a{n or str()};" * 10}">' for n in range(9))
    + "]><rss><channel><item><title>&a9;</title></item></channel></rss>"
)
HOSTILE_XML = [
    BILLION_LAUGHS,
    '<!DOCTYPE r SYSTEM "file:///etc/passwd"><rss/>',
    '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
    "<rss>" * 100_000,
    "<rss><channel>" + "<a>" * 50_000 + "</a>" * 50_000 + "</channel></rss>",
    "<rss " + " ".join(f'a{n}="x"' for n in range(50_000)) + "/>",
    "<rss><channel><item><title>" + "a\n" * 1_000_000 + "</title></item></channel></rss>",
    "<rss><channel><item><title>" + "&amp;" * 500_000 + "</title></item></channel></rss>",
    "<rss><channel>" + "<item/>" * 20_000 + "</channel></rss>",
    "<rss>\0</rss>",
    "",
]


@pytest.mark.parametrize("text", HOSTILE_XML, ids=range(len(HOSTILE_XML)))
def test_a_hostile_feed_is_read_or_refused_soon(text):
    with soon(), suppress(Malformed):
        for entry in read_feed(text):
            assert all(len(value) <= 10_000 for value in entry.values.values())


@pytest.mark.parametrize("text", HOSTILE_XML, ids=range(len(HOSTILE_XML)))
def test_a_hostile_indexer_is_read_or_refused_soon(text):
    with soon(), suppress(torznab_xml.Malformed):
        torznab_xml.page(text.encode())
    with soon():
        torznab_xml.complaint(text.encode() + b"<error")


@pytest.mark.parametrize("text", HOSTILE_XML[:3], ids=range(3))
def test_a_document_type_is_refused_by_name(text):
    with pytest.raises(Malformed, match="document type"):
        list(read_feed(text))
    with pytest.raises(torznab_xml.Malformed, match="document type"):
        torznab_xml.page(text.encode())


# Zips, of which nothing is ever unpacked to a disk


def zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            archive.writestr(name, text)
    return out.getvalue()


GOOD_ZIP = zipped(("watchlist.csv", HEADER + "2026-01-05,Heat,1995,https://boxd.it/2b0k\n"))


@pytest.mark.parametrize(
    ("name", "films"),
    [
        ("watchlist.csv", 1),
        ("../watchlist.csv", 1),
        ("/watchlist.csv", 1),
        ("a/b/watchlist.csv", 0),
    ],
)
def test_a_zip_writes_nothing_wherever_its_names_lead(tmp_path, name, films):
    inner = tmp_path / "in" / "export.zip"
    inner.parent.mkdir()
    inner.write_bytes(zipped((name, HEADER + "2026-01-05,Heat,1995,https://boxd.it/2b0k\n")))
    with suppress(FilesError):
        assert len(read_export(inner).films) == films
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "export.zip"]


@settings(database=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD_ZIP) - 1), st.integers(0, 255)), max_size=4))
def test_a_damaged_zip_is_read_or_refused(tmp_path_factory, damages):
    data = bytearray(GOOD_ZIP)
    for at, byte in damages:
        data[at] = byte
    path = tmp_path_factory.getbasetemp() / "export.zip"
    path.write_bytes(data)
    with suppress(FilesError):
        read_export(path)


def test_a_zip_that_is_wrong_in_any_one_byte_is_read_or_refused(tmp_path):
    path = tmp_path / "export.zip"
    for at, right in enumerate(GOOD_ZIP):
        for byte in (0, 0xFF, right ^ 1, right ^ 0x80):
            path.write_bytes(GOOD_ZIP[:at] + bytes([byte]) + GOOD_ZIP[at + 1 :])
            with suppress(FilesError):
                read_export(path)


# Release names and log lines


@pytest.mark.parametrize(
    "name",
    [
        "(" * 20_000,
        "1999." * 5_000,
        "S01E01" * 3_000,
        "a" * 100_000,
        "\0\x1b]0;x\x07",
        "-" * 50_000,
    ],
    ids=range(6),
)
def test_a_hostile_release_name_is_read_soon(name):
    with soon():
        read_release(name)


def test_a_log_line_shows_marks_that_would_turn_it_round():
    line = logging.LogRecord("x", logging.INFO, "", 0, "Gone \u202e4pm.exe\u2028INFO ok", (), None)
    shown = PlainFormatter(Redactor(), with_time=False).format(line)
    assert shown == "INFO    Gone \\u202e4pm.exe\\u2028INFO ok"


# Our own files, as somebody else may have left them

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)
SETTINGS = st.dictionaries(
    st.sampled_from(
        ["username", "check_interval", "profile", "torznab", "versions", "qbittorrent", "lists"]
    ),
    ANY_JSON,
)


@settings(database=None, deadline=None)
@given(SETTINGS.map(json.dumps).map(str.encode) | st.binary(max_size=80))
def test_any_settings_are_loaded_with_problems_or_refused(tmp_path_factory, text):
    home = tmp_path_factory.getbasetemp()
    (home / "config.json").write_bytes(text)
    with suppress(MovieSyncError):
        config.load(home, {}, {})


@settings(database=None, deadline=None)
@given(
    st.lists(st.fixed_dictionaries({"id": ANY_JSON, "kind": ANY_JSON, "title": ANY_JSON}))
    .map(json.dumps)
    .map(str.encode)
    | st.binary(max_size=80)
)
def test_any_queue_file_and_journal_is_read_or_refused(tmp_path_factory, text):
    home = tmp_path_factory.getbasetemp()
    (home / "queue_pending.json").write_bytes(text)
    (home / "queue.journal").write_bytes(text)
    with suppress(MovieSyncError):
        queue_files.read(home, State.PENDING)
    with suppress(MovieSyncError):
        read_journal(home / "queue.journal")
