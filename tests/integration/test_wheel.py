"""The wheel as `uv tool install .` and pipx build it, in an environment of its own."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ROOT_FILES = {"py.typed", "web/static/htmx.min.js", "web/static/app.js"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The command, in an environment that sees the libraries of this one and nothing of ours."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=True)
    libraries = next(folder.glob("lib/python3*/site-packages"))
    beside = next(Path(sys.prefix).glob("lib/python3*/site-packages"))
    (libraries / "beside.pth").write_text(f"{beside}\n")
    subprocess.run(
        [folder / "bin/python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index",
         "--disable-pip-version-check", wheel],
        check=True,
    )  # fmt: skip
    return folder / "bin/movie-sync"


def call(command: Path, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    return subprocess.run(
        [command, *words], cwd=home, env=environment, capture_output=True, text=True, check=False,
        timeout=240,
    )  # fmt: skip


def test_all_that_the_program_reads_is_in_the_wheel(wheel):
    kept = zipfile.ZipFile(wheel).namelist()
    ours = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "movie_sync").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours <= set(kept)
    assert {f"movie_sync/{name}" for name in ROOT_FILES} <= set(kept)
    assert any(name.endswith("share/man/man1/movie-sync.1") for name in kept)
    assert not [name for name in kept if name.startswith(("tests", "docs", "systemd"))]


def test_the_installed_command_answers(installed, tmp_path):
    said = call(installed, "--help", home=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("Usage: movie-sync [OPTIONS]")


def test_the_installed_command_shows_the_demo(installed, tmp_path):
    words = ("demo", "--films", "1", "--json", "--keep", str(tmp_path / "demo"))
    said = call(installed, *words, home=tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr
    outcome = json.loads(said.stdout)
    assert outcome["ok"]
    assert Path(outcome["home"]).is_dir()
    assert not (tmp_path / ".movie_sync").exists()  # the demo leaves a person's own home alone
