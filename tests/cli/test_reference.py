from pathlib import Path

from movie_sync.cli import reference

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def test_the_page_of_commands_is_what_the_commands_say():
    assert PAGE.read_text() == reference.text(), "run `make docs`"
