import msgspec
import pytest

from movie_sync import settings, wiring_targets
from movie_sync.credentials import Credentials
from movie_sync.errors import NotAuthorised
from movie_sync.http import Pacer
from movie_sync.shows.selection import rules
from tests import make

KEYS = {
    "MOVIE_SYNC_RADARR__API_KEY": "r" * 32,
    "MOVIE_SYNC_SONARR__MAIN__API_KEY": "s" * 32,
}


def config(**changes):
    return msgspec.convert(changes, settings.Config)


def test_films_are_searched_for_here_unless_radarr_is_switched_on(tmp_path):
    keys = Credentials(tmp_path, KEYS)
    assert wiring_targets.film_target(config(), keys, Pacer()) is None
    target = wiring_targets.film_target(config(radarr={"enabled": True}), keys, Pacer())
    assert target.name == "radarr"
    target.close()


def test_a_radarr_without_a_key_waits_for_a_person(tmp_path):
    keys = Credentials(tmp_path, {})
    target = wiring_targets.film_target(config(radarr={"enabled": True}), keys, Pacer())
    with pytest.raises(NotAuthorised, match=r"credentials set radarr\.api_key"):
        target.add(make.film())


def test_each_sonarr_that_is_switched_on_is_made(tmp_path):
    sections = {
        "main": {"url": "http://127.0.0.1:1"},
        "off": {"url": "http://127.0.0.1:2", "enabled": False},
    }
    made = config(sonarr=sections)
    keys = Credentials(tmp_path, KEYS)
    found = wiring_targets.sonarrs(made, tmp_path, keys, Pacer(), rules(made.shows))
    assert (list(found.instances), found.dry_run) == (["main"], True)
    assert found.instances["main"].service.name == "sonarr.main"
    found.instances["main"].service.close()
