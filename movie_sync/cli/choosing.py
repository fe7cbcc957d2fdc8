"""`grab`, `block`, `unblock` and `alias`: a person's word on the releases of a film."""

import click

from movie_sync.actions import ask
from movie_sync.cli.context import Context, pass_context


@click.command("grab")
@click.argument("name", metavar="TITLE|ID")
@click.argument("release", metavar="INDEXER:ID|RELEASE")
@pass_context
def grab(context: Context, name: str, release: str) -> None:
    """Take this release at once, whatever is held against it."""
    answer = ask(context.home, do="grab", id=name, release=release)
    click.echo(f"{answer['title']} is {answer['state']}; {release} is taken next")


@click.command("block")
@click.argument("name", metavar="TITLE|ID")
@click.argument("release", metavar="[INDEXER:ID|RELEASE]", required=False)
@click.option("--why", metavar="TEXT", help="A note, shown by `why`.")
@pass_context
def block(context: Context, name: str, release: str | None, why: str | None) -> None:
    """Never take this release for this film; without one, that which is loading or there.

    Another one is looked for at once. A file in the library stays until a better one has come.
    """
    answer = ask(context.home, do="block", id=name, release=release, why=why)
    click.echo(f"{answer['title']} is {answer['state']}; {answer['release']['name']} is blocked")


@click.command("unblock")
@click.argument("name", metavar="TITLE|ID")
@click.argument("release", metavar="[INDEXER:ID|RELEASE]", required=False)
@pass_context
def unblock(context: Context, name: str, release: str | None) -> None:
    """Let a blocked release be taken again; without one, all of this film."""
    answer = ask(context.home, do="unblock", id=name, release=release)
    count = answer["count"]
    click.echo(f"{answer['title']}: {count} release{'s' if count != 1 else ''} may be taken again")


@click.command("alias")
@click.argument("name", metavar="TITLE|ID")
@click.argument("title", metavar="OTHER_TITLE")
@click.option("--forget", is_flag=True, help="It is not called so after all.")
@pass_context
def alias(context: Context, name: str, title: str, forget: bool) -> None:
    """Search and match a film by one more title."""
    answer = ask(context.home, do="alias", id=name, title=title, forget=forget)
    called = ", ".join(f'"{each}"' for each in answer["called"]) or "nothing else"
    click.echo(f"{answer['title']} is also called {called}")
