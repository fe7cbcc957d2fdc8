"""Against SQLite, and against a real PostgreSQL where it is installed."""

from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from movie_sync.errors import FilesError
from movie_sync.history.rows import Batch, Saved
from movie_sync.history.store import HistoryStore
from movie_sync.history_models import Day, Progress, Rating, Wish
from movie_sync.library.store import LibraryStore
from movie_sync.library_models import Facts, Kind
from movie_sync.library_tables import titles
from tests.history.things import DAY, IDS, LATER, NOON, days, episode, film, only, play


def test_a_play_that_is_told_twice_is_stored_once(store):
    assert store.save_plays([play(), play()], NOON) == Saved(new=1, titles=1)
    assert store.save_plays([play(at=NOON - 9 * DAY)], LATER) == Saved(known=1)
    (row,) = store.plays()
    assert (row.watched_at, row.title, row.kind, row.source) == (
        NOON, "Mortal Engines", Kind.FILM, "trakt"
    )  # fmt: skip


def test_who_tells_of_the_same_day_tells_of_the_same_play(store):
    store.save_plays([play("viki:1:1")], NOON)
    saved = store.save_plays([play("trakt:1", at=NOON + timedelta(hours=3))], LATER)
    assert saved == Saved(linked=1)
    tellings = store.tellings([only(store)])[only(store)]
    assert [(one.key, one.source, one.told_id) for one in tellings] == [
        ("viki:1:1", "viki", "1:1"), ("trakt:1", "trakt", "1")
    ]  # fmt: skip
    assert store.save_plays([play("trakt:2", at=NOON + DAY)], LATER) == Saved(new=1)


def test_films_of_one_day_are_each_a_play_where_that_is_wished(store):
    told = [play(f"trakt:{hour}", at=NOON + timedelta(hours=hour)) for hour in (0, 3)]
    same = play("plex:1", at=NOON + timedelta(seconds=20))
    assert store.save_plays([*told, same], NOON, one_a_day=False) == Saved(
        new=2, linked=1, titles=1
    )


def test_days_are_those_of_the_person_and_not_of_utc(db):
    store = HistoryStore(db, ZoneInfo("America/New_York"))
    late = NOON.replace(hour=2)
    store.save_plays([play(at=late), play("trakt:2", at=late - timedelta(hours=20))], NOON)
    day = late.date() - DAY
    assert days(store) == [str(day)]
    store.save_plays([play("plex:9", episode(), at=late, zone="Europe/Berlin")], NOON)
    assert days(store, kind=Kind.SHOW) == [str(late.date())]


def test_a_day_that_becomes_known_is_that_of_the_play_that_had_none(store):
    store.save_plays([play("letterboxd:watched", at=None)], NOON)
    assert store.save_plays([play("letterboxd:diary")], LATER) == Saved(linked=1, earlier=1)
    assert days(store) == [str(NOON.date())]
    assert store.save_plays([play("simkl:1", at=None)], LATER) == Saved(linked=1)
    assert store.counts().undated == 0


def test_an_hour_says_more_than_a_day(store):
    store.save_plays([play("letterboxd:1", day_only=True)], NOON)
    exact = NOON + timedelta(hours=8)
    store.save_plays([play("trakt:1", at=exact)], LATER)
    (row,) = store.plays()
    assert (row.watched_at, row.day_only) == (exact, False)


def test_of_an_episode_the_earliest_date_is_kept_where_that_is_asked_for(store):
    at = [NOON, NOON - DAY, NOON + DAY]
    told = [play(f"trakt:{number}", episode(), when) for number, when in enumerate(at)]
    assert store.save_plays(told, NOON, earliest=True) == Saved(
        new=1, linked=2, earlier=1, titles=1
    )
    assert days(store) == [str((NOON - DAY).date())]
    store.save_plays([play("trakt:9", film(), NOON), play("trakt:8", film(), NOON + DAY)], NOON,
                     earliest=True)  # fmt: skip
    assert len(days(store, kind=Kind.FILM)) == 2


def test_rewatches_are_plays_of_their_own(store):
    store.save_plays([play(f"trakt:{n}", episode(), NOON + n * DAY) for n in range(3)], NOON)
    assert len(store.plays()) == 3
    (title_id,) = {row.title_id for row in store.plays()}
    (seen,) = store.seen([title_id])[title_id]
    assert (seen.plays, seen.first_at, seen.last_at) == (3, NOON, NOON + 2 * DAY)
    assert (seen.season, seen.episode) == (1, 1)


def test_what_a_person_took_away_stays_away_whoever_tells_of_it(store):
    store.save_plays([play()], NOON)
    play_id = only(store)
    assert store.remove_plays([play_id, 99], NOON) == 1
    assert store.save_plays([play(), play("plex:1")], LATER, revive=True) == Saved(
        known=1, linked=1, removed=1
    )
    assert store.plays() == []
    (row,) = store.plays(deleted=True)
    assert (row.deleted_at, row.deleted_by) == (NOON, "hand")
    assert store.save_plays([play("plex:2", at=NOON + DAY)], LATER) == Saved(new=1)
    assert store.restore_plays([play_id], LATER) == 1
    assert len(store.plays()) == 2


def test_a_play_is_gone_once_nobody_tells_of_it(store):
    store.save_plays([play(), play("viki:1:1")], NOON)
    play_id = only(store)
    assert store.mark_gone(["trakt:1"], NOON) == 0
    assert [one.key for one in store.told("trakt")] == []
    assert store.mark_gone(["viki:1:1"], LATER) == 1
    assert store.plays() == []
    assert store.save_plays([play()], LATER) == Saved(known=1, back=1)
    assert only(store) == play_id


def test_an_import_that_is_undone_comes_back_only_where_that_is_wanted(store):
    sync = store.begin_sync("import", NOON, provider="trakt")
    store.save_plays([play("viki:1:1")], NOON)
    told = [play(), play("trakt:2", episode())]
    store.save_plays(told, NOON, sync_id=sync)
    assert store.undo_sync(sync, LATER) == 1
    assert [row.key for row in store.plays()] == ["viki:1:1"]
    assert store.save_plays(told, LATER) == Saved(known=2)
    assert len(store.plays()) == 1
    assert store.save_plays(told, LATER, revive=True) == Saved(known=2, back=1)
    assert len(store.plays()) == 2


def test_plays_mark_and_checkpoint_are_stored_together_or_not_at_all(store):
    sync = store.begin_sync("import", NOON, provider="trakt", options={"full": True})
    batch = {"sync_id": sync, "checkpoint": {"page": "1"}, "marks": [("trakt", "at", "1")]}
    store.save_plays([play()], NOON, counts={"read": 250}, problems=["one was odd"], **batch)
    bad = play("trakt:2", told_id=object())
    with pytest.raises(FilesError, match="nothing was stored"):
        store.save_plays([play("trakt:3", episode()), bad], NOON, sync_id=sync,
                         checkpoint={"page": "2"}, marks=[("trakt", "at", "2")])  # fmt: skip
    assert store.known_keys(["trakt:1", "trakt:2", "trakt:3"]) == {"trakt:1"}
    assert (store.checkpoint(sync), store.mark("trakt", "at")) == ({"page": "1"}, "1")
    row = store.sync(sync)
    assert row.counts == {"new": 1, "titles": 1, "read": 250}
    assert (row.problems, row.options, row.state) == (("one was odd",), {"full": True}, "running")


def test_a_log_says_what_was_killed(store):
    killed = store.begin_sync("import", NOON)
    done = store.begin_sync("push", NOON)
    store.end_sync(done, "done", LATER, marks=[("trakt", "sent", "1")])
    assert store.interrupt_unended(LATER) == [killed]
    assert [(row.id, row.state) for row in store.syncs()] == [
        (done, "done"), (killed, "interrupted")
    ]  # fmt: skip
    assert [row.id for row in store.syncs(before_id=done)] == [killed]
    assert store.marks("trakt") == {"sent": "1"}
    store.resume_sync(killed)
    assert store.syncs(state="running", kind="import")[0].ended_at is None


def test_what_a_title_shows_is_in_step_with_its_plays(store, db):
    def shown():
        with db.read() as connection:
            return connection.execute(select(titles.c.plays)).scalars().all()

    store.save_plays([play(), play("trakt:2", at=NOON + DAY)], NOON)
    assert shown() == [2]
    store.remove_plays([store.plays()[0].id], NOON)
    assert shown() == [1]
    library = LibraryStore(db)
    library.put_title(Facts(kind=Kind.FILM, title="Mortal Engines", ids=IDS), NOON)
    assert shown() == [1]


def test_a_date_that_is_set_moves_the_play_and_keeps_what_was_told(store):
    store.save_plays([play()], NOON)
    assert store.set_date(only(store), NOON - 400 * DAY, day_only=True)
    assert not store.set_date(99, NOON)
    assert days(store) == [str((NOON - 400 * DAY).date())]
    assert store.tellings([only(store)])[only(store)][0].watched_at == NOON
    assert store.save_plays([play()], NOON) == Saved(known=1)


def test_plays_become_those_of_another_work(store):
    store.save_plays([play("viki:1:1", episode(1, title="Theirs", ids={"viki": "1c"}))], NOON)
    store.save_plays([play("trakt:7", episode(5, 2))], NOON)
    assert store.replace_works({"viki:1:1": episode(5, 2), "viki:9:1": film()}, NOON) == 1
    (row,) = store.plays()
    assert (row.title, row.season, row.episode) == ("Parks and Recreation", 2, 5)
    assert {one.key for one in store.tellings([row.id])[row.id]} == {"trakt:7", "viki:1:1"}
    assert [one.deleted_by for one in store.plays(deleted=True)] == ["merged"]
    assert store.replace_works({"viki:1:1": episode(6, 2)}, NOON) == 1
    assert store.plays()[0].episode == 6


def test_the_newest_rating_of_a_source_holds(store):
    def rating(tenths, at, source="trakt", work=None):
        return Rating(work=work or film(), source=source, tenths=tenths, rated_at=at)

    told = [rating(9, LATER), rating(2, NOON), rating(5, NOON, "letterboxd")]
    season = rating(8, NOON, work=episode(season=2).__class__(
        kind=Kind.SHOW, title="Parks and Recreation", ids={"trakt": "4"}, season=2
    ))  # fmt: skip
    assert store.save(Batch(ratings=[*told, season]), NOON).ratings == 3
    assert store.save(Batch(ratings=[rating(3, NOON)]), LATER) == Saved()
    assert store.save(Batch(ratings=[rating(10, LATER + DAY)]), LATER) == Saved(ratings=1)
    shown = store.ratings()
    assert [(row.tenths, row.source, row.season) for row, _ in shown] == [
        (5, "letterboxd", None), (10, "trakt", None), (8, "trakt", 2)
    ]  # fmt: skip
    assert shown[2][1].work.season == 2
    assert store.gone_ratings("trakt", [film()], LATER) == 1
    assert len(store.ratings(source="trakt")) == 1


def test_a_wish_goes_only_where_the_whole_list_was_read_and_comes_back(store):
    wished = [Wish(work=work, source="trakt", listed_at=NOON) for work in (film(), episode())]
    assert store.save(Batch(wishes=wished), NOON).wishes == 2
    assert store.save(Batch(wishes=wished[:1]), LATER) == Saved()
    assert len(store.wishes()) == 2
    assert store.gone_wishes("trakt", [film()], LATER) == 1
    (row,) = store.wishes(kind=Kind.FILM, source="trakt")
    assert (row.ids, row.listed_at, row.owned) == (IDS, NOON, False)
    last = (row.title_id, -1, 0, "trakt")
    assert store.wishes(after_row=last) == []
    assert store.save(Batch(wishes=wished), LATER) == Saved(wishes=1)


def test_what_is_begun_is_shown_until_it_is_watched(store):
    def at(when, position_s, work=None):
        told = Progress(work=work or film(), source="viki", at=when, position_s=position_s,
                        duration_s=7200)  # fmt: skip
        return store.save(Batch(progress=[told]), NOON).progress

    assert at(NOON, 600)
    assert not at(NOON - DAY, 60)
    assert at(LATER, 900, episode(3))
    shown = store.in_progress()
    assert [(row.position_s, row.episode) for row in shown] == [(900, 3), (600, None)]
    first = shown[0]
    assert store.in_progress(before=(first.at_s, first.title_id, first.episode_id)) == shown[1:]
    store.save_plays([play("viki:1:1", at=LATER)], NOON)
    assert store.in_progress() == shown[:1]
    assert at(LATER + DAY, 60)
    assert len(store.in_progress()) == 2


def test_a_calendar_counts_plays_by_day(store):
    told = [play(f"trakt:{n}", episode(n), NOON + (n // 3) * DAY) for n in range(1, 6)]
    store.save_plays([*told, play("trakt:9", at=None)], NOON)
    first, second = NOON.date(), (NOON + DAY).date()
    assert store.month(NOON.year, NOON.month) == [Day(first, 2), Day(second, 3)]
    assert store.years() == {NOON.year: 5}
    assert [row.episode for row in store.day(first)] == [1, 2]
    assert store.plays(first_day=second, last_day=second, limit=2)[0].episode == 5


def test_a_list_goes_on_where_it_stopped_and_ends_with_what_has_no_date(store):
    told = [play(f"trakt:{n}", episode(n), NOON if n < 4 else None) for n in range(6)]
    store.save_plays(told, NOON)
    shown, before = [], None
    while some := store.plays(before=before, limit=2):
        shown += some
        before = some[-1].at_s, some[-1].id
    assert [row.episode for row in shown] == [3, 2, 1, 0, 5, 4]


def test_all_of_a_title_is_one_page(store):
    work = film()
    store.save(Batch(
        plays=[play(), play("trakt:2", at=NOON + DAY)],
        ratings=[Rating(work=work, source="trakt", tenths=8)],
        wishes=[Wish(work=work, source="letterboxd")],
        progress=[Progress(work=work, source="plex", at=NOON + 2 * DAY, position_s=5,
                           duration_s=9)],
    ), NOON)  # fmt: skip
    page = store.title_history(store.plays()[0].title_id)
    assert [row.watched_at for row in page.plays] == [NOON + DAY, NOON]
    assert (page.seen[0].plays, page.ratings[0].tenths) == (2, 8)
    assert (page.wishes[0].source, page.progress[0].source) == ("letterboxd", "plex")


def test_what_is_watched_is_told_with_its_ids(store):
    store.save_plays([play(), play("trakt:2", episode(1)), play("trakt:3", episode(2))], NOON)
    assert [(one.title, one.plays, one.episodes, one.ids) for one in store.watched()] == [
        ("Mortal Engines", 1, 0, IDS),
        ("Parks and Recreation", 2, 2, {"trakt": "4", "tvdb": "84912"}),
    ]
    assert store.watched(since=LATER) == []
    assert len(store.watched(kind=Kind.SHOW)) == 1
    counts = store.counts()
    assert (counts.plays, counts.films, counts.shows, counts.episodes) == (3, 1, 1, 2)
    assert counts.by_source == {"trakt": 3}


def test_an_export_tells_all_plays_that_are_there(store):
    eastern = timezone(timedelta(hours=9))
    told = play("trakt:2", episode(1, episode_ids={"trakt": "251"}), NOON.astimezone(eastern))
    store.save_plays([play(), told, play("trakt:4", at=NOON + DAY)], NOON)
    store.remove_plays([only_of(store, "trakt:4")], NOON)
    (first, one), (second, two) = store.export()
    assert (one.key, one.work) == ("trakt:1", film())
    assert (two.work, two.watched_at) == (told.work, NOON)
    assert store.export(after_id=first) == [(second, two)]


def only_of(store, key):
    return next(row.id for row in store.plays() if row.key == key)
