"""Whether a service answers, asked now because a person wants to know."""

from collections.abc import Iterator

from movie_sync import wiring, wiring_errands
from movie_sync.breaker import Breaker
from movie_sync.errors import NotFound
from movie_sync.http import Pacer
from movie_sync.running import Running
from movie_sync.services import Checkable
from movie_sync.views.services import SECRETS


def ask(running: Running, name: str) -> str:
    """A sentence of the service with this name. An outage is not waited out, but a login that was
    refused is not tried again.

    Raises:
        NotFound: none is called so, or it can only be told and not asked.
        MovieSyncError: it does not answer, or not to us; the message says why.
    """
    parts = running.app.parts
    asked_all_the_time: list[Checkable] = [*parts.indexers, parts.client]
    for each in asked_all_the_time:
        if each.name == name:
            return each.check()
    for checkable, breaker in _others(running):
        if checkable.name == name:
            return breaker.call(checkable.check, at_once=True)
    raise NotFound(name, "nothing that can be asked is set up under this name")


def _others(running: Running) -> Iterator[tuple[Checkable, Breaker]]:
    config, credentials = running.loaded.config, running.credentials
    for facts in wiring.film_facts(config, credentials, Pacer()):
        if isinstance(facts, Checkable):
            login = credentials.get(SECRETS.get(facts.name, facts.name)) or ""
            yield facts, Breaker(running.home, facts.name, login)
    errands = running.app.errands
    resting = {each.name: each.breaker for each in (errands.targets if errands else ())}
    for target in wiring_errands.checkable(config, credentials, Pacer()):
        if target.name in resting:
            yield target, resting[target.name]
