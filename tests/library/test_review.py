from datetime import UTC, datetime

import pytest

from movie_sync.library import choices, identifying, inbox, own_titles, recording
from movie_sync.library.catalogue import Shelf
from movie_sync.library.identify import decide
from movie_sync.library.review import Numbers, Review
from movie_sync.library.rows import Standing
from movie_sync.library.store import LibraryStore
from movie_sync.library.verdicts import Guess, Known, Reason, Sure, Unsure
from movie_sync.library_models import Found, Kind, Match, Teller, Told

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
OFFICE_UK = Known(kind=Kind.SHOW, title="The Office", year=2001, ids={"tmdb": "2996"})
OFFICE_US = Known(kind=Kind.SHOW, title="The Office", year=2005, ids={"tmdb": "2316"})
HEAT = Known(kind=Kind.FILM, title="Heat", year=1995, ids={"tmdb": "949"})


@pytest.fixture
def review(store: LibraryStore) -> Review:
    return Review(store)


def found(path: str, told: Told, size=1) -> Found:
    return Found(
        uri=path,
        path=path,
        fingerprint=f"{path}{size}",
        told=(told,),
        size_bytes=size,
        mtime_ns=size,
    )


def episode(number: int) -> Told:
    return Told(
        by=Teller.FILE, kind=Kind.SHOW, titles=("The Office",), season=1, episodes=(number,)
    )


def film(title="Heat") -> Told:
    return Told(by=Teller.FILE, kind=Kind.FILM, titles=(title,))


def save(store: LibraryStore, *files: Found) -> list[int]:
    store.begin_scan("disk", NOON)
    store.save_found("disk", files, NOON)
    return [file.asset_id for file in store.unidentified(0, 100)]


def ask(store: LibraryStore, asset_ids, *known: Known, sentence="which one?") -> None:
    guesses = tuple(Guess(one, 0.8, "bears this title") for one in known)
    said = Unsure(reason=Reason.NAMESAKES, sentence=sentence, guesses=guesses)
    with store.db.write() as connection:
        for asset_id in asset_ids:
            recording.record(connection, asset_id, said, NOON)


def office(store: LibraryStore) -> list[int]:
    """Two episodes of a show that a person is asked about."""
    files = [found(f"/tv/The Office/Season 1/{n}.mkv", episode(n), n) for n in (1, 2)]
    ids = save(store, *files)
    ask(store, ids, OFFICE_UK, OFFICE_US)
    return ids


def heat(store: LibraryStore, path="/films/heat.mkv") -> int:
    (asset_id,) = save(store, found(path, film()))
    ask(store, [asset_id], HEAT)
    return asset_id


def title_of(store: LibraryStore, asset_id: int) -> int | None:
    file = store.waiting_file(asset_id)
    assert file
    return file.title_id


def test_all_files_of_a_show_folder_are_one_question(store):
    ids = office(store)
    (group,) = inbox.groups(store)
    assert group.asset_ids == tuple(ids)
    assert group.folder == "/tv/The Office/"
    assert [one["year"] for one in group.candidates] == [2001, 2005]
    assert group.candidates[0]["why"] == "bears this title"


def test_films_side_by_side_are_as_many_questions(store):
    ids = save(store, found("/films/a.mkv", film("A"), 1), found("/films/b.mkv", film("B"), 2))
    for asset_id, name in zip(ids, "AB", strict=True):
        ask(store, [asset_id], sentence=f"no film called {name} is known")
    assert len(inbox.groups(store)) == 2


def test_a_candidate_that_is_approved_is_the_answer_for_the_whole_folder(store, review):
    ids = office(store)
    done = review.approve(inbox.groups(store)[0].id, NOON, candidate=1)
    assert (done.files, done.sentence) == (2, 'a person said that it is "The Office" (2005)')
    assert [title_of(store, one) for one in ids] == [done.title_id] * 2
    assert inbox.groups(store) == []
    first, second = store.assignments(title_id=done.title_id)
    assert first.by_hand
    assert first.episode_ids != second.episode_ids


def test_a_file_that_comes_to_a_settled_folder_later_is_of_that_show(store, review):
    office(store)
    done = review.approve(inbox.groups(store)[0].id, NOON, candidate=1)
    save(store, found("/tv/The Office/Season 1/3.mkv", episode(3), 3))
    (file,) = store.unidentified(0, 10)
    said = identifying.settle(
        store, file, choices.read(store), lambda told, rule: decide(told, Shelf(), rule=rule), NOON
    )
    assert isinstance(said, Sure)
    assert said.match.by == "folder"
    assert title_of(store, file.asset_id) == done.title_id


def test_a_choice_holds_where_the_file_is_renamed_or_found_by_another_source(store, review):
    heat(store)
    done = review.approve(inbox.groups(store)[0].id, NOON)
    store.begin_scan("other", NOON)
    store.save_found("other", [found("/elsewhere/x.mkv", film("X"))], NOON)
    (file,) = store.unidentified(0, 10)
    decided = choices.read(store)
    assert identifying.settle(store, file, decided, never, NOON) is None
    assert title_of(store, file.asset_id) == done.title_id


def never(told, rule):
    raise AssertionError("a person has said it")


def test_undo_brings_back_the_question_and_keeps_the_history(store, review):
    asset_id = heat(store)
    done = review.approve(inbox.groups(store)[0].id, NOON)
    undone = review.undo(done.choice_id, NOON)
    assert undone.sentence == 'undone: a person said that it is "Heat" (1995)'
    assert title_of(store, asset_id) is None
    assert [group.asset_ids for group in inbox.groups(store)] == [(asset_id,)]
    (history,) = store.assignments(asset_id=asset_id)
    assert history.undone_at == NOON
    assert review.undo(done.choice_id, NOON).choice_id is None


def test_undo_brings_back_the_answer_that_was_there_before(store, review):
    (asset_id,) = save(store, found("/films/heat.mkv", film()))
    match = Match(by="name", confidence=0.9, sentence="its name says so")
    with store.db.write() as connection:
        recording.record(connection, asset_id, Sure(known=HEAT, match=match), NOON)
    before = title_of(store, asset_id)
    other = Known(kind=Kind.FILM, title="Heat", year=1986, ids={"tmdb": "5"})
    done = review.match([asset_id], other, NOON)
    assert title_of(store, asset_id) == done.title_id != before
    review.undo(done.choice_id, NOON)
    assert title_of(store, asset_id) == before


def test_a_title_of_ones_own_is_made_by_its_name(store, review):
    heat(store)
    own = Known(kind=Kind.FILM, title="Granny's Birthday", year=2004)
    done = review.choose(inbox.groups(store)[0].id, own, NOON)
    page = store.title(done.title_id)
    assert page is not None


def test_a_person_can_name_the_episode(store, review):
    (asset_id,) = save(store, found("/tv/The Office/odd.mkv", film("odd")))
    ask(store, [asset_id], OFFICE_UK)
    numbers = Numbers(2, (3,))
    done = review.choose(inbox.groups(store)[0].id, OFFICE_UK, NOON, numbers=numbers)
    (answer,) = store.assignments(asset_id=asset_id)
    assert answer.episode_ids == store.episode_ids(done.title_id, 2, (3,))


def test_what_is_ignored_is_in_no_title_and_not_asked_again(store, review):
    asset_id = heat(store)
    review.ignore(inbox.groups(store)[0].id, NOON)
    assert inbox.groups(store) == []
    assert store.assignments(asset_id=asset_id)[0].standing is Standing.IGNORED


def test_files_that_are_split_off_are_asked_about_and_never_matched_so_again(store, review):
    asset_id = heat(store)
    done = review.approve(inbox.groups(store)[0].id, NOON)
    review.split([asset_id], NOON)
    assert [group.asset_ids for group in inbox.groups(store)] == [(asset_id,)]
    file = store.waiting_file(asset_id)
    shelf = own_titles.shelf(store.db)
    known = shelf.by_ids(Kind.FILM, HEAT.ids)[0]
    match = Match(by="name", confidence=0.9, sentence="its name says so")
    said = identifying.settle(
        store, file, choices.read(store), lambda *_: Sure(known=known, match=match), NOON
    )
    assert isinstance(said, Unsure)
    assert title_of(store, asset_id) != done.title_id


def test_two_titles_become_one_and_two_again(store, review):
    ids = office(store)
    uk = review.approve(inbox.groups(store)[0].id, NOON)
    (other,) = save(store, found("/x/3.mkv", episode(3), 3))
    us = review.match([other], OFFICE_US, NOON)
    done = review.merge(us.title_id, uk.title_id, NOON)
    assert {title_of(store, one) for one in [*ids, other]} == {uk.title_id}
    assert store.find_ids(Kind.SHOW, OFFICE_US.ids) == uk.title_id
    review.undo(done.choice_id, NOON)
    assert title_of(store, other) == us.title_id
    assert store.find_ids(Kind.SHOW, OFFICE_US.ids) == us.title_id


def test_a_film_and_a_show_are_never_merged(store, review):
    heat(store)
    one = review.approve(inbox.groups(store)[0].id, NOON)
    office(store)
    two = review.approve(inbox.groups(store)[0].id, NOON)
    done = review.merge(one.title_id, two.title_id, NOON)
    assert done.choice_id is None
    assert done.sentence == "a film and a show cannot be one; nothing was changed"


def test_a_trusted_folder_lets_what_waits_there_be_decided_again(store, review):
    asset_id = heat(store)
    assert review.trust("/films", NOON).files == 1
    assert [file.asset_id for file in store.unidentified(0, 10)] == [asset_id]
    rule = choices.read(store).rule("/films/heat.mkv")
    assert rule is not None
    assert rule.trusted
    assert choices.read(store).rule("/films2/heat.mkv") is None


def test_a_question_that_is_closed_changes_nothing(store, review):
    assert review.approve(99, NOON).sentence == "this question is open no more"
