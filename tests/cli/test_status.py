import json
import re
import threading
import time
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from movie_sync import config, control, settings, wiring
from movie_sync.breaker import Rest
from movie_sync.demo.watchlist_pages import Markup
from movie_sync.demo.watchlist_site import Trouble, WatchlistSite
from movie_sync.demo.world import site_films
from movie_sync.films.wanted import read_watchlists
from movie_sync.films.watchlists import Memory
from movie_sync.instance import owned
from movie_sync.models import State
from movie_sync.queue_load import load
from movie_sync.queues import QueueManager
from movie_sync.views.words import ago
from tests import make
from tests.cli import call

HOUR = timedelta(hours=1)


@pytest.fixture
def site():
    with WatchlistSite({"alice": site_films(60)}) as running:
        yield running


@pytest.fixture
def home(tmp_path):
    return config.home_folder(str(tmp_path / "home"), {})


def read(home, site):
    """One reading of the watchlist, as the monitor does it."""
    section = settings.Letterboxd(base_url=site.url, seconds_between_requests=0)
    asked = settings.Config(username="alice", letterboxd=section)
    sources, _ = wiring.watchlists(asked, home, wiring.pacer(threading.Event()))
    queue, memory = QueueManager(home, idle_s=60), Memory(home / "watchlist.json")
    try:
        for listed in memory.sources.values():
            listed.next_at = None
        read_watchlists(sources, queue, memory, HOUR, datetime.now(UTC))
    finally:
        queue.close()


def shown(home, *words):
    """What `status` prints, no matter how many seconds a slow machine took for it."""
    result = call(home, "status", *words)
    assert result.exception is None
    return re.sub(r"\b[1-9] s\b", "0 s", result.stdout).splitlines()


def breaks_page_2(site):
    site.trouble_at["/alice/watchlist/page/2/"] = Trouble.BROKEN


def closes(site):
    site.trouble = Trouble.CHALLENGE


def empties(site):
    site.watchlists["alice"] = []


def changes(site):
    site.markup = (Markup.UNKNOWN,)


def shortens(site):
    del site.watchlists["alice"][28:]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (
            breaks_page_2,
            "letterboxd:alice: page 2 of 3 was not read and its films stay as they are: "
            "/alice/watchlist/page/2/ answered 500 (for 0 s); 60 films, read 0 s ago",
        ),
        (
            closes,
            "letterboxd:alice: answers with a challenge for browsers; what was read before stays; "
            "an export can be imported instead; 60 films kept (for 0 s); "
            "60 films, read 0 s ago",
        ),
        (
            empties,
            "letterboxd:alice: it lists no films any more; all 60 stay as they are; if that is "
            'right, say "watchlist confirm letterboxd:alice" (for 0 s); '
            "60 films, read 0 s ago",
        ),
        (
            changes,
            "letterboxd:alice: /alice/watchlist/ announces 60 films in an unknown form; none was "
            "read; 60 films kept (for 0 s); 60 films, read 0 s ago",
        ),
        (
            shortens,
            "letterboxd:alice: it lacks 32 of 60 films; all 60 stay as they are; if that is "
            'right, say "watchlist confirm letterboxd:alice" (for 0 s); '
            "60 films, read 0 s ago",
        ),
    ],
)
def test_what_is_wrong_with_a_watchlist_is_said_and_changes_nothing(home, site, happens, sentence):
    read(home, site)
    before = load(home)[0]
    happens(site)
    read(home, site)
    assert load(home)[0] == before
    assert sentence in shown(home)
    as_data = json.loads(call(home, "status", "--json").stdout)
    told = as_data["sources"]["letterboxd:alice"]
    assert sentence.startswith(f"letterboxd:alice: {told['problem']} (for")
    assert (told["films"], as_data["queues"]["pending"]) == (60, 60)


def test_a_watchlist_in_order_is_said_to_be(home, site):
    read(home, site)
    assert shown(home) == [
        "Movie Sync is not running",
        "60 pending, 0 active, 0 failed, 0 completed, 0 removed",
        "letterboxd:alice: 60 films, read 0 s ago",
    ]


def test_a_new_home_has_nothing_to_tell(home):
    assert shown(home) == [
        "Movie Sync is not running",
        "0 pending, 0 active, 0 failed, 0 completed, 0 removed",
    ]
    assert list(home.iterdir()) == []


def test_the_counts_alone(home):
    assert call(home, "status", "--stats").stdout == (
        "0 pending, 0 active, 0 failed, 0 completed, 0 removed\n"
    )


def test_films_under_way_and_films_that_failed_are_named(home):
    queue = QueueManager(home, idle_s=60)
    queue.put_many(make.item(number) for number in range(1, 9))
    now = datetime.now(UTC)
    for retry_at, permanent in (
        *[(None, True)] * 3,
        (now + 2.5 * HOUR, False),
        (now + timedelta(days=4), False),
        (now - HOUR, False),
    ):
        item = queue.take("film")
        queue.fail(item.id, "2 found, none accepted", retry_at, permanent=permanent)
    loading, stuck = queue.take("film"), queue.take("film")
    queue.update(loading.id, handle="a" * 40, step="downloading", progress=0.42)
    queue.update(stuck.id, handle="b" * 40, step="waiting for its place in the library",
                 progress=1.0, last_error="the disk of /films is full")  # fmt: skip
    queue.close()
    assert shown(home)[1:] == [
        "0 pending, 2 active, 6 failed (3 given up), 0 completed, 0 removed",
        "  Film 7 (1999): downloading 42%",
        "  Film 8 (1999): waiting for its place in the library 100%: the disk of /films is full",
        "  Film 6 (1999): 2 found, none accepted; its turn has come",
        "  Film 5 (1999): 2 found, none accepted; tried again in 4 days",
        "  Film 4 (1999): 2 found, none accepted; tried again in 2 h",
        "  Film 3 (1999): 2 found, none accepted; given up",
        "  Film 2 (1999): 2 found, none accepted; given up",
        "  ... and 1 more: queue list failed",
        "needs you: Film 8 (1999) waits for its place: the disk of /films is full. Films go on "
        "by themselves once that is put right.",
        "needs you: 3 films were given up: queue list failed",
    ]


def test_what_needs_a_person_is_said(home):
    (home / "config.json").write_text('{"usrname": "alice"}')
    (home / "watchlist.json").write_text("{")
    (home / "budget_filelist.json").write_text("damaged")
    lines = shown(home)
    assert any(line.startswith("watchlist.json: ") and "cannot be read" in line for line in lines)
    assert lines[-1] == (
        'needs you: config.json, line 1: there is no setting "usrname"; it is ignored; did you '
        'mean "username"?'
    )


def test_the_running_program_tells_of_its_workers(home):
    workers = [
        {"name": "download", "failure": "qbittorrent: refused the login of admin", "since": None},
        {"name": "monitor", "failure": None, "since": None},
    ]
    with owned(home):
        queue = QueueManager(home, idle_s=60)
        answer = {"workers": workers, "trouble": ["your edit of queue_pending.json was not taken"]}
        server = control.Server(home, lambda request: answer)
        try:
            lines = shown(home)
        finally:
            server.close()
            queue.close()
    assert lines[0].startswith("Movie Sync is running (process ")
    assert lines[-2:] == [
        "needs you: download: qbittorrent: refused the login of admin",
        "needs you: your edit of queue_pending.json was not taken",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s ago"),
        (59, "59 s ago"),
        (60, "1 min ago"),
        (90 * 60, "2 h ago"),
        (-300, "in 5 min"),
        (36 * 3600, "36 h ago"),
        (-3 * 86400, "in 3 days"),
    ],
)
def test_distances_in_time_are_read_at_a_glance(seconds, words):
    assert ago(make.NOON - timedelta(seconds=seconds), make.NOON) == words


def test_a_reader_waits_for_no_writer(home):
    queue = QueueManager(home, idle_s=60)
    queue.put_many([make.item(1)])
    try:
        assert json.loads(call(home, "status", "--json").stdout)["queues"][State.PENDING] == 1
    finally:
        queue.close()


def test_who_is_left_alone_is_said_with_why_and_until_when(home):
    now = time.time()
    rests = {
        "filelist": Rest(3, now - 3 * 3600, now, 12 * 60, "did not answer"),
        "tmdb": Rest(1, now - 60, now, 6 * 3600, "the key was refused", "salt:made"),
        "nas": Rest(2, now - 3600, now - 1800, 60, "answered 503"),
        "archive_org": Rest(since=now - 7200),
    }
    for name, rest in rests.items():
        (home / f"breaker_{name}.json").write_bytes(msgspec.json.encode(rest))
    (home / "budget_filelist.json").write_text('{"limit": 150, "per_s": 3600}')
    assert shown(home)[2:] == [
        "archive_org: well again since 2 h",
        "filelist: did not answer (for 3 h); asked again in 12 min; "
        "150 of 150 calls left this hour",
        "nas: answered 503 (for 1 h); asked again with the next film",
        "tmdb: the key was refused (for 1 min); asked again in 6 h, or at once with another login",
        "needs you: tmdb: the key was refused. Give it the right login.",
    ]
    told = json.loads(call(home, "status", "--json").stdout)["services"]
    assert {name: one["state"] for name, one in told.items()} == {
        "archive_org": "well",
        "filelist": "rests",
        "nas": "asked next",
        "tmdb": "login refused",
    }
    assert (told["filelist"]["why"], told["filelist"]["failures"]) == ("did not answer", 3)
    assert told["archive_org"]["rests_until"] is None
