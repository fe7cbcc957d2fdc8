"""The reading of lists that change: any changes between pages, and none is missed or doubled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.errors import BadAnswer, Unavailable
from movie_sync.services.trakt_pages import Counted, whole

LIMIT = 4


class Changing:
    """A list, newest first, that changes after some pages."""

    def __init__(self, items, changes, *, counted=True):
        self.items, self.changes, self.counted = list(items), list(changes), counted
        self.pages_read = 0
        self.always = set(items)

    def pages(self):
        number = 1
        while True:
            some = self.items[(number - 1) * LIMIT : number * LIMIT]
            of = -(-len(self.items) // LIMIT)
            counted = Counted(of, len(self.items)) if self.counted else Counted()
            yield number, counted, [(one, one) for one in some]
            self.pages_read += 1
            self._change()
            if number >= of:
                return
            number += 1

    def _change(self):
        if self.changes:
            what, where = self.changes.pop(0)
            if what == "add":
                new = 1000 + self.pages_read
                self.items.insert(min(where, len(self.items)), new)
                self.always.add(new)
            elif what == "remove" and self.items:
                self.always.discard(self.items.pop(where % len(self.items)))


CHANGE = st.tuples(st.sampled_from(["add", "remove", "none", "none"]), st.integers(0, 20))


@given(st.integers(0, 20), st.lists(CHANGE, max_size=4))
def test_whatever_changes_nothing_that_stays_is_missed_or_doubled(size, changes):
    source = Changing(range(size), changes)
    try:
        found = [item for _, _, items in whole(source.pages) for item in items]
    except Unavailable:
        return
    assert len(found) == len(set(found))
    # What came behind our back after the last page is for the next reading.
    assert {one for one in source.always if one < 1000} <= set(found)


def test_what_stands_still_is_read_once():
    source = Changing(range(10), [])
    assert len(list(whole(source.pages))) == 3
    assert source.pages_read == 3


def test_an_empty_list_is_a_reading():
    assert [items for _, _, items in whole(Changing([], []).pages)] == [[]]


def test_a_few_that_are_announced_and_never_come_stop_nothing(caplog):
    def pages():
        yield 1, Counted(1, 12), [(one, one) for one in range(10)]

    assert [item for _, _, items in whole(pages) for item in items] == list(range(10))
    assert "announces 12 items and gives 10" in caplog.text


def test_many_that_are_announced_and_never_come_are_an_error():
    def pages():
        yield 1, Counted(1, 500), [(one, one) for one in range(10)]

    with pytest.raises(BadAnswer, match="announces 500 items and gives 10"):
        list(whole(pages))
