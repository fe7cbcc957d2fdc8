"""What a torrent file holds, read without trusting it.

Anything may come in place of one: a page of HTML, half a file, names that climb out of their
folder. The one thing to know: the info-hash is computed over the very bytes of the file, never
over a copy written anew. Source: BEP 3, 19, 47 and 52 at https://www.bittorrent.org/beps/.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha1
from typing import Any, NoReturn

from msgspec import Struct

from movie_sync.errors import BadAnswer

LARGEST_BYTES = 10 * 1024**2  # a film's torrent file has some 100 KiB
MOST_VALUES = 200_000
MOST_FILES = 5_000  # a film on a disc with menus has some 1,000
DEEPEST = 16  # a real one nests 4 deep
OURS = b"movie-sync"  # beside the info dictionary, where other programs pass over it

_INTEGER = re.compile(rb"i(0|-?[1-9][0-9]{0,18})e")
_LENGTH = re.compile(rb"(0|[1-9][0-9]{0,8}):")


class TorrentFile(Struct, frozen=True, kw_only=True):
    """The facts of a torrent file. Paths are as a client makes them below its save folder."""

    handle: str  # the v1 info-hash, 40 lower-case hexadecimal digits
    name: str
    files: tuple[tuple[str, int], ...]  # path with "/", size in bytes; padding left out
    size_bytes: int
    private: bool
    # What `narrowed` left of it: those files, and the places of others, padding counted too.
    wanted: tuple[tuple[str, int], ...] = ()
    unwanted: frozenset[int] = frozenset()


def read(torrent: bytes, source: str = "torrent") -> TorrentFile:
    """Check and read a torrent file; `source` is whom an error names.

    Raises:
        BadAnswer: it is none, is damaged, is of version 2 only, or holds unsafe names.
    """
    if len(torrent) > LARGEST_BYTES:
        raise BadAnswer(source, f"the torrent file is larger than {LARGEST_BYTES >> 20} MiB")
    reader = _Reader(torrent.rstrip(b"\r\n"), source)
    whole, info, raw = reader.torrent()
    name = _safe(_text(info, b"name"), source)
    listed, unwanted = _files(info, name, source), _unwanted(whole)
    files = tuple(listed.values())
    if not files:
        raise BadAnswer(source, "the torrent lists no files")
    return TorrentFile(
        # BEP 3 names files by SHA-1; nothing is kept safe by it here.
        handle=sha1(raw, usedforsecurity=False).hexdigest(),
        name=name,
        files=files,
        size_bytes=sum(size_bytes for _, size_bytes in files),
        private=info.get(b"private") == 1,
        wanted=tuple(file for at, file in listed.items() if at not in unwanted),
        unwanted=unwanted,
    )


def narrowed(
    torrent: bytes, wanted: Collection[str], web_seeds: Iterable[str], source: str = "torrent"
) -> bytes:
    """The same torrent with a note for `read` that only these files of it need be loaded, and
    with further addresses below which they can be had over HTTP.

    Raises:
        BadAnswer: as `read` does.
    """
    data = torrent.rstrip(b"\r\n")
    reader = _Reader(data, source)
    whole, info, _ = reader.torrent()
    listed = _files(info, _safe(_text(info, b"name"), source), source)
    values = {key: data[start:end] for key, (start, end) in reader.spans.items()}
    given = whole.get(b"url-list", b"")  # one, or a list of them
    known = [each for each in (given if isinstance(given, list) else [given]) if each]
    seeds = [each.encode() for each in web_seeds]
    values[b"url-list"] = _coded([*seeds, *(each for each in known if each not in seeds)])
    unwanted = [at for at, (path, _) in listed.items() if path not in wanted]
    values[OURS] = _coded({b"unwanted": unwanted})
    return b"d%be" % b"".join(_coded(key) + values[key] for key in sorted(values))


class _Reader:
    """Takes bencoded values from bytes, one after the other."""

    def __init__(self, data: bytes, source: str) -> None:
        self._data, self._source = data, source
        self._at = 0
        self._values = 0
        self.spans: dict[bytes, tuple[int, int]] = {}  # of the torrent's own values

    def torrent(self) -> tuple[dict[bytes, Any], dict[bytes, Any], bytes]:
        """The whole, its info dictionary, and the bytes that this was read from."""
        if not self._data.startswith(b"d"):
            kind = "a web page" if self._data[:64].lstrip().startswith(b"<") else "something else"
            raise BadAnswer(self._source, f"sent {kind}, not a torrent file")
        whole = self._dictionary(0, self.spans)
        if self._at != len(self._data):
            self._damaged("has more bytes behind its end")
        info = whole.get(b"info")
        if not isinstance(info, dict):
            self._damaged("has no info dictionary")
        start, end = self.spans[b"info"]
        return whole, info, self._data[start:end]

    def _value(self, depth: int) -> Any:
        self._values += 1
        if depth > DEEPEST or self._values > MOST_VALUES:
            self._damaged("is nested or long beyond reason")
        match self._data[self._at : self._at + 1]:
            case b"i":
                return int(self._token(_INTEGER))
            case b"l":
                return self._list(depth)
            case b"d":
                return self._dictionary(depth, {})
            case b"":
                return self._damaged("breaks off")
            case _:
                return self._string()

    def _list(self, depth: int) -> list[Any]:
        values = []
        self._at += 1
        while not self._ended():
            values.append(self._value(depth + 1))
        return values

    def _dictionary(self, depth: int, spans: dict[bytes, tuple[int, int]]) -> dict[bytes, Any]:
        """Keys out of order are let pass, as clients do; a key given twice is not."""
        values: dict[bytes, Any] = {}
        self._at += 1
        while not self._ended():
            key = self._string()
            if key in values:
                self._damaged("gives a key twice")
            start = self._at
            values[key] = self._value(depth + 1)
            spans[key] = start, self._at
        return values

    def _ended(self) -> bool:
        if self._data[self._at : self._at + 1] != b"e":
            return False
        self._at += 1
        return True

    def _string(self) -> bytes:
        length = int(self._token(_LENGTH))
        text = self._data[self._at : self._at + length]
        if len(text) < length:
            self._damaged("breaks off")
        self._at += length
        return text

    def _token(self, pattern: re.Pattern[bytes]) -> bytes:
        match = pattern.match(self._data, self._at)
        if not match:
            self._damaged("breaks off" if self._at >= len(self._data) else "is not bencoded")
        self._at = match.end()
        return match[1]

    def _damaged(self, how: str) -> NoReturn:
        raise BadAnswer(self._source, f"the torrent file {how}, at byte {self._at}")


def _files(info: dict[bytes, Any], name: str, source: str) -> dict[int, tuple[str, int]]:
    """Path and size of each file that clients write, by its place in the list."""
    pieces = info.get(b"pieces")
    if pieces is None and info.get(b"meta version") == 2:
        raise BadAnswer(source, "the torrent is of version 2 only; version 1 or both is needed")
    if not isinstance(pieces, bytes) or not pieces or len(pieces) % 20:
        raise BadAnswer(source, "the torrent file lacks the hashes of its pieces")
    if b"files" not in info:
        return {0: (name, _size(info, source))}
    listed = info[b"files"]
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise BadAnswer(source, "the torrent's list of files is none")
    if len(listed) > MOST_FILES:
        most = f"{len(listed)} files, and no film has more than {MOST_FILES}"
        raise BadAnswer(source, f"the torrent lists {most}")
    return {
        at: ("/".join((name, *_path(entry, source))), _size(entry, source))
        for at, entry in enumerate(listed)
        if not _is_padding(entry)
    }


def _unwanted(whole: dict[bytes, Any]) -> frozenset[int]:
    """What `narrowed` noted; nothing, where it is not of that form."""
    note = whole.get(OURS)
    places = note.get(b"unwanted") if isinstance(note, dict) else None
    return frozenset(filter(_is_place, places)) if isinstance(places, list) else frozenset()


def _is_place(value: object) -> bool:
    return isinstance(value, int) and value >= 0


def _coded(value: bytes | int | list[Any] | Mapping[bytes, Any]) -> bytes:
    match value:
        case bytes():
            return b"%d:%b" % (len(value), value)
        case int():
            return b"i%de" % value
        case list():
            return b"l%be" % b"".join(map(_coded, value))
        case _:
            return b"d%be" % b"".join(_coded(key) + _coded(value[key]) for key in sorted(value))


def _is_padding(entry: dict[bytes, Any]) -> bool:
    """Filler between files of a torrent of both versions (BEP 47); clients do not write it."""
    attributes = entry.get(b"attr")
    return isinstance(attributes, bytes) and b"p" in attributes


def _path(entry: dict[bytes, Any], source: str) -> list[str]:
    parts = _text(entry, b"path")
    if not isinstance(parts, list) or not parts:
        raise BadAnswer(source, "the torrent has a file without a name")
    return [_safe(part, source) for part in parts]


def _text(entry: dict[bytes, Any], key: bytes) -> Any:
    """Old makers wrote a name twice, once in their own code page; clients prefer the other."""
    return entry.get(key + b".utf-8", entry.get(key))


def _safe(part: object, source: str) -> str:
    """One part of a path as text; bytes that are not UTF-8 become U+FFFD."""
    if not isinstance(part, bytes):
        raise BadAnswer(source, "the torrent has a file without a name")
    text = part.decode("utf-8", "replace")
    if text.strip() in ("", ".", "..") or any(char in text for char in "/\\\0"):
        raise BadAnswer(source, f"the torrent has a file of an unsafe name: {text[:60]!r}")
    return text


def _size(entry: dict[bytes, Any], source: str) -> int:
    size_bytes = entry.get(b"length")
    if not isinstance(size_bytes, int) or size_bytes < 0:
        raise BadAnswer(source, "the torrent has a file without a size")
    return size_bytes
