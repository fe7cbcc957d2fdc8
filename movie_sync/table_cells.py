"""What people's tables hold, cell by cell: rows of CSV, names of columns, years and ids. Pure.

Nothing here knows what a table is about. A cell that a spreadsheet would take for a formula gets
a ' in front when it is written, and loses it again when it is read.
"""

import csv
import re
from collections.abc import Iterable, Iterator

LONGEST_SHOWN = 60
YEARS = range(1870, 2101)
NOTHING = {"", "0", "null", "none", "nan", "n/a", r"\n"}

# Also behind a quote, so that what began with one keeps it; wide forms count for a spreadsheet too.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_MADE_SAFE = re.compile("'+[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_IMDB = re.compile(r"(?:.*imdb\.com/title/)?(tt\d{7,10})(?:\D.*)?")
_IMDB_NUMBER = re.compile(r"[0-9]{1,10}")
_YEAR = re.compile(r"(\d{4})(?:\.0)?")


class Malformed(Exception):
    """An entry, or the whole text, holds nothing that can be read; the message says why."""


def rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str] | str]]:
    """Each row with the number of its first line; in place of one that cannot be read, why.

    Whichever of , ; and tab is most in the first line divides the columns. Empty rows are left
    out. A quote that is never closed costs its own line alone: those after it are read again.
    """
    source = _Lines(iter(lines))
    reader = csv.reader(source, delimiter=source.delimiter(), strict=True)
    while True:
        first = source.begin_row()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            source.read_again()
            yield first, f"cannot be read: {error}"
            continue
        if any(cell.strip() for cell in row):
            yield first, row


class _Lines(Iterator[str]):
    """Lines that can be had again from the second one of the row in hand on."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: list[str] = []  # the next one last
        self._row: list[str] = []
        self._before = 0  # lines before the row in hand

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self._row.append(line)
        return line

    def delimiter(self) -> str:
        first = next(self._lines, None)
        if first is None:
            return ","
        self._again.append(first)
        return max(",;\t", key=first.count)

    def begin_row(self) -> int:
        self._before += len(self._row)
        self._row = []
        return self._before + 1

    def read_again(self) -> None:
        self._again += reversed(self._row[1:])
        del self._row[1:]


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unsafe(cell: str) -> str:
    """The cell as it was before `safe`."""
    return cell[1:] if _MADE_SAFE.match(cell) else cell


def plain(name: str) -> str:
    """A column's name without case, spaces and signs."""
    return re.sub(r"[\W_]", "", name).casefold()


def squeezed(value: object) -> str:
    """What a cell or a JSON value says as text; nothing for what is none."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(str(value).split())


def year_of(text: str) -> int | None:
    """Raises Malformed."""
    if text.casefold() in NOTHING:
        return None
    found = _YEAR.fullmatch(text)
    if not found or int(found[1]) not in YEARS:
        raise Malformed(f'has the year "{text[:LONGEST_SHOWN]}"')
    return int(found[1])


def imdb_id_of(text: str) -> str | None:
    """Of an id, its number alone, or an address. Raises Malformed."""
    if text.casefold() in NOTHING:
        return None
    found = f"tt{text:0>7}" if _IMDB_NUMBER.fullmatch(text) else imdb_id_in(text)
    if not found:
        raise Malformed(f'has the IMDb id "{text[:LONGEST_SHOWN]}"')
    return found


def imdb_id_in(text: str) -> str | None:
    found = _IMDB.fullmatch(text)
    return found[1] if found else None
