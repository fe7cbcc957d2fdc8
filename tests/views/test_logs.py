import pytest

from movie_sync import log
from movie_sync.views import logs

LINES = """\
2026-11-20 10:00:00 INFO    letterboxd:alice: 2 new, 1 gone
2026-11-20 10:00:01 DEBUG   asked page 1
2026-11-20 10:00:02 WARNING search: filelist did not answer
2026-11-20 10:00:03 ERROR   follow: a fault in the program
Traceback (most recent call last):
  ValueError: Amélie
2026-11-20 10:00:04 INFO    search: works again
"""


@pytest.fixture
def home(tmp_path):
    (tmp_path / log.FILE).write_text(LINES, encoding="utf-8")
    return tmp_path


def texts(page):
    return [entry.text.partition("\n")[0] for entry in page.entries]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("debug", ["search: works again", "follow: a fault in the program",
                   "search: filelist did not answer", "asked page 1",
                   "letterboxd:alice: 2 new, 1 gone"]),
        ("warning", ["follow: a fault in the program", "search: filelist did not answer"]),
        ("error", ["follow: a fault in the program"]),
    ],
)  # fmt: skip
def test_the_newest_line_stands_first_and_lesser_levels_are_left_out(home, level, expected):
    assert texts(logs.page(home, level=level)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SEARCH:", ["search: works again", "search: filelist did not answer"]),
        ("amélie", ["follow: a fault in the program"]),
        ("AMÉLIE", ["follow: a fault in the program"]),
        ("nobody wrote this", []),
    ],
)
def test_a_line_is_found_by_any_of_its_words(home, text, expected):
    assert texts(logs.page(home, text=text)) == expected


def test_a_traceback_belongs_to_its_line(home):
    (entry,) = logs.page(home, level="error").entries
    assert (entry.at, entry.level) == ("2026-11-20 10:00:03", "error")
    assert entry.text.endswith("\nTraceback (most recent call last):\n  ValueError: Amélie")


def numbered(first, last):
    return "".join(f"2026-11-20 10:00:00 INFO    line {n}\n" for n in range(first, last))


def test_pages_follow_each_other_through_all_files_while_the_program_writes_on(tmp_path):
    (tmp_path / f"{log.FILE}.1").write_text(numbered(0, 130))
    (tmp_path / log.FILE).write_text(numbered(130, 250))
    first = logs.page(tmp_path)
    (tmp_path / f"{log.FILE}.1").rename(tmp_path / f"{log.FILE}.2")
    (tmp_path / log.FILE).rename(tmp_path / f"{log.FILE}.1")
    (tmp_path / log.FILE).write_text(numbered(250, 300))
    second = logs.page(tmp_path, before=first.older)
    third = logs.page(tmp_path, before=second.older)
    seen = [*texts(first), *texts(second), *texts(third)]
    assert seen == [f"line {n}" for n in range(249, -1, -1)]
    assert third.older is None


@pytest.mark.parametrize("before", ["0-12", "nonsense", "7-x", "-"])
def test_a_place_that_is_gone_has_nothing_before_it(home, before):
    assert logs.page(home, before=before) == logs.Page((), None)


def test_where_no_file_is_written_there_is_nothing_to_show(tmp_path):
    assert logs.files(tmp_path) == []
    assert logs.page(tmp_path) == logs.Page((), None)


def test_a_line_without_end_is_cut(tmp_path):
    (tmp_path / log.FILE).write_text("2026-11-20 10:00:00 INFO    " + "x" * 10_000)
    (entry,) = logs.page(tmp_path).entries
    assert len(entry.text) == logs.LONGEST_ENTRY + 2
