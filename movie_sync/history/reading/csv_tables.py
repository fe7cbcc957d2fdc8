"""A CSV file with a line of column names, row by row. What the columns mean is others' business."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from movie_sync.table_cells import Malformed, plain, rows, squeezed, unsafe

Row = dict[str, str]  # by plain names of columns: "watchedat"
Rows = Iterable[tuple[str, Row | str]]  # the place of each, and its cells or what is wrong with it


class Table(Struct, frozen=True):
    header: tuple[str, ...]  # as it is written
    columns: tuple[str, ...]  # the plain names of it
    rows: Iterator[tuple[str, Row | str]]


def table(lines: Iterable[str], name: str) -> Table:
    """Raises Malformed where there is no header. What is not UTF-8 ends the rows, and says so."""
    found = _sound(lines)
    _, header = next(found, (0, ""))
    if isinstance(header, str):
        raise Malformed("has no first line with names of columns that can be read")
    columns = tuple(plain(column) for column in header)
    return Table(tuple(header), columns, _rows(found, columns, name))


def _sound(lines: Iterable[str]) -> Iterator[tuple[int, list[str] | str]]:
    line = 0
    try:
        for line, row in rows(lines):
            yield line, f"{row}; it was left out" if isinstance(row, str) else row
    except UnicodeDecodeError:
        yield line + 1, "is not UTF-8 text; it and what follows were not read"


def _rows(
    found: Iterator[tuple[int, list[str] | str]], columns: tuple[str, ...], name: str
) -> Iterator[tuple[str, Row | str]]:
    for line, row in found:
        place = f"{name}, line {line}"
        if isinstance(row, str):
            yield place, row
        elif len(row) != len(columns):
            yield place, f"has {len(row)} of {len(columns)} columns; it was left out"
        else:
            told = (squeezed(unsafe(cell)) for cell in row)
            yield place, dict(zip(columns, told, strict=True))
