import json
import logging
from datetime import UTC, datetime

import pytest

from movie_sync import config
from movie_sync.errors import QueueError
from movie_sync.films.items import film_of
from movie_sync.films.watchlists import Memory
from movie_sync.models import Film, State
from movie_sync.queue_load import BELIEVED
from movie_sync.queues import QueueManager
from tests.queue_home import NEVER_S, as_crashed, in_files, on_disk, states

SECONDS = 1_760_000_000
AT = datetime.fromtimestamp(SECONDS, UTC)


def earlier(number=1, **changes):
    """A film as the earlier files have it."""
    return {
        "id": str(number),
        "title": f"Film {number} (1999)",
        "slug": f"film-{number}",
        "url": f"https://letterboxd.com/film/film-{number}/",
        "year": "1999",
        "director": "Somebody",
        "imdb_id": f"tt{number:07}",
        "added_at": SECONDS,
        "queued_at": SECONDS + 60,
    } | changes


def lay(home, **films):
    """Write the four earlier files, with what is named in them, and the settings beside."""
    for state in ("pending", "failed", "completed", "removed"):
        text = json.dumps(films.get(state, []), indent=2)
        (home / f"queue_{state}.json").write_text(text)
    (home / "config.json").write_text('{"username": "Alice", "max_retries": 5}')


def opened(home):
    """What the program makes of them, by id, once it has run."""
    queue = QueueManager(home, idle_s=NEVER_S)
    found = {item.id: (state, item) for state in State for item in queue.iter(state)}
    queue.close()
    return found


def only(home):
    ((found, item),) = opened(home).values()
    return found, item


def test_a_film_keeps_all_that_is_known_of_it(tmp_path):
    lay(tmp_path, pending=[earlier(240344, title="Parasite (2019)", year="2019", retry_count=2)])
    state, item = only(tmp_path)
    assert (state, item.id, item.kind) == (State.PENDING, "film:letterboxd:240344", "film")
    assert (item.wanted_by, item.added_at, item.attempts) == (("letterboxd:alice",), AT, 2)
    assert film_of(item) == Film(
        key="letterboxd:240344",
        title="Parasite",
        year=2019,
        imdb_id="tt0240344",
        slug="film-240344",
    )


@pytest.mark.parametrize(
    ("noted", "title", "year"),
    [
        ({"title": "Her", "year": 2013}, "Her (2013)", 2013),
        ({"title": "Her (2013)", "year": "Unknown"}, "Her (2013)", 2013),
        ({"title": "Her", "year": "Unknown"}, "Her", None),
        ({"title": "Her", "year": None}, "Her", None),
        ({"title": "1917 (2019)", "year": "2019"}, "1917 (2019)", 2019),
    ],
)
def test_title_and_year_are_found_wherever_they_stand(tmp_path, noted, title, year):
    lay(tmp_path, pending=[earlier(**noted)])
    _, item = only(tmp_path)
    assert (item.title, item.data.get("year")) == (title, year)


@pytest.mark.parametrize(
    ("ids", "id_"),
    [
        ({"id": 7}, "film:letterboxd:7"),
        ({"id": None}, "film:slug:film-1"),
        ({"id": "", "slug": None}, "film:imdb:tt0000001"),
    ],
)
def test_a_film_is_called_by_the_best_id_it_has(tmp_path, ids, id_):
    lay(tmp_path, pending=[earlier(**ids)])
    assert only(tmp_path)[1].id == id_


FAILURES = [
    ({"retry_count": 2, "retry_after": SECONDS + 9}, {"attempts": 2, "permanent": False}),
    ({"retry_count": 5, "last_error": "no seeders"}, {"attempts": 5, "permanent": True}),
    ({"retry_count": 1, "skipped": True}, {"permanent": True, "last_error": "skipped by hand"}),
    ({"retry_count": 5, "failed_reason": "space_limit"}, {"attempts": 0, "permanent": False}),
    ({}, {"attempts": 0, "last_error": "it had failed, and nobody noted why"}),
]


@pytest.mark.parametrize(("noted", "expected"), FAILURES)
def test_a_failure_is_tried_again_or_given_up_as_before(tmp_path, noted, expected):
    lay(tmp_path, failed=[earlier(**noted)])
    state, item = only(tmp_path)
    assert state is State.FAILED
    assert {name: getattr(item, name) for name in expected} == expected
    assert (item.retry_at is None) is item.permanent


def test_the_time_of_the_next_try_is_kept(tmp_path):
    lay(tmp_path, failed=[earlier(retry_count=1, retry_after=SECONDS)])
    assert only(tmp_path)[1].retry_at == AT


@pytest.mark.parametrize("wrong", [-1, 0, "soon", 1e300, None])
def test_a_time_that_cannot_be_is_none(tmp_path, wrong):
    lay(tmp_path, failed=[earlier(retry_count=1, retry_after=wrong, added_at=wrong)])
    _, item = only(tmp_path)
    assert item.retry_at.year >= 2025
    assert item.added_at == datetime.fromtimestamp(SECONDS + 60, UTC)


def test_what_was_skipped_while_it_waited_is_given_up(tmp_path):
    lay(tmp_path, pending=[earlier(skipped=True)])
    state, item = only(tmp_path)
    assert (state, item.permanent, item.last_error) == (State.FAILED, True, "skipped by hand")


def test_what_was_forced_goes_first_and_the_rest_in_its_order(tmp_path):
    films = [earlier(3), earlier(1), earlier(2, force_download=True)]
    lay(tmp_path, pending=films)
    queue = QueueManager(tmp_path, idle_s=NEVER_S)
    assert [queue.take("film").title[:6] for _ in films] == ["Film 2", "Film 3", "Film 1"]
    queue.close()


def test_what_is_done_stays_done(tmp_path):
    lay(tmp_path, completed=[earlier(completed_at=SECONDS, retry_count=3, last_error="slow")])
    state, item = only(tmp_path)
    assert (state, item.completed_at, item.last_error) == (State.COMPLETED, AT, None)


def test_what_was_removed_comes_back_when_it_is_listed_again(tmp_path):
    lay(tmp_path, removed=[earlier(removed_at=SECONDS, completed_at=SECONDS)])
    state, item = only(tmp_path)
    assert (state, item.removed_at, item.wanted_by) == (State.REMOVED, AT, ())
    assert item.data["removed_by"] == "letterboxd:alice"
    queue = QueueManager(tmp_path, idle_s=NEVER_S)
    queue.put_many([type(item)(**{f: getattr(item, f) for f in ("id", "kind", "title", "added_at")},
                               wanted_by=("letterboxd:alice",))])  # fmt: skip
    assert states(queue) == {item.id: State.COMPLETED}
    queue.close()


@pytest.mark.parametrize(
    ("both", "kept"),
    [
        (("pending", "failed"), State.FAILED),
        (("pending", "completed"), State.COMPLETED),
        (("failed", "completed"), State.COMPLETED),
        (("pending", "removed"), State.PENDING),
        (("completed", "removed"), State.COMPLETED),
        (("failed", "removed"), State.FAILED),
        (("pending", "pending"), State.PENDING),
    ],
)
def test_a_film_in_two_files_is_one(tmp_path, both, kept):
    first, second = both
    lay(tmp_path, **{first: [earlier(retry_count=1)]})
    films = json.loads((tmp_path / f"queue_{second}.json").read_text())
    (tmp_path / f"queue_{second}.json").write_text(json.dumps([*films, earlier(retry_count=1)]))
    assert only(tmp_path)[0] is kept


def test_the_originals_are_kept_and_a_sentence_tells_of_it_once(tmp_path, caplog):
    lay(
        tmp_path,
        pending=[earlier(1), earlier(2), earlier(3)],
        failed=[earlier(1, retry_count=5), earlier(4, retry_count=1)],
        completed=[earlier(5)],
    )
    (tmp_path / "watchlist.json").write_text(json.dumps([earlier(1)]))
    texts = {path.name: path.read_bytes() for path in tmp_path.glob("*.json")}
    with caplog.at_level(logging.WARNING):
        first = opened(tmp_path)
        assert opened(tmp_path) == first
    assert caplog.messages == [
        "5 films of the earlier queue files were taken over: 2 pending, 2 failed, 1 completed; "
        "1 of their lines named a film again, and are one with it; 1 given up before, as until "
        '"queue retry --all"; the files as they were are kept as queue_*.json.earlier'
    ]
    kept = {path.name: path.read_bytes() for path in tmp_path.glob("*.earlier")}
    names = ("queue_pending", "queue_failed", "queue_completed", "watchlist")
    assert kept == {f"{name}.json.earlier": texts[f"{name}.json"] for name in names}
    assert in_files(tmp_path) == {id_: state for id_, (state, _) in first.items()}


def test_they_are_read_without_being_changed(tmp_path):
    lay(tmp_path, pending=[earlier(1)], completed=[earlier(2)])
    before = sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir())
    assert on_disk(tmp_path, reader=True) == {
        "film:letterboxd:1": State.PENDING,
        "film:letterboxd:2": State.COMPLETED,
    }
    assert sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize("ours", [0, 1, 2, 3])
def test_an_end_in_the_middle_of_it_changes_nothing_of_the_outcome(tmp_path, ours):
    """So many files have their new form already, in the order in which they are written."""
    home, old = tmp_path / "home", tmp_path / "old"
    for folder in (home, old):
        folder.mkdir()
        lay(
            folder,
            pending=[earlier(1), earlier(2), earlier(3, skipped=True)],
            failed=[earlier(1, retry_count=1)],
            completed=[earlier(4), earlier(5)],
            removed=[earlier(2), earlier(5)],
        )
    expected = {id_: state for id_, (state, _) in opened(home).items()}
    for state in BELIEVED[:ours]:
        (home / f"queue_{state}.json").replace(old / f"queue_{state}.json")
    assert on_disk(as_crashed_without_journal(old)) == expected
    assert {id_: state for id_, (state, _) in opened(old).items()} == expected


def as_crashed_without_journal(folder):
    (folder / "queue.journal").touch()
    copy = as_crashed(folder, folder.with_name("crashed"))
    for each in (folder, copy):
        (each / "queue.journal").unlink()
    return copy


def test_a_home_without_settings_wants_them_by_hand(tmp_path):
    lay(tmp_path, pending=[earlier(1)])
    (tmp_path / "config.json").write_text("{")
    assert only(tmp_path)[1].wanted_by == ("hand",)


@pytest.mark.parametrize(
    ("film", "why"),
    [
        ({"id": "1", "slug": "x", "url": ""}, "Object missing required field `title`"),
        ({"title": "X", "url": ""}, "X has no id, slug or imdb_id"),
        (earlier(retry_count="many"), "Expected `int | null`, got `str` - at `$.retry_count`"),
    ],
)
def test_a_film_that_cannot_be_taken_over_stops_it_before_anything_is_changed(tmp_path, film, why):
    lay(tmp_path, pending=[earlier(1), film], completed=[earlier(2)])
    before = {path.name: path.read_bytes() for path in tmp_path.glob("queue*")}
    with pytest.raises(QueueError) as caught:
        QueueManager(tmp_path)
    assert str(caught.value) == (
        "queue_pending.json is of the earlier form, and its film 2 cannot be taken over "
        f"({why}); nothing was started and nothing changed; mend it"
    )
    assert {path.name: path.read_bytes() for path in tmp_path.glob("queue*")} == before


def test_an_earlier_file_that_is_cut_short_is_damage_as_any(tmp_path):
    lay(tmp_path, pending=[earlier(1), earlier(2)])
    path = tmp_path / "queue_pending.json"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(QueueError, match=r"queue_pending.json: line \d+, .*; nothing was started"):
        QueueManager(tmp_path)


def test_the_earlier_watchlist_is_read_anew(tmp_path):
    (tmp_path / "watchlist.json").write_text(json.dumps([earlier(1)]))
    assert Memory(tmp_path / "watchlist.json").sources == {}


def test_settings_that_are_not_needed_any_more_are_told_as_that(tmp_path):
    (tmp_path / "config.json").write_text(
        '{"username": "alice",\n"watchlist_file": "~/.movie_sync/watchlist.json",\n'
        '"check_interval": 3600, "max_download_space_gb": 100, "max_retries": 4,\n'
        '"use_threads": true}'
    )
    loaded = config.load(tmp_path, {}, {})
    assert [problem.message for problem in loaded.problems] == [
        'config.json, line 2: "watchlist_file" is not needed any more: watchlists are remembered '
        "in watchlist.json of the home folder; it is ignored; remove it",
        'config.json, line 4: "use_threads" is not needed any more: the work is always parted '
        "among threads; it is ignored; remove it",
    ]
    assert (loaded.config.max_retries, loaded.config.max_download_space_gb) == (4, 100)


def test_settings_in_a_file_of_their_own_are_named(tmp_path, caplog):
    lay(tmp_path, pending=[earlier(1)])
    (tmp_path / "filelist_config.json").write_text("{}")
    opened(tmp_path)
    assert caplog.text.strip().endswith(
        "; filelist_config.json is not read: write what you need of it into config.json, and say "
        '"credentials set filelist.passkey"'
    )
