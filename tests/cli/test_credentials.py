import pytest

from movie_sync.credentials import KNOWN
from movie_sync.errors import ConfigError
from tests.cli import call

SECRET = "0123456789abcdef"


def test_a_secret_is_read_from_standard_input_listed_and_removed(tmp_path):
    stored = call(tmp_path, "credentials", "set", "filelist.passkey", input=f"{SECRET}\n")
    assert stored.output == "filelist.passkey is stored\n"
    listed = call(tmp_path, "credentials", "list")
    first, second, *others = listed.output.splitlines()
    assert first == "filelist.passkey       credentials.enc"
    assert second == (
        "qbittorrent.password   not set; You chose it in qBittorrent under Options, Web UI."
    )
    assert [line.split()[0] for line in others] == list(KNOWN)[2:]
    removed = call(tmp_path, "credentials", "remove", "filelist.passkey")
    assert removed.output == "filelist.passkey is removed\n"
    again = call(tmp_path, "credentials", "remove", "filelist.passkey")
    assert str(again.exception).startswith('credentials.enc holds no "filelist.passkey"')


def test_a_variable_that_hides_the_vault_is_named(tmp_path):
    environ = {"MOVIE_SYNC_FILELIST__PASSKEY": "other"}
    stored = call(tmp_path, "credentials", "set", "filelist.passkey", input=SECRET, env=environ)
    assert stored.output == (
        "filelist.passkey is stored; MOVIE_SYNC_FILELIST__PASSKEY is set too, and wins\n"
    )


@pytest.mark.parametrize("given", ["", "\n", "a\nb\n"])
def test_what_is_no_secret_is_not_stored(tmp_path, given):
    stored = call(tmp_path, "credentials", "set", "filelist.passkey", input=given)
    assert isinstance(stored.exception, ConfigError)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_is_refused_before_a_secret_is_asked_for(tmp_path):
    stored = call(tmp_path, "credentials", "set", "filelist.paskey")
    assert str(stored.exception).endswith('did you mean "filelist.passkey"?')


def test_a_vault_without_its_key_is_begun_anew_only_when_told(tmp_path):
    call(tmp_path, "credentials", "set", "filelist.passkey", input=SECRET)
    (tmp_path / ".key").unlink()
    words = ("credentials", "set", "qbittorrent.password")
    refused = call(tmp_path, *words, input="hunter22")
    assert "credentials.enc cannot be opened: .key is missing" in str(refused.exception)
    begun = call(tmp_path, *words, "--anew", input="hunter22")
    assert begun.stdout == "qbittorrent.password is stored\n"
    kept = [path.name for path in tmp_path.glob("credentials.enc.*")]
    assert f"the old vault is kept as {tmp_path / kept[0]}" in begun.stderr
    assert "filelist.passkey       not set" in call(tmp_path, "credentials", "list").output
