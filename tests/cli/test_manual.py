import shutil
import subprocess
from pathlib import Path

import pytest

from movie_sync.cli import COMMANDS, manual

PAGE = Path(__file__).parents[2] / "docs" / "movie-sync.1"


def test_the_man_page_is_what_the_commands_say():
    assert PAGE.read_text() == manual.text(), "run `make docs`"


def test_every_command_has_its_section():
    text = manual.text()
    assert not [name for name in COMMANDS if f"\n.SS {name}" not in text.replace("\\-", "-")]


def test_the_man_page_has_no_fault():
    if shutil.which("mandoc") is None:
        pytest.skip("mandoc is not installed: apt-get install mandoc")
    done = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning"], input=manual.text(), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")
