from pathlib import Path

from movie_sync.library.having import copies
from movie_sync.library.rows import Standing
from movie_sync.library_models import Match
from tests import make
from tests.library.things import NOON, film, found, of_server, owned, put

FILM = make.film(title="Parasite", year=2019, imdb_id="tt6751668")
IDS = {"imdb": "tt6751668"}


def test_a_film_is_found_by_its_id_under_whatever_name(store):
    file = found("Gisaengchung (2019)")
    owned(store, film("Gisaengchung", ids=IDS), file)
    assert copies(store, FILM) == [Path(file.path)]


def test_a_film_without_an_id_is_found_by_its_title_and_very_year(store):
    file = found()
    owned(store, film(), file)
    assert copies(store, FILM) == [Path(file.path)]
    assert copies(store, make.film(title="Parasite", year=2018)) == []


def test_another_id_says_that_it_is_another_film(store):
    owned(store, film(ids={"imdb": "tt0084472"}), found())
    assert copies(store, FILM) == []


def test_two_titles_of_one_name_and_year_are_not_guessed_between(store):
    owned(store, film(ids={"tmdb": "1"}), found())
    owned(store, film(ids={"tmdb": "2"}), found("Parasite Too (2019)"))
    assert copies(store, make.film(title="Parasite", year=2019)) == []


def test_the_largest_copy_is_first(store):
    small, large = found("a (2019)", size_bytes=1), found("b (2019)", size_bytes=9)
    owned(store, film(ids=IDS), small, large)
    assert copies(store, FILM) == [Path(large.path), Path(small.path)]


def test_what_is_gone_broken_or_on_no_disk_of_ours_is_no_copy(store):
    gone, broken = found("a (2019)"), found("b (2019)")
    owned(store, film(ids=IDS), gone, broken, of_server(found("c (2019)"), path=None))
    store.mark_gone("films", [gone.uri], NOON)
    for one in store.waiting_probe(0, 10):
        store.save_broken(one.asset_id, one.content, "it ends after 3 of 92 min", NOON)
    assert copies(store, FILM) == []


def test_a_film_whose_title_is_known_and_has_no_file_is_not_there(store):
    put(store, film(ids=IDS))
    assert copies(store, FILM) == []


def test_a_file_that_a_person_is_asked_about_is_not_the_film(store):
    file = found()
    title_id = owned(store, film(ids=IDS), file)
    (asset,) = store.files_of(title_id)
    store.unassign(asset.id, Standing.REVIEW, Match(by="name", confidence=0.5, sentence="?"), NOON)
    assert copies(store, FILM) == []
