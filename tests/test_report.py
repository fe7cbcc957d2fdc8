import json
import stat
import zipfile
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from movie_sync import config, log, report
from movie_sync.credentials import KNOWN, Credentials, of_torznab
from movie_sync.errors import FilesError
from movie_sync.log import Redactor
from movie_sync.queues import QueueManager
from tests import make

TORZNAB = "hallkey0123456789abcdef/+"
SECRETS = {name: f"{name}/s3cret &=Ü {number}" for number, name in enumerate(KNOWN)}
SECRETS[of_torznab("hall")] = TORZNAB
HOOK = "a8f4e0b2c6d84f6ea8f4e0b2c6d84f6e"


@pytest.fixture
def home(tmp_path):
    """One whose log, stories and errors were told every secret, as by a careless service."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    vault = Credentials(home, {})
    for name, secret in SECRETS.items():
        vault.set(name, secret)
    told = " ".join(
        spelt(secret) for secret in SECRETS.values() for spelt in
        (str, quote, quote_plus, json.dumps, lambda s: b64encode(f"ann:{s}".encode()).decode())
    )  # fmt: skip
    (home / log.FILE).write_text(
        f"2026-01-05 12:00:00 INFO    Film 1 (1999): downloading Film.1.1999.1080p.BluRay-GRP\n"
        f"2026-01-05 12:00:01 WARNING hall: {told}\n"
        f"2026-01-05 12:00:02 DEBUG   https://ann:pw@x.test/?passkey={HOOK} api_key={HOOK}\n"
        f"2026-01-05 12:00:03 DEBUG   password: {HOOK}; token={HOOK}\n"
    )
    (home / "config.json").write_text(json.dumps({
        "username": "alice", "torznab": {"hall": {"url": "http://127.0.0.1:9696/1/api"}},
        "lists": [f"https://lists.test/hook/{HOOK}/films.json?apikey={HOOK}"],
        "library_directory": str(tmp_path / "films"), "max_retries": "many",
    }))  # fmt: skip
    queue = QueueManager(home, idle_s=60)
    release = {"name": "Film.1.1999.1080p.BluRay-GRP", "indexer": "hall", "id": "7"}
    queue.put_many([make.item(1, data={"year": 1999, "release": release}), make.item(2)])
    queue.take("film")
    queue.fail("film:letterboxd:1", f"hall answered {told}", None)
    queue.close()
    (home / "access.json").write_text(json.dumps({"secret": HOOK * 2}))
    return home


def told(home, **options):
    redactor = Redactor()
    vault = Credentials(home, {}, redactor.add)
    loaded = config.load(home, {}, {})
    return report.sections(home, loaded, vault, redactor, make.NOON, **options)


def spellings(secret):
    yield from (secret, quote(secret), quote(secret, safe=""), quote_plus(secret))
    yield json.dumps(secret)[1:-1]
    yield b64encode(secret.encode()).decode().rstrip("=")[:-1]


@pytest.mark.parametrize("anonymous", [False, True])
def test_no_credential_of_the_home_is_in_it(home, anonymous):
    text = report.as_text(told(home, anonymous=anonymous))
    key = (home / ".key").read_text()
    for secret in (*SECRETS.values(), key, HOOK, "ann:pw"):
        for spelt in spellings(secret):
            assert spelt not in text
    for name in SECRETS:
        assert f"{name} = ***  (credentials.enc)" in text


def test_it_tells_what_helps(home):
    parts = told(home)
    assert parts["versions"].startswith("movie-sync ")
    assert "\nPython 3." in parts["versions"]
    assert 'username = "alice"  (config.json line 1)' in parts["settings"]
    assert "problem: config.json, line 1: max_retries must be " in parts["settings"]
    assert parts["queues"].startswith("1 pending, 0 active, 1 failed, ")
    assert parts["failed"].startswith("Film 1 (1999) [film:letterboxd:1]: hall answered ")
    assert parts["disks"].startswith(f"home: {home}, ")
    assert "Film 1 (1999): downloading Film.1.1999.1080p.BluRay-GRP" in parts["log"]
    assert "http://127.0.0.1:9696/1/api" in parts["settings"]


@pytest.mark.parametrize("before", [*range(report.LONGEST_LINE - 40, report.LONGEST_LINE, 7)])
def test_a_line_that_is_cut_leaves_no_half_of_a_secret(home, before):
    (home / log.FILE).write_text(f"{'x' * before} {TORZNAB}\n")
    assert TORZNAB[:8] not in told(home)["log"]


def test_nobody_is_asked_unless_one_says_so(home):
    checks = told(home)["checks"].splitlines()
    assert checks[-1] == "(torrent client, indexers and watchlists were not asked)"
    assert not [line for line in checks if " hall:" in line or "torrent client:" in line]


def test_names_are_hidden_on_demand(home):
    text = report.as_text(told(home, anonymous=True))
    for name in ("Film 1", "Film.1", "letterboxd:1", "alice", str(home), str(Path.home()) + "/"):
        assert name not in text
    assert "[film 2]: downloading [film 2]" in text
    assert "[film 2] [[film 2]]: hall answered " in text


def test_a_home_that_is_damaged_is_told_of_all_the_same(home):
    (home / "queue_pending.json").write_text("[{")
    (home / "credentials.enc").write_text("x")
    (home / log.FILE).unlink()
    parts = told(home, anonymous=True)
    assert "queue_pending.json: line 1, column 3" in parts["queues"]
    assert "does not open with .key" in parts["settings"]
    assert parts["log"] == "there is no log file"


def test_an_empty_home_has_a_report(tmp_path):
    assert told(tmp_path)["failed"] == "nothing failed"


def test_it_is_a_zip_for_its_owner_alone_and_overwrites_no_other_file(home, tmp_path):
    path = tmp_path / report.default_name(make.NOON)
    for _ in range(2):
        report.write(path, told(home))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == sorted(f"{name}.txt" for name in told(home))
    other = tmp_path / "mine.zip"
    other.write_text("mine")
    with pytest.raises(FilesError, match="is there, and is no report; nothing was written"):
        report.write(other, told(home))
    assert other.read_text() == "mine"


@pytest.mark.slow
def test_names_of_20_000_films_are_hidden_in_a_few_seconds(home):
    queue = QueueManager(home, idle_s=60)
    queue.put_many(make.item(n, title=f"Picture {n} (1999)") for n in range(100, 20_000))
    queue.close()
    with (home / log.FILE).open("a") as out:
        out.writelines(f"INFO Picture {n} (1999): 4 found, none accepted\n" for n in range(900))
    parts = told(home, anonymous=True)
    assert "Picture" not in parts["log"]
