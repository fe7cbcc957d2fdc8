from datetime import UTC, timedelta

import pytest

from movie_sync.errors import BadAnswer, NotFound, Unavailable
from movie_sync.history.adopting import PROVIDER, Adopting
from movie_sync.history.catalogues import Sources
from movie_sync.history.match_desk import MatchDesk
from movie_sync.history.match_models import Mapping, State, Stretch
from movie_sync.history.match_pass import UNASKABLE, MatchParts, MatchPass
from movie_sync.history.matching import Standing
from movie_sync.history.rows import Sending
from movie_sync.history.store import HistoryStore
from movie_sync.history_models import Play
from movie_sync.history_models import Work as Named
from movie_sync.library.rows import Conflict
from movie_sync.library.store import LibraryStore
from movie_sync.library_models import Facts, Kind
from tests.history.test_matching_candidates import FakeTmdb, FakeTrakt, Work
from tests.history.viki_things import (
    NOW,
    SEEN_AT,
    FakeViki,
    film,
    later,
    seen,
    show,
    syncing,
    video,
)

MISTER = Work(trakt="1", title="My Mister", own="나의 아저씨", tmdb="70")
OTHER = Work(trakt="2", title="Misty", own="미스티", tmdb="71")
TITLES = {"en": "My Mister", "ko": "나의 아저씨"}
DOWN = Unavailable("trakt", "no answer in 30 s")


@pytest.fixture
def store(db):
    return HistoryStore(db, UTC)


class World:
    """A Viki, a Trakt and what stands between them."""

    def __init__(self, store, *works, titles=TITLES, container=None, tmdb=None, trakt=True):
        self.store = store
        self.viki = FakeViki(
            container or show(1, titles=titles, country="kr", language="ko", not_after=2018)
        )
        self.trakt = FakeTrakt(*works) if trakt else None
        self.sources = Sources(trakt=self.trakt, tmdb=tmdb)
        self.adopting = Adopting(store)
        self.sync = syncing(store, self.viki)
        parts = MatchParts(store=store, adopting=self.adopting, sources=lambda: self.sources)
        self.matching = MatchPass(parts)
        self.desk = MatchDesk(self.adopting, lambda: self.sources)

    def watch(self, number=1, now=NOW, **told):
        (id_,) = self.viki.shows
        self.viki.watch(id_, number, **told)
        return self.sync.refresh(now)

    def match(self, now=NOW):
        return self.matching.run_pass(now)

    @property
    def standing(self):
        return self.store.standing("1c")


def ids_of(store):
    return {tuple(sorted(row.ids.items())) for row in store.watched()}


def test_what_is_sure_is_matched_and_its_plays_are_of_that_title(store):
    world = World(store, MISTER)
    world.watch()
    assert world.match().sentence == "1 asked: 1 matched, 0 to be asked, 0 not found"
    assert world.standing.state is State.AUTO
    assert ids_of(store) == {(("tmdb", "70"), ("trakt", "1"), ("viki", "1c"))}
    world.watch(2, later(hours=1))
    assert [one[1:3] for one in seen(store)] == [(1, 1), (1, 2)]
    assert len(ids_of(store)) == 1


def test_with_trakt_off_tmdb_alone_is_enough(store):
    world = World(store, trakt=False, tmdb=FakeTmdb(MISTER))
    world.watch()
    assert world.match().auto == 1
    assert ids_of(store) == {(("tmdb", "70"), ("viki", "1c"))}


def test_with_viki_alone_plays_are_kept_and_a_person_can_match(store):
    world = World(store, trakt=False)
    world.watch()
    assert world.match().problem == UNASKABLE
    assert world.standing is None
    assert world.desk.choose("1c", Kind.SHOW, {"tmdb": "70"}, NOW)
    assert ids_of(store) == {(("tmdb", "70"), ("viki", "1c"))}


def test_plays_of_a_matched_show_join_those_that_others_told_of(store):
    world = World(store, MISTER)
    named = Named(kind=Kind.SHOW, title="My Mister", ids={"trakt": "1"}, season=1, episode=1)
    store.save_plays([Play(key="trakt:5", source="trakt", work=named, watched_at=SEEN_AT)], NOW)
    world.watch()
    assert len(store.plays()) == 2
    world.match()
    assert len(store.plays()) == 1


def test_a_sequel_is_not_put_into_season_one(store):
    romantic = Work(
        trakt="3", title="Dr. Romantic", own="낭만닥터 김사부", year=2016, episodes=(20, 16, 16)
    )
    titles = {"en": "Dr. Romantic 2", "ko": "낭만닥터 김사부 2"}
    world = World(store, romantic, titles=titles)
    world.watch(3)
    world.match()
    if world.standing.state is not State.AUTO:
        assert world.desk.accept("1c", "trakt:3", NOW)
    assert [one[1:3] for one in seen(store)] == [(2, 3)]


def test_a_film_is_matched_as_a_film(store):
    mother = Work(trakt="4", title="Mother", own="마더", year=2009, kind=Kind.FILM)
    titles = {"en": "Mother", "ko": "마더"}
    container = film(1, titles=titles, country="kr", language="ko", not_after=2009)
    world = World(store, mother, container=container)
    world.watch()
    world.match()
    assert world.standing.state is State.AUTO
    assert [(row.kind, row.ids["trakt"]) for row in store.watched()] == [(Kind.FILM, "4")]


def test_a_prefix_of_another_title_is_no_match(store):
    witcher = Work(trakt="5", title="The Witcher", country="US", year=2019)
    world = World(store, witcher, titles={"en": "The Witch"})
    world.watch()
    world.match()
    assert world.standing.state is not State.AUTO
    assert ids_of(store) == {(("viki", "1c"),)}


def test_what_nothing_is_like_is_asked_again_after_1_7_and_30_days_and_not_before(store):
    world = World(store)
    world.watch()
    now = NOW
    for days in (1, 7, 30, 30):
        assert world.match(now).none == 1
        asked = len(world.trakt.asked)
        assert world.match(now + timedelta(days=days, seconds=-1)).asked == 0
        assert len(world.trakt.asked) == asked
        now += timedelta(days=days)
    assert [row.state for row in store.matches("1c")] == [State.NONE] * 4


def test_an_outage_is_no_miss_and_ends_the_pass(store):
    world = World(store, MISTER)
    world.watch()

    def down(*_, **__):
        raise DOWN

    world.trakt.search = down
    assert world.match().problem == "trakt: no answer in 30 s"
    assert world.standing is None
    assert store.matches("1c") == []


def test_one_answer_that_cannot_be_read_holds_up_no_other_show(store):
    world = World(store, MISTER)
    world.watch()

    def odd(*_, **__):
        raise BadAnswer("trakt", "a hit has an unknown form")

    world.trakt.search = odd
    matched = world.match()
    assert matched.problem is None
    assert matched.problems == ("My Mister: trakt: a hit has an unknown form",)


def test_what_a_person_said_is_never_overwritten(store):
    world = World(store, MISTER, OTHER)
    world.watch()
    world.desk.choose("1c", Kind.SHOW, {"trakt": "2"}, NOW)
    world.match(later(days=60))
    sure = Standing(state=State.AUTO, ids={"trakt": "1"}, confidence=1.0)
    facts = Facts(kind=Kind.SHOW, title="My Mister", ids={"trakt": "1"})
    assert world.adopting.settle("1c", sure, facts, NOW) is None
    assert world.standing.state is State.MANUAL
    assert world.standing.ids["trakt"] == "2"
    assert [dict(ids)["trakt"] for ids in ids_of(store)] == ["2"]


def test_a_match_taken_away_stays_away_and_its_plays_are_their_own_again(store):
    world = World(store, MISTER)
    world.watch()
    world.match()
    assert world.desk.clear("1c", NOW)
    assert world.standing.state is State.REVIEW
    assert ids_of(store) == {(("viki", "1c"),)}
    world.match(later(days=60))
    world.watch(2, later(days=60))
    assert world.standing.state is State.REVIEW
    assert ids_of(store) == {(("viki", "1c"),)}
    assert [one[1:3] for one in seen(store)] == [(1, 1), (1, 2)]


def test_another_answer_of_a_person_moves_what_the_first_one_brought(store):
    world = World(store, MISTER, OTHER)
    world.watch()
    world.match()
    world.desk.choose("1c", Kind.SHOW, {"trakt": "2"}, NOW, season=2, offset=10)
    assert [one[:3] for one in seen(store)] == [("Misty", 2, 11)]
    world.desk.choose("1c", Kind.SHOW, {"trakt": "2"}, NOW, season=3)
    assert [one[:3] for one in seen(store)] == [("Misty", 3, 1)]


def test_the_record_of_answers_only_grows(store):
    world = World(store, MISTER)
    world.watch()
    world.match()
    first = store.matches("1c")
    world.desk.clear("1c", NOW)
    world.desk.choose("1c", Kind.SHOW, {"trakt": "1"}, NOW)
    rows = store.matches("1c")
    assert [(row.state, row.made_by) for row in rows] == [
        (State.MANUAL, "hand"), (State.REVIEW, "hand"), (State.AUTO, "auto"),
    ]  # fmt: skip
    assert rows[-1:] == first


def test_what_is_not_known_at_trakt_changes_nothing(store):
    world = World(store, MISTER)
    world.watch()
    with pytest.raises(NotFound):
        world.desk.choose("1c", Kind.SHOW, {"trakt": "404"}, NOW)
    assert world.standing is None
    assert world.desk.choose("nothere", Kind.SHOW, {"trakt": "1"}, NOW) is None
    assert world.desk.clear("nothere", NOW) is False
    assert world.desk.accept("1c", "trakt:404", NOW) is None


def test_ids_that_name_two_titles_are_a_question_and_move_no_play(store, db):
    library = LibraryStore(db)
    for one in ({"trakt": "1"}, {"tmdb": "70"}):
        library.put_title(Facts(kind=Kind.SHOW, title=f"Show {one}", ids=one), NOW)
    world = World(store, MISTER)
    world.watch()
    assert world.match().review == 1
    assert world.standing.state is State.REVIEW
    assert ids_of(store) == {(("viki", "1c"),)}
    assert isinstance(world.desk.choose("1c", Kind.SHOW, {"trakt": "1"}, NOW), Conflict)


def test_episodes_that_the_match_places_nowhere_wait_until_it_does(store):
    world = World(store, MISTER)
    upto = Mapping((Stretch(season=1, last=2),))
    world.watch()
    world.desk.choose("1c", Kind.SHOW, {"trakt": "1"}, NOW, mapping=upto)
    assert world.watch(4, later(hours=1)).waiting == 1
    assert [one[1:3] for one in seen(store)] == [(1, 1)]
    world.desk.choose("1c", Kind.SHOW, {"trakt": "1"}, NOW, season=1)
    assert [one[1:3] for one in seen(store)] == [(1, 1), (1, 4)]


def test_half_of_an_episode_is_no_play_of_it(store):
    world = World(store, MISTER)
    world.watch(1)
    world.watch(4, later(hours=1))
    halves = Mapping((Stretch(season=1, pieces=2),))
    world.desk.choose("1c", Kind.SHOW, {"trakt": "1"}, NOW, mapping=halves)
    assert [one[1:3] for one in seen(store)] == [(1, 2)]
    world.watch(2, later(hours=2))
    assert [one[1:3] for one in seen(store)] == [(1, 1), (1, 2)]


def test_where_one_is_in_an_episode_moves_with_the_match_and_back(store):
    world = World(store, MISTER)
    world.watch(2, seconds=600)
    assert [(row.season, row.episode) for row in store.in_progress()] == [(1, 2)]
    world.desk.choose("1c", Kind.SHOW, {"trakt": "1"}, NOW, season=3)
    assert [(row.season, row.episode) for row in store.in_progress()] == [(3, 2)]
    world.desk.clear("1c", NOW)
    assert [(row.season, row.episode) for row in store.in_progress()] == [(1, 2)]


def test_news_are_not_asked_for(store):
    world = World(store, MISTER, container=show(1, type="news", titles=TITLES))
    world.viki.episodes["1c"] = [video(show(1))]
    world.watch()
    assert world.match().none == 1
    assert world.trakt.asked == []


@pytest.mark.parametrize("after", ["set_marks", "save_match", "adopt"])
def test_an_adoption_that_was_killed_is_made_up_for(store, after):
    world = World(store, MISTER)
    world.watch()

    class Killed(BaseException):
        pass

    class Dying(HistoryStore):
        pass

    def dies(self, *args, **kwargs):
        getattr(HistoryStore, after)(self, *args, **kwargs)
        raise Killed

    setattr(Dying, after, dies)
    parts = MatchParts(
        store=store, adopting=Adopting(Dying(store.db, UTC)), sources=lambda: world.sources
    )
    with pytest.raises(Killed):
        MatchPass(parts).run_pass(NOW)
    world.match()
    world.watch(2, later(hours=1))
    assert ids_of(store) == {(("tmdb", "70"), ("trakt", "1"), ("viki", "1c"))}
    assert [one[1:3] for one in seen(store)] == [(1, 1), (1, 2)]
    assert store.marks(PROVIDER) == {}


def test_what_is_told_to_a_provider_bears_the_ids_of_the_match(store):
    world = World(store, MISTER)
    world.watch(2)
    world.match()
    store.enqueue("trakt", "ann", NOW)
    (row,) = store.outbox("trakt", "ann", [Sending.WAITING])
    assert (row.work.ids["trakt"], row.work.season, row.work.episode) == ("1", 1, 2)
