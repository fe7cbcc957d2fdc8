"""`shows`: the shows of TVmaze that your rules pick, and what became of each in Sonarr. Looks into
the database; what it changes goes through the running program, or is done here when none runs."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from movie_sync import control, wiring_shows
from movie_sync.cli import output
from movie_sync.cli import shows_screen as screen
from movie_sync.cli.context import Context, pass_context
from movie_sync.errors import MovieSyncError
from movie_sync.running import cautious
from movie_sync.shows.verdict import ShowState

if TYPE_CHECKING:
    from movie_sync.settings import Config
    from movie_sync.shows.rules import Rules
    from movie_sync.shows.standing import Standing
    from movie_sync.shows.store import ShowStore

STATES = [str(state) for state in ShowState]


@click.group("shows", help=__doc__)
def command() -> None:
    pass


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def status(context: Context, as_json: bool) -> None:
    """Show how far the catalogue is, how many shows are in each state, and what would be added."""
    with _catalogue(context) as (config, store, rules):
        found = _standing(config, store, rules)
    running = _running(context)
    if as_json:
        click.echo(output.json({**screen.data(found), "running": running}))
        return
    for line in screen.status_lines(found, running, datetime.now(UTC)):
        click.echo(line)
    click.echo(screen.attribution())


@command.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--text", default="", help="Only those with this in their title.")
@click.option("--limit", default=100, type=click.IntRange(1, 100_000), help="Most shows (100).")
@click.option("--offset", default=0, type=click.IntRange(0), help="Leave out so many first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an array of shows.")
@pass_context
def list_(  # noqa: PLR0917 - one argument for each option
    context: Context, state: str | None, text: str, limit: int, offset: int, as_json: bool
) -> None:
    """List shows with what became of each and why, the newest at TVmaze first."""
    from movie_sync.views.shows import row

    wanted = ShowState(state) if state else None
    with _catalogue(context) as (_, store, _):
        found = store.list(wanted, text, limit, offset)
        count = store.count(wanted, text)
    if as_json:
        click.echo(output.json([row(*each) for each in found]))
        return
    for show, known in found:
        click.echo(f"{show.tvmaze_id:>6}  {known.state:<12}  {show}: {known.sentence}")
    if (left := count - offset - len(found)) > 0:
        click.echo(f"and {left:,} more; --limit and --offset show them")
    click.echo(screen.attribution())


@command.command()
@click.argument("name", metavar="SHOW")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def why(context: Context, name: str, as_json: bool) -> None:
    """Say what became of a show, and what each of your selections says of it.

    SHOW is its title, its id at TVmaze, or its address there.
    """
    from movie_sync.shows.selection import explain
    from movie_sync.shows.wishes import find
    from movie_sync.views.shows import row

    with _catalogue(context) as (_, store, rules):
        show, known = find(store, name)
        told = explain(show, rules)
    if as_json:
        answers = [
            {"rule": each.rule, "takes": each.takes, "reasons": [text for _, text in each.reasons]}
            for each in told.answers
        ]
        click.echo(output.json({"show": row(show, known), "answers": answers}))
        return
    click.echo(f"{show}: {known.state}: {known.sentence}")
    click.echo(f"  {screen.facts(show)}")
    for each in told.answers:
        says = "takes it" if each.takes else "; ".join(text for _, text in each.reasons)
        says = "does not refuse it" if each.takes and each.rule == "exclude" else says
        click.echo(f"  {each.rule}: {says}")
    click.echo(f"{show.url}\n{screen.attribution()}")


@command.command()
@click.option("--file", "path", type=click.Path(path_type=Path), metavar="FILE",
              help='Rules to try: a file with a section "shows".')  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def preview(context: Context, path: Path | None, as_json: bool) -> None:
    """Say what rules would do with every show that is known: those of the settings as they stand
    now, or those of FILE. Changes nothing."""
    from movie_sync.shows import judging
    from movie_sync.shows.selection import rules as made
    from movie_sync.shows.standing import homeless

    with _catalogue(context) as (config, store, rules):
        tried = made(screen.settings_of(path)) if path else rules
        found = judging.preview(store, tried)
        now = _standing(config, store, rules)
        problems = (*tried.problems, *homeless(config.sonarr, tried))
    if as_json:
        click.echo(output.json(screen.preview_data(found, now, problems)))
        return
    for line in screen.preview_lines(found, now, str(path) if path else "your settings"):
        click.echo(line)
    for problem in (*problems, *tried.notices):
        click.echo(f"look at this: {problem}")
    for line in [screen.DRY_RUN] * now.dry_run if path else screen.proposal_lines(now):
        click.echo(line)
    click.echo(screen.attribution())


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def refilter(context: Context, as_json: bool) -> None:
    """Judge every known show again by the settings as they stand. TVmaze is not asked."""
    answer = control.ask(context.home, do="shows", wish="refilter")
    if answer is None:
        from movie_sync.shows import judging

        with _alone(context) as shows:
            done = judging.judge_all(shows.store, shows.rules, datetime.now(UTC))
        answer = {"ok": True, "shows": done.shows, "written": done.written, "passing": done.passing}
    if as_json:
        click.echo(output.json(answer))
    elif "shows" in answer:
        click.echo(f"{answer['shows']:,} shows judged; {answer['written']:,} otherwise than "
                   f"before, {answer['passing']:,} newly pass")  # fmt: skip
    else:
        click.echo("the running program judges all shows again; see `shows status`")


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def sync(context: Context, as_json: bool) -> None:
    """Read the catalogue now, judge, and pass on what is wanted; in a dry run only say what.

    Where no program runs it is done here, to its end; the first reading takes some minutes.
    """
    answer = control.ask(context.home, do="shows", wish="sync")
    if answer is not None:
        begins = "begins" if answer["begins"] else "is at it already"
        told = f"the running program {begins}; see `shows status`"
        click.echo(output.json(answer) if as_json else told)
        return
    problem: MovieSyncError | None = None
    with _alone(context) as shows:
        shows.trigger()
        try:
            with screen.progress(shows):
                added = shows.run_once()
        except MovieSyncError as error:
            problem, added = error, 0
        found = _standing(cautious(context.loaded()), shows.store, shows.rules)
    if as_json:
        said = str(problem) if problem else None
        click.echo(output.json({**screen.data(found), "added": added, "problem": said}))
    else:
        if added:
            click.echo(f"{added:,} added to Sonarr just now")
        for line in screen.status_lines(found, None, datetime.now(UTC)):
            click.echo(line)
        click.echo(screen.attribution())
        if problem:
            click.echo(f"needs you: {problem}")
    sys.exit(1 if problem else 0)


@command.command()
@click.argument("names", metavar="SHOW...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an array of shows.")
@pass_context
def approve(context: Context, names: tuple[str, ...], as_json: bool) -> None:
    """Have shows added, whatever your selections say of them."""
    _decide(context, "approve", names, as_json=as_json)


@command.command()
@click.argument("names", metavar="SHOW...", nargs=-1, required=True)
@click.option("--always", is_flag=True, help="Have Sonarr's own lists never add them either.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an array of shows.")
@pass_context
def reject(context: Context, names: tuple[str, ...], always: bool, as_json: bool) -> None:
    """Never add shows that wait for your word. What is in Sonarr stays there."""
    _decide(context, "exclude" if always else "reject", names, as_json=as_json)


@command.command()
@click.argument("names", metavar="SHOW...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an array of shows.")
@pass_context
def skip(context: Context, names: tuple[str, ...], as_json: bool) -> None:
    """Never add shows, whatever your rules will ever say; `shows approve` ends that."""
    _decide(context, "reject", names, as_json=as_json)


@command.command()
@click.argument("selection", required=False)
@pass_context
def lists(context: Context, selection: str | None) -> None:
    """Print a selection as Sonarr's Custom List reads it, in JSON; without one, name them all."""
    from movie_sync.shows.custom_lists import custom_list

    with _catalogue(context) as (_, store, rules):
        if selection:
            click.echo(custom_list(store, rules, selection).decode())
            return
        click.echo(output.json([rule.name for rule in rules.selections]))


def brief(context: Context) -> dict[str, Any]:
    """Shows in one sentence with the numbers in it, for `status`."""
    try:
        with _catalogue(context) as (config, store, rules):
            found = _standing(config, store, rules)
    except MovieSyncError as error:
        return {"sentence": str(error), "counts": {}}
    return {
        "sentence": "; ".join(screen.summary(found, datetime.now(UTC))),
        "dry_run": found.dry_run,
        "to_be_added": found.proposal.passing,
        "counts": found.counts,
    }


def _decide(context: Context, wish: str, names: tuple[str, ...], *, as_json: bool) -> None:
    from movie_sync.shows.wishes import perform

    answers = []
    for name in names:
        answer = control.ask(context.home, do="shows", wish=wish, show=name)
        if answer is None:
            with _alone(context) as shows:
                answer = perform(shows, {"wish": wish, "show": name})
        answers.append(answer)
        if not as_json:
            click.echo(f"{answer['title']} is {answer['state']}: {answer['sentence']}")
            if answer["problem"]:
                click.echo(f"needs you: {answer['problem']}")
    if as_json:
        click.echo(output.json(answers))


@contextmanager
def _catalogue(context: Context) -> "Iterator[tuple[Config, ShowStore, Rules]]":
    from movie_sync.shows.selection import rules

    config = cautious(context.loaded())
    with wiring_shows.catalogue(config, context.home, context.credentials()) as store:
        yield config, store, rules(config.shows)


def _alone(context: Context) -> Any:
    config = cautious(context.loaded())
    return wiring_shows.alone(config, context.home, context.credentials(), threading.Event())


def _standing(config: "Config", store: "ShowStore", rules: "Rules") -> "Standing":
    from movie_sync.shows.standing import standing

    return standing(store, config.shows, config.sonarr, rules)


def _running(context: Context) -> dict[str, Any] | None:
    """What the running program says of its shows."""
    try:
        answer = control.ask(context.home, do="shows", wish="status")
    except MovieSyncError as error:
        return {"running": False, "now": None, "trouble": [str(error)]}
    return answer
