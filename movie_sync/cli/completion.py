"""`completion`: the script with which bash, zsh or fish complete commands, options and films.

The scripts ask the program at each press of Tab (see `completing`), so they never grow old.
"""

import os
import re
from typing import NamedTuple

import click
from click.shell_completion import (
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

PROGRAM, VARIABLE = "movie-sync", "_MOVIE_SYNC_COMPLETE"

INSTALL = """\
Say which shell it is for, and keep what is printed where that shell looks for it:

bash  mkdir -p ~/.local/share/bash-completion/completions
      movie-sync completion bash > ~/.local/share/bash-completion/completions/movie-sync
      (without the package bash-completion, put this into ~/.bashrc instead:
      eval "$(movie-sync completion bash)")
zsh   mkdir -p ~/.zfunc
      movie-sync completion zsh > ~/.zfunc/_movie-sync
      (and in ~/.zshrc, before compinit: fpath+=~/.zfunc)
fish  movie-sync completion fish > ~/.config/fish/completions/movie-sync.fish

It completes the installed command `movie-sync`, in each shell that is opened afterwards."""


class Bash(ShellComplete):
    """Looks at the line as it was typed: bash parts words at colons, and ids and titles hold
    some. What it inserts must be quoted the way the person began."""

    name = "bash"
    source_template = """\
%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=',' read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(COMP_WORDS="${COMP_LINE:0:COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" \\
        %(complete_var)s=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        self._typed = _last_word(os.environ["COMP_WORDS"], os.environ.get("COMP_WORDBREAKS", ""))
        before = os.environ["COMP_WORDS"][: self._typed.begins]
        return split_arg_string(before)[1:], "".join(split_arg_string(self._typed.text))

    def format_completion(self, item: CompletionItem) -> str:
        if item.type != "plain":
            return f"{item.type},"
        value = _quoted(item.value, self._typed.quote)
        # bash puts what it gets in place of the part behind the last break alone.
        return f"plain,{value.removeprefix(self._typed.text[: self._typed.broken_at])}"


class Word(NamedTuple):
    """The end of a line for bash, as far as it is typed."""

    text: str
    begins: int  # in the line
    broken_at: int = 0  # where, in the text, bash begins to replace
    quote: str = ""  # the one that is still open


def _last_word(line: str, breaks: str) -> Word:
    begins = broken_at = 0
    quote, escaped = "", False
    for at, letter in enumerate(line):
        if escaped:
            escaped = False
        elif letter == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter.isspace():
            begins = broken_at = at + 1
        elif letter in ":=" and letter in breaks:
            broken_at = at + 1
    return Word(line[begins:], begins, broken_at - begins, quote)


def _quoted(value: str, quote: str) -> str:
    """A value for bash, behind a quote that is open or none."""
    if quote == "'":
        return value.replace("'", "'\\''")
    return re.sub(r'(["\\$`])' if quote else r"([^\w@%+=:,./-])", r"\\\1", value)


class Fish(FishComplete):
    """As of click, save that titles may hold commas."""

    source_template = """\
function %(complete_func)s
    set -l line (commandline -cp | string collect)
    set -l word (commandline -ct | string collect)
    set -l response (env COMP_WORDS="$line" COMP_CWORD="$word" %(complete_var)s=fish_complete \\
        %(prog_name)s 2>/dev/null)
    for completion in $response
        set -l found (string split -m 1 "," -- $completion)
        switch $found[1]
            case dir
                __fish_complete_directories $found[2]
            case file
                __fish_complete_path $found[2]
            case plain
                echo $found[2]
        end
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": ZshComplete, "fish": Fish}


def register() -> None:
    """Have click use these for each shell."""
    for name, shell in SHELLS.items():
        add_completion_class(shell, name)


@click.command("completion")
@click.argument("shell", type=click.Choice(list(SHELLS)), required=False)
def command(shell: str | None) -> None:
    """Print the script that completes commands, options and films on Tab; without SHELL, say where
    to keep it."""
    if shell is None:
        click.echo(INSTALL)
        return
    root = click.get_current_context().find_root().command
    click.echo(SHELLS[shell](root, {}, PROGRAM, VARIABLE).source(), nl=False)
