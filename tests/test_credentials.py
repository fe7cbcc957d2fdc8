import stat
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from movie_sync import credentials
from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError, FilesError
from movie_sync.settings import Config, FileList, Torznab

PASSKEY = "0123456789abcdef0123456789abcdef"
NAME = "filelist.passkey"
VARIABLE = "MOVIE_SYNC_FILELIST__PASSKEY"


@pytest.fixture
def vault(tmp_path):
    return Credentials(tmp_path, {})


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_secret_outlives_the_program_and_is_not_readable_on_disk(vault, tmp_path):
    vault.set(NAME, f"  {PASSKEY}\n")
    vault.set("qbittorrent.password", "hunter2 ä")
    again = Credentials(tmp_path, {})
    assert again.get(NAME) == PASSKEY
    assert again.get("qbittorrent.password") == "hunter2 ä"
    assert again.names() == [
        ("filelist.passkey", "credentials.enc"),
        ("qbittorrent.password", "credentials.enc"),
    ]
    assert sorted(files(tmp_path)) == [".key", "credentials.enc", "credentials.lock"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert not any(PASSKEY.encode() in data for data in files(tmp_path).values())


def test_nothing_is_made_until_something_is_stored(vault, tmp_path):
    assert vault.get(NAME) is None
    assert vault.names() == []
    assert vault.damage() is None
    assert vault.remove(NAME) is False
    assert files(tmp_path) == {}


def test_without_a_vault_no_cryptography_is_loaded(tmp_path):
    program = f"""
import pathlib, sys
from movie_sync.credentials import Credentials
ours = Credentials(pathlib.Path({str(tmp_path)!r}), {{"{VARIABLE}": "x"}})
assert ours.get("{NAME}") == "x" and ours.names() and ours.damage() is None
sys.exit("cryptography" in sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_environment_wins_then_a_named_file_then_systemd_then_the_vault(vault, tmp_path):
    vault.set(NAME, "from the vault")
    (tmp_path / "named").write_text("from a file\n")
    (tmp_path / NAME).write_text("from systemd\n")
    environ = {
        VARIABLE: "from a variable",
        f"{VARIABLE}_FILE": str(tmp_path / "named"),
        "CREDENTIALS_DIRECTORY": str(tmp_path),
    }
    found = []
    for gone in ("", VARIABLE, f"{VARIABLE}_FILE", "CREDENTIALS_DIRECTORY"):
        environ.pop(gone, None)
        ours = Credentials(tmp_path, dict(environ))
        found.append((ours.get(NAME), ours.names()[0][1]))
    assert found == [
        ("from a variable", VARIABLE),
        ("from a file", f"{VARIABLE}_FILE"),
        ("from systemd", "systemd"),
        ("from the vault", "credentials.enc"),
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [(None, r"cannot be read \(No such file"), (b"\n", "is empty"), (b"\xff", "it is not text")],
)
def test_a_named_file_without_a_secret_is_an_error_and_not_a_missing_secret(tmp_path, data, why):
    path = tmp_path / "named"
    if data is not None:
        path.write_bytes(data)
    ours = Credentials(tmp_path, {f"{VARIABLE}_FILE": str(path)})
    with pytest.raises(ConfigError, match=rf"{VARIABLE}_FILE names .*{why}"):
        ours.get(NAME)


def test_every_secret_that_is_read_or_stored_is_told_of(vault, tmp_path):
    heard = []
    vault.set(NAME, PASSKEY)
    Credentials(tmp_path, {}, heard.append).get(NAME)
    Credentials(tmp_path, {VARIABLE: "variable"}, heard.append).get(NAME)
    Credentials(tmp_path, {}, heard.append).set("qbittorrent.password", "stored")
    Credentials(tmp_path, {}, heard.append).trying(NAME, "tried").get(NAME)
    assert heard == [PASSKEY, "variable", "stored", "tried"]


def test_a_secret_can_be_tried_without_being_stored(vault, tmp_path):
    assert vault.trying(NAME, "tried").get(NAME) == "tried"
    assert vault.get(NAME) is None


def test_a_removed_secret_is_gone_and_the_others_stay(vault):
    vault.set(NAME, PASSKEY)
    vault.set("qbittorrent.password", "hunter2")
    assert vault.remove(NAME) is True
    assert vault.names() == [("qbittorrent.password", "credentials.enc")]


@pytest.mark.parametrize("secret", ["", "  \n", "two\nlines", "bell\a"])
def test_a_secret_is_one_line_of_text(vault, tmp_path, secret):
    with pytest.raises(ConfigError, match=f"^{NAME} must be one line of text; nothing was changed"):
        vault.set(NAME, secret)
    assert files(tmp_path) == {}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "filelist.paskey",
            'there is no credential "filelist.paskey"; did you mean "filelist.passkey"?',
        ),
        (
            "imdb",
            f'there is no credential "imdb"; known are {", ".join(credentials.KNOWN)}, '
            "torznab.NAME.api_key, sonarr.NAME.api_key",
        ),
        (
            "torznab.prowlarr.apikey",
            'there is no credential "torznab.prowlarr.apikey"; did you mean '
            '"torznab.prowlarr.api_key"?',
        ),
    ],
)
def test_only_what_the_program_asks_for_can_be_stored(vault, name, message):
    with pytest.raises(ConfigError) as caught:
        vault.set(name, "x")
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("key", "vault_data", "why"),
    [
        (None, None, "cannot be opened: .key is missing"),
        (b"", None, "cannot be opened: .key is damaged"),
        ("not ä key".encode(), None, "cannot be opened: .key is damaged"),
        (b"A" * 43 + b"=", None, "does not open with .key"),
        (b"kept", b"", "does not open with .key"),
        (b"kept", b"gAAAA", "does not open with .key"),
        (b"kept", b"\xff\x00", "does not open with .key"),
    ],
)
def test_a_vault_that_does_not_open_is_told_of_and_never_overwritten(
    vault, tmp_path, key, vault_data, why
):
    vault.set(NAME, PASSKEY)
    if key is None:
        (tmp_path / ".key").unlink()
    elif key != b"kept":
        (tmp_path / ".key").write_bytes(key)
    if vault_data is not None:
        (tmp_path / "credentials.enc").write_bytes(vault_data)
    before = files(tmp_path)
    message = (
        f"{tmp_path}/credentials.enc {why}; nothing was changed; restore both files from a "
        'backup, or begin anew with "credentials set NAME --anew"'
    )
    assert vault.damage() == message
    for attempt in (
        lambda: vault.get(NAME),
        lambda: vault.set(NAME, "new"),
        lambda: vault.remove(NAME),
        vault.names,
    ):
        with pytest.raises(ConfigError) as caught:
            attempt()
        assert str(caught.value) == message
    assert files(tmp_path) == before


def test_a_damaged_vault_does_not_matter_to_what_the_environment_gives(vault, tmp_path):
    (tmp_path / "credentials.enc").write_bytes(b"damaged")
    assert Credentials(tmp_path, {VARIABLE: "x"}).get(NAME) == "x"


def test_beginning_anew_keeps_the_old_vault_and_its_key_aside(vault, tmp_path):
    vault.set(NAME, PASSKEY)
    before = files(tmp_path)
    aside = vault.set_aside(datetime(2026, 1, 5, 12, 0, tzinfo=UTC))
    assert aside == tmp_path / "credentials.enc.20260105-120000"
    vault.set(NAME, "new")
    after = files(tmp_path)
    assert after["credentials.enc.20260105-120000"] == before["credentials.enc"]
    assert after[".key.20260105-120000"] == before[".key"]
    assert vault.get(NAME) == "new"


def test_a_key_without_a_vault_is_used_and_not_replaced(vault, tmp_path):
    vault.set(NAME, PASSKEY)
    key = (tmp_path / ".key").read_bytes()
    vault_data = (tmp_path / "credentials.enc").read_bytes()
    (tmp_path / "credentials.enc").unlink()
    vault.set(NAME, "new")
    assert (tmp_path / ".key").read_bytes() == key
    (tmp_path / "credentials.enc").write_bytes(vault_data)
    assert vault.get(NAME) == PASSKEY


def test_a_home_that_cannot_be_written_is_told_of(tmp_path):
    with pytest.raises(FilesError, match="cannot be written"):
        Credentials(tmp_path / "gone", {}).set(NAME, PASSKEY)


def test_needed_are_the_secrets_of_what_is_switched_on():
    assert credentials.needed(Config()) == []
    config = Config(torrent_client="qbittorrent", filelist=FileList(username="alice"))
    assert credentials.needed(config) == ["filelist.passkey", "qbittorrent.password"]


def test_each_torznab_indexer_has_a_key_of_its_own(vault, tmp_path):
    config = Config(torznab={"my-jackett": Torznab(url="http://127.0.0.1:9117/api")})
    vault.set("torznab.my-jackett.api_key", "hunter22")
    assert vault.get("torznab.my-jackett.api_key") == "hunter22"
    assert vault.get("torznab.prowlarr.api_key") is None
    names = credentials.asked(config)
    assert names[-1] == "torznab.my-jackett.api_key"
    given = Credentials(tmp_path, {"MOVIE_SYNC_TORZNAB__MY_JACKETT__API_KEY": "other"})
    assert given.names(names) == [
        ("torznab.my-jackett.api_key", "MOVIE_SYNC_TORZNAB__MY_JACKETT__API_KEY")
    ]
    assert credentials.needed(config) == []
