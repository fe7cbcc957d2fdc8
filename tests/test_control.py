import json
import socket
import stat
import threading
import time

import pytest

from movie_sync import control
from movie_sync.errors import QueueError
from tests.queue_home import until


@pytest.fixture
def home(tmp_path):
    """Longer than the 107 bytes that fit into the address of a socket."""
    home = tmp_path / ("a_long_name_" * 10)
    home.mkdir()
    assert len(str(home / control.NAME)) > 107
    return home


def answer(request):
    match request:
        case {"do": "refuse"}:
            raise QueueError("that cannot be; nothing was changed")
        case {"do": "count", "films": films}:
            return {"films": len(films)}
        case {"do": "fault"}:
            raise ZeroDivisionError
    return {"said": request}


@pytest.fixture
def server(home):
    server = control.Server(home, answer, request_s=60.0)
    yield server
    server.close()


def raw(home, text, *, hang_up=False):
    """What comes back for bytes that no command of ours would send."""
    with socket.socket(socket.AF_UNIX) as out, control._short_path(home) as path:
        out.connect(path)
        out.sendall(text)
        if hang_up:
            return None
        out.shutdown(socket.SHUT_WR)
        return json.loads(out.makefile("rb").read())


def test_a_request_is_answered(home, server):
    assert control.ask(home, do="status", id="film:1") == {
        "ok": True,
        "said": {"do": "status", "id": "film:1"},
    }


def test_with_nobody_there_the_answer_is_none(home):
    assert control.ask(home, do="status") is None
    assert control.ask(home / "no such folder", do="status") is None


def test_what_a_killed_process_left_behind_is_nobody(home):
    with socket.socket(socket.AF_UNIX) as left, control._short_path(home) as path:
        left.bind(path)
    assert control.ask(home, do="status") is None
    server = control.Server(home, answer)
    assert control.ask(home, do="status")["ok"]
    server.close()


def test_after_the_end_nobody_is_there_and_nothing_lies_about(home):
    control.Server(home, answer).close()
    assert control.ask(home, do="status") is None
    assert list(home.iterdir()) == []


def test_only_the_owner_may_ask(home, server):
    assert stat.S_IMODE((home / control.NAME).stat().st_mode) == 0o600


def test_a_refusal_reaches_the_person(home, server):
    with pytest.raises(QueueError) as caught:
        control.ask(home, do="refuse")
    assert str(caught.value) == "that cannot be; nothing was changed"
    assert raw(home, b'{"do": "refuse"}') == {
        "ok": False,
        "error": "that cannot be; nothing was changed",
    }


@pytest.mark.parametrize("text", [b"", b"GET / HTTP/1.1\r\n\r\n", b"[1]", b'{"do": "\xff"}', b"\0"])
def test_rubbish_is_refused_and_the_next_is_answered(home, server, text):
    told = raw(home, text)
    assert told["ok"] is False
    assert told["error"].startswith("the request is not understood: ")
    assert control.ask(home, do="status")["ok"]


def test_who_hangs_up_harms_nobody(home, server):
    for _ in range(5):
        raw(home, b'{"do": "sta', hang_up=True)
        raw(home, b"", hang_up=True)
    assert control.ask(home, do="status")["ok"]


def test_who_says_nothing_holds_up_nobody(home):
    server = control.Server(home, answer, request_s=600.0)
    with socket.socket(socket.AF_UNIX) as silent, control._short_path(home) as path:
        silent.connect(path)
        assert control.ask(home, do="status")["ok"]
    server.close()


def test_who_says_nothing_is_hung_up_on(home):
    server = control.Server(home, answer, request_s=0.1)
    with socket.socket(socket.AF_UNIX) as silent, control._short_path(home) as path:
        silent.settimeout(60)
        silent.connect(path)
        assert silent.recv(10) == b""
    server.close()


def test_many_at_once_are_all_answered_one_after_another(home):
    inside, most_inside = [], []

    def slow(request):
        inside.append(1)
        most_inside.append(len(inside))
        time.sleep(0.002)
        inside.pop()
        return request

    server = control.Server(home, slow)
    answers = []
    threads = [
        threading.Thread(target=lambda n=n: answers.append(control.ask(home, number=n)["number"]))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.close()
    assert sorted(answers) == list(range(20))
    assert max(most_inside) == 1


def test_an_import_of_many_films_fits(home, server):
    films = [{"title": "x" * 150, "year": number} for number in range(20_000)]
    assert control.ask(home, do="count", films=films)["films"] == 20_000


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_in_one_answer_ends_no_other(home, server):
    with pytest.raises(QueueError) as caught:
        control.ask(home, do="fault")
    assert str(caught.value) == (
        "the running program did not answer; `queue list` shows whether it was done"
    )
    assert control.ask(home, do="status")["ok"]
    until(lambda: not [t for t in threading.enumerate() if t.name == "control-reply"])


def test_who_does_not_answer_in_time_is_told_of(home):
    with socket.socket(socket.AF_UNIX) as deaf, control._short_path(home) as path:
        deaf.bind(path)
        deaf.listen()
        with pytest.raises(QueueError, match="did not answer"):
            control.ask(home, answer_s=0.02, do="status")


def test_who_is_asked_by_too_many_is_told_of(home):
    with socket.socket(socket.AF_UNIX) as deaf, control._short_path(home) as path:
        deaf.bind(path)
        deaf.listen(0)
        with socket.socket(socket.AF_UNIX) as first:
            first.connect(path)
            with pytest.raises(QueueError, match=r"cannot be reached|did not answer"):
                control.ask(home, answer_s=0.02, do="status")
