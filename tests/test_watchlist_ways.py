import re
from datetime import timedelta
from pathlib import Path

import pytest

from movie_sync.films.recycled import Recycled
from movie_sync.films.removal import Removal
from movie_sync.films.unwanted import Rules
from movie_sync.films.wanted import read_watchlists
from movie_sync.films.watchlists import Memory
from movie_sync.models import State
from movie_sync.services.letterboxd import Letterboxd
from movie_sync.services.lists import PlainList
from movie_sync.settings import Seeding
from tests import make, watchlist_ways
from tests.films.conftest import parts  # noqa: F401 - a fixture
from tests.watchlist_ways import MEMBER, SITES, WAYS
from tests.wire import Waiting

pytestmark = pytest.mark.slow

EVERY = timedelta(hours=1)
DOCS = Path(__file__).parent.parent / "docs"
PLACED = 5  # of the films, in the library


@pytest.fixture
def looking(parts, tmp_path):  # noqa: F811
    """Reads a site as the monitor does, then removes what is due: after no grace time at all."""
    memory = Memory(tmp_path / "watchlist.json")
    opened = []

    def look(site, kind, at, *, patient=True):
        if not opened:
            http = Waiting("letterboxd", site.url, gap_s=0, tries=1)
            letterboxd = kind == "letterboxd"
            source = (
                Letterboxd(http).watchlist(MEMBER)
                if letterboxd
                else PlainList(f"{site.url}/l", http)
            )
            opened.extend((http, source))
        http, source = opened
        http.patient = patient
        memory.of(source.name).next_at = None
        read_watchlists([source], parts.queue, memory, EVERY, at)
        rules = Rules(
            enabled=True,
            grace=timedelta(0),
            seeding=Seeding(),
            keep_watched=False,
            recycled_for=timedelta(days=1),
        )
        bin_ = Recycled(tmp_path / "recycled.json", tmp_path / "recycled")
        Removal(
            parts, memory, rules, bin_, sources=[source.name], has_seen=lambda member, film: False
        ).run(at)
        return memory.of(source.name)

    yield look
    opened[0].close()


def place(parts):  # noqa: F811
    for item in list(parts.queue.iter(State.PENDING))[:PLACED]:
        path = parts.library_folder / item.title / f"{item.title}.mkv"
        path.parent.mkdir()
        path.write_bytes(b"film")
        parts.queue.complete(item.id)
        parts.queue.note(item.id, path=str(path), how="linked", handle="a" * 40)


def everything(parts):  # noqa: F811
    queues = {state: list(parts.queue.iter(state)) for state in State}
    return queues, sorted(parts.library_folder.rglob("*")), list(parts.client.removed)


@pytest.mark.parametrize("way", WAYS, ids=[way.what for way in WAYS])
def test_a_watchlist_that_goes_wrong_changes_nothing(looking, parts, way):  # noqa: F811
    with SITES[way.site]() as site:
        assert looking(site, way.site, make.NOON).problem is None
        place(parts)
        before = everything(parts)
        assert len(before[0][State.COMPLETED]) == PLACED
        way.happens(site)
        patient = "in time" not in way.what
        for day in range(1, 5):
            listed = looking(site, way.site, make.NOON + timedelta(days=day), patient=patient)
        assert everything(parts) == before
        assert len(listed.films) == len(watchlist_ways.FILMS)
        told = re.sub(r"127\.0\.0\.1(:\d+)?", "films.example", listed.problem or "")
        assert told == way.told


@pytest.mark.parametrize("kind", SITES)
def test_a_film_that_has_really_left_goes_after_three_readings(looking, parts, kind):  # noqa: F811
    with SITES[kind]() as site:
        looking(site, kind, make.NOON)
        place(parts)
        gone = next(item for item in parts.queue.iter(State.COMPLETED))
        left = [film for film in watchlist_ways.FILMS if f"{film.title} (1999)" != gone.title]
        if kind == "letterboxd":
            site.watchlists[MEMBER] = left
        else:
            text = watchlist_ways.as_json(left) if kind == "JSON" else watchlist_ways.as_csv(left)
            watchlist_ways.answers(text)(site)
        states = []
        for day in range(1, 4):
            looking(site, kind, make.NOON + timedelta(days=day))
            states.append(parts.queue.get(gone.id)[0])
        assert states == [State.COMPLETED, State.COMPLETED, State.REMOVED]
        assert not Path(gone.data["path"]).exists()
        assert len(list(parts.queue.iter(State.COMPLETED))) == PLACED - 1


def test_the_table_in_the_documents_is_what_these_tests_prove():
    assert any(watchlist_ways.table() in path.read_text() for path in DOCS.glob("reliability*.md"))
