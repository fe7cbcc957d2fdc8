"""The processes that look into files: how they start, are used again, fail, and end."""

import errno
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from movie_sync.errors import Away, FilesError, Stopping, Unavailable
from movie_sync.media_models import Broken, Media
from movie_sync.media_probe import Answer
from movie_sync.media_reader import Crashed, Late, Reader
from movie_sync.services import media
from movie_sync.services.media import Readers
from tests.swarm import until

pytest.importorskip("av", reason="PyAV is not installed (extra media)")
from tests.library import clips

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return clips.make(tmp_path_factory.mktemp("films") / "film.mkv")


@pytest.fixture
def readers():
    with Readers(2) as made:
        yield made
    assert until(lambda: not processes(), 10) is True


def processes(of=None):
    """Numbers of the readers that this process, or another, has."""
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes()
            parent = int((place / "stat").read_bytes().rpartition(b")")[2].split()[1])
        except OSError:
            continue
        if b"movie_sync.media_probe" in command and parent == (of or os.getpid()):
            found.add(int(place.name))
    return found


def in_thread(work):
    """What it gives or raises, in a list, once that is there."""
    said = []

    def run():
        try:
            said.append(work())
        except Exception as error:  # noqa: BLE001
            said.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, said


def stopped(readers, film):
    """The one process that there is, stopped as one that hangs."""
    readers.read(film)
    (number,) = processes()
    os.kill(number, signal.SIGSTOP)
    return number


def test_many_files_are_read_by_few_processes(readers, film):
    seen = set()

    def read():
        for _ in range(50):
            assert isinstance(readers.read(film), Media)
            seen.update(processes())

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 2 == readers.alive()


def test_a_process_knows_no_secret_and_holds_no_folder(readers, film, monkeypatch):
    monkeypatch.setenv("MOVIE_SYNC_FILELIST_PASSKEY", "0123456789abcdef")
    readers.read(film)
    (number,) = processes()
    assert b"0123456789abcdef" not in Path(f"/proc/{number}/environ").read_bytes()
    assert str(Path(f"/proc/{number}/cwd").readlink()) == "/"
    limits = Path(f"/proc/{number}/limits").read_text()
    assert str(2 * 1024**3) in limits


def test_names_of_any_letters_are_read(readers, film, tmp_path):
    for name in ("Amélie \n 東京.mkv", os.fsdecode(b"caf\xe9.mkv"), "concat:a|b.mkv", "-i.mkv"):
        path = tmp_path / name
        path.write_bytes(film.read_bytes())
        assert isinstance(readers.read(path), Media)


def test_a_process_that_ends_over_a_file_is_replaced(readers, film):
    number = stopped(readers, film)
    thread, said = in_thread(lambda: readers.read(film))
    os.kill(number, signal.SIGKILL)
    thread.join(30)
    assert isinstance(said[0], Media)


def test_a_file_that_ends_two_processes_is_given_up(film):
    class Fragile(Reader):
        def ask(self, path, within_s):
            os.kill(self.pid, signal.SIGSEGV)
            return super().ask(path, within_s)

    with Readers(1, start=Fragile) as readers:
        assert readers.read(film) == Broken(
            sentence="it could not be looked into: its reader broke down over it, twice",
            silent=True,
        )
        assert readers.alive() == 0


def test_a_system_that_is_short_of_memory_says_nothing_of_the_file(film):
    class Victim(Reader):
        def ask(self, path, within_s):
            os.kill(self.pid, signal.SIGKILL)
            return super().ask(path, within_s)

    with Readers(1, start=Victim) as readers, pytest.raises(Unavailable) as caught:
        readers.read(film)
    assert str(caught.value) == (
        f"media: {film} was not looked into: its reader was ended from outside, twice; "
        "memory may be short"
    )


def test_a_file_that_takes_all_the_time_of_a_processor_is_given_up(readers, film):
    number = stopped(readers, film)
    thread, said = in_thread(lambda: readers.read(film))
    os.kill(number, signal.SIGXCPU)
    os.kill(number, signal.SIGCONT)
    thread.join(30)
    assert [told.sentence for told in said] == [
        "it could not be looked into: its reader worked on it for far too long"
    ]


def test_a_drive_that_does_not_answer_says_nothing_of_the_file(film):
    with Readers(1, within_s=1) as readers:
        stopped(readers, film)
        began = time.monotonic()
        with pytest.raises(Away) as caught:
            readers.read(film)
        assert time.monotonic() - began >= 1
        assert str(caught.value) == (
            f"{film} was not looked into: its drive did not answer for 1 s"
        )
        assert processes() == set()
    with Readers(1) as readers:
        assert isinstance(readers.read(film), Media)


class NeverDone(Reader):
    def ask(self, path, within_s):
        raise Late(within_s, within_s)


def test_a_file_that_keeps_its_reader_busy_is_given_up(film):
    with Readers(1, start=NeverDone) as readers:
        told = readers.read(film)
    assert told.sentence == "it could not be looked into: its reader was not done after 60 s"
    assert told.silent


class Undying(Reader):
    """That goes on when it is killed, as one does that waits for a dead network drive."""

    let_go = False

    def ask(self, path, within_s):
        raise Late(within_s, 0)

    def end(self, within_s=1.0):
        super().end(within_s)
        return False

    def gone(self):
        return self.let_go


def test_processes_that_cannot_be_killed_are_left_and_counted(film, monkeypatch):
    with Readers(2, start=Undying) as readers:
        for _ in range(media.MOST_HUNG):
            with pytest.raises(Away):
                readers.read(film)
        assert readers.hung() == media.MOST_HUNG == readers.alive()
        with pytest.raises(Unavailable) as caught:
            readers.read(film)
        assert str(caught.value) == (
            "media: 4 readers wait for a drive that does not answer; no more are started"
        )
        monkeypatch.setattr(Undying, "let_go", True)  # the drive is back
        assert readers.hung() == 0
        with pytest.raises(Away):
            readers.read(film)


def test_a_reader_that_cannot_be_started_is_said(film):
    def broken(ending):
        raise Crashed(1)

    with Readers(1, start=broken) as readers:
        for _ in range(2):
            with pytest.raises(Unavailable, match="could not be started: its reader ended with 1"):
                readers.read(film)
        assert readers.alive() == 0


@pytest.mark.parametrize(
    ("name", "why"),
    [("gone.mkv", "it is not there any more"), ("folder.mkv", "it is a folder"),
     ("pipe.mkv", "it is no file")],
)  # fmt: skip
def test_what_cannot_be_read_is_not_broken(readers, tmp_path, name, why):
    (tmp_path / "folder.mkv").mkdir()
    os.mkfifo(tmp_path / "pipe.mkv")
    with pytest.raises(FilesError) as caught:
        readers.read(tmp_path / name)
    assert str(caught.value) == f"{tmp_path / name} was not looked into: {why}"


@pytest.mark.parametrize(
    ("number", "error", "why"),
    [(errno.EACCES, FilesError, "Movie Sync may not read it; give its user the right to"),
     (errno.EIO, Away, "its drive says Input/output error"),
     (errno.ESTALE, Away, "its drive says Stale file handle")],
)  # fmt: skip
def test_what_the_disk_says_is_no_fault_of_the_file(film, number, error, why):
    class Failing(Reader):
        def ask(self, path, within_s):
            return Answer(unread=(number, os.strerror(number)))

    with Readers(1, start=Failing) as readers:
        with pytest.raises(FilesError) as caught:
            readers.read(film)
        assert (type(caught.value), str(caught.value)) == (
            error, f"{film} was not looked into: {why}"
        )  # fmt: skip


def test_damaged_files_end_nothing_and_are_told_of(readers, film, tmp_path):
    chance, path = random.Random(7), tmp_path / "film.mkv"
    wholes = [film.read_bytes(), clips.make(tmp_path / "film.mp4").read_bytes()]
    for _ in range(200):
        damaged = bytearray(chance.choice(wholes))
        for _ in range(chance.choice([1, 10, 100])):
            damaged[chance.randrange(chance.choice([600, len(damaged)]))] = chance.randrange(256)
        path.write_bytes(damaged)
        told = readers.read(path)
        assert isinstance(told, Media) or "broke down" not in told.sentence


def test_processes_that_have_nothing_to_do_end(film):
    with Readers(2, idle_s=0.3) as readers:
        readers.read(film)
        assert until(lambda: readers.alive() == 0)
        assert until(lambda: not processes())
        assert isinstance(readers.read(film), Media)


def test_a_process_is_replaced_after_a_thousand_files(readers, film):
    seen = set()
    for count in range(1002):
        readers.read(film)
        if count in (0, 998, 1001):
            seen |= processes()
    assert len(seen) == 2
    assert readers.alive() == 1


@pytest.mark.parametrize("way", ["close", "stop"])
def test_the_end_waits_for_no_file(film, way):
    stop = threading.Event()
    readers = Readers(1, stop=stop)
    stopped(readers, film)
    first, said = in_thread(lambda: readers.read(film))
    second, said_too = in_thread(lambda: readers.read(film))
    began = time.monotonic()
    if way == "stop":
        stop.set()
    else:
        readers.close()
    first.join(10)
    second.join(10)
    assert time.monotonic() - began < 5  # a tenth of a second, however busy the machine is
    assert {type(each) for each in said + said_too} == {Stopping}
    readers.close()
    assert processes() == set()


def test_processes_do_not_outlive_a_program_that_is_killed(film):
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from movie_sync.services.media import Readers\n"
        "readers = Readers(1); readers.read(Path(sys.argv[1]))\n"
        "sys.stdout.write('read\\n'); sys.stdout.flush(); signal.pause()"
    )
    command = [sys.executable, "-c", code, str(film)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout.readline() == b"read\n"
        (number,) = processes(parent.pid)
        parent.kill()
    assert until(lambda: not Path(f"/proc/{number}").exists() or zombie(number))


def zombie(number):
    return b") Z " in Path(f"/proc/{number}/stat").read_bytes()
