"""What each provider is to be told. Against SQLite, and PostgreSQL where it is installed."""

from movie_sync.history.rows import Outcome, Saved, Sending
from tests.history.things import DAY, IDS, LATER, NOON, episode, film, play

WAITING = [Sending.WAITING]


def queued(store, *told):
    store.save_plays(told, NOON)
    store.enqueue("trakt", "me", NOON)
    return store.outbox("trakt", "me", WAITING)


def sent(store, row, *ids, sync_id=None):
    done = Outcome(id=row.id, state=Sending.DONE, remote_ids=ids)
    assert store.mark_sent([done], LATER, sync_id) == 1


def test_a_provider_is_not_told_what_it_told_itself(store):
    assert queued(store, play("trakt:1"), play("viki:1:1"), play("trakt:2", episode(1))) == []
    store.save_plays([play("viki:2:1", at=NOON + DAY)], NOON)
    assert store.enqueue("trakt", "me", NOON) == 1
    assert store.enqueue("trakt", "me", NOON) == 0
    assert store.enqueue("trakt", "you", NOON, sources=["plex"]) == 0


def test_what_waits_is_told_with_every_id_that_is_known(store):
    told = episode(3, episode_ids={"trakt": "251", "tvdb": "797571"}, episode_title="Pawnee Zoo")
    store.save_plays([play("simkl:1", told)], NOON)
    bare = episode(3, ids={"tvdb": "84912"})
    (row,) = queued(store, play("viki:1:1", bare, at=NOON + DAY, day_only=True), play("viki:1:2",
                    bare, at=NOON))[:1]  # fmt: skip
    assert row.work == told
    assert (row.state, row.watched_at, row.local_day) == (Sending.WAITING, NOON, NOON.date())


def test_what_was_sent_is_known_again_when_the_provider_tells_of_it(store):
    sync = store.begin_sync("push", NOON, provider="trakt")
    (row,) = queued(store, play("viki:1:1"))
    sent(store, row, "4115573597", sync_id=sync)
    back = play("trakt:4115573597", at=NOON + DAY)  # whatever day it makes of it
    assert store.save_plays([back], LATER) == Saved(known=1)
    (told,) = store.outbox_of_sync(sync)
    assert (told.remote_ids, told.tried_at) == (("4115573597",), LATER)
    assert store.queued("trakt", "me") == {"done": 1}


def test_what_was_taken_back_is_not_sent_again_and_stays_in_the_history(store):
    (row,) = queued(store, play("viki:1:1"))
    sent(store, row, "7")
    assert store.taken_back([row.id], LATER, "undone") == 1
    assert store.enqueue("trakt", "me", LATER) == 0
    (after,) = store.outbox_of_plays([row.play_id])
    assert (after.state, after.why) == (Sending.REMOVED, "undone")
    assert len(store.plays()) == 1
    assert store.told("trakt") == []


def test_only_what_a_provider_does_not_know_is_marked_so(store):
    rows = queued(store, play("viki:1:1", episode(1)), play("viki:2:1", episode(2)))
    store.mark_sent([
        Outcome(id=rows[0].id, state=Sending.NOT_FOUND, why="trakt has no such episode"),
        Outcome(id=rows[1].id, state=Sending.DONE),
    ], LATER)  # fmt: skip
    assert store.queued("trakt", "me") == {"not_found": 1, "done": 1}
    assert store.outbox("trakt", "me", [Sending.NOT_FOUND])[0].why == "trakt has no such episode"
    assert store.requeue("trakt", "me", [Sending.NOT_FOUND]) == 1
    assert [row.why for row in store.outbox("trakt", "me", WAITING)] == [None]


def test_what_was_taken_away_meanwhile_is_not_sent(store):
    one, two = queued(store, play("viki:1:1", episode(1)), play("viki:2:1", episode(2)))
    store.remove_plays([one.play_id], LATER)
    assert [row.id for row in store.outbox("trakt", "me", WAITING)] == [two.id]
    assert store.outbox("trakt", "me", WAITING, after_id=two.id) == []


def test_what_a_person_removed_at_the_provider_is_not_sent_there_again(store):
    store.save_plays([play("trakt:1"), play("viki:1:1")], NOON)
    store.mark_gone(["trakt:1"], LATER)
    assert len(store.plays()) == 1
    assert store.enqueue("trakt", "me", LATER) == 0


def test_the_outbox_follows_a_play_that_becomes_one_with_another(store):
    (row,) = queued(store, play("viki:1:1", episode(1, ids={"viki": "1c"}, title="Theirs")))
    store.save_plays([play("plex:1")], NOON)
    store.replace_works({"viki:1:1": film()}, LATER)
    (after,) = store.outbox("trakt", "me", WAITING)
    assert (after.id, after.work.ids) == (row.id, IDS)
    assert store.play(after.play_id).deleted_at is None
