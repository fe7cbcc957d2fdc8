import pytest

from tests.crash.promises import Book, Standing

PENDING = Standing("pending", 7, "aa")


@pytest.fixture
def book():
    book = Book()
    book.hear(["? 0.1 film:1", "! 0.1 film:1=pending:7:aa"])
    return book


def kinds(book, **found):
    return [fault.kind for fault in book.faults({f"film:{id_[1:]}": s for id_, s in found.items()})]


def test_what_is_there_to_the_letter_is_well(book):
    assert kinds(book, _1=PENDING) == []


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ({}, "lost"),
        ({"_1": Standing("pending", 6, "aa")}, "lost"),
        ({"_1": Standing("failed", 7, "aa")}, "misplaced"),
        ({"_1": Standing("pending", 7, "ab")}, "misplaced"),
        ({"_1": Standing("completed", 8, "aa")}, "misplaced"),
        ({"_1": PENDING, "_2": PENDING}, "misplaced"),
    ],
)
def test_what_is_not_is_told(book, found, kind):
    assert kinds(book, **found) == [kind]


def test_what_was_begun_may_be_done_or_not(book):
    book.hear(["? 0.2 film:1"])
    assert kinds(book, _1=PENDING) == kinds(book, _1=Standing("completed", 8, "aa")) == []
    assert kinds(book) == []


def test_what_was_refused_may_not_be_done(book):
    book.hear(["? 0.2 film:1", "- 0.2"])
    assert kinds(book, _1=Standing("completed", 8, "aa")) == ["misplaced"]


def test_what_was_made_and_not_promised_may_be_there_or_not(book):
    book.hear(["? 0.2 film:1", "~ 0.2 it was made"])
    assert kinds(book, _1=PENDING) == kinds(book, _1=Standing("completed", 8, "aa")) == []


def test_a_claim_is_never_promised(book):
    assert kinds(book, _1=Standing("active", 8, "bb", claim=True)) == []
    assert kinds(book, _1=Standing("active", 8, "bb")) == ["misplaced"]


def test_half_of_a_batch_is_torn(book):
    book.hear(["? 0.2 film:2 film:3"])
    assert kinds(book, _1=PENDING) == kinds(book, _1=PENDING, _2=PENDING, _3=PENDING) == []
    assert kinds(book, _1=PENDING, _2=PENDING) == ["torn"]


def test_a_batch_is_whole_though_another_thread_has_had_some_of_it_since(book):
    book.hear(["? 0.2 film:2 film:3", "? 1.1 film:3", "! 1.1 film:3=completed:9:cc"])
    there = {"_1": PENDING, "_2": PENDING, "_3": Standing("completed", 9, "cc")}
    assert kinds(book, **there) == []


def test_what_was_merged_into_another_does_not_come_back(book):
    book.hear(["? 0.2 film:1 film:2", "! 0.2 film:1=gone:9 film:2=pending:9:cc"])
    assert kinds(book, _2=Standing("pending", 9, "cc")) == []
    assert kinds(book, _1=PENDING, _2=Standing("pending", 9, "cc")) == ["doubled"]


def test_what_threads_tell_out_of_turn_counts_by_its_number(book):
    book.hear(
        ["? 0.2 film:1", "? 1.1 film:1", "! 1.1 film:1=failed:9:cc", "! 0.2 film:1=active:8:bb"]
    )
    assert kinds(book, _1=Standing("failed", 9, "cc")) == []
    assert kinds(book, _1=Standing("active", 8, "bb")) == ["lost"]
