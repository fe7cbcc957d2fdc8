from dataclasses import replace

import pytest

from movie_sync.films.items import film_of, version_of
from movie_sync.films.owned import Library
from movie_sync.films.slots import copy_of, want_versions, with_versions
from movie_sync.films.sync import profile_of
from movie_sync.models import State
from movie_sync.settings import Profile
from tests import make

FIRST, UHD = "film:letterboxd:1", "film:letterboxd:1@2160p"
ONLY_UHD = Profile(qualities=("2160p",))


@pytest.fixture
def both(parts):
    """Every film is wanted in 2160p too."""
    return replace(parts, versions={"2160p": ONLY_UHD})


@pytest.fixture
def wanted(queue):
    queue.put_many([make.item(1, data={"year": 1999, "imdb_id": "tt0000001"})])
    want_versions(queue, ["2160p"])


def item_of(queue, id_):
    return queue.get(id_)[1]


def put(library, name):
    path = library / "Film 1 (1999)" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"film")
    return path


def found(parts, queue, id_):
    item = item_of(queue, id_)
    parts = replace(parts, library=Library(parts.library_folder))
    return copy_of(parts, item, film_of(item))


def test_a_further_version_is_an_item_of_its_own_beside_the_first(both, queue, wanted):
    uhd = item_of(queue, UHD)
    assert (version_of(uhd), uhd.wanted_by) == ("2160p", ("letterboxd:alice",))
    assert film_of(uhd) == film_of(item_of(queue, FIRST))
    assert profile_of(both, uhd) == ONLY_UHD
    assert profile_of(both, item_of(queue, FIRST)) == both.profile


def test_a_version_is_wanted_once(queue, wanted):
    assert want_versions(queue, ["2160p"]) == 0
    assert want_versions(queue, []) == 0


def test_what_a_person_removed_is_wanted_in_no_version(queue):
    queue.put_many([make.item(1)])
    queue.remove(FIRST)
    assert want_versions(queue, ["2160p"]) == 0


def test_all_versions_of_a_film_leave_a_list_together(queue, wanted):
    assert with_versions(queue, [FIRST]) == [FIRST, UHD]
    queue.unwant(with_versions(queue, [FIRST]), "letterboxd:alice")
    assert {item.id for item in queue.iter(State.REMOVED)} == {FIRST, UHD}


def test_a_copy_belongs_to_the_version_whose_quality_it_has(both, queue, wanted):
    hd = put(both.library_folder, "Film 1 (1999) [1080p BluRay].mkv")
    assert found(both, queue, UHD) is None
    assert found(both, queue, FIRST) == hd
    uhd = put(both.library_folder, "Film 1 (1999) [2160p WEB-DL].mkv")
    assert found(both, queue, UHD) == uhd


def test_a_copy_that_another_version_has_is_not_taken_twice(both, queue, wanted):
    uhd = put(both.library_folder, "Film 1 (1999) [2160p WEB-DL].mkv")
    queue.take("film")
    queue.take("film")
    queue.complete(UHD, data={"version": "2160p", "year": 1999, "path": str(uhd)})
    assert found(both, queue, FIRST) is None


def test_a_copy_of_unknown_quality_is_the_first_versions(both, queue, wanted):
    plain = put(both.library_folder, "Film 1 (1999).mkv")
    assert found(both, queue, FIRST) == plain
    assert found(both, queue, UHD) is None
