import json

import pytest

from movie_sync import import_queues
from movie_sync.config_keys import variable
from movie_sync.control import Server
from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError
from movie_sync.import_files import Reading
from movie_sync.models import State
from movie_sync.queues import QueueManager
from tests import make
from tests.queue_home import on_disk
from tests.services.test_radarr import HEAT, KEY, RadarrSite


@pytest.fixture
def home(tmp_path):
    queue = QueueManager(tmp_path, idle_s=60)
    known = {"year": 1999, "imdb_id": "tt0000001"}
    queue.put_many([make.item(1, data=known), make.item(2), make.item(3), make.item(4)])
    queue.complete("film:letterboxd:2")
    queue.remove("film:letterboxd:3")
    queue.close()
    return tmp_path


def reading(*films, **skipped):
    found = Reading("films.csv")
    for film in films:
        found.add(film)
    found.skipped.update(skipped)
    return found


def item(home, number):
    queue = QueueManager(home, idle_s=60)
    try:
        return queue.get(f"film:letterboxd:{number}")
    finally:
        queue.close()


def test_films_are_added_and_what_is_known_gets_one_more_want(home):
    before = on_disk(home)
    done = import_queues.take(home, reading(
        make.film(9), make.film(key="imdb:tt0000001", imdb_id="tt0000001"),
        make.film(2, key="title:film-2:1999"), make.film(3), removed=2,
    ))  # fmt: skip
    assert done.sentence == "films.csv: 1 added, 3 known already; 2 skipped: 2 removed"
    assert on_disk(home) == {**before, "film:letterboxd:9": State.PENDING}
    state, known = item(home, 1)
    assert (state, known.wanted_by) == (State.PENDING, ("letterboxd:alice", "hand"))
    assert item(home, 3)[0] is State.REMOVED


def test_importing_twice_adds_nothing(home):
    films = [make.film(n) for n in range(20, 30)]
    assert import_queues.take(home, reading(*films)).added == 10
    before = on_disk(home)
    again = import_queues.take(home, reading(*films))
    assert (again.added, again.known) == (0, 10)
    assert on_disk(home) == before


def test_a_film_that_a_file_names_by_title_and_by_id_is_one(home):
    by_title = make.film(key="title:heat:1995", title="Heat", year=1995)
    by_id = make.film(key="imdb:tt0113277", title="Heat", year=1995, imdb_id="tt0113277")
    namesake = make.film(key="imdb:tt9999999", title="Heat", year=1995, imdb_id="tt9999999")
    done = import_queues.take(home, reading(by_title, by_id, by_id, namesake))
    assert done.sentence == "films.csv: 2 added, 0 known already; 2 skipped: 2 named twice"
    assert item_ids(home) >= {"film:title:heat:1995", "film:imdb:tt9999999"}


def item_ids(home):
    return on_disk(home).keys()


def test_a_rehearsal_says_what_would_be_added_and_adds_nothing(home):
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    done = import_queues.rehearse(home, reading(make.film(9), make.film(1)))
    assert done.sentence == "films.csv: 1 would be added, 1 known already"
    assert done.titles == ("Film 9 (1999)",)
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before


def test_the_running_program_is_asked_in_parts(home):
    asked = []

    def answer(request):
        asked.append((request["source"], len(request["films"])))
        return {"new": len(request["films"])}

    server = Server(home, answer)
    try:
        films = [make.film(n) for n in range(12_500)]
        assert import_queues.take(home, reading(*films)).added == 12_500
    finally:
        server.close()
    assert asked == [("hand", 5000), ("hand", 5000), ("hand", 2500)]


@pytest.fixture
def vault(tmp_path):
    vault = Credentials(tmp_path / "vault", {variable("radarr.api_key"): KEY})
    (tmp_path / "vault").mkdir()
    return vault


@pytest.mark.slow
def test_a_running_radarr_tells_what_it_misses_and_where_its_films_are(home, vault):
    with RadarrSite() as site:
        site.movies = [HEAT, HEAT | {"tmdbId": 1, "imdbId": "tt0000002", "hasFile": True}]
        found = import_queues.from_radarr(site.url, vault, "/films")
        assert found.notes == ["Radarr keeps films in /movies, not in /films: it is not here"]
        found = import_queues.from_radarr(site.url, vault, "/movies")
    assert found.notes == []
    done = import_queues.take(home, found)
    assert done.sentence == "radarr: 1 added, 0 known already; 1 skipped: 1 there already"


@pytest.mark.parametrize("url", ["127.0.0.1:7878", "http://ann:pw@127.0.0.1", "ftp://x", ""])
def test_an_address_that_cannot_be_one_is_told(vault, url):
    with pytest.raises(ConfigError, match="is no address of Radarr"):
        import_queues.from_radarr(url, vault, "/films")


def test_without_its_key_radarr_is_not_asked(tmp_path):
    with pytest.raises(ConfigError) as caught:
        import_queues.from_radarr("http://127.0.0.1:7878", Credentials(tmp_path, {}), "/films")
    assert str(caught.value) == (
        "Radarr needs its key: run `credentials set radarr.api_key`; nothing was asked"
    )


@pytest.mark.slow
def test_a_file_of_20_000_films_is_taken(tmp_path):
    films = [make.film(n, title=f"Film number {n}") for n in range(20_000)]
    assert import_queues.take(tmp_path, reading(*films)).added == 20_000
    assert json.loads((tmp_path / "queue_pending.json").read_bytes())[-1]["title"]
