from types import SimpleNamespace

import pytest

from movie_sync import wiring_errands
from movie_sync.config_keys import variable
from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError
from movie_sync.http import Pacer
from movie_sync.media_server_settings import there
from movie_sync.messages import Change
from movie_sync.settings import Config, Jellyfin, Kodi, Notifications, Plex
from tests import make
from tests.hearer import Hearer


def targets(home, config, **secrets):
    environ = {variable(name.replace("__", ".")): value for name, value in secrets.items()}
    return wiring_errands.targets(config, home, Credentials(home, environ), Pacer())


def names(found):
    return [(target.kind, target.name) for target in found]


def test_nobody_is_told_unless_set_up(tmp_path):
    assert targets(tmp_path, Config()) == []
    made = wiring_errands.errands(
        Config(), tmp_path, Credentials(tmp_path, {}), Pacer(),
        queue=None, memory=SimpleNamespace(sources={}), trouble=tuple,
    )  # fmt: skip
    assert made is None


def test_everyone_who_is_set_up_is_told(tmp_path):
    config = Config(
        plex=Plex(url="http://127.0.0.1:9"),
        jellyfin=Jellyfin(url="http://127.0.0.1:9"),
        kodi=Kodi(url="http://127.0.0.1:9"),
    )
    found = targets(
        tmp_path, config, notify__webhook="https://127.0.0.1/hook", plex__token="t",
        notify__ntfy="https://127.0.0.1/topic", notify__apprise="json://127.0.0.1 xml://127.0.0.1",
    )  # fmt: skip
    assert names(found) == [
        ("notice", "webhook"), ("notice", "ntfy"), ("notice", "apprise"), ("notice", "apprise_2"),
        ("refresh", "plex"), ("refresh", "jellyfin"), ("refresh", "kodi"),
    ]  # fmt: skip


def test_notices_can_be_switched_off_without_forgetting_addresses(tmp_path):
    config = Config(notifications=Notifications(enabled=False))
    assert targets(tmp_path, config, notify__webhook="https://127.0.0.1/hook") == []


@pytest.mark.parametrize(
    ("config", "secrets", "sentence"),
    [
        (Config(), {"notify__webhook": "127.0.0.1/hook"}, "notify.webhook must be an address"),
        (Config(), {"notify__webhook": "http://["}, "notify.webhook must be an address"),
        (Config(), {"notify__ntfy": "topic"}, "notify.ntfy must be the address of a topic"),
        (Config(plex=Plex(url="http://127.0.0.1:9")), {}, "Plex needs its token"),
        (Config(jellyfin=Jellyfin(url="http://127.0.0.1:9")), {}, "Jellyfin needs an API key"),
    ],
)
def test_who_is_set_up_wrongly_says_so_when_told(tmp_path, config, secrets, sentence):
    [target] = targets(tmp_path, config, **secrets)
    about = make.notice() if target.kind == "notice" else Change(folder="/a", what="created")
    with pytest.raises(ConfigError, match=sentence):
        target.tell(about)


def test_the_whole_address_of_a_webhook_is_asked_for_and_its_login_goes_into_a_header(tmp_path):
    with Hearer() as hearer:
        address = hearer.url.replace("http://", "http://ann:sesame@") + "/hook/?key=1"
        [target] = targets(tmp_path, Config(), notify__webhook=address)
        target.tell(make.notice())
    [heard] = hearer.heard
    assert heard.path == "/hook/?key=1"
    assert heard.headers["authorization"] == "Basic YW5uOnNlc2FtZQ=="


@pytest.mark.parametrize(
    ("folder", "seen"),
    [
        ("/srv/films/A", "/media/A"),
        ("/srv/films", "/media"),
        ("/srv/films2/A", "/srv/films2/A"),
        ("/srv/films/kids/B", "/kids/B"),
        ("/elsewhere", "/elsewhere"),
    ],
)
def test_a_folder_is_named_as_the_server_sees_it(folder, seen):
    assert there(folder, {"/media/": "/srv/films/", "/kids": "/srv/films/kids"}) == seen
