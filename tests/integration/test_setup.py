import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from movie_sync.credentials import Credentials
from movie_sync.demo.tracker_site import TrackerSite
from movie_sync.demo.watchlist_site import WatchlistSite
from movie_sync.demo.world import site_films

pytestmark = pytest.mark.slow
MAIN = Path(__file__).parents[2] / "main.py"
PASSKEY = "5ec2e7f00dcafe115ec2e7f00dcafe11"
PATIENCE_S = 120.0


class Terminal:
    """A program on a terminal, and the person in front of it."""

    def __init__(self, home, *words, **environ):
        self.seen = ""
        self._hand, terminal = pty.openpty()
        self._program = subprocess.Popen(
            [sys.executable, str(MAIN), "--home", str(home), *words],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=os.environ | environ,
            start_new_session=True,
        )
        os.close(terminal)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._program.kill()
        self._program.wait()
        os.close(self._hand)

    def answer(self, question, text):
        """Wait for a question, then type."""
        self._read_until(lambda: question in self.seen)
        self.seen = ""
        os.write(self._hand, f"{text}\n".encode())

    def rest(self):
        """The exit code, and all that came after the last answer."""
        self._read_until(lambda: False)
        return self._program.wait(PATIENCE_S), self.seen

    def _read_until(self, enough):
        until = time.monotonic() + PATIENCE_S
        while not enough():
            assert time.monotonic() < until, f"it did not go on after {self.seen!r}"
            if select.select([self._hand], [], [], 0.2)[0]:
                try:
                    data = os.read(self._hand, 4096)
                except OSError:  # EIO: the program closed its end
                    data = b""
                if not data:
                    return
                self.seen += data.decode()


def test_setup_asks_on_a_terminal_and_what_it_kept_is_there(tmp_path):
    (tmp_path / "films").mkdir()
    (tmp_path / "loads").mkdir()
    home = tmp_path / "home"
    with (
        WatchlistSite({"alice": site_films(30)}) as site,
        TrackerSite("ann", PASSKEY) as tracker,
        Terminal(
            home,
            "setup",
            MOVIE_SYNC_LETTERBOXD__BASE_URL=site.url,
            MOVIE_SYNC_FILELIST__BASE_URL=tracker.url,
            MOVIE_SYNC_ARCHIVE_ORG__ENABLED="no",
        ) as terminal,
    ):
        terminal.answer("Letterboxd name", "alice")
        terminal.answer("30 films are on the watchlist of alice", str(tmp_path / "films"))
        terminal.answer("Downloads", str(tmp_path / "loads"))
        terminal.answer("Torrent client", "built-in")
        terminal.answer("Search FileList", "y")
        terminal.answer("User name", "ann")
        terminal.answer("Passkey, unseen", "0" * 32)
        terminal.answer("Search an indexer of Prowlarr", "n")
        terminal.answer("not good: filelist: user name or passkey was refused", "n")
        terminal.answer("Search FileList", "y")
        terminal.answer("User name there [ann]", "")
        terminal.answer("Passkey, unseen", PASSKEY)
        terminal.answer("Search an indexer of Prowlarr", "n")
        code, said = terminal.rest()
    assert code == 0
    assert "good: filelist: login accepted" in said
    assert PASSKEY not in said
    kept = json.loads((home / "config.json").read_text())
    assert (kept["username"], kept["filelist"]["username"]) == ("alice", "ann")
    assert Credentials(home, {}).get("filelist.passkey") == PASSKEY
    assert (home / "config.schema.json").exists()
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_passkey_typed_on_a_terminal_is_not_shown(tmp_path):
    with Terminal(tmp_path, "credentials", "set", "filelist.passkey") as terminal:
        terminal.answer("filelist.passkey: ", PASSKEY)
        code, said = terminal.rest()
    assert (code, "filelist.passkey is stored" in said, PASSKEY in said) == (0, True, False)
    assert Credentials(tmp_path, {}).get("filelist.passkey") == PASSKEY


def test_on_a_terminal_a_vault_that_does_not_open_can_be_begun_anew(tmp_path):
    Credentials(tmp_path, {}).set("filelist.passkey", PASSKEY)
    (tmp_path / ".key").unlink()
    with Terminal(tmp_path, "credentials", "set", "qbittorrent.password") as terminal:
        terminal.answer("Put it aside and begin anew? [y/N]", "y")
        terminal.answer("qbittorrent.password: ", "hunter22")
        code, _ = terminal.rest()
    assert code == 0
    assert Credentials(tmp_path, {}).get("qbittorrent.password") == "hunter22"
    assert len(list(tmp_path.glob("credentials.enc.*"))) == 1


def test_without_a_terminal_setup_exits_with_3(tmp_path):
    words = [sys.executable, str(MAIN), "--home", str(tmp_path), "setup"]
    nobody = subprocess.DEVNULL
    ended = subprocess.run(words, check=False, stdin=nobody, capture_output=True, text=True)
    assert ended.returncode == 3
    assert "MOVIE_SYNC_USERNAME" in ended.stderr
    assert "error: setup asks questions, and there is no terminal; " in ended.stderr
