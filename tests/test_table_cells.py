import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.table_cells import Malformed, imdb_id_of, rows, safe, unsafe, year_of


def read(text):
    return list(rows(io.StringIO(text, newline="")))


def test_each_row_has_the_number_of_its_first_line():
    assert read('a,b\r\n"x\r\ny",2\r\n\r\n3,4\r\n') == [
        (1, ["a", "b"]), (2, ["x\r\ny", "2"]), (5, ["3", "4"]),
    ]  # fmt: skip


@pytest.mark.parametrize("divider", [",", ";", "\t"])
def test_whichever_divides_the_first_line_divides_all(divider):
    assert read(f"a{divider}b\n1{divider}2,5\n")[1:] in (
        [(2, ["1", "2,5"])], [(2, ["1", "2", "5"])],
    )  # fmt: skip


def test_no_text_has_no_rows():
    assert read("") == []
    assert read("\n \n") == []


def test_a_quote_that_is_never_closed_costs_its_line_alone():
    assert read('a,b\n1,"2\n3,4\n5,6\n') == [
        (1, ["a", "b"]),
        (2, "cannot be read: unexpected end of data"),
        (3, ["3", "4"]),
        (4, ["5", "6"]),
    ]


def test_a_cell_that_goes_on_for_ever_costs_its_line_alone():
    long = "\n".join(["x" * 1000] * 200)
    found = read(f'a\n"{long}\n1\n')
    assert found[1] == (2, "cannot be read: field larger than field limit (131072)")
    assert found[-1] == (202, ["1"])
    assert len(found) == 202


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=("Cs",))), min_size=2, max_size=2))
)
def test_what_a_table_holds_is_read_as_it_was_written(table):
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b"], *table])
    expected = [row for row in table if any(cell.strip() for cell in row)]
    assert [row for _, row in read(out.getvalue())[1:]] == expected


@given(st.text())
def test_no_text_breaks_the_reading_of_rows(text):
    for number, row in rows(io.StringIO(text, newline="")):
        assert number >= 1
        assert row


@given(st.text(max_size=8))
def test_a_safe_cell_comes_back(text):
    assert unsafe(safe(text)) == text
    assert not safe(text).startswith(("=", "+", "-", "@"))


def test_ids_and_years_are_read_or_refused():
    assert (
        imdb_id_of("113277") == imdb_id_of("https://www.imdb.com/title/tt0113277/") == "tt0113277"
    )
    assert (imdb_id_of("null"), year_of("n/a"), year_of("1995.0")) == (None, None, 1995)
    with pytest.raises(Malformed, match='has the IMDb id "nm0000199"'):
        imdb_id_of("nm0000199")
    with pytest.raises(Malformed, match='has the year "95"'):
        year_of("95")
