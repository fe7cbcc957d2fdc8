import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.media_source import Source, TooMuch
from movie_sync.media_whole import claim, why_not

MIB = 1024**2


def box(name, length, *, large=False):
    if large:
        return struct.pack(">I4sQ", 1, name, length) + bytes(length - 16)
    return struct.pack(">I4s", length, name) + bytes(length - 8)


def ebml(length, content=b"", *, filler=b""):
    """A Matroska file that says its segment has this length; None leaves it open."""
    told = (1 << 56) - 1 if length is None else length
    segment = b"\x18\x53\x80\x67" + (1 << 56 | told).to_bytes(8, "big")
    return b"\x1a\x45\xdf\xa3\x84" + bytes(4) + filler + segment + content


def riff(name, length):
    return struct.pack("<4sI4s", b"RIFF", length, name) + bytes(length - 4)


def claim_of(content, cut=0):
    content = content[: len(content) - cut]
    return claim(lambda at, size: content[at : at + size], len(content))


FTYP, MOOV, MDAT = box(b"ftyp", 24), box(b"moov", 500), box(b"mdat", 9000)
WHOLE = {
    "mp4": FTYP + MDAT + MOOV,
    "mp4 for the web": FTYP + MOOV + box(b"free", 8) + MDAT,
    "mp4, large": FTYP + MOOV + box(b"mdat", 9000, large=True),
    "mp4 in pieces": FTYP + MOOV + (box(b"moof", 100) + box(b"mdat", 900)) * 9,
    "mkv": ebml(9000, bytes(9000)),
    "mkv with a filler": ebml(9000, bytes(9000), filler=b"\xec\x83" + bytes(3)),
    "avi": riff(b"AVI ", 9000),
    "avi, large": riff(b"AVI ", 9000) + riff(b"AVIX", 5000),
}


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
def test_a_whole_file_is_as_large_as_it_says(content):
    assert claim_of(content).size_bytes == len(content)


@pytest.mark.parametrize("content", WHOLE.values(), ids=WHOLE)
def test_one_that_breaks_off_says_how_large_it_was(content):
    assert claim_of(content, cut=400).size_bytes == len(content)


def test_what_follows_the_last_box_is_no_part_of_it():
    assert claim_of(WHOLE["mp4"] + b"TAG" + bytes(125)).size_bytes == len(WHOLE["mp4"])


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 100, b"\x47" + bytes(187), ebml(None, bytes(900)), b"FLV\x01" + bytes(90),
     b"RIFF\0\0\0\0AVI ", b"\0\0\0\x04ftyp" + bytes(90), b"\x1a\x45\xdf\xa3"],
    ids=["nothing", "zeros", "ts", "mkv that is recorded", "flv", "avi of no length",
         "mp4 of no length", "mkv without all"],
)  # fmt: skip
def test_some_files_do_not_say_how_large_they_are(content):
    assert claim_of(content) is None


@given(st.sampled_from([b"\x1a\x45\xdf\xa3", b"RIFF", b"\0\0\0\x18ftyp", b""]), st.binary())
def test_nothing_that_stands_in_a_file_is_too_much(begin, rest):
    told = claim_of(begin + rest)
    assert told is None or told.size_bytes >= 0


@pytest.fixture
def source(tmp_path):
    opened = []

    def make(content, size=None, **limits):
        path = tmp_path / "film.mkv"
        path.write_bytes(content)
        opened.append(path.open("r+b"))
        if size is not None:
            opened[-1].truncate(size)
        return Source(opened[-1].fileno(), **limits)

    yield make
    for file in opened:
        file.close()


@pytest.mark.parametrize(
    ("content", "duration_ms", "sentence"),
    [
        (WHOLE["mkv"], 5_520_000, None),
        (WHOLE["mkv"][:-5], 5_520_000, None),
        (WHOLE["mkv"][:300], 5_520_000,
         "it ends after about 3 of 92 min: 0.3 of 8.8 KiB of it are there"),
        (WHOLE["mkv"][:4500], 61_000,
         "it ends after about 30 of 61 s: 4.4 of 8.8 KiB of it are there"),
        (WHOLE["mkv"][:4500], None, "it breaks off: 4.4 of 8.8 KiB of it are there"),
        (WHOLE["avi"][:4500], 1000, "it breaks off: 4.4 of 8.8 KiB of it are there"),
        (WHOLE["mp4 for the web"][:300], 5_520_000,
         "it breaks off: 0.3 of 0.5 KiB of it are there"),
        (WHOLE["mp4"] + box(b"free", 900)[:90], 5_520_000, None),
        (WHOLE["mp4"][:4500], None, "it breaks off before its index, without which it cannot be "
         "played: 4.4 of 8.8 KiB of it are there"),
        (ebml(1 << 50, bytes(900)), 5_520_000,
         "it is damaged: it says that it is larger than any film"),
        (FTYP + MDAT, None, "the index is missing that says where its pictures are: it was not "
         "wholly written"),
        (b"\x47" * 2 * MIB + bytes(MIB), None,
         "its end is empty: it was not wholly loaded or copied"),
    ],
)  # fmt: skip
def test_a_person_is_told_what_is_missing(source, content, duration_ms, sentence):
    assert why_not(source(content), duration_ms) == sentence


def test_parts_that_were_never_written_are_missing(source):
    made = source(b"\x47" * MIB, size=100 * MIB)
    if made.written_bytes() == made.size_bytes:
        pytest.skip("this disk does not tell holes")
    assert why_not(made, None) == (
        "only 1.0 of 100.0 MiB of it were ever written: it was not wholly loaded or copied"
    )


def test_a_reader_gets_so_many_bytes_and_no_more(source):
    made = source(bytes(1000), most_bytes=600)
    made.read(500)
    with pytest.raises(TooMuch):
        made.read(200)


def test_a_reader_moves_in_the_file_as_it_likes(source):
    made = source(b"0123456789")
    assert (made.seek(-3, 2), made.read(9), made.seek(2), made.read(2)) == (7, b"789", 2, b"23")
    assert (made.tell(), made.seek(1, 1), made.read(1)) == (4, 5, b"5")
    with pytest.raises(ValueError, match="before the beginning"):
        made.seek(-11, 2)


def test_a_file_that_is_written_to_is_noticed(source, tmp_path):
    made = source(b"0123456789")
    assert not made.changed()
    with (tmp_path / "film.mkv").open("ab") as file:
        file.write(b"more")
    assert made.changed()
