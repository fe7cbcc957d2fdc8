import json
import os
import subprocess
import sys

import pytest

from movie_sync.errors import ConfigError, NotQueued, QueueError
from tests.cli import call
from tests.library.folder_trees import plant

FILMS = (
    "Amber Lane (1987)/Amber Lane (1987).mkv",
    "Golden Stone (1999)/Golden Stone (1999).mkv",
    "No Year/No Year.mkv",
)
EPISODES = ("Far Hills (2008)/Season 1/Far Hills - S01E01.mkv",)


@pytest.fixture
def home(tmp_path):
    """Two films that are known, one that a person has to tell, and a show; nothing is read yet."""
    plant(tmp_path / "films", FILMS)
    plant(tmp_path / "shows", EPISODES)
    source = {"path": str(tmp_path / "shows"), "holds": "shows"}
    written = {
        "library_directory": str(tmp_path / "films"), "download_directory": str(tmp_path / "down"),
        "library": {"enabled": True, "probe": False, "sources": {"series": source}},
    }  # fmt: skip
    (tmp_path / "config.json").write_text(json.dumps(written))
    return tmp_path


@pytest.fixture
def read(home):
    told(home, "scan")
    return home


def told(home, *words, code=0):
    result = call(home, "library", *words)
    assert result.exit_code == code, result.exception
    return result.stdout.splitlines()


def data(home, *words):
    return json.loads(call(home, "library", *words, "--json").stdout)


def test_a_scan_says_what_it_came_to_and_what_is_left(home):
    assert told(home, "scan") == [
        "4 files found in films, series; 4 new",
        "the library has 2 films, 1 show, 4 files",
        "4 files are to be asked about or looked into yet; the program does that while it runs, "
        "and `library scan --probe` does it now",
        "needs you: 1 file waits for your word: library review",
    ]
    found = data(home, "scan")
    assert (found["discovered"], found["new"], found["needs_review"]) == (4, 0, 1)
    assert {"discovered", "new", "changed", "enriched", "needs_review", "failed"} <= found.keys()


def test_a_scan_of_one_source_looks_nowhere_else(home):
    assert data(home, "scan", "series")["discovered"] == 1
    assert isinstance(call(home, "library", "scan", "usb").exception, NotQueued)


def test_a_source_that_is_away_ends_it_with_1_and_its_sentence(read):
    (read / "shows").rename(read / "elsewhere")
    lines = told(read, "scan", code=1)
    assert lines[-1].startswith(f"needs you: series: {read}/shows")
    assert data(read, "list", "--kind", "show")["rows"][0]["files"] == 1


def test_titles_are_listed_by_what_is_asked_for(read):
    assert told(read, "list") == [
        "     1  film  Amber Lane (1987): 1 file of 4 bytes",
        "     3  show  Far Hills (2008): 1 episode, 1 file of 4 bytes",
        "     2  film  Golden Stone (1999): 1 file of 4 bytes",
    ]
    assert [one["title"] for one in data(read, "list", "amber")["rows"]] == ["Amber Lane"]
    assert told(read, "list", "--decade", "1940") == ["there is none"]
    assert told(read, "list", "--limit", "1")[-1].startswith("page 1 of 3, 3 in all")


def test_a_title_is_shown_by_its_name_its_year_or_its_number(read):
    lines = told(read, "show", "amber lane")
    assert lines[0] == "Amber Lane (1987): film 1 of the library; 1 file of 4 bytes"
    assert f"file 1: {read}/films/{FILMS[0]}" in lines
    assert told(read, "show", "Amber Lane (1987)") == told(read, "show", "1") == lines
    assert "season 1: 1 of 1 episodes" in told(read, "show", "far hills")
    unknown = call(read, "library", "show", "Nothing").exception
    assert str(unknown) == "no title of the library is called Nothing; see `library list`"


def test_a_question_is_listed_answered_and_taken_back(read):
    (question,) = data(read, "review", "list")["inbox"]["questions"]
    number = str(question["id"])
    assert told(read, "review")[0].strip().startswith(f"{number}  No Year.mkv: ")
    done = told(read, "review", "choose", number, "--name", "No Year", "--year", "1950")
    assert done == [
        'a person said that it is "No Year" (1950)', "to take it back: library review undo 1",
    ]  # fmt: skip
    assert told(read, "review")[0] == "nothing waits for your word"
    assert told(read, "review", "undo", "1")[0].startswith("undone: ")
    assert len(data(read, "review", "list")["inbox"]["questions"]) == 1
    assert told(read, "review", "ignore", number)[0] == "a person wants it in no title"
    assert "open no more" in told(read, "review", "approve", number, code=1)[0]


def test_a_file_and_a_title_are_taken_for_something_else(read):
    wrong = str(read / "films" / FILMS[0])
    meant = ("--name", "Other River", "--year", "1988")
    assert told(read, "identify", wrong, *meant)[0] == (
        'a person said that it is "Other River" (1988)'
    )
    assert told(read, "identify", "Golden Stone", "--title-id", "1")[0] == (
        'a person said that it is "Amber Lane" (1987)'
    )
    assert data(read, "show", "1")["title"]["files"] == 1
    assert call(read, "library", "identify", wrong).exit_code == 2
    missing = call(read, "library", "identify", "/nowhere/x.mkv", *meant).exception
    assert isinstance(missing, NotQueued)


def test_names_in_a_folder_are_trusted(read):
    assert told(read, "review", "trust", str(read / "films"))[0].startswith(
        "a person trusts the names in "
    )
    assert not data(read, "review", "list")["inbox"]["questions"]


def test_files_are_listed_by_how_they_stand(read):
    assert len(data(read, "files")["rows"]) == 4
    (line,) = told(read, "files", "review")
    assert line.endswith(FILMS[2])


def test_sources_are_added_looked_at_and_removed(home):
    assert [one["name"] for one in data(home, "sources", "list")] == ["films", "series"]
    plant(home / "more", ["Winter (1950)/Winter (1950).mkv"])
    more = ("more", "--path", str(home / "more"), "--holds", "films")
    added = told(home, "sources", "add", *more)
    assert added == ["more is added; `library scan more` looks at it now"]
    told(home, "scan")
    assert f"more: {home}/more, films; looked at " in "\n".join(told(home, "sources"))
    assert told(home, "sources", "remove", "more") == [
        "more is forgotten, and with it 1 file; no file was touched"
    ]
    assert "more" not in json.loads((home / "config.json").read_text())["library"]["sources"]
    assert (home / "more" / "Winter (1950)" / "Winter (1950).mkv").exists()
    assert isinstance(call(home, "library", "sources", "remove", "more").exception, NotQueued)


@pytest.mark.parametrize("words", [
    ("films", "--path", "/"), ("usb", "--path", "/nowhere"), ("usb",), ("usb", "--server", "plex"),
])  # fmt: skip
def test_a_source_that_cannot_be_is_not_added(home, words):
    before = (home / "config.json").read_text()
    refused = call(home, "library", "sources", "add", *words).exception
    assert isinstance(refused, ConfigError)
    assert str(refused).endswith("; nothing was changed")
    assert (home / "config.json").read_text() == before


def test_it_says_what_to_do_while_it_is_off_or_was_never_read(tmp_path, home):
    unread = call(home, "library", "list").exception
    assert isinstance(unread, QueueError)
    assert str(unread) == "nothing was looked at yet; start the program, or run `library scan`"
    (tmp_path / "config.json").write_text("{}")
    assert 'set "enabled": true' in str(call(tmp_path, "library", "scan").exception)


def test_status_of_everything_has_a_line_for_the_library(read):
    lines = call(read, "status").stdout.splitlines()
    line = next(one for one in lines if one.startswith("library: "))
    assert line.startswith("library: 2 films, 1 show, 4 files of 16 bytes; 1 file waits")


def offered(home, *words):
    line = " ".join(("movie-sync", "--home", str(home), *words))
    asked = {"_MOVIE_SYNC_COMPLETE": "bash_complete", "COMP_WORDS": line}
    asked["COMP_CWORD"] = str(len(words) + 2)
    done = subprocess.run(
        [sys.executable, "-m", "movie_sync"], env=os.environ | asked, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    return [each.partition(",")[2] for each in done.stdout.splitlines()]


@pytest.mark.slow
def test_titles_sources_and_questions_are_completed(read):
    assert offered(read, "library", "show", "Amb") == [r"Amber\ Lane"]
    assert offered(read, "library", "scan", "s") == ["series"]
    assert offered(read, "library", "sources", "remove", "s") == ["series"]
    assert offered(read, "library", "review", "ignore", "") == ["1"]
