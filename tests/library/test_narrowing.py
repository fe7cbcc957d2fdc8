"""What lists of the library are narrowed by beside plain facts, in each database."""

from datetime import date

from movie_sync.library.page_rows import Filters
from tests.library.things import NOON
from tests.web.library_site import TODAY, filled


def titles(store, **filters):
    return [row.title for row in store.titles(filters=Filters(**filters)).rows]


def test_episodes_that_have_aired_are_missed_where_no_file_holds_them(store):
    show = filled(store, NOON)["show"]
    assert store.aired([show], TODAY) == {show: 7}
    assert store.aired([show], date(2000, 1, 1)) == {}
    assert titles(store, missing_by=TODAY) == ["Signal"]
    assert titles(store, whole_by=TODAY) == []
    assert titles(store, missing_by=date(2000, 1, 1)) == []
    assert titles(store, whole_by=date(2000, 1, 1)) == ["Signal"]


def test_titles_are_narrowed_by_duplicates_and_several_codes_of_a_language(store):
    filled(store, NOON)
    assert titles(store, doubled=True) == ["Metropolis"]
    assert "Metropolis" not in titles(store, doubled=False)
    assert titles(store, languages=("ko", "kor")) == ["Parasite"]


def test_sources_people_questions_and_choices_are_told_one_by_one(store):
    made = filled(store, NOON)
    assert store.by_source() == {
        "films": {"broken": 1, "matched": 5, "review": 4}, "tv": {"broken": 0, "matched": 6},
    }  # fmt: skip
    assert store.person(20738) == "Song Kang-ho"
    assert store.person(1) is None
    assert store.row(made["show"]).title == "Signal"
    assert store.row(999) is None
    assert [row.reason for row in store.reviews(reason="no_year")] == ["no_year"]
    choice = store.add_choice("trust", "folder:/films/", {"folder": "/films/"}, "trusted", NOON)
    store.undo_choice(choice, NOON)
    assert store.choice(choice).undone_at == NOON
    assert store.choice(999) is None
