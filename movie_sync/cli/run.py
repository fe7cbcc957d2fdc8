"""`python main.py`: the program itself, until Ctrl+C, once, or dry."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from movie_sync import config_docs, log, wiring
from movie_sync.app import App
from movie_sync.cli.context import Context
from movie_sync.credentials import KNOWN, needed
from movie_sync.errors import ConfigError
from movie_sync.instance import owned
from movie_sync.running import Running, cautious
from movie_sync.web_settings import Web

if TYPE_CHECKING:
    from movie_sync.web.server import WebServer

HURRIED_EXIT = 130
SAME_SIGNAL_S = 0.2  # a group and its member are often both told: that is one wish, not two


def run(context: Context, *, json_logs: bool, once: bool, dry_run: bool) -> int:
    """Run until told to end; returns the exit code."""
    loaded = context.loaded()
    config = cautious(loaded)
    if dry_run:
        from movie_sync.cli.dry_run import dry_run as rehearse

        return rehearse(context)
    with (
        log.opened(context.home, context.redactor, level=config.log_level, as_json=json_logs),
        owned(context.home),
    ):
        for sentence in (*loaded.notices, *(problem.message for problem in loaded.problems)):
            log.log.warning("settings: %s", sentence)
        config_docs.write_schema(context.home)
        _ask_for_missing(context)
        running = Running(
            context.home, context.read_again, context.credentials(), context.config_path
        )
        _stop_on_signals(running.stop)
        app = running.open()
        page = _page(running, config.web) if config.web.enabled and not once else None
        well = True
        try:
            for sentence in _worth_knowing(app, context):
                log.log.warning("%s", sentence)
            if once:
                well = app.run_once()
            else:
                running.start()
                if page:
                    page.start()
                    log.log.info("the page is at %s", page.address)
                running.run()
        finally:
            if page:
                page.close()
            clean = running.close()
    if not clean:
        # A thread still waits for an answer from outside. All that counts is on disk.
        sys.stderr.flush()
        os._exit(0 if well else 1)
    return 0 if well else 1


def _page(running: Running, web: Web) -> "WebServer":
    """The page, with all that it needs loaded now; nothing is loaded while it is off."""
    try:
        from movie_sync.web import serve
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"the page needs {error.name}, which is not installed; nothing was started; "
            'install "movie-sync[web]", or leave --web away'
        ) from error
    return serve(running, web)


def _worth_knowing(app: App, context: Context) -> list[str]:
    config = context.loaded().config
    sentences = []
    films = not wiring.shows_alone(config)
    if films and not app.sources:
        sentences.append(wiring.NO_WATCHLIST)
    lacking = not app.parts.indexers or wiring.lacks_passkey(config, context.credentials())
    if films and lacking:
        sentences.append(app.parts.no_indexer)
    if config.enable_removal_cleanup and not context.loaded().deletions_allowed:
        sentences.append(
            "enable_removal_cleanup is on, but no film is removed while other settings are wrong"
        )
    if config.shows.enabled and not config.shows.dry_run and not context.loaded().adding_allowed:
        sentences.append("no show is added while settings of shows or Sonarr are wrong")
    return sentences


def _ask_for_missing(context: Context) -> None:
    """Ask for credentials that are needed, before any worker starts and only on a terminal."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    credentials = context.credentials()
    for name in needed(context.loaded().config):
        if credentials.get(name) is None:
            secret = click.prompt(f"{name} ({KNOWN[name]})", hide_input=True, default="",
                                  show_default=False, err=True)  # fmt: skip
            if secret:
                credentials.set(name, secret)


def _stop_on_signals(stop: Callable[[], None]) -> None:
    """Called at the first SIGINT or SIGTERM; the second one ends the process at once.

    A thread waits for them, because a handler could interrupt the main thread while it holds the
    very lock that stopping needs.
    """
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # in every thread begun from now on

    def listen() -> None:
        signal.sigwait(signals)
        stop()
        time.sleep(SAME_SIGNAL_S)
        while signal.sigtimedwait(signals, 0):
            pass
        signal.sigwait(signals)
        os._exit(HURRIED_EXIT)  # safe: what was promised is in the journal

    threading.Thread(target=listen, name="signals", daemon=True).start()
