"""No secret is written or printed, and nobody but the owner can read what is written."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from werkzeug import Request, Response

from movie_sync.credentials import Credentials
from movie_sync.demo.play import play
from movie_sync.demo.world import World
from movie_sync.models import State
from movie_sync.queue_load import load
from tests.swarm import until

pytestmark = pytest.mark.slow

GIVEN = {
    "qbittorrent.password": "qb/p+ss w0rd&=Ünï",
    "torznab.hall.api_key": "hallkey0123456789abcdef/+",
    "tmdb.api_key": "tmdbkey0123456789abcdef0123456789",
}
# The announce address in a torrent holds the passkey, and no download goes without it.
MAY_HOLD = re.compile(r"torrents/[0-9a-f]{40}\.torrent|libtorrent/.*|\.key")
OPENED = re.compile(
    r'(?:openat\([^,]+, "(?P<file>[^"]+)", [A-Z_|]*O_CREAT[A-Z_|]*, (?P<mode>\d+)'
    r'|mkdir(?:at\([^,]+, |\()"(?P<folder>[^"]+)", (?P<folder_mode>\d+))\) = \d'
)


def repeat(request: Request) -> Response:
    """As careless services do: the whole of the question in the answer, the keys included."""
    asked = f"{request.url} {dict(request.headers)} {request.get_data(as_text=True)}"
    text = asked.replace('"', "'").replace("<", "").replace("&", " ")
    if "api" in request.path and "v2" not in request.path:
        return Response(f'<error code="900" description="{text}"/>', 200, mimetype="text/xml")
    return Response(json.dumps({"status_message": text}), 403, mimetype="application/json")


@pytest.fixture
def world(tmp_path, httpserver):
    httpserver.expect_request(re.compile(".*")).respond_with_handler(repeat)
    settings = {
        "torznab": {"hall": {"url": httpserver.url_for("/1/api"), "seconds_between_requests": 0}},
        "tmdb": {"base_url": httpserver.url_for("/3")},
        "qbittorrent": {"url": httpserver.url_for("/qb"), "username": "admin"},
    }
    with World(tmp_path / "world", 3, upload_limit_kib_s=0, more_settings=settings) as opened:
        vault = Credentials(opened.home, {})
        for name, secret in GIVEN.items():
            vault.set(name, secret)
        yield opened


def secrets_of(world: World) -> dict[str, str]:
    key = (world.home / ".key").read_text().strip()
    return {**GIVEN, "filelist.passkey": world.passkey, "vault key": key}


def spellings(secret: str) -> set[bytes]:
    written = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
    written |= {json.dumps(secret)[1:-1], b64encode(secret.encode()).decode().rstrip("=")[:-1]}
    return {each.encode() for each in written}


def printed(world: World, *arguments: str, **variables: str) -> bytes:
    command = world.command("--log-level", "debug", "--json-logs", *arguments)
    ran = subprocess.run(
        command, env=world.environment() | variables, capture_output=True, timeout=180, check=False
    )
    assert b"Traceback" not in ran.stderr, ran.stderr
    return ran.stdout + ran.stderr


def found_in(texts: dict[str, bytes], world: World) -> list[str]:
    return [
        f"{name} in {place}: ...{text[max(0, text.find(each) - 120) : text.find(each) + 20]!r}"
        for place, text in texts.items()
        for name, secret in secrets_of(world).items()
        for each in spellings(secret)
        if each in text
    ]


def written(world: World) -> dict[str, bytes]:
    """What the program has written; not what the demo's seeder offers."""
    texts = {}
    for top in (world.home, world.library, world.downloads, world.folder / "program.log"):
        for path in [top, *top.rglob("*")]:
            inner = str(path.relative_to(world.home)) if path.is_relative_to(world.home) else ""
            if path.is_file() and not MAY_HOLD.fullmatch(inner):
                texts[str(path)] = path.read_bytes()
    return texts


def test_no_secret_is_written_or_printed_in_a_whole_run(world):
    command = world.command
    world.command = lambda *a: command("--log-level", "debug", "--json-logs", *a)  # type: ignore[method-assign]
    outcome = play(world, lambda films: None)
    title = world.offered[0].film.title
    said = {
        " ".join(arguments): printed(world, *arguments)
        for arguments in (
            ("status", "--json"), ("why", title, "--all", "--json"), ("why", title),
            ("search", title, "--json"), ("config", "show"), ("doctor", "--json"), ("doctor",),
            ("credentials", "list"), ("queue", "list", "--json"), ("--dry-run",),
        )
    }  # fmt: skip
    said["with qBittorrent"] = printed(
        world, "--once", MOVIE_SYNC_TORRENT_CLIENT="qbittorrent"
    ) + printed(world, "doctor", MOVIE_SYNC_TORRENT_CLIENT="qbittorrent")
    assert outcome.ok, outcome.problems
    files = written(world)
    assert len(files) > 15
    assert all(said.values())
    assert found_in(said | files, world) == []


def test_all_is_for_its_owner_alone_whatever_the_umask(world, tmp_path):
    trace = tmp_path / "trace"
    command = world.command()
    if shutil.which("strace"):
        command = ["strace", "-f", "-qq", "-e", "trace=openat,mkdir,mkdirat", "-o", str(trace),
                   *command]  # fmt: skip
    program = subprocess.Popen(
        command, env=world.environment(), umask=0, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until(lambda: len(load(world.home, reader=True)[0][State.COMPLETED]) == 3, 180)
        assert open_to_others(world.home) == []
        assert stat.S_IMODE((world.home / "control.sock").stat().st_mode) == 0o600
        os.killpg(program.pid, 15)
        program.wait(60)
    finally:
        if program.poll() is None:
            os.killpg(program.pid, 9)
            program.wait()
    assert open_to_others(world.home) == []
    if trace.exists():
        assert created_open(trace.read_text(), world.home) == []
    else:
        pytest.skip("strace is not installed: the modes at creation are NOT tested")


def test_a_new_home_is_for_its_owner_alone(tmp_path):
    home = tmp_path / "home"
    command = [sys.executable, "-m", "movie_sync", "--home", str(home), "queue", "add", "Heat"]
    subprocess.run(command, umask=0, capture_output=True, timeout=180, check=False)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert open_to_others(home) == []


def open_to_others(home: Path) -> list[str]:
    found = []
    for path in (home, *home.rglob("*")):
        with suppress(FileNotFoundError):  # the program tidies up meanwhile
            mode = path.lstat().st_mode
            if mode & 0o077 and path.name != "config.json":
                found.append(f"{path} {stat.filemode(mode)}")
    return found


def created_open(trace: str, home: Path) -> list[str]:
    """What was given more than its owner may have at its very creation."""
    found = []
    for match in OPENED.finditer(trace):
        path, mode = match["file"] or match["folder"], match["mode"] or match["folder_mode"]
        if path.startswith(str(home)) and int(mode, 8) & 0o077:
            found.append(f"{path} {mode}")
    return sorted(set(found))
