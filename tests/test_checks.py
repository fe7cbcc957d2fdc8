from pathlib import Path

import pytest
from msgspec.structs import replace

from movie_sync import checks, config, settings
from movie_sync.checks import Check
from movie_sync.credentials import Credentials
from movie_sync.demo.tracker_site import TrackerSite
from movie_sync.demo.watchlist_site import Trouble, WatchlistSite
from movie_sync.demo.world import site_films
from movie_sync.errors import (
    Blocked,
    ConfigError,
    FilesError,
    NotAuthorised,
    NotFound,
    Refused,
    Unavailable,
)
from tests.hearer import Hearer

NO_ARCHIVE = settings.ArchiveOrg(enabled=False)
PASSKEY = "5ec2e7f00dcafe115ec2e7f00dcafe11"
VARIABLE = "MOVIE_SYNC_FILELIST__PASSKEY"


@pytest.fixture
def site():
    with WatchlistSite({"alice": site_films(60)}) as running:
        yield running


@pytest.fixture
def tracker():
    with TrackerSite("ann", PASSKEY) as running:
        yield running


def pages(site):
    section = settings.Letterboxd(base_url=site.url, seconds_between_requests=0)
    return settings.Config(username="alice", letterboxd=section)


def searched(tracker, username="ann"):
    section = settings.FileList(base_url=tracker.url, username=username, seconds_between_requests=0)
    return settings.Config(filelist=section, archive_org=NO_ARCHIVE)


def test_a_watchlist_is_judged_by_its_first_page(site, tmp_path):
    said = checks.watchlist(tmp_path, pages(site), "Alice")
    assert said == "letterboxd: 60 films are on the watchlist of Alice"
    assert [seen.path for seen in site.requests] == ["/robots.txt", "/alice/watchlist/"]


@pytest.mark.parametrize(
    ("trouble", "error", "words"),
    [
        (Trouble.GONE, NotFound, "letterboxd: there is no /alice/watchlist/"),
        (Trouble.CLOSED, Refused, "letterboxd: /alice/watchlist/ is private"),
        (Trouble.CHALLENGE, Blocked, "letterboxd: answers with"),
        (Trouble.RATE_LIMITED, Unavailable, "letterboxd: asks us to slow down"),
    ],
)
def test_each_closed_door_of_a_watchlist_has_its_sentence(site, tmp_path, trouble, error, words):
    site.trouble = trouble
    with pytest.raises(error) as caught:
        checks.watchlist(tmp_path, pages(site), "alice")
    assert str(caught.value).startswith(words)


def test_a_name_no_member_could_have_is_not_asked_for(site, tmp_path):
    with pytest.raises(ConfigError, match='"a b" is no Letterboxd name'):
        checks.watchlist(tmp_path, pages(site), "a b")
    assert site.requests == []


def test_an_indexer_is_asked_with_its_login(tracker, tmp_path):
    now = searched(tracker)
    said = checks.indexers(tmp_path, now, Credentials(tmp_path, {VARIABLE: PASSKEY}))
    assert said == "filelist: login accepted; 149 of 150 calls left this hour"


def test_a_wrong_passkey_is_tried_once(tracker, tmp_path):
    wrong = Credentials(tmp_path, {VARIABLE: "0" * 32})
    for _ in range(2):
        with pytest.raises(NotAuthorised):
            checks.indexers(tmp_path, searched(tracker), wrong)
    assert tracker.requests.total() == 1


@pytest.mark.parametrize(
    ("username", "words"),
    [("ann", "needs its passkey: run `credentials set filelist.passkey`"), ("", "no indexer")],
)
def test_a_missing_login_says_what_to_run(tracker, tmp_path, username, words):
    with pytest.raises(ConfigError, match=words):
        checks.indexers(tmp_path, searched(tracker, username), Credentials(tmp_path, {}))
    assert tracker.requests.total() == 0


def test_the_built_in_client_says_its_version(tmp_path):
    pytest.importorskip("libtorrent")
    said = checks.torrent_client(tmp_path, settings.Config(), Credentials(tmp_path, {}))
    assert said.startswith("libtorrent: built in, libtorrent ")
    assert list(tmp_path.iterdir()) == []


def test_a_client_without_its_password_is_not_asked(tmp_path):
    now = settings.Config(torrent_client="qbittorrent")
    with pytest.raises(ConfigError, match=r"run `credentials set qbittorrent\.password`"):
        checks.torrent_client(tmp_path, now, Credentials(tmp_path, {}))


def test_a_folder_is_written_to_and_left_as_it_was(tmp_path):
    assert checks.writable(tmp_path).startswith(f"{tmp_path} can be written, ")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_not_made(tmp_path):
    for test in (checks.writable, lambda folder: checks.hard_link(tmp_path, folder)):
        with pytest.raises(FilesError, match=f"^there is no folder {tmp_path}/gone$"):
            test(tmp_path / "gone")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_nothing_can_be_written_to_is_told_of():
    with pytest.raises(FilesError, match=r"^/proc cannot be written \("):
        checks.writable(Path("/proc"))


def test_a_hard_link_is_tried_and_leaves_nothing(tmp_path):
    (tmp_path / "films").mkdir()
    (tmp_path / "loads").mkdir()
    said = "a film takes its room once in downloads and library together"
    assert checks.hard_link(tmp_path / "loads", tmp_path / "films") == said
    assert checks.hard_link(tmp_path, tmp_path) == said
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["films", "loads"]


def test_between_two_file_systems_there_is_no_hard_link(tmp_path, other_disk):
    with pytest.raises(FilesError, match=r"no hard link leads .* \(Invalid cross-device link\); "):
        checks.hard_link(tmp_path, other_disk)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "mode"), [(".", 0o755), (".key", 0o644)])
def test_a_home_that_others_may_read_is_told_of(tmp_path, name, mode):
    home = config.home_folder(str(tmp_path / "home"), {})
    Credentials(home, {}).set("filelist.passkey", PASSKEY)
    assert checks.private(home) == f"{home} is for its owner alone"
    (home / name).chmod(mode)
    with pytest.raises(FilesError, match=r"^others may read "):
        checks.private(home)


def test_doctor_goes_on_after_each_failure_and_says_how_to_mend_it(tmp_path, site):
    home = config.home_folder(str(tmp_path / "home"), {})
    (home / "config.json").write_text(
        f'{{"username": "nobody", "x": 1, "letterboxd": {{"base_url": "{site.url}", '
        '"seconds_between_requests": 0}, "archive_org": {"enabled": false}, '
        f'"library_directory": "{tmp_path}", "download_directory": "{tmp_path}/gone"}}'
    )
    loaded = config.load(home, {}, {})
    found = list(checks.everything(home, loaded, Credentials(home, {})))
    assert [(one.name, one.ok) for one in found] == [
        ("settings", False),
        ("home", True),
        ("library", True),
        ("downloads", False),
        ("hard links", False),
        ("torrent client", True),
        ("indexers", False),
        ("watchlist", False),
    ]
    assert found[-1] == Check(
        "watchlist",
        ok=False,
        sentence="letterboxd: there is no /nobody/watchlist/; check the name",
        fix=checks.FIXES["watchlist"],
    )
    assert f'run "mkdir -p {tmp_path}/gone"' in found[3].fix
    assert all(one.fix for one in found if not one.ok)


def test_what_cannot_be_reached_is_not_blamed_on_its_login(tmp_path):
    section = settings.FileList(base_url="http://127.0.0.1:9", username="ann")
    loaded = replace(
        config.load(tmp_path, {}, {}),
        config=settings.Config(filelist=section, archive_org=NO_ARCHIVE),
    )
    found = checks.everything(tmp_path, loaded, Credentials(tmp_path, {VARIABLE: PASSKEY}))
    fixes = {one.name: one.fix for one in found}
    assert fixes["indexers"] == checks.FIXES["unavailable"]


def test_settings_without_a_problem_are_counted(tmp_path, site, tracker):
    now = replace(pages(site), filelist=searched(tracker).filelist, archive_org=NO_ARCHIVE)
    loaded = config.load(tmp_path, {"MOVIE_SYNC_USERNAME": "alice"}, {})
    loaded = replace(loaded, config=now)
    environ = {VARIABLE: PASSKEY}
    found = list(checks.everything(tmp_path, loaded, Credentials(tmp_path, environ)))
    assert found[0].sentence == f"1 given, {len(loaded.origins) - 1} at their defaults"
    assert [one.ok for one in found if one.name in ("indexers", "watchlist")] == [True, True]


def test_no_watchlist_at_all_is_told_of(tmp_path, tracker):
    loaded = config.load(tmp_path, {}, {})
    loaded = replace(loaded, config=searched(tracker))
    found = list(checks.everything(tmp_path, loaded, Credentials(tmp_path, {})))
    assert found[-1] == Check("watchlist", ok=False, sentence="none is named", fix='run "setup"')


@pytest.mark.slow
def test_each_who_is_told_is_asked_and_a_webhook_is_left_in_peace(tmp_path):
    def reply(heard):
        return 200, {"healthy": True} if heard.path == "/v1/health" else {"Version": "12.0"}

    with Hearer(reply) as hearer:
        now = settings.Config(jellyfin=settings.Jellyfin(url=hearer.url))
        secrets = {
            "MOVIE_SYNC_NOTIFY__NTFY": f"{hearer.url}/topic",
            "MOVIE_SYNC_NOTIFY__WEBHOOK": f"{hearer.url}/hook",
            "MOVIE_SYNC_JELLYFIN__API_KEY": "k3y",
        }
        found = {
            check.name: (check.ok, check.sentence)
            for check in checks.told(now, Credentials(tmp_path, secrets))
        }
    assert found == {
        "ntfy": (True, "ntfy: it is well"),
        "jellyfin": (True, "jellyfin: login accepted; version 12.0"),
    }
    assert hearer.told == []
