"""docs/movie-sync.1, the man page, written from the commands: `python -m movie_sync.cli.manual`."""

import re
import sys
from collections.abc import Iterator

import click

from movie_sync import __version__
from movie_sync.cli import COMMANDS, command

WRITTEN_ON = "2026-11-21"  # the day of the last change to what this page says itself

HEAD = f"""\
.\\" Written by the program: python -m movie_sync.cli.manual > docs/movie-sync.1
.TH MOVIE\\-SYNC 1 {WRITTEN_ON} "Movie Sync {__version__}"
.SH NAME
movie\\-sync \\- carries films from watchlists into the library"""

TAIL = """\
.SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 1
Failed; the last line on standard error says why, what was kept and what to do.
.TP
.B 2
Wrong usage.
.TP
.B 3
Not configured: a setting or a credential is missing or wrong.
.TP
.B 130
Ended at once by a second Ctrl+C.
.SH ENVIRONMENT
.TP
.B MOVIE_SYNC_HOME
Folder of settings and queues, where
.B \\-\\-home
names none.
.TP
.BI MOVIE_SYNC_ SETTING
A setting by its key, in capitals and with _ for each dot, as
.BR MOVIE_SYNC_QBITTORRENT_URL .
It goes before config.json.
.B config show
tells where each value is from.
.TP
.BI MOVIE_SYNC_ CREDENTIAL
A secret by its name, as
.BR MOVIE_SYNC_FILELIST_PASSKEY ;
with _FILE added, the file that holds it.
.TP
.B CREDENTIALS_DIRECTORY
Folder in which systemd hands over secrets, by their names.
.TP
.B NO_COLOR
Where it is set, nothing is coloured.
.SH FILES
.TP
.I \\(ti/.movie_sync/config.json
The settings.
.TP
.I \\(ti/.movie_sync/queue_*.json
The queues: arrays with one item a line, which may be edited.
.TP
.I \\(ti/.movie_sync/credentials.enc
Secrets, encrypted; their key is
.I .key
beside it.
.TP
.I \\(ti/.movie_sync/movie_sync.log
What was logged.
.SH EXAMPLES
.TP
See films arrive, with no account and no internet:
.B movie\\-sync demo
.TP
Answer a few questions, then run:
.B movie\\-sync setup && movie\\-sync
.TP
Ask why a film is not there yet:
.B movie\\-sync why \\(dqDune (2021)\\(dq
.TP
Want a film by hand:
.B movie\\-sync queue add \\(dqThe Third Man\\(dq \\-\\-year 1949
.SH SEE ALSO
.BR jq (1),
.BR systemctl (1)
"""


def text() -> str:
    context = click.Context(command, info_name="movie-sync")
    lines = [HEAD, ".SH SYNOPSIS", *_usage(command, context)]
    lines += [".SH DESCRIPTION", *_help(command), ".SH OPTIONS", *_options(command, context)]
    lines.append(".SH COMMANDS")
    for name in sorted(COMMANDS):
        found = command.get_command(context, name)
        if found is not None:
            lines += _sections(found, context, name)
    return "\n".join(lines) + "\n" + TAIL


def _sections(found: click.Command, above: click.Context, name: str) -> Iterator[str]:
    context = click.Context(found, parent=above, info_name=name)
    if isinstance(found, click.Group):
        for inner, below in sorted(found.commands.items()):
            yield from _sections(below, context, inner)
        return
    yield f".SS {_plain(context.command_path.partition(' ')[2])}"
    yield from _usage(found, context)
    yield from (".PP", *_help(found), *_options(found, context))


def _usage(found: click.Command, context: click.Context) -> Iterator[str]:
    yield f".B {_plain(context.command_path)}"
    if words := " ".join(found.collect_usage_pieces(context)):
        yield _plain(words)


def _help(found: click.Command) -> Iterator[str]:
    """Its paragraphs, one line each; without the name of the command, which stands above."""
    text = re.sub(r"^`[\w-]+`: ", "", (found.help or "").strip())
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text[:1].upper() + text[1:])):
        if number:
            yield ".PP"
        yield _plain(" ".join(paragraph.split()))


def _options(found: click.Command, context: click.Context) -> Iterator[str]:
    for param in found.get_params(context):
        row = param.get_help_record(context)
        if row and row[1] and "--help" not in row[0]:
            yield from (".TP", f".B {_plain(row[0])}", _plain(row[1]))


def _plain(text: str) -> str:
    """Text as roff prints it letter by letter."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti").replace("^", "\\(ha")
    text = text.replace("`", "").replace('"', "\\(dq")
    return f"\\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    sys.stdout.write(text())
