"""`library review`: what a person has to say of files, and what was decided."""

from typing import Any

import click

from movie_sync.cli import library_screen as screen
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.cli.library_wishes import JSON, chosen_of, meant, stored, wish


@click.group("review", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """What a person has to say of files; without a word after it, the list."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@command.command("list")
@click.option("--reason", help="Only of this reason.")
@click.option("--after", default=0, help="Those behind this number.")
@JSON
@pass_context
def list_(
    context: Context, /, reason: str | None = None, after: int = 0, as_json: bool = False
) -> None:
    """List the questions with what may be meant, and what was decided lately."""
    from movie_sync.views.library_review import inbox, lately

    with stored(context) as store:
        found, decided = inbox(store, after, reason), lately(store)
    if as_json:
        click.echo(output.json({"inbox": found, "decided": decided}))
        return
    for line in screen.review_lines(found, decided):
        click.echo(line)


@command.command()
@click.argument("number", type=int)
@click.option("--candidate", default=1, type=click.IntRange(1), show_default=True,
              help="Which of those that the list names.")  # fmt: skip
@JSON
@pass_context
def approve(context: Context, number: int, candidate: int, as_json: bool) -> None:
    """Take what the list names for the question NUMBER."""
    wish(context, "approve", as_json=as_json, review=number, candidate=candidate - 1)


@command.command()
@click.argument("number", type=int)
@meant
@JSON
@pass_context
def choose(
    context: Context, /, number: int, kind: str | None, as_json: bool, **chosen: Any
) -> None:
    """Take something else for the question NUMBER."""
    wish(context, "choose", as_json=as_json, review=number, **chosen_of(chosen, kind))


@command.command()
@click.argument("number", type=int)
@JSON
@pass_context
def ignore(context: Context, number: int, as_json: bool) -> None:
    """Want the files of the question NUMBER in no title."""
    wish(context, "ignore", as_json=as_json, review=number)


@command.command()
@click.argument("place", metavar="FOLDER|SOURCE")
@JSON
@pass_context
def trust(context: Context, place: str, as_json: bool) -> None:
    """Take names in a folder at their word, now and later."""
    wish(context, "trust", as_json=as_json, folder=place)


@command.command()
@click.argument("choice", type=int)
@JSON
@pass_context
def undo(context: Context, choice: int, as_json: bool) -> None:
    """Take back what was decided; `library review` names its number."""
    wish(context, "undo", as_json=as_json, choice=choice)
