from pathlib import Path

import pytest
from werkzeug import Response

from movie_sync import settings
from movie_sync.errors import BadAnswer, NotAuthorised, Refused, Unavailable
from movie_sync.models import Phase, TransferFile
from movie_sync.services.qbittorrent import QBittorrent
from movie_sync.settings import Seeding
from movie_sync.torrents import read
from tests.services.qbittorrent5 import PASSWORD, USERNAME, FakeQBittorrent5

pytestmark = pytest.mark.slow

TORRENT = (
    b"d4:infod6:lengthi5e4:name8:film.mkv12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee"
)
HANDLE = read(TORRENT).handle
NOTHING_TAKEN = {"added_torrent_ids": [], "success_count": 0, "pending_count": 0}


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def fake(httpserver):
    return FakeQBittorrent5(httpserver)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def connect(fake, clock):
    """A client of the fake one; waits take no time and move the clock."""
    opened = []

    def sleep(seconds):
        clock.now += seconds

    def new(password=PASSWORD, url=None, **options):
        where = settings.QBittorrent(url=url or fake.url, username=USERNAME, **options)
        opened.append(QBittorrent(where, password, Seeding(), sleep=sleep, monotonic=clock))
        return opened[-1]

    yield new
    for client in opened:
        client.close()


@pytest.fixture
def client(connect):
    return connect()


def test_it_tells_its_version(client, fake):
    where = fake.url.removeprefix("http://")
    assert client.check() == f"qBittorrent v5.3.0 at {where}, Web API 2.16.0"
    assert fake.requests["login"] == 1


def test_a_torrent_is_added_with_our_category_tags_and_limits(client, fake):
    assert client.add(TORRENT, Path("/films")) == HANDLE
    (form,) = fake.forms
    wanted = {
        "savepath": "/films",
        "category": "movie_sync",
        "tags": "movie_sync",
        "ratioLimit": "1.0",
        "seedingTimeLimit": "2940",
        "contentLayout": "Original",
        "autoTMM": "False",
        "stopped": "False",
        "paused": "False",
    }
    assert {name: form.get(name) for name in wanted} == wanted


def test_an_added_torrent_is_waited_for_until_it_is_listed(client, fake, clock):
    fake.unseen_looks = 6
    assert client.add(TORRENT, Path("/films")) == HANDLE
    assert 0 < clock.now - 1000 < 1


def test_a_torrent_that_is_there_is_adopted_with_no_more_than_our_tag(client, fake):
    fake.add_row(HANDLE, category="theirs", save_path="/theirs")
    assert client.add(TORRENT, Path("/films")) == HANDLE
    assert fake.requests["torrents/add"] == 0
    row = fake.rows[HANDLE]
    assert (row["tags"], row["category"], row["save_path"]) == ("movie_sync", "theirs", "/theirs")


def test_a_conflict_with_a_torrent_that_is_there_by_now_is_no_failure(client, fake):
    fake.add_row(HANDLE)
    fake.unseen_looks = 2  # both looks before it is added
    assert client.add(TORRENT, Path("/films")) == HANDLE
    assert fake.requests["torrents/add"] == 1


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        ((409, "Conflict"), Refused, 'answered 409 "Conflict"; torrent {} was not added'),
        (
            (200, NOTHING_TAKEN | {"failure_count": 1}),
            Refused,
            "answered that it failed; torrent {} was not added",
        ),
        (
            (200, NOTHING_TAKEN | {"success_count": 1, "failure_count": 0}),
            Unavailable,
            "took torrent {} but does not list it; restart it",
        ),
        (
            (202, NOTHING_TAKEN | {"pending_count": 1, "failure_count": 0}),
            Unavailable,
            "took torrent {} but does not list it; restart it",
        ),
    ],
)
def test_what_is_not_listed_afterwards_was_not_added(client, fake, answer, error, message):
    fake.add_answer = answer
    with pytest.raises(error) as caught:
        client.add(TORRENT, Path("/films"))
    assert str(caught.value) == "qbittorrent: " + message.format(HANDLE)


def test_what_is_no_torrent_is_not_sent(client, fake):
    with pytest.raises(BadAnswer, match="sent a web page, not a torrent file"):
        client.add(b"<html>", Path("/films"))
    assert not fake.requests


def test_a_wrong_password_is_sent_once(connect, fake):
    wrong = connect("wrong horse")
    for ask in (wrong.check, lambda: wrong.transfers([HANDLE]), lambda: wrong.add(TORRENT, Path())):
        with pytest.raises(NotAuthorised) as caught:
            ask()
        assert str(caught.value) == (
            "qbittorrent: refused the login of alice; nothing was added, and it is not tried again "
            "until the password is changed here"
        )
    assert fake.requests["login"] == 1
    assert connect().check()


def test_a_ban_is_waited_out_without_knocking(client, fake, clock):
    fake.banned = True
    for waited_s in (0, 3599):
        clock.now = 1000.0 + waited_s
        with pytest.raises(Unavailable, match="banned this address") as caught:
            client.check()
        assert caught.value.retry_after_s == 3600 - waited_s
    assert fake.requests["login"] == 1
    fake.banned = False
    clock.now = 1000.0 + 3600
    assert client.check()


def test_a_login_that_ran_out_is_renewed(client, fake):
    client.check()
    fake.session = "two"
    assert client.transfers([HANDLE]) == {}
    assert fake.requests["login"] == 2


@pytest.mark.parametrize(
    ("state", "phase"),
    [
        ("uploading", Phase.DONE),
        ("stalledUP", Phase.DONE),
        ("stoppedUP", Phase.DONE),
        ("pausedUP", Phase.DONE),
        ("forcedUP", Phase.DONE),
        ("queuedUP", Phase.DONE),
        ("checkingUP", Phase.QUEUED),
        ("checkingResumeData", Phase.QUEUED),
        ("checkingDL", Phase.QUEUED),
        ("queuedDL", Phase.QUEUED),
        ("allocating", Phase.QUEUED),
        ("moving", Phase.LOADING),
        ("downloading", Phase.LOADING),
        ("forcedDL", Phase.LOADING),
        ("a state of tomorrow", Phase.LOADING),
        ("stalledDL", Phase.STALLED),
        ("metaDL", Phase.STALLED),
        ("stoppedDL", Phase.PAUSED),
        ("pausedDL", Phase.PAUSED),
        ("error", Phase.BROKEN),
        ("missingFiles", Phase.BROKEN),
    ],
)
def test_the_state_decides_and_not_the_progress(client, fake, state, phase):
    fake.add_row(HANDLE, state=state, progress=1)
    transfer = client.transfers([HANDLE])[HANDLE]
    assert transfer.phase is phase
    assert (transfer.message is not None) == (phase is Phase.BROKEN)
    assert fake.requests["torrents/files"] == (phase is Phase.DONE)


def test_the_figures_of_a_download_are_told(client, fake):
    fake.add_row(HANDLE, dlspeed=50, eta=10, ratio=-1, seeding_time=7)
    transfer = client.transfers([HANDLE, "0" * 40])[HANDLE]
    assert (transfer.progress, transfer.size_bytes) == (0.5, 1000)
    assert (transfer.speed_bytes_s, transfer.eta_s) == (50, 10)
    assert (transfer.ratio, transfer.seeding_s) == (0.0, 7)


@pytest.mark.parametrize(
    ("save_path", "here"),
    [("/data/films", "/mnt/films"), ("/data/films/4k/", "/fast"), ("/database", "/database")],
)
def test_files_are_told_as_this_machine_finds_them(connect, fake, save_path, here):
    client = connect(path_map={"/data": "/mnt", "/data/films/4k/": "/fast"})
    fake.add_row(HANDLE, state="stalledUP", progress=1, save_path=save_path)
    fake.files = [
        {"name": "Film/film.mkv", "size": 900, "priority": 1},
        {"name": "Film/sample.mkv", "size": 100, "priority": 0},
    ]
    files = client.transfers([HANDLE])[HANDLE].files
    assert files == (TransferFile(Path(here) / "Film/film.mkv", 900),)


def test_it_is_told_folders_as_it_finds_them(connect, fake):
    connect(path_map={"/data": "/mnt"}).add(TORRENT, Path("/mnt/films"))
    assert fake.forms[0]["savepath"] == "/data/films"


def test_a_label_is_a_tag_and_moves_nothing(connect, fake):
    fake.add_row(HANDLE, category="theirs")
    connect().relabel(HANDLE, "replaced")
    assert (fake.rows[HANDLE]["tags"], fake.rows[HANDLE]["category"]) == (
        "movie_sync-replaced",
        "theirs",
    )
    connect(category="films").relabel(HANDLE, "blocked")
    connect(category="").relabel("0" * 40, "blocked")
    assert fake.rows[HANDLE]["tags"] == "films-blocked"
    assert fake.requests["torrents/addTags"] == 2


def test_a_torrent_of_both_versions_is_found_by_its_first(client, fake):
    fake.add_row("2" * 40, infohash_v1=HANDLE)
    assert client.transfers([HANDLE])[HANDLE].handle == HANDLE
    client.remove(HANDLE, with_files=False)
    assert not fake.rows


@pytest.mark.parametrize(
    ("trouble", "error", "message"),
    [
        (Response("<html>proxy", content_type="text/html"), BadAnswer, "not answer as qBittorrent"),
        (Response("[{}]", content_type="application/json"), BadAnswer, "has an unknown form"),
        (Response("oops", 500), Unavailable, "answered 500"),
        (Response("oops", 503), Unavailable, "answered 503"),
        (Response("odd", 418), Refused, "answered 418 odd"),
    ],
)
def test_other_answers_have_their_names(client, fake, trouble, error, message):
    fake.trouble = trouble
    with pytest.raises(error, match=message):
        client.transfers([HANDLE])


def test_no_message_holds_what_the_address_does(connect, httpserver, fake):
    url = fake.url.replace("http://", "http://bob:s3cret@")
    client = connect(url=url)
    httpserver.stop()
    with pytest.raises(Unavailable) as caught:
        client.check()
    httpserver.start()
    where = fake.url.removeprefix("http://")
    assert str(caught.value) == (
        f"qbittorrent: could not be reached at {where}; is it running, with its Web UI switched on?"
    )
    assert caught.value.__context__ is None


def test_a_torrent_that_is_removed_while_it_is_asked_for_is_absent(client, fake):
    fake.add_row(HANDLE, state="stalledUP")
    fake.files = None
    assert client.transfers([HANDLE]) == {}
