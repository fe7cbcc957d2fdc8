"""docs/cli.md, written from the commands themselves: `python -m movie_sync.cli.reference`."""

import sys
from collections.abc import Iterator

import click

from movie_sync.cli import COMMANDS, command

HEAD = """# Commands

<!-- Written by the program: python -m movie_sync.cli.reference > docs/cli.md -->

`python main.py` and the installed `movie-sync` are the same. Exit codes: 0 done, 1 failed, 2 wrong
usage, 3 not configured. `--json` prints data; `NO_COLOR` is obeyed.
"""


def text() -> str:
    parts = [HEAD, _section("python main.py", command)]
    context = click.Context(command, info_name="python main.py")
    for name in sorted(COMMANDS):
        found = command.get_command(context, name)
        if found is not None:
            parts += _sections(f"python main.py {name}", found)
    return "\n".join(parts)


def _sections(name: str, found: click.Command) -> Iterator[str]:
    yield _section(name, found)
    if isinstance(found, click.Group):
        for inner, below in sorted(found.commands.items()):
            yield from _sections(f"{name} {inner}", below)


def _section(name: str, found: click.Command) -> str:
    context = click.Context(found, info_name=name)
    formatter = context.make_formatter()
    formatter.width = 100
    found.format_usage(context, formatter)
    usage = formatter.getvalue().strip().removeprefix("Usage: ")
    rows = [param.get_help_record(context) for param in found.get_params(context)]
    lines = [f"## {name.removeprefix('python main.py ') or name}", "", f"    {usage}", ""]
    lines += [" ".join((found.help or "").split()), ""]
    options = [row for row in rows if row and "--help" not in row[0]]
    if options:
        lines += ["| option | |", "|---|---|"]
        lines += [f"| `{option.replace('|', '/')}` | {what} |" for option, what in options]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(text())
