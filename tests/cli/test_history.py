import json
from contextlib import contextmanager

import pytest

from movie_sync.credentials import Credentials
from movie_sync.demo.trakt_site import TraktSite
from movie_sync.demo.viki_site import VikiSite
from movie_sync.demo.viki_titles import some
from movie_sync.errors import ConfigError, LoggedOut, NotQueued, QueueError
from tests.cli import call

CSV = """title,year,watched_at,imdb,tmdb,rating
Parasite,2019,2024-01-02,tt6751668,496243,9
Night of the Living Dead,1968,2024-02-02T20:00:00Z,tt0063350,10331,
Parasite,2019,2024-03-04,tt6751668,496243,
"""


def write(home, **sections):
    settings = {"history": {"enabled": True, "zone": "Europe/Berlin"}, **sections}
    (home / "config.json").write_text(json.dumps(settings))


@pytest.fixture
def home(tmp_path):
    write(tmp_path)
    (tmp_path / "seen.csv").write_text(CSV)
    return tmp_path


@pytest.fixture
def imported(home):
    told(home, "import", "start", str(home / "seen.csv"))
    return home


@pytest.fixture
def trakt():
    with TraktSite() as site:
        site.gate.interval_s = 1
        site.world.film(1, "Parasite", 2019, tmdb=496243, imdb="tt6751668")
        site.world.film(2, "Night of the Living Dead", 1968, tmdb=10331, imdb="tt0063350")
        site.world.show(7, "Letters to Hwaseong", 2025, {1: 4}, tmdb=910001, country="kr",
                        language="ko", original_title="화성으로 보낸 편지")  # fmt: skip
        yield site


@pytest.fixture
def viki():
    with VikiSite(some()) as site:
        yield site


def told(home, *words, code=0, **options):
    result = call(home, "history", *words, **options)
    assert result.exit_code == code, result.exception or result.output
    return result.stdout.splitlines()


def data(home, *words, code=0):
    return json.loads("\n".join(told(home, *words, "--json", code=code)))


def failure(home, *words):
    return call(home, "history", *words).exception


def of_trakt(site, **more):
    return {"enabled": True, "client_id": site.gate.client_id, "base_url": site.url,
            "login_url": site.url, "seconds_between_writes": 0.0, **more}  # fmt: skip


def of_viki(site):
    return {"enabled": True, "base_url": site.url, "api_url": site.api_url,
            "seconds_between_requests": 0.0}  # fmt: skip


@contextmanager
def logged_in(home, site, **more):
    """With Trakt on, and a person logged in by the code of the device."""
    write(home, trakt=of_trakt(site, **more))
    Credentials(home, {}).set("trakt.client_secret", site.gate.secret)

    def typed(request):  # by the person, before it is asked for once more
        for each in site.gate._devices.values():
            site.gate.approve(each["user_code"])

    site.trouble["POST /oauth/device/token"] = typed
    told(home, "trakt", "login", "--no-qr")
    yield home


@pytest.mark.parametrize("words", [
    ("status",), ("watch",), ("log",), ("sync",), ("refresh",), ("undo", "1"), ("doctor",),
    ("match", "list"), ("import", "status"), ("import", "cancel"), ("export", "x.json"),
])  # fmt: skip
def test_off_every_command_says_so(tmp_path, words):
    (tmp_path / "config.json").write_text("{}")
    error = failure(tmp_path, *words)
    assert isinstance(error, ConfigError)
    assert "the history is off" in str(error)


def test_a_preview_counts_and_writes_nothing(home):
    lines = told(home, "import", "preview", str(home / "seen.csv"))
    assert "  films: 2, 2 new, 0 known" in lines
    assert "  plays: 3, 3 new, 0 known" in lines
    assert lines[-1].startswith("nothing was written")
    assert data(home, "status")["counts"]["plays"] == 0


def test_a_file_is_imported_with_every_provider_off_and_twice_is_once(home):
    file = str(home / "seen.csv")
    assert told(home, "import", "start", file) == ["sync 1, import: 3 new, 1 rated"]
    assert data(home, "import", "start", file)["counts"]["known"] == 3
    assert data(home, "status")["counts"]["plays"] == 3
    assert told(home, "import", "status")[0].startswith("sync 2, import: ")


def test_an_import_from_trakt_without_trakt_says_what_to_set(home):
    error = failure(home, "import", "start")
    assert isinstance(error, ConfigError)
    assert "history trakt login" in str(error)


def test_what_was_watched_is_listed_whole_or_of_one_title(imported):
    lines = told(imported, "watch")
    assert [line.split(None, 1)[1] for line in lines] == [
        "2024-03-04  Parasite (2019): film, 2 plays",
        "2024-02-02  Night of the Living Dead (1968): film",
    ]
    assert [row["title"] for row in data(imported, "watch")] == [
        "Parasite", "Night of the Living Dead",
    ]  # fmt: skip
    lines = told(imported, "watch", "parasite")
    assert lines[0].startswith("Parasite (2019): film ")
    assert len(lines) == 3
    assert isinstance(failure(imported, "watch", "Nothing"), NotQueued)
    assert told(imported, "watch", "--in-progress") == ["there is none"]
    assert told(imported, "watch", "--pending") == ["there is none"]


def test_an_export_is_imported_again_and_adds_nothing(imported):
    for name in ("all.json", "all.csv"):
        file = imported / name
        assert told(imported, "export", str(file)) == [f"4 entries are in {file}"]
        assert data(imported, "import", "start", str(file))["counts"].get("new", 0) == 0
    file = imported / "letterboxd.csv"
    assert told(imported, "export", str(file), "--format", "letterboxd")[0].startswith("2 films")
    assert "2024-01-02" in file.read_text()


def test_an_undo_takes_an_import_back_and_stands_in_the_log(imported):
    assert told(imported, "undo", "1") == ["sync 2, undo of 1: 3 taken out"]
    assert data(imported, "status")["counts"]["plays"] == 0
    assert [row["state"] for row in data(imported, "log")] == ["done", "undone"]
    assert isinstance(failure(imported, "undo", "99"), NotQueued)


def test_nobody_is_asked_while_all_are_off_and_telling_says_what_is_off(imported):
    assert told(imported, "sync")[0].startswith("nobody is to be asked")
    assert isinstance(failure(imported, "sync", "--dry-run"), ConfigError)
    assert told(imported, "doctor")[0].startswith("well      history: ")


def test_an_import_that_is_cancelled_where_none_is_says_so(imported):
    assert told(imported, "import", "cancel", code=1) == ["no import is going on"]


def test_before_anything_was_done_that_is_said(home):
    assert isinstance(failure(home, "status"), QueueError)


@pytest.mark.slow
def test_trakt_is_told_once_after_a_login_and_a_dry_run(imported, trakt):
    with logged_in(imported, trakt, push=True):
        lines = told(imported, "sync", "--dry-run")
        assert lines[0] == "to ann at Trakt: 3 would be told"
        assert lines[-1] == "nothing was told"
        assert trakt.world.plays == []
        assert told(imported, "watch", "--pending")
        lines = told(imported, "sync")
        assert any("telling Trakt: 3 told" in line for line in lines)
        told(imported, "sync")
        assert len(trakt.world.plays) == 3
        newest = next(row for row in data(imported, "log") if row["kind"] == "push")
        assert told(imported, "undo", str(newest["id"]))[0].endswith("3 taken back there")
        assert trakt.world.plays == []
        assert data(imported, "status")["counts"]["plays"] == 3


@pytest.mark.slow
def test_a_login_that_is_refused_leaves_nobody_logged_in(home, trakt):
    write(home, trakt=of_trakt(trakt))
    trakt.gate.device_says = [418]
    assert isinstance(failure(home, "trakt", "login", "--no-qr"), LoggedOut)
    assert Credentials(home, {}).kept("trakt.tokens") is None


@pytest.mark.slow
def test_a_logout_forgets_the_login_here_and_there(home, trakt):
    with logged_in(home, trakt):
        assert told(home, "trakt", "logout") == ["the login at Trakt is forgotten"]
        assert Credentials(home, {}).kept("trakt.tokens") is None
        done = call(home, "history", "doctor")
        assert done.exit_code == 1
        assert "history trakt login" in done.stdout


@pytest.mark.slow
def test_a_saved_file_of_viki_is_matched_by_hand_and_that_stays(home, viki, trakt):
    viki.watch_all("90001c")
    saved = home / "markers.json"
    saved.write_bytes(viki.saved_page())
    write(home, viki=of_viki(viki))
    assert "4 positions read" in told(home, "viki", "import", str(saved))[0]
    told(home, "refresh")
    assert data(home, "match", "list", "--state", "new")["unmatched"][0]["id"] == "90001c"
    write(home, viki=of_viki(viki), trakt=of_trakt(trakt))
    said = told(home, "match", "set", "90001c", "7")
    assert said[0].startswith("Letters to Hwaseong is Letters to Hwaseong (trakt 7")
    told(home, "sync", code=1)  # nobody is logged in at Trakt
    assert data(home, "match", "show", "90001c")["container"]["state"] == "manual"
    assert [one["id"] for one in data(home, "match", "list", "--matched")["unmatched"]] == [
        "90001c"
    ]
    assert told(home, "watch", "90001c")[0].startswith("Letters to Hwaseong")
    assert told(home, "match", "clear", "90001c")[0].endswith("its match is taken away")
    assert isinstance(failure(home, "match", "set", "1c", "7"), NotQueued)


def test_cookies_are_stored_checked_and_never_shown(home, viki):
    write(home, viki=of_viki(viki))
    cookies = "; ".join(f"{name}={value}" for name, value in viki.sign_in().items())
    lines = told(home, "viki", "login", "-", input=cookies)
    assert lines[0] == "signed in as ann"
    shown = "\n".join([*lines, *told(home, "doctor")])
    assert not [value for value in cookies.split("; ") if value.partition("=")[2] in shown]
    assert isinstance(failure(home, "viki", "login", str(home / "seen.csv")), ConfigError)
    assert told(home, "viki", "logout") == ["the cookies are forgotten"]


def test_a_session_that_is_over_is_told_and_fails_nothing_else(home, viki):
    write(home, viki=of_viki(viki))
    cookies = "; ".join(f"{name}={value}" for name, value in viki.sign_in().items())
    told(home, "viki", "login", "-", "--no-check", input=cookies)
    viki.sign_out()
    lines = told(home, "refresh", code=1)
    assert lines[0].startswith("viki: needs you: ")
    assert "the session is over" in lines[0]
