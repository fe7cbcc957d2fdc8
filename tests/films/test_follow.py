import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec.structs import replace as with_

from movie_sync.errors import NotAuthorised, Refused, Unavailable
from movie_sync.films.files import place
from movie_sync.films.follow import Patience, follow_downloads, left_over
from movie_sync.films.story import What
from movie_sync.films.sync import (
    ADDING,
    BROKEN,
    DOWNLOADING,
    PAUSED,
    PLACING,
    QUEUED,
    STALLED,
    blocked,
)
from movie_sync.models import Phase, State
from movie_sync.torrents import read
from tests import make
from tests.fakes import FakeClient

GOOD = make.torrent()
HANDLE = read(GOOD, "fake").handle
ID = "film:letterboxd:1"
DOWN = Unavailable("fakeclient", "could not be reached")


def take(parts, queue, number=1, *, handle=HANDLE, step=DOWNLOADING, **data):
    """A film for which a release is taken, whether its client has it or not."""
    queue.put_many([make.item(number)])
    item = queue.take("film")
    name = f"Film.{number}.1999.1080p.BluRay.x264-GRP"
    release = {"indexer": "fake", "id": "7", "name": name, "size_bytes": 8 * make.GIB}
    queue.update(item.id, handle=handle, step=step, progress=0.0,
                 data={**item.data, "release": release, **data})  # fmt: skip
    return item.id


@pytest.fixture
def loading(parts, queue):
    """Film 1 is being downloaded."""
    take(parts, queue)
    parts.torrents.save(HANDLE, GOOD)
    parts.client.add(GOOD, parts.download_folder)
    return parts


@pytest.fixture
def follow():
    """Follow the downloads, so many seconds after noon, with one worker's memory."""
    patience = Patience()

    def look(parts, seconds=0):
        return follow_downloads(parts, patience, make.NOON + timedelta(seconds=seconds))

    return look


def becomes(parts, handle=HANDLE, **changes):
    parts.client.had[handle] = with_(parts.client.had[handle], **changes)


def finished(parts, name="film.mkv"):
    """The download of film 1 is whole, and lies in a folder of its own."""
    folder = parts.download_folder / "Film.1.1999.1080p.BluRay.x264-GRP"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"a film" * 100)
    whole = make.transfer(folder / name, handle=HANDLE)
    parts.client.had[HANDLE] = whole
    return folder / name


def now_is(queue, id_=ID):
    return queue.get(id_)


def told(parts, id_=ID):
    return parts.stories.read(id_)


def test_with_nothing_loading_the_client_is_left_alone(parts, follow):
    assert follow(parts) is False
    assert parts.client.asked == []


def test_progress_is_shown_by_hundredths(loading, queue, follow):
    becomes(loading, progress=0.4267)
    assert follow(loading) is True
    state, item = now_is(queue)
    assert (state, item.progress, item.step) == (State.ACTIVE, 0.42, DOWNLOADING)


@pytest.mark.parametrize(
    ("phase", "step"),
    [(Phase.QUEUED, QUEUED), (Phase.PAUSED, PAUSED), (Phase.STALLED, DOWNLOADING)],
)
def test_a_download_that_rests_says_why(loading, queue, follow, phase, step):
    becomes(loading, phase=phase)
    follow(loading)
    assert now_is(queue)[1].step == step


def test_a_download_is_stalled_only_after_ten_minutes_without_a_giver(loading, queue, follow):
    steps = []
    for minute, progress in [(0, 0), (9, 0), (10, 0), (11, 0.1), (12, 0.1), (20, 0.1), (21, 0.1)]:
        becomes(loading, phase=Phase.STALLED, progress=progress)
        follow(loading, minute * 60)
        steps.append(now_is(queue)[1].step)
    assert [step == STALLED for step in steps] == [0, 0, 1, 0, 0, 0, 1]


def test_a_whole_download_is_placed(loading, queue, follow):
    loaded = finished(loading)
    follow(loading)
    state, item = now_is(queue)
    assert state is State.COMPLETED
    placed = loading.library_folder / "Film 1 (1999)" / "Film 1 (1999) [1080p BluRay].mkv"
    assert (item.data["path"], item.data["how"]) == (str(placed), "linked")
    assert placed.samefile(loaded)
    assert item.data["handle"] == HANDLE
    assert loading.torrents.load(HANDLE) is None
    assert loading.library.find(make.film(1)) == placed
    assert HANDLE in loading.client.had


def test_what_was_placed_just_before_a_crash_is_not_placed_twice(loading, queue, follow):
    loaded = finished(loading)
    release = now_is(queue)[1].data["release"]["name"]
    transfer = loading.client.had[HANDLE]
    first = place(make.film(1), transfer, release, loading.library_folder)
    follow(loading)
    state, item = now_is(queue)
    assert (state, item.data["path"]) == (State.COMPLETED, str(first.path))
    assert loaded.stat().st_nlink == 2


def test_a_film_that_cannot_be_placed_stays_says_so_once_and_is_placed_later(
    loading, queue, follow, caplog
):
    finished(loading)
    in_the_way = loading.library_folder / "Film 1 (1999)"
    in_the_way.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        for second in range(0, 181, 60):
            follow(loading, second)
    state, item = now_is(queue)
    assert (state, item.step, item.attempts) == (State.ACTIVE, PLACING, 0)
    assert "is in the way; move it away; the download stays" in item.last_error
    assert len(caplog.messages) == 1
    in_the_way.unlink()
    follow(loading, 200)
    assert now_is(queue)[0] is State.ACTIVE
    follow(loading, 240)
    assert now_is(queue)[0] is State.COMPLETED


def test_a_film_that_cannot_be_placed_holds_up_no_other(loading, queue, follow):
    finished(loading)
    (loading.library_folder / "Film 1 (1999)").write_text("in the way")
    second = take(loading, queue, 2, handle="2" * 40)
    loaded = loading.download_folder / "second.mkv"
    loaded.write_bytes(bytes(100))
    handle = queue.get(second)[1].handle
    loading.client.had[handle] = make.transfer(loaded, handle=handle)
    follow(loading)
    assert now_is(queue, second)[0] is State.COMPLETED


def test_a_download_without_a_film_in_it_is_not_taken_again(loading, queue, follow, caplog):
    finished(loading, "read me.txt")
    with caplog.at_level(logging.WARNING):
        follow(loading)
    state, item = now_is(queue)
    assert (state, item.attempts, item.handle) == (State.PENDING, 1, None)
    why = "it holds no film but 1 .txt; nothing was placed"
    assert blocked(item) == {"fake:7": why, HANDLE: why}
    assert "release" not in item.data
    assert item.last_error == f"Film.1.1999.1080p.BluRay.x264-GRP: {why}"
    assert caplog.messages == [f"Film 1 (1999): {item.last_error}; it is not taken again"]
    assert loading.torrents.load(HANDLE) is None
    assert told(loading)[-1].what is What.BLOCKED


def test_a_film_whose_downloads_all_held_something_else_is_given_up(loading, queue, follow):
    queue.update(ID, attempts=4)
    finished(loading, "read me.txt")
    follow(loading)
    state, item = now_is(queue)
    assert (state, item.permanent) == (State.FAILED, True)
    assert told(loading)[-1].text.endswith("; given up")


def test_a_download_that_a_person_deleted_is_missed_for_a_minute_first(loading, queue, follow):
    del loading.client.had[HANDLE]
    follow(loading, 0)
    follow(loading, 59)
    assert now_is(queue)[0] is State.ACTIVE
    follow(loading, 60)
    state, item = now_is(queue)
    assert (state, item.attempts, item.searches) == (State.PENDING, 0, 0)
    assert set(blocked(item)) == {"fake:7", HANDLE}
    assert item.last_error.endswith(": it was deleted in fakeclient")
    assert told(loading)[-1].what is What.GONE
    assert loading.client.asked.count("add") == 1


def test_a_download_that_shows_up_again_is_not_given_up(loading, queue, follow):
    kept = loading.client.had.pop(HANDLE)
    follow(loading, 0)
    loading.client.had[HANDLE] = kept
    follow(loading, 30)
    del loading.client.had[HANDLE]
    follow(loading, 70)
    assert now_is(queue)[0] is State.ACTIVE


def test_a_client_that_restarts_slowly_loses_no_download(loading, queue, follow):
    kept = loading.client.had.pop(HANDLE)
    follow(loading, 0)
    loading.client.error = DOWN
    with pytest.raises(Unavailable):
        follow(loading, 30)
    loading.client.error = None
    follow(loading, 90)
    assert now_is(queue)[0] is State.ACTIVE
    loading.client.had[HANDLE] = kept
    follow(loading, 100)
    assert now_is(queue)[1].last_error is None


def test_what_the_built_in_client_lost_is_given_to_it_again(loading, queue, follow):
    client = FakeClient(shared=False)
    follow(replace(loading, client=client))
    assert list(client.had) == [HANDLE]
    state, item = now_is(queue)
    assert (state, item.step, item.attempts) == (State.ACTIVE, DOWNLOADING, 0)


def test_what_nobody_has_any_more_is_looked_for_anew(loading, queue, follow):
    loading.torrents.drop(HANDLE)
    follow(replace(loading, client=FakeClient(shared=False)))
    state, item = now_is(queue)
    assert (state, item.attempts, blocked(item)) == (State.FAILED, 1, {})
    assert item.retry_at == make.NOON + timedelta(hours=1)
    assert told(loading)[-1].text.endswith("does not have it any more; searched again in 60 min")


def crashed(loading, queue):
    """As if the program had ended just before the client got the torrent."""
    queue.update(ID, step=ADDING)
    del loading.client.had[HANDLE]
    return left_over(queue)


def test_what_a_crash_left_over_is_given_at_once(loading, queue):
    left = crashed(loading, queue)
    assert left == {HANDLE}
    follow_downloads(loading, Patience(left), make.NOON)
    assert list(loading.client.had) == [HANDLE]
    assert now_is(queue)[1].step == DOWNLOADING


def test_what_another_thread_may_be_adding_is_given_again_only_after_a_while(
    loading, queue, follow
):
    crashed(loading, queue)
    follow(loading, 0)
    follow(loading, 14)
    assert loading.client.had == {}
    follow(loading, 15)
    assert list(loading.client.had) == [HANDLE]


def test_what_a_crash_left_over_is_still_given_when_the_client_is_down_at_first(loading, queue):
    patience = Patience(crashed(loading, queue))
    loading.client.add_error = DOWN
    with pytest.raises(Unavailable):
        follow_downloads(loading, patience, make.NOON)
    loading.client.add_error = None
    follow_downloads(loading, patience, make.NOON)
    assert list(loading.client.had) == [HANDLE]


def test_an_error_in_the_client_is_told_once_and_forgotten_when_it_is_mended(
    loading, queue, follow, caplog
):
    becomes(loading, phase=Phase.BROKEN, message="its files are gone")
    with caplog.at_level(logging.WARNING):
        follow(loading)
        follow(loading)
    state, item = now_is(queue)
    assert (state, item.step, item.attempts) == (State.ACTIVE, BROKEN, 0)
    assert item.last_error == "fakeclient: its files are gone"
    assert caplog.messages == ["Film 1 (1999): fakeclient: its files are gone"]
    becomes(loading, phase=Phase.LOADING)
    follow(loading)
    assert (now_is(queue)[1].last_error, now_is(queue)[1].step) == (None, DOWNLOADING)


@pytest.mark.parametrize("error", [DOWN, NotAuthorised("fakeclient", "login refused")])
def test_a_client_out_of_reach_changes_nothing(loading, queue, follow, error):
    before = now_is(queue)
    loading.client.error = error
    with pytest.raises(type(error)):
        follow(loading)
    assert now_is(queue) == before


def test_a_client_that_answers_oddly_changes_nothing(loading, queue, follow):
    before = now_is(queue)
    loading.client.error = Refused("fakeclient", "404")
    with pytest.raises(Refused):
        follow(loading)
    assert now_is(queue) == before


def test_trouble_in_giving_one_download_again_holds_up_no_other(loading, queue, follow):
    client = FakeClient(shared=False)
    client.had[HANDLE] = loading.client.had[HANDLE]
    lost = take(loading, queue, 2, handle="2" * 40)
    loading.torrents.save(now_is(queue, lost)[1].handle, make.torrent("Film.2.mkv"))
    third = take(loading, queue, 3, handle="3" * 40)
    loaded = loading.download_folder / "third.mkv"
    loaded.write_bytes(bytes(100))
    handle = now_is(queue, third)[1].handle
    client.had[handle] = make.transfer(loaded, handle=handle)
    client.add_error = DOWN
    with pytest.raises(Unavailable):
        follow(replace(loading, client=client))
    assert now_is(queue, third)[0] is State.COMPLETED
    assert now_is(queue, lost)[0] is State.ACTIVE


def test_a_torrent_file_that_cannot_be_read_is_told_of_and_holds_up_no_other(
    loading, queue, follow
):
    first = queue.get(ID)[1]
    (loading.download_folder.parent / "torrents" / f"{HANDLE}.torrent").unlink()
    (loading.download_folder.parent / "torrents" / f"{HANDLE}.torrent").mkdir()
    second = take(loading, queue, 2, handle="2" * 40)
    follow(replace(loading, client=FakeClient(shared=False)))
    state, item = now_is(queue)
    assert (state, item.handle) == (State.ACTIVE, first.handle)
    assert "could not be read" in item.last_error
    assert now_is(queue, second)[0] is State.FAILED


def test_two_films_in_one_torrent_are_both_followed(loading, queue, follow):
    second = take(loading, queue, 2)
    finished(loading)
    follow(loading)
    assert [now_is(queue, id_)[0] for id_ in (ID, second)] == [State.COMPLETED] * 2


def test_a_film_that_a_person_removed_is_followed_no_more(loading, queue, follow):
    queue.remove(ID)
    finished(loading)
    assert follow(loading) is False
    assert now_is(queue)[0] is State.REMOVED
    assert list(loading.library_folder.iterdir()) == []


class Remover(FakeClient):
    """A person removes film 1 while the client is asked."""

    def __init__(self, client, queue):
        super().__init__()
        self.had, self.queue = client.had, queue

    def transfers(self, handles):
        found = super().transfers(handles)
        self.queue.remove(ID)
        return found


@pytest.mark.parametrize("phase", [Phase.LOADING, Phase.DONE, Phase.BROKEN])
def test_a_film_removed_in_the_middle_of_a_pass_stays_removed(loading, queue, follow, phase):
    finished(loading)
    becomes(loading, phase=phase)
    follow(replace(loading, client=Remover(loading.client, queue)))
    assert now_is(queue)[0] is State.REMOVED


def test_the_library_being_gone_keeps_the_download_and_its_reason(loading, queue, follow):
    finished(loading)
    loading.library_folder.rmdir()
    loading.library.add(make.film(5), loading.library_folder / "x.mkv")
    follow(loading)
    state, item = now_is(queue)
    assert (state, item.step) == (State.ACTIVE, PLACING)
    assert item.last_error
    loading.library_folder.mkdir()
    (loading.library_folder / "any").mkdir()
    follow(loading, 60)
    assert now_is(queue)[0] is State.COMPLETED


def test_a_whole_download_that_names_no_files_yet_waits(loading, queue, follow):
    becomes(loading, phase=Phase.DONE)
    follow(loading)
    state, item = now_is(queue)
    assert (state, item.attempts) == (State.ACTIVE, 0)
    assert item.last_error == "x names no files yet; the download stays"


DAY_S = 24 * 3600


def stalls_for(parts, follow, hours, *, begin=0, progress=0.4):
    """Nothing comes for so long, seen every ten minutes."""
    becomes(parts, phase=Phase.STALLED, progress=progress)
    for second in range(begin, begin + round(hours * 3600) + 1, 600):
        follow(parts, second)


def test_a_download_that_gets_nothing_for_a_day_is_replaced_and_used_up_no_attempt(
    loading, queue, follow, caplog
):
    with caplog.at_level(logging.WARNING):
        stalls_for(loading, follow, 23.9)
        assert now_is(queue)[0] is State.ACTIVE
        stalls_for(loading, follow, 0.2, begin=round(23.9 * 3600))
    state, item = now_is(queue)
    assert (state, item.attempts, item.searches, item.handle) == (State.PENDING, 0, 0, None)
    why = "it got nothing for 24 h, at 40%"
    assert blocked(item) == {"fake:7": why, HANDLE: why}
    assert item.last_error == f"Film.1.1999.1080p.BluRay.x264-GRP: {why}"
    assert not {"release", "stalled", "leaving"} & set(item.data)
    assert loading.client.removed == [(HANDLE, True)]
    assert loading.torrents.load(HANDLE) is None
    assert caplog.messages == [f"Film 1 (1999): {item.last_error}; it is not taken again"]
    assert [(event.what, event.text) for event in told(loading)] == [
        (What.STALLED, f"{item.last_error}; it is not taken again")
    ]


def test_what_its_tracker_says_is_told_with_it(loading, queue, follow):
    becomes(loading, message="its tracker answers: unregistered torrent")
    stalls_for(loading, follow, 25, progress=0.0)
    assert now_is(queue)[1].last_error.endswith(
        "it got nothing for 24 h, at 0%; its tracker answers: unregistered torrent"
    )


def test_never_means_never(loading, queue, follow):
    stalls_for(replace(loading, stalled_after=None), follow, 300)
    state, item = now_is(queue)
    assert (state, item.step, "stalled" in item.data) == (State.ACTIVE, STALLED, False)


def test_a_download_that_a_person_paused_is_theirs(loading, queue, follow):
    stalls_for(loading, follow, 23)
    becomes(loading, phase=Phase.PAUSED)
    for hour in range(23, 90):
        follow(loading, hour * 3600)
    state, item = now_is(queue)
    assert (state, item.step) == (State.ACTIVE, PAUSED)


def test_an_outage_of_the_client_does_not_count(loading, queue, follow):
    stalls_for(loading, follow, 23.8)
    loading.client.error = DOWN
    for hour in range(24, 90):
        with pytest.raises(Unavailable):
            follow(loading, hour * 3600)
    loading.client.error = None
    follow(loading, 90 * 3600)
    assert now_is(queue)[0] is State.ACTIVE
    stalls_for(loading, follow, 1, begin=90 * 3600)
    assert now_is(queue)[0] is State.PENDING


def test_a_restart_forgets_no_stall_but_gives_peers_an_hour_to_be_found(loading, queue, follow):
    stalls_for(loading, follow, 23.9)
    begin = 200 * 3600
    patience = Patience()
    becomes(loading, phase=Phase.LOADING)
    for second in range(begin, begin + 3600, 600):
        follow_downloads(loading, patience, make.NOON + timedelta(seconds=second))
        assert now_is(queue)[0] is State.ACTIVE
    assert now_is(queue)[1].step == STALLED
    for second in range(begin + 3600, begin + 7201, 600):
        follow_downloads(loading, patience, make.NOON + timedelta(seconds=second))
    assert now_is(queue)[0] is State.PENDING
    assert blocked(now_is(queue)[1])[HANDLE] == "it got nothing for 24 h, at 40%"


def test_a_download_that_somebody_else_began_stays_with_a_label(loading, queue, follow):
    queue.note(ID, adopted=True)
    stalls_for(loading, follow, 25)
    state, item = now_is(queue)
    assert (state, "adopted" in item.data) == (State.PENDING, False)
    assert (loading.client.removed, loading.client.labels) == ([], {HANDLE: "blocked"})


def test_a_stalled_upgrade_leaves_the_film_as_it_is(loading, queue, follow):
    have = {"path": "/films/f.mkv", "release": "Film.1.1999.720p", "handle": "b" * 40}
    have["taken"] = {"indexer": "fake", "id": "5", "name": "Film.1.1999.720p"}
    queue.note(ID, have=have, path="/films/f.mkv", handle="b" * 40)
    stalls_for(loading, follow, 25)
    state, item = now_is(queue)
    assert (state, item.data["path"]) == (State.COMPLETED, "/films/f.mkv")
    assert item.data["release"] == have["taken"]
    assert set(blocked(item)) == {"fake:7", HANDLE}
    assert loading.client.removed == [(HANDLE, True)]
    assert "have" not in item.data


def test_two_films_in_one_stalled_torrent_are_both_given_up(loading, queue, follow):
    second = take(loading, queue, 2)
    stalls_for(loading, follow, 25)
    assert [now_is(queue, id_)[0] for id_ in (ID, second)] == [State.PENDING] * 2
    assert loading.client.removed == [(HANDLE, True)]


def test_names_that_the_disk_cannot_hold_are_the_fault_of_the_release(loading, queue, follow):
    becomes(loading, phase=Phase.BROKEN, message="/d/xxx: File name too long; tried again")
    follow(loading)
    state, item = now_is(queue)
    assert (state, set(blocked(item))) == (State.PENDING, {"fake:7", HANDLE})
    assert told(loading)[-1].what is What.BROKEN
    assert loading.client.removed == [(HANDLE, True)]


def test_what_a_person_blocks_while_it_loads_makes_room_for_the_next(loading, queue, follow):
    queue.note(ID, given_up="wrong cut")
    follow(loading)
    state, item = queue.get(ID)
    assert state is State.PENDING
    assert [(each["handle"], each["why"]) for each in item.data["blocked"]] == [
        (HANDLE, "wrong cut")
    ]
    assert "given_up" not in item.data
    assert loading.client.had == {}
