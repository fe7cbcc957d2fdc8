import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "systemd/movie-sync.service"


def analyze(*arguments: str, runtime: Path) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime)}
    return subprocess.run(
        ["systemd-analyze", "--user", *arguments, str(UNIT)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_unit_has_no_fault(tmp_path):
    found = analyze("verify", "--man=no", runtime=tmp_path)
    # An unknown key is only a warning there, so nothing at all may be said.
    assert (found.returncode, found.stderr) == (0, "")


def test_the_unit_is_well_hardened(tmp_path):
    found = analyze("security", "--offline=true", "--threshold=20", runtime=tmp_path)
    assert found.returncode == 0, found.stdout.splitlines()[-1]


def test_installing_names_this_checkout(tmp_path):
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    subprocess.run(["sh", ROOT / "systemd/install.sh", ROOT], env=environment, check=True,
                   capture_output=True)  # fmt: skip
    written = tmp_path / ".config/systemd/user/movie-sync.service"
    assert f"WorkingDirectory={ROOT}\n" in written.read_text()
