import base64
import io
import json
import logging
import os
import re
import stat
import subprocess
import sys
import threading
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync import log
from movie_sync.log import Redactor
from movie_sync.log_about import about

SECRET = 'p"4ss+w/örd\\ !'
ours = logging.getLogger("movie_sync.test")


@pytest.fixture
def redactor():
    redactor = Redactor()
    redactor.add(SECRET)
    return redactor


def written(redactor, write, **options):
    stream = io.StringIO()
    with log.opened(options.pop("home", None), redactor, stream=stream, environ={}, **options):
        write()
    return stream.getvalue()


def without_times(text):
    return re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", "", text, flags=re.MULTILINE)


def test_a_line_is_time_level_and_sentence(redactor):
    def write():
        ours.info("letterboxd: %d new", 2)
        ours.warning("search: no answer")
        ours.debug("unseen")

    text = written(redactor, write)
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d INFO    letterboxd: 2 new\n", text)
    assert without_times(text) == "INFO    letterboxd: 2 new\nWARNING search: no answer\n"


def test_libraries_are_heard_from_their_warnings_on(redactor):
    def write():
        logging.getLogger("some.library").debug("GET /api.php?passkey=...")
        logging.getLogger("some.library").warning("pool is full")
        ours.debug("seen")

    text = written(redactor, write, level="debug")
    assert without_times(text) == "WARNING pool is full\nDEBUG   seen\n"


def test_json_tells_which_request_or_item_a_line_is_about(redactor):
    def write():
        ours.info("before")
        with about(request="r1"), about(item=f"film:{SECRET}"):
            ours.info("within")
        ours.info("behind")

    first, second, third = map(json.loads, written(redactor, write, as_json=True).splitlines())
    assert (second["request"], second["item"]) == ("r1", "film:***")
    assert not {"request", "item"} & {*first, *third}


def test_json_is_one_object_a_line_with_the_traceback_in_it(redactor):
    def write():
        ours.info("first\nline é")
        try:
            int(SECRET)
        except ValueError:
            ours.exception("it broke")

    first, second = map(json.loads, written(redactor, write, as_json=True).splitlines())
    assert first["message"] == "first\nline é"
    assert (first["level"], first["logger"]) == ("info", "movie_sync.test")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", first["time"])
    assert second["traceback"].endswith("base 10: '***'")


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        repr(SECRET),
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        quote(SECRET),
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote_plus(SECRET),
        f"https://x.example/download.php?id=1&passkey={quote(SECRET, safe='')}",
    ],
)
def test_a_secret_is_blanked_however_it_is_spelt(redactor, spelling):
    text = redactor.clean(f"before {spelling} after")
    assert "***" in text
    assert not re.search("p.{0,4}4ss", text)
    assert (text.startswith("before "), text.endswith(" after")) == (True, True)


@given(
    user=st.text(max_size=20),
    secret=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=8),
)
def test_a_basic_login_is_blanked_whoever_the_user_is(user, secret):
    redactor = Redactor()
    redactor.add(secret)
    login = base64.b64encode(f"{user}:{secret}".encode()).decode()
    assert redactor.clean(f"Authorization: Basic {login}") == "Authorization: Basic ***"


@given(st.text(st.characters(exclude_categories=["C"]), min_size=4), st.text(), st.text())
def test_no_secret_is_left_in_any_text(secret, before, after):
    redactor = Redactor()
    redactor.add(secret)
    cleaned = redactor.clean(before + secret + after)
    assert secret not in cleaned.replace("***", "\0")


def test_without_secrets_a_text_stays_as_it_is():
    assert Redactor().clean("alice:passkey") == "alice:passkey"


def test_a_long_word_is_cleaned_quickly(redactor):
    word = "A" * 200_000
    assert redactor.clean(word) == word


def test_secrets_are_blanked_in_arguments_tracebacks_and_the_file(redactor, tmp_path):
    def write():
        ours.info("login %s and %s", {"passkey": SECRET}, quote_plus(SECRET))
        try:
            int(f"https://x.example/?passkey={quote(SECRET)}")
        except ValueError:
            ours.exception("it broke")

    text = written(redactor, write, home=tmp_path)
    for each in (text, (tmp_path / "movie_sync.log").read_text()):
        assert each.count("***") == 3
        assert "4ss" not in each


def test_a_secret_added_later_is_blanked_from_then_on(redactor):
    def write():
        redactor.add("hunter22")
        ours.info("hunter22 and %s", SECRET)

    assert without_times(written(redactor, write)) == "INFO    *** and ***\n"


def test_a_message_from_outside_cannot_forge_lines_or_colour_the_terminal(redactor):
    text = written(redactor, lambda: ours.info("Alien\nERROR   forged\x1b[31m\x9b"))
    assert without_times(text) == "INFO    Alien\\x0aERROR   forged\\x1b[31m\\x9b\n"


@pytest.mark.slow
def test_the_log_file_is_private_and_turns_over(redactor, tmp_path):
    def write():
        for _ in range(70):
            ours.info("x" * 128 * 1024)

    written(redactor, write, home=tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["movie_sync.log", *(f"movie_sync.log.{number}" for number in (1, 2, 3))]
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert all(path.stat().st_size <= log.FILE_BYTES for path in tmp_path.iterdir())


def test_a_file_name_that_is_no_text_does_not_lose_the_line(tmp_path):
    # In a process of its own, for pytest cannot report such a line from one worker to another.
    script = """if True:
        import io, logging, os, pathlib, sys
        from movie_sync import log
        with log.opened(pathlib.Path(sys.argv[1]), log.Redactor(), stream=io.StringIO()):
            logging.getLogger("movie_sync").info("kept %s", os.fsdecode(b"\\xff.mkv"))
    """
    subprocess.run([sys.executable, "-c", script, tmp_path], check=True)
    assert "kept \\udcff.mkv" in (tmp_path / "movie_sync.log").read_text()


def test_where_no_log_file_can_be_written_the_terminal_says_so(redactor, tmp_path):
    text = written(redactor, lambda: ours.info("goes on"), home=tmp_path / "gone")
    assert without_times(text) == (
        f"WARNING log: {tmp_path}/gone/movie_sync.log cannot be written (No such file or "
        "directory); lines go here alone\nINFO    goes on\n"
    )


def test_a_terminal_that_went_away_does_not_stop_the_program(redactor, tmp_path):
    stream = io.StringIO()
    stream.close()
    with log.opened(tmp_path, redactor, stream=stream, environ={}):
        ours.info("goes on")
    assert "goes on" in (tmp_path / "movie_sync.log").read_text()


def test_the_journal_gets_priorities_and_no_times(redactor, tmp_path):
    path = tmp_path / "journal"
    with path.open("w") as stream:
        status = os.fstat(stream.fileno())
        environ = {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}
        with log.opened(None, redactor, stream=stream, environ=environ):
            ours.warning("first")
            try:
                int("x")
            except ValueError:
                ours.exception("second")
    lines = path.read_text().splitlines()
    assert lines[0] == "<4>WARNING first"
    assert lines[1] == "<3>ERROR   second"
    assert all(line.startswith("<3>") for line in lines[1:])


def test_a_stream_led_away_from_the_journal_gets_times(redactor):
    stream = io.StringIO()
    with log.opened(None, redactor, stream=stream, environ={"JOURNAL_STREAM": "8:12345"}):
        ours.info("x")
    assert re.match(r"\d{4}-", stream.getvalue())


def test_lines_of_eight_threads_stay_whole(redactor, tmp_path):
    def write():
        threads = [threading.Thread(target=lines, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def lines(number):
        redactor.add(f"secret-{number}")
        for count in range(50):
            ours.info("thread %d line %d secret-%d.", number, count, number)

    written(redactor, write, home=tmp_path)
    found = without_times((tmp_path / "movie_sync.log").read_text()).splitlines()
    whole = {f"INFO    thread {one} line {two} ***." for one in range(8) for two in range(50)}
    assert set(found) == whole
    assert len(found) == 400


def test_logging_is_put_back_as_it_was(redactor, tmp_path):
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.getLogger("movie_sync").level)
    written(redactor, lambda: None, home=tmp_path, level="debug")
    assert before == (root.level, list(root.handlers), logging.getLogger("movie_sync").level)
