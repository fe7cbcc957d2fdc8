import http.client
import re
import time
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import msgspec
import pytest

from movie_sync.breaker import Rest
from movie_sync.demo.watchlist_site import Trouble, WatchlistSite
from movie_sync.demo.world import site_films
from movie_sync.errors import Unavailable
from movie_sync.films.asking import Rested
from movie_sync.films.watchlists import Cause, Listed
from movie_sync.models import State
from movie_sync.web.uploads import MOST_BYTES
from tests import make
from tests.fakes import FakeIndexer
from tests.web.site import Site

pytestmark = pytest.mark.slow  # each asks a whole program with its page

ALICE = "letterboxd:alice"
EXPORT = (
    "Date,Name,Year,Letterboxd URI\n"
    "2026-01-01,Parasite,2019,https://boxd.it/hTha\n"
    "2026-01-01,Heat,1995,https://boxd.it/2bg8\n"
)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def letterboxd():
    with WatchlistSite({"alice": site_films(3)}) as running:
        yield running


@pytest.fixture
def followed(tmp_path, letterboxd):
    """A site that follows one watchlist."""
    section = {"base_url": letterboxd.url, "seconds_between_requests": 0}
    with Site(tmp_path, username="alice", letterboxd=section) as made:
        until(lambda: made.queue.get_statistics()["pending"] == 3)
        yield made


def until(happened):
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def words(answer):
    """What a person reads of a page."""
    text = " ".join(re.sub("<[^>]*>", " ", answer.text).split())
    return re.sub(" ([,.;])", r"\1", text)


def said(answer):
    return unquote(answer.cookies["said"])


def upload(site, text, name="watchlist.csv", do="import", **options):
    files = {"file": (name, text)} if name else {"file": ("", b"")}
    return site.post("/sources/import", files=files, data={"do": do}, **options)


def test_a_home_without_anything_says_what_to_do_next(site):
    text = words(site.get("/sources"))
    assert "No watchlist is followed. Name one in the settings, or import a list below." in text
    assert "No indexer is set up, so nothing can be searched" in text
    assert "Nobody is told when something needs you or a film arrives." in text


def test_a_watchlist_says_how_many_films_it_has_and_when_it_was_read(followed):
    until(lambda: "being read" not in words(followed.get("/sources")))
    page = followed.get("/sources")
    assert '<a href="/wanted?by=letterboxd%3Aalice">letterboxd:alice</a>' in page.text
    assert re.search(r"read 3 films last read well \d s ago next reading in 60 min", words(page))


def test_a_watchlist_is_read_at_once_when_a_person_wishes(followed, letterboxd):
    letterboxd.watchlists["alice"] = site_films(5)
    answer = followed.post("/sources/read", data={"source": ALICE})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sources")
    assert said(answer) == "letterboxd:alice is being read"
    until(lambda: followed.queue.get_statistics()["pending"] == 5)


def test_all_watchlists_are_read_at_once_when_none_is_named(followed, letterboxd):
    letterboxd.trouble = Trouble.CHALLENGE
    followed.post("/sources/read")
    until(lambda: "blocked since" in words(followed.get("/sources")))
    assert "Import an export instead" in words(followed.get("/sources"))


def test_a_watchlist_that_nobody_follows_cannot_be_read(followed):
    answer = followed.post("/sources/read", data={"source": "letterboxd:bob"})
    assert answer.status_code == 409
    assert "No watchlist letterboxd:bob is followed; those that are: letterboxd:alice" in words(
        answer
    )


@pytest.fixture
def held(tmp_path):
    """A site one of whose lists lacks 30 films, and waits for a person."""
    films = {f"letterboxd:{n}": f"film:letterboxd:{n}" for n in range(1, 41)}
    items = [make.item(n, seq=n) for n in range(1, 41)]
    site = Site(tmp_path, {State.PENDING: items})
    problem = 'it lacks 30 of 40 films; all 40 stay as they are; if that is right, say "..."'
    known = Listed(
        films=films, absent=dict.fromkeys(list(films)[:30], 1), read_at=make.NOON,
        problem=problem, problem_since=make.NOON, cause=Cause.CONFIRM,
        next_at=datetime.now(UTC),
    )  # fmt: skip
    (site.home / "watchlist.json").write_bytes(msgspec.json.encode({"sources": {ALICE: known}}))
    with site:
        yield site


def test_the_films_that_would_go_are_named_before_a_person_lets_them(held):
    text = words(held.get("/sources"))
    assert "It lacks 30 of 40 films; all 40 stay as they are. 40 films" in text
    assert "Which 30 films" in text
    assert "These 30 may go" in text
    every = held.get("/sources/absent", params={"source": ALICE}).text
    assert every.count('<li><a href="/films/film:letterboxd:') == 30


def test_a_person_lets_absent_films_go(held):
    answer = held.post("/sources/confirm", data={"source": ALICE})
    assert said(answer) == "30 films may leave letterboxd:alice at its next readings"
    assert len(held.running.app.memory.sources[ALICE].confirmed) == 30


def test_of_no_list_nothing_is_absent(held):
    assert held.get("/sources/absent", params={"source": "nobody"}).status_code == 404


def test_an_export_is_imported(site):
    answer = upload(site, EXPORT)
    assert answer.status_code == 303
    assert said(answer) == "watchlist.csv: 2 added, 0 known already"
    assert {item.title for item in site.queue.iter(State.PENDING)} == {
        "Parasite (2019)", "Heat (1995)",
    }  # fmt: skip


def test_an_import_can_be_looked_at_first(site):
    answer = upload(site, EXPORT, do="look")
    assert "watchlist.csv: 2 would be added, 0 known already." in words(answer)
    assert "2 new films Parasite (2019) Heat (1995) Nothing was changed." in words(answer)
    assert site.queue.get_statistics()["pending"] == 0


@pytest.mark.parametrize(
    ("text", "name", "status", "sentence"),
    [
        (b"\xff\xfe\x00", "films.csv", 422, "Films.csv is not UTF-8 text; nothing was added."),
        (b"{", "../../etc/films.json", 422, "Films.json is no sound JSON"),
        (b"no zip", "films.zip", 422, "Films.zip"),
        (b"", "", 422, "No file was chosen; nothing was added."),
    ],
)
def test_what_cannot_be_read_is_not_imported_and_says_why(site, text, name, status, sentence):
    answer = upload(site, text, name)
    assert answer.status_code == status
    assert sentence in words(answer)
    assert "movie_sync-import" not in answer.text
    assert site.queue.get_statistics()["pending"] == 0


def test_a_file_that_is_too_large_is_not_even_read(site):
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=60)
    connection.putrequest("POST", "/sources/import")
    connection.putheader("Authorization", f"Bearer {site.key}")
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Content-Length", str(MOST_BYTES + 1))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert "The file is larger than 64 MiB; nothing of it was read." in answer.read().decode()
    connection.close()


def test_a_file_whose_size_is_not_told_is_not_read(site):
    answer = site.post("/sources/import", data=iter([b"--x\r\n"]),
                       headers={"Content-Type": "multipart/form-data; boundary=x"})  # fmt: skip
    assert answer.status_code == 411


def test_how_each_indexer_is_and_what_is_left_of_its_budget(tmp_path):
    indexers = {"prowlarr": {"url": "http://127.0.0.1:9/", "calls_per_hour": 100}}
    with Site(tmp_path, torznab=indexers) as site:
        now = time.time()
        rest = Rest(3, now - 3 * 3600, now, 12.4 * 60, "did not answer")
        (site.home / "breaker_prowlarr.json").write_bytes(msgspec.json.encode(rest))
        spent = f'{{"limit": 100, "per_s": 3600, "calls": [{now}, {now}]}}'
        (site.home / "budget_prowlarr.json").write_text(spent)
        page = site.get("/sources")
    assert (
        "prowlarr rests Did not answer since 3 h ago 3 failures in a row asked again in 12 min "
        "98 98 of 100 calls left this hour Ask now prowlarr" in words(page)
    )
    assert re.search('<meter min="0" max="100" low="15" value="98" aria-label="[^"]+">', page.text)


def test_a_refused_login_leads_to_where_it_is_set(tmp_path):
    indexers = {"prowlarr": {"url": "http://127.0.0.1:9/"}}
    with Site(tmp_path, torznab=indexers) as site:
        now = time.time()
        rest = Rest(1, now, now, 6 * 3600, "the key was refused", "salt:made")
        (site.home / "breaker_prowlarr.json").write_bytes(msgspec.json.encode(rest))
        page = site.get("/sources")
    assert "login refused" in words(page)
    assert "or at once with another login" in words(page)
    assert 'href="/settings/secrets#torznab--prowlarr--api_key"' in page.text


def test_an_indexer_is_asked_when_a_person_wants_to_know(site):
    site.have(indexers=[FakeIndexer()])
    answer = site.post("/sources/ask", data={"name": "fake"}, headers=HTMX)
    assert answer.text == '<p class="note good">Fake: well</p>'
    whole = site.post("/sources/ask", data={"name": "fake"})
    assert '<h1>Sources</h1> <p class="note good">Fake: well</p>' in " ".join(whole.text.split())


class Down(FakeIndexer):
    def check(self):
        raise Unavailable(self.name, "did not answer")


def test_an_indexer_that_does_not_answer_rests_from_then_on(site):
    site.have(indexers=[Rested(Down())])
    answer = site.post("/sources/ask", data={"name": "fake"}, headers=HTMX)
    assert answer.text == '<p class="note bad" role="alert">Fake: did not answer</p>'


def test_nobody_is_asked_who_is_not_set_up(site):
    answer = site.post("/sources/ask", data={"name": "nobody"}, headers=HTMX)
    assert "nothing that can be asked is set up under this name" in answer.text


def test_the_torrent_client_tells_its_version_and_the_room_it_has(tmp_path):
    with Site(tmp_path, max_download_space_gb=50) as site:
        part = words(site.get("/sources/client", headers=HTMX))
        whole = words(site.get("/sources/client"))
    assert re.search(
        r"built in, libtorrent [\d.]+ .*Downloads take 0 bytes of the 50\.0 GB .* free in .*"
        r"/downloads$",
        part,
    )
    assert "Torrent client libtorrent no trouble built in, libtorrent" in whole


def test_who_is_told_is_shown(tmp_path):
    with Site(tmp_path, kodi={"url": "http://127.0.0.1:9"}) as site:
        assert "Who is told kodi no trouble Ask now kodi" in words(site.get("/sources"))
        answer = site.post("/sources/ask", data={"name": "kodi"}, headers=HTMX)
        assert "could not be reached" in answer.text
        assert "kodi rests" in words(site.get("/sources"))
