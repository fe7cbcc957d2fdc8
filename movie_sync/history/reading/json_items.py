"""The items of a JSON array, one after another, however long it is.

Of an array of 100,000 plays only a piece lies in memory. What breaks off costs the rest of its
file, and never what came before.
"""

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any

from movie_sync.table_cells import Malformed

PIECE_BYTES = 128 * 1024
LONGEST_ITEM = 4 * 1024**2  # characters; a play has about 500

_BLANK = " \t\r\n"
_DECODER = json.JSONDecoder()


def items(file: IO[bytes]) -> Iterator[Any]:
    """Raises Malformed where the text is no array, or breaks off within it."""
    text = _Text(file)
    if text.next_sign() != "[":
        raise Malformed("is no JSON list")
    text.at += 1
    if text.next_sign() == "]":
        text.at += 1
        return _ended(text)
    while True:
        yield text.next_value()
        sign = text.next_sign()
        text.at += 1
        if sign == "]":
            return _ended(text)
        if sign != ",":
            raise Malformed("breaks off" if not sign else f'has "{sign}" where "," is due')


def _ended(text: "_Text") -> None:
    if text.next_sign():
        raise Malformed("goes on after its end")


class _Text:
    """A file's text from `at` on, as much of it as is needed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._whole = False
        self.buffer, self.at = "", 0

    def next_sign(self) -> str:
        """The next character that is no blank, which stays; nothing at the end."""
        while True:
            while self.at < len(self.buffer):
                if (sign := self.buffer[self.at]) not in _BLANK:
                    return sign
                self.at += 1
            if not self._more():
                return ""

    def next_value(self) -> Any:
        """Raises Malformed."""
        self.next_sign()
        while True:
            try:
                value, end = _DECODER.raw_decode(self.buffer, self.at)
            except json.JSONDecodeError as error:
                if len(self.buffer) - self.at > LONGEST_ITEM or not self._more():
                    raise Malformed(f"is no sound JSON ({error.msg})") from error
                continue
            except RecursionError as error:
                raise Malformed("is no sound JSON (too deep)") from error
            # A number may go on in the next piece.
            if end < len(self.buffer) or not self._more():
                self.at = end
                return value

    def _more(self) -> bool:
        if self._whole:
            return False
        piece = self._file.read(PIECE_BYTES)
        self._whole = not piece
        try:
            new = self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            raise Malformed("is not UTF-8 text") from error
        self.buffer, self.at = self.buffer[self.at :] + new, 0
        return True
