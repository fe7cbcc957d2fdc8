"""What people install: its files agree with each other, and what checks them finds no fault."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # other programs look at the files

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yml").read_text()


def tool(name: str) -> str:
    """A program of tests/requirements.txt, beside the Python that runs this."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if found is None:
        pytest.skip(f"{name} is not installed: see tests/requirements.txt")
    return found


def run(*command: str | Path) -> tuple[int, str]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_full_install_is_the_same_by_requirements_and_by_extras():
    [everything] = EXTRAS["all"]
    named = re.fullmatch(r"movie-sync\[(.*)\]", everything)[1].split(",")
    assert set(named) == EXTRAS.keys() - {"all", "postgresql"}  # a driver for those who have one
    wanted = {*PROJECT["dependencies"], *(line for name in named for line in EXTRAS[name])}
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == sorted(wanted)


def test_every_dependency_has_bounds_on_both_sides():
    files = [ROOT / "requirements.txt", ROOT / "tests/requirements.txt"]
    lines = [line for file in files for line in file.read_text().splitlines()]
    bounded = re.compile(r"[a-z0-9-]+(\[[a-z,]+\])?>=[\d.]+,<[\d.]+")
    assert not [line for line in lines if line[:1] not in ("#", "") and not bounded.match(line)]


def test_the_dockerfile_has_no_fault():
    assert run(tool("hadolint"), "--failure-threshold", "style", "Dockerfile") == (0, "")


def test_the_compose_file_fits_the_schema_of_compose():
    code, said = run(
        tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "compose.yml"
    )
    assert code == 0, said


def test_the_scripts_have_no_fault():
    scripts = ["systemd/install.sh", ".ci/run"]
    assert run(tool("shellcheck"), *scripts) == (0, "")


def test_the_container_can_do_as_little_as_possible():
    assert re.search(r"^USER 1000:1000$", DOCKERFILE, re.M)
    for line in ("read_only: true", "cap_drop:\n      - ALL", "no-new-privileges:true"):
        assert line in COMPOSE


def test_no_secret_and_no_file_of_a_checkout_gets_into_an_image():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in ignored if not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {line.removeprefix("!") for line in rules if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M)
    assert {name for line in copied for name in line.split()} == allowed
    assert not re.search("passkey|password|secret|token", DOCKERFILE.partition("FROM")[2], re.I)


def test_the_health_check_of_the_image_is_a_command_of_ours():
    from movie_sync.cli.status import command

    assert 'CMD ["movie-sync", "status", "--health"]' in DOCKERFILE
    assert "--health" in {option for param in command.params for option in param.opts}


def test_the_page_on_installing_names_what_there_is():
    from movie_sync.cli import COMMANDS

    page = (ROOT / "docs/install.md").read_text()
    named = set(re.findall(r"movie-sync (?!movie-sync)([a-z]+)", page))
    assert named <= COMMANDS.keys()
    assert set(re.findall(r"^\| `([a-z]+)` \| (?!Movie)", page, re.M)) == EXTRAS.keys()
    for target in re.findall(r"\[[^]]+\]\(([^#)]+)", page):
        assert (ROOT / "docs" / target).is_file()
