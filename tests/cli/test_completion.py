"""Completion as a shell asks for it. Each press of Tab starts the program, so most are slow."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from msgspec.structs import replace

from movie_sync.cli import COMMANDS, command, completing
from movie_sync.cli.completion import SHELLS
from movie_sync.films.story import Stories, What
from movie_sync.films.watchlists import Listed, Memory
from movie_sync.queues import QueueManager
from tests import make
from tests.cli import call

ROOT = Path(__file__).parents[2]
TITLES = [
    "Dune (2021)",
    "The Third Man (1949)",
    "The Thing (1982)",
    "Mission: Impossible (1996)",
    "O Brother, Where Art Thou? (2000)",
    "Who's Afraid (1966)",
    "$9.99 (2008)",
    "Twice (1999)",
    "Twice (1999)",
]

# Words that only a person knows, and files: for those the shell itself has an answer.
NOBODY_KNOWS = {
    ("alias", "title"),
    ("queue add", "title"),
    ("web keys add", "name"),
    # Numbers and ids, which another command lists.
    ("library review trust", "place"),
    ("library review undo", "choice"),
    ("library sources add", "name"),
    ("metadata search", "text"),
    ("metadata show", "tmdb_id"),
    ("history log", "sync"),
    ("history match clear", "viki"),
    ("history match set", "trakt"),
    ("history match set", "viki"),
    ("history match settle", "question"),
    ("history match settle", "title"),
    ("history match show", "viki"),
    ("history undo", "sync"),
    ("history viki login", "file"),
    ("history watch", "show"),
}


@pytest.fixture
def home(tmp_path):
    queue = QueueManager(tmp_path, idle_s=60)
    queue.put_many(replace(make.item(n), title=title) for n, title in enumerate(TITLES))
    failed = queue.take("film")
    queue.fail(failed.id, "2 found, none accepted", None)
    queue.close()
    found = {"indexer": "filelist", "id": "665", "name": "Dune.2021.1080p.BluRay.x264-GRP"}
    stories = Stories(tmp_path / "stories")
    stories.tell(failed.id, What.SEARCHED, "1 found", make.NOON, releases=[found])
    return tmp_path


@pytest.fixture
def programs(tmp_path_factory):
    """A folder with the installed command in it."""
    folder = tmp_path_factory.mktemp("bin")
    script = folder / "movie-sync"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} {ROOT}/main.py "$@"\n')
    script.chmod(0o755)
    return folder


def environment(home: Path, programs: Path) -> dict[str, str]:
    path = f"{programs}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "MOVIE_SYNC_HOME": str(home), "LC_ALL": "C.UTF-8"}


ASK_BASH = """
source {script}
while IFS= read -r line; do
    COMP_LINE=$line COMP_POINT=${{#line}}
    _movie_sync_completion movie-sync
    (IFS='|'; echo "${{COMPREPLY[*]}}")
done
"""


def ask_bash(lines: list[str], home: Path, programs: Path) -> list[list[str]]:
    """What bash would put in place of the last word of each line."""
    script = home.parent / "completion.bash"
    script.write_text(call(home, "completion", "bash").stdout)
    done = subprocess.run(
        ["bash", "--norc", "-c", ASK_BASH.format(script=script)], input="\n".join(lines) + "\n",
        env=environment(home, programs), capture_output=True, text=True, check=True, timeout=180,
    )  # fmt: skip
    assert done.stderr == ""
    return [line.split("|") if line else [] for line in done.stdout.splitlines()]


CASES = {
    "movie-sync sta": ["status"],
    "movie-sync queue re": ["remove", "restore", "restore-file", "retry"],
    "movie-sync status --jso": ["--json"],
    "movie-sync --log-level=w": ["warning"],
    "movie-sync queue list fa": ["failed"],
    "movie-sync why Du": ["Dune\\ \\(2021\\)"],
    "movie-sync why du": ["Dune\\ \\(2021\\)"],
    "movie-sync why The\\ Th": ["The\\ Third\\ Man\\ \\(1949\\)", "The\\ Thing\\ \\(1982\\)"],
    'movie-sync why "The Thir': ["The Third Man (1949)"],
    "movie-sync why 'Who": ["Who'\\''s Afraid (1966)"],
    "movie-sync why Mission:\\ I": ["\\ Impossible\\ \\(1996\\)"],
    "movie-sync why O": ["O\\ Brother,\\ Where\\ Art\\ Thou\\?\\ \\(2000\\)"],
    "movie-sync why film:letterboxd:7": ["7"],  # bash itself parts words at colons
    "movie-sync why \\$": ["\\$9.99\\ \\(2008\\)"],
    "movie-sync queue retry ": ["Dune\\ \\(2021\\)"],
    "movie-sync grab Dune\\ \\(2021\\) ": ["filelist:665"],
    "movie-sync credentials set tm": ["tmdb.api_key"],
    "movie-sync simulate s": ["small"],
    "movie-sync why nothing": [],
    "movie-sync watchlist confirm ": [],
}


@pytest.mark.slow
def test_bash_offers_what_fits_and_quotes_it_as_the_line_was_begun(home, programs):
    lines = list(CASES)
    assert dict(zip(lines, ask_bash(lines, home, programs), strict=True)) == CASES


@pytest.mark.slow
def test_films_of_one_title_are_offered_by_their_ids(home, programs):
    [offered] = ask_bash(["movie-sync why "], home, programs)
    assert {"film:letterboxd:7", "film:letterboxd:8"} <= set(offered)
    assert len(offered) == len(TITLES)


@pytest.mark.slow
def test_lists_with_trouble_are_offered_first(home, programs):
    memory = Memory(home / "watchlist.json")
    memory.sources["letterboxd:alice"] = Listed()
    memory.sources["letterboxd:bob"] = Listed(problem="it lacks 32 of 60 films")
    memory.save()
    assert ask_bash(["movie-sync watchlist confirm "], home, programs) == [
        ["letterboxd:bob", "letterboxd:alice"]
    ]


def ask(shell: str, line: str, word: str, home: Path, programs: Path) -> str:
    """What the program answers a shell, which quotes by itself."""
    number = word if shell == "fish" else str(len(line.split()) - 1 if word else len(line.split()))
    variables = {"COMP_WORDS": line, "COMP_CWORD": number,
                 "_MOVIE_SYNC_COMPLETE": f"{shell}_complete"}  # fmt: skip
    done = subprocess.run(
        ["movie-sync"], env=environment(home, programs) | variables, capture_output=True,
        text=True, check=True, timeout=180,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.rstrip("\n")


@pytest.mark.slow
def test_zsh_and_fish_are_told_titles_and_what_they_are_known_by(home, programs):
    assert ask("zsh", "movie-sync why O", "O", home, programs) == (
        "plain\nO Brother, Where Art Thou? (2000)\npending"
    )
    assert ask("fish", "movie-sync queue retry ", "", home, programs) == (
        "plain,Dune (2021)\t2 found, none accepted"
    )


@pytest.mark.slow
def test_a_damaged_home_is_no_reason_to_disturb_a_person_who_types(home, programs):
    (home / "queue_pending.json").write_text("{")
    (home / "config.json").write_text("{")
    lines = ["movie-sync why ", "movie-sync --home /nowhere why "]
    assert ask_bash(lines, home, programs) == [[], []]
    assert not Path("/nowhere").exists()


@pytest.mark.slow
def test_completing_among_many_films_is_quick(tmp_path, programs):
    queue = QueueManager(tmp_path, idle_s=60, sync=lambda descriptor: None)
    queue.put_many(make.item(number) for number in range(5000))
    queue.close()
    spent_s = []
    for _ in range(3):
        before = os.times()
        ask("zsh", "movie-sync why Film\\ 4999", "Film", tmp_path, programs)
        spent_s.append(os.times().children_user - before.children_user)
    assert min(spent_s) < 0.5  # of the processor; half of that on a machine of today


@pytest.mark.parametrize("shell", list(SHELLS))
def test_the_scripts_have_no_fault(shell, home):
    script = home / "script"
    script.write_text(call(home, "completion", shell).stdout)
    assert "movie-sync" in script.read_text()
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed: apt-get install {shell}")
    done = subprocess.run([shell, "-n", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_a_shell_it_says_how_to_install_it(tmp_path):
    said = call(tmp_path, "completion").stdout
    assert all(f"movie-sync completion {shell} > " in said for shell in SHELLS)


def parameters() -> Iterator[tuple[str, click.Parameter]]:
    def of(found: click.Command, path: str) -> Iterator[tuple[str, click.Parameter]]:
        yield from ((path, param) for param in found.params)
        if isinstance(found, click.Group):
            for name, below in found.commands.items():
                yield from of(below, f"{path} {name}")

    for name in COMMANDS:
        found = command.get_command(click.Context(command), name)
        assert found
        yield from of(found, name)


def test_every_argument_is_completed_or_nobody_else_knows_it():
    of_itself = (click.Choice, click.Path)
    assert not [
        f"{path} {param.name}"
        for path, param in parameters()
        if isinstance(param, click.Argument)
        and not isinstance(param.type, of_itself)
        and (path, param.name) not in completing.OFFERED.keys() | NOBODY_KNOWS
    ]


def test_what_is_offered_is_for_parameters_that_there_are():
    there = {(path, param.name) for path, param in parameters()}
    assert completing.OFFERED.keys() | NOBODY_KNOWS <= there
