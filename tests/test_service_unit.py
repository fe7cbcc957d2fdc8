import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
USER, SYSTEM = "movie-sync.service", "movie-sync-system.service"


@pytest.fixture(params=[USER, SYSTEM])
def unit(request, tmp_path):
    """A unit, with a program to start that is there."""
    text = (ROOT / "systemd" / request.param).read_text()
    path = tmp_path / request.param
    path.write_text(text.replace("/opt/movie-sync/bin/movie-sync", "/bin/true"))
    return path


def analyze(unit: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")
    kind = ["--user"] if unit.name == USER else []
    return subprocess.run(
        ["systemd-analyze", *kind, *arguments, str(unit)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(unit.parent)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_unit_has_no_fault(unit):
    found = analyze(unit, "verify", "--man=no")
    # An unknown key is only a warning there, so nothing at all may be said.
    assert (found.returncode, found.stderr) == (0, "")


def test_the_unit_is_well_hardened(unit):
    # What counts against a unit of a user: it has no user of its own, and may read the home.
    threshold = {USER: 20, SYSTEM: 14}[unit.name]
    found = analyze(unit, "security", "--offline=true", f"--threshold={threshold}")
    assert found.returncode == 0, found.stdout.splitlines()[-1]


def test_the_unit_of_the_system_may_do_no_more_than_that_of_a_user():
    def sandbox(name: str) -> set[str]:
        text = (ROOT / "systemd" / name).read_text()
        lines = text[text.index("PrivateUsers=") : text.index("[Install]")].splitlines()
        return {line for line in lines if line and not line.startswith(("#", "ReadWritePaths="))}

    assert sandbox(USER) <= sandbox(SYSTEM)


def test_installing_names_this_checkout(tmp_path):
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    subprocess.run(["sh", ROOT / "systemd/install.sh", ROOT], env=environment, check=True,
                   capture_output=True)  # fmt: skip
    written = tmp_path / ".config/systemd/user/movie-sync.service"
    assert f"WorkingDirectory={ROOT}\n" in written.read_text()
