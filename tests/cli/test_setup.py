import json
import stat

import click
import pytest
from click.testing import CliRunner

from movie_sync import config
from movie_sync.checks import Probes
from movie_sync.cli.wizard import Wizard
from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError, FilesError, NotAuthorised, NotFound
from tests.cli import call

PASSKEY = "0123456789abcdef"
APIKEY = "fedcba9876543210"


class Outside:
    """What the wizard asks of the world, answered from memory."""

    def __init__(self, **errors):
        self.asked = []
        self._errors = errors

    def probes(self):
        return Probes(
            watchlist=lambda home, now, user: self._answer("watchlist", user),
            writable=lambda folder: self._answer("writable", folder),
            hard_link=lambda downloads, library: self._answer("hard_link", (downloads, library)),
            torrent_client=lambda home, now, credentials: self._answer(
                "torrent_client", (now.qbittorrent.url, credentials.get("qbittorrent.password"))
            ),
            indexers=lambda home, now, credentials: self._answer(
                "indexers", (now.filelist.username, credentials.get("filelist.passkey"))
            ),
        )

    def _answer(self, name, what):
        self.asked.append((name, what))
        if error := self._errors.pop(name, None):
            raise error
        return f"{name} is fine"


def answer(home, lines, outside=None, environ=None):
    """Run the wizard with these answers, one a line."""
    environ = environ or {}

    @click.command()
    def run():
        loaded = config.load(home, environ, {})
        probes = (outside or Outside()).probes()
        Wizard(home, None, loaded, Credentials(home, environ), probes).run()

    return CliRunner().invoke(run, input="\n".join(lines) + "\n", catch_exceptions=False)


def settings(home):
    return json.loads((home / "config.json").read_text())


def folders(home):
    for name in ("films", "loads"):
        (home / name).mkdir(exist_ok=True)
    return [str(home / "films"), str(home / "loads")]


def test_each_answer_is_tried_and_kept(tmp_path):
    outside = Outside()
    lines = ["https://letterboxd.com/alice/watchlist/", *folders(tmp_path)]
    lines += ["qbittorrent", "http://nas:8080", "bob", "hunter22", "y", "carol", PASSKEY]
    lines += ["y", "nas", "http://nas:9696/1/api", APIKEY]
    result = answer(tmp_path, lines, outside)
    assert settings(tmp_path) == {
        "$schema": "./config.schema.json",
        "username": "alice",
        "library_directory": str(tmp_path / "films"),
        "download_directory": str(tmp_path / "loads"),
        "torrent_client": "qbittorrent",
        "qbittorrent": {"url": "http://nas:8080", "username": "bob"},
        "filelist": {"enabled": True, "username": "carol"},
        "torznab": {"nas": {"enabled": True, "url": "http://nas:9696/1/api"}},
    }
    stored = Credentials(tmp_path, {})
    assert stored.get("qbittorrent.password") == "hunter22"
    assert stored.get("filelist.passkey") == PASSKEY
    assert stored.get("torznab.nas.api_key") == APIKEY
    assert outside.asked == [
        ("watchlist", "alice"),
        ("writable", tmp_path / "films"),
        ("writable", tmp_path / "loads"),
        ("hard_link", (tmp_path / "loads", tmp_path / "films")),
        ("torrent_client", ("http://nas:8080", "hunter22")),
        ("indexers", ("carol", PASSKEY)),
    ]
    assert "good: watchlist is fine" in result.output
    assert PASSKEY not in result.output
    assert APIKEY not in result.output
    assert "hunter22" not in result.output
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_enter_keeps_everything_when_it_is_run_again(tmp_path):
    lines = ["alice", *folders(tmp_path), "qbittorrent", "http://nas:8080", "bob", "hunter22"]
    answer(tmp_path, [*lines, "y", "carol", PASSKEY, "y", "nas", "http://nas/api", APIKEY])
    before = settings(tmp_path), (tmp_path / "credentials.enc").read_bytes()
    outside = Outside()
    answer(tmp_path, [""] * 14, outside)
    assert (settings(tmp_path), (tmp_path / "credentials.enc").read_bytes()) == before
    assert ("indexers", ("carol", PASSKEY)) in outside.asked
    assert ("torrent_client", ("http://nas:8080", "hunter22")) in outside.asked


def test_a_failing_answer_is_asked_again(tmp_path):
    outside = Outside(watchlist=NotFound("letterboxd", "there is no member alic"))
    lines = ["alic", "n", "alice", *folders(tmp_path), "built-in", "n", "n"]
    result = answer(tmp_path, lines, outside)
    assert "not good: letterboxd: there is no member alic" in result.output
    assert settings(tmp_path)["username"] == "alice"


def test_a_failing_answer_can_be_kept_on_purpose(tmp_path):
    outside = Outside(
        hard_link=FilesError("no hard link leads there"),
        indexers=NotAuthorised("filelist", "login refused"),
    )
    lines = ["", *folders(tmp_path), "y", "built-in", "y", "carol", PASSKEY, "n", "y"]
    answer(tmp_path, lines, outside)
    assert settings(tmp_path)["download_directory"] == str(tmp_path / "loads")
    assert settings(tmp_path)["filelist"] == {"enabled": True, "username": "carol"}
    assert Credentials(tmp_path, {}).get("filelist.passkey") == PASSKEY


def test_an_answer_that_is_not_allowed_is_asked_again_with_what_is(tmp_path):
    lines = ["", "films", *folders(tmp_path), "qbittorrent", "nas:8080", "http://nas:8080"]
    result = answer(tmp_path, [*lines, "", "pw-of-it", "n", "n"])
    assert "this must be a whole path, from / or ~/ on" in result.output
    assert "this must be an address that begins with http:// or https://" in result.output
    assert settings(tmp_path)["qbittorrent"]["url"] == "http://nas:8080"


def test_an_indexer_is_told_in_words_what_its_name_and_address_must_be(tmp_path):
    lines = ["", *folders(tmp_path), "built-in", "n", "y", "my tracker", "nas", "nas/api"]
    result = answer(tmp_path, [*lines, "http://nas/api?apikey=x", "http://nas/api", ""])
    assert "a name is of letters and digits, with - or _ between them" in result.output
    assert "this must be an address that begins with http:// or https://" in result.output
    assert "leave the key out of the address; it is asked for next" in result.output
    assert settings(tmp_path)["torznab"] == {"nas": {"enabled": True, "url": "http://nas/api"}}
    assert Credentials(tmp_path, {}).names() == []


def test_an_indexer_that_is_not_to_be_searched_any_more_is_switched_off(tmp_path):
    text = '{"torznab": {"nas": {"url": "http://nas/api"}}, "archive_org": {"enabled": false}}'
    (tmp_path / "config.json").write_text(text)
    result = answer(tmp_path, ["", *folders(tmp_path), "built-in", "n", "n"])
    assert settings(tmp_path)["torznab"] == {"nas": {"url": "http://nas/api", "enabled": False}}
    assert "good: nothing is searched" in result.output


def test_a_folder_that_is_missing_is_made_when_told(tmp_path):
    lines = [
        "",
        str(tmp_path / "a" / "films"),
        "y",
        str(tmp_path / "loads"),
        "n",
        "built-in",
        "n",
        "n",
    ]
    answer(tmp_path, lines)
    assert (tmp_path / "a" / "films").is_dir()
    assert not (tmp_path / "loads").exists()


def test_broken_off_it_keeps_the_steps_that_were_done(tmp_path):
    result = answer(tmp_path, ["alice"])
    assert result.exit_code == 1
    assert settings(tmp_path)["username"] == "alice"


def test_a_variable_that_wins_over_the_answer_is_named(tmp_path):
    lines = ["alice", *folders(tmp_path), "built-in", "n", "n"]
    result = answer(tmp_path, lines, environ={"MOVIE_SYNC_USERNAME": "bob"})
    assert "Letterboxd name, empty for none [bob]" in result.output
    assert "MOVIE_SYNC_USERNAME is set, and wins over this answer" in result.output


def test_other_keys_of_the_file_stay(tmp_path):
    (tmp_path / "config.json").write_text('{"max_retries": 9, "seeding": {"ratio": 3}}')
    answer(tmp_path, ["alice", *folders(tmp_path), "built-in", "n", "n"])
    assert settings(tmp_path)["max_retries"] == 9
    assert settings(tmp_path)["seeding"] == {"ratio": 3}


def test_without_a_terminal_it_names_what_to_write_instead(tmp_path):
    refused = call(tmp_path, "setup")
    assert isinstance(refused.exception, ConfigError)
    assert str(tmp_path / "config.json") in str(refused.exception)
    for key in ("username", "MOVIE_SYNC_USERNAME", "MOVIE_SYNC_TORZNAB__NAME__URL"):
        assert key in refused.stderr
    assert 'or run "credentials set filelist.passkey"' in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["https://letterboxd.com/Alice_1/", "@Alice_1", " Alice_1 "])
def test_a_name_is_taken_out_of_what_people_copy(tmp_path, text):
    answer(tmp_path, [text, *folders(tmp_path), "built-in", "n", "n"])
    assert settings(tmp_path)["username"] == "Alice_1"
