"""Commands, called as a person does."""

from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from movie_sync.cli import command


def call(home: Path, *words: str, **options: Any) -> Result:
    """The outcome of a command; an error of ours is its `exception`."""
    return CliRunner().invoke(command, ["--home", str(home), *words], **options)
