import threading

from movie_sync.library.recognising import PAGE, Asks, Confirms, Recognising
from movie_sync.library.review import Review
from movie_sync.library.rows import Standing
from movie_sync.library.verdicts import Known, Rule
from movie_sync.library_models import Facts, Kind, Suggestion, Teller, Told
from tests.library import things
from tests.library.things import LATER, NOON

STOP = threading.Event()


def as_films(file):
    return "films", None


def unsure(name="No Year"):
    path = f"/films/{name}/{name}.mkv"
    return things.found(uri=path, path=path, told=(Told(by=Teller.FOLDER, titles=(name,)),))


def river(n, **facts):
    name = f"Quiet River {n} ({1950 + n % 70})"
    told = (Told(by=Teller.FOLDER, titles=(f"Quiet River {n}",), year=1950 + n % 70),)
    return things.found(name, told=told, size_bytes=1000 + n, **facts)


def recognised(store, *, asks_world=False, as_set=as_films):
    return Recognising(store, as_set, asks_world=asks_world).run(NOON, STOP)


class World:
    """A TMDB that knows what it is told of."""

    def __init__(self, *facts):
        self.known = {int(one.ids["tmdb"]): one for one in facts}

    def film(self, tmdb_id):
        return self.known[tmdb_id]

    show = film

    def search(self, kind, title, year=None):
        return [
            Suggestion(kind=one.kind, tmdb_id=number, title=one.title, year=one.year)
            for number, one in self.known.items()
            if one.title.casefold() == title.casefold()
        ]

    def find(self, provider, id_, kind=None):
        return None


def told_by_world(store, world):
    asks = Asks(store, as_films, world)
    for one in asks.lacking(0, 100):
        asks.enrich(one.id, NOON)


def test_what_waits_is_known_by_its_name_or_asked_about(store):
    store.save_found("films", [river(1), unsure()], NOON)
    assert recognised(store) == {"matched": 1, "in review": 1}
    assert store.counts().films == 1
    assert recognised(store) == {}


def test_where_tmdb_can_be_asked_what_is_not_known_here_waits_for_it(store):
    store.save_found("films", [river(1)], NOON)
    assert recognised(store, asks_world=True) == {"to be asked": 1}
    facts = Facts(kind=Kind.FILM, title="Quiet River 1", year=1951, ids={"tmdb": "7"})
    told_by_world(store, World(facts))
    assert store.find_ids(Kind.FILM, {"tmdb": "7"}) is not None
    assert not store.unidentified(0, 1)


def test_what_tmdb_does_not_know_is_a_question_and_waits_no_more(store):
    store.save_found("films", [unsure()], NOON)
    told_by_world(store, World())
    assert store.files(Standing.REVIEW).total == 1
    assert not Asks(store, as_films, World()).lacking(0, 100)


def test_more_than_a_page_is_recognised_and_no_folder_is_parted(store):
    show = tuple(
        things.found(
            uri=f"/shows/Hills/{n:04}.mkv", path=f"/shows/Hills/{n:04}.mkv", size_bytes=5000 + n,
            told=(Told(by=Teller.FOLDER, kind=Kind.SHOW, titles=("Far Hills",), year=2008,
                       season=1, episodes=(n + 1,)),),
        )
        for n in range(60)
    )  # fmt: skip
    store.save_found("films", [*map(river, range(PAGE - 30)), *show], NOON)
    said = recognised(store, as_set=lambda file: ("both", None))
    assert said["matched"] == PAGE + 30
    sentences = {
        row.match.sentence for row in store.files(limit=1000).rows if "/shows/" in row.path
    }
    assert len(sentences) == 1


def test_the_names_of_a_trusted_source_are_taken_at_their_word(store):
    store.save_found("films", [unsure()], NOON)
    trust = Rule(sentence="the names in films are trusted", trusted=True)
    assert recognised(store, as_set=lambda file: ("films", trust)) == {"matched": 1}


def test_what_a_person_said_of_a_file_counts_for_it_when_it_is_found_anew(store):
    store.save_found("films", [unsure()], NOON)
    recognised(store)
    known = Known(kind=Kind.FILM, title="Another", year=1950)
    Review(store).match([things.only(store)], known, NOON)
    again = unsure()
    store.save_found("plex", [things.of_server(again, told=again.told)], LATER)
    recognised(store)
    (row,) = store.files().rows
    assert row.by_hand
    assert store.row(row.title_id).title == "Another"


def test_a_title_known_by_its_name_gets_the_number_that_tmdb_has_for_it(store):
    store.save_found("films", [river(1)], NOON)
    recognised(store)
    facts = Facts(kind=Kind.FILM, title="Quiet River 1", year=1951, ids={"tmdb": "7"})
    confirms = Confirms(store, World(facts))
    (lacking,) = confirms.lacking(0, 10)
    confirms.enrich(lacking.id, NOON)
    assert store.find_ids(Kind.FILM, {"tmdb": "7"}) == lacking.id
    assert not confirms.lacking(0, 10)


def test_two_titles_of_one_number_are_a_question_and_are_not_asked_about_for_ever(store):
    store.save_found("films", [river(1)], NOON)
    recognised(store)
    facts = Facts(kind=Kind.FILM, title="Quiet River 1", year=1951, ids={"tmdb": "7"})
    other = things.put(store, Facts(kind=Kind.FILM, title="River", year=1951, ids={"tmdb": "7"}))
    confirms = Confirms(store, World(facts))
    (lacking,) = confirms.lacking(0, 10)
    confirms.enrich(lacking.id, NOON)
    assert not confirms.lacking(0, 10)
    (question,) = store.reviews()
    assert (question.reason, question.title_id) == ("conflict", lacking.id)
    done = Review(store).approve(question.id, NOON)
    assert done.title_id == other
    assert store.row(other).files == 1
    assert not store.reviews()
