import json
from datetime import UTC, datetime

import pytest

from movie_sync.demo import tracker_site
from movie_sync.demo.server import Reply
from movie_sync.errors import BadAnswer
from movie_sync.models import Release
from tests import make
from tests.services.conftest import PARASITE, add, parasite


def row(**changes) -> dict[str, object]:
    return {"id": 7, "name": PARASITE, "size": 8, "seeders": 20} | changes


def rows(*listed: object) -> Reply:
    return Reply(200, json.dumps(listed).encode(), tracker_site.JSON)


def test_a_film_is_found_by_its_imdb_id_with_one_call(tracker, filelist):
    torrent_id = add(tracker, leechers=3, freeleech=1, doubleup=1, internal=1)
    add(tracker, "Another.2019.1080p", imdb_id="tt0000001")
    assert filelist.search(parasite()) == [
        Release(
            indexer="filelist",
            id=torrent_id,
            name=PARASITE,
            size_bytes=8 * make.GIB,
            seeders=20,
            leechers=3,
            imdb_id="tt6751668",
            category="Filme HD",
            freeleech=True,
            doubleup=True,
            internal=True,
            uploaded_at=datetime(2026, 1, 5, 12, 0, tzinfo=UTC),
        )
    ]
    assert tracker.requests == {"search-torrents": 1}


def test_a_film_not_listed_by_id_is_searched_by_name(tracker, filelist):
    add(tracker, imdb_id=None)
    add(tracker, "Parasite.1982.1080p", imdb_id="tt0084472")
    assert [found.name for found in filelist.search(parasite())] == [PARASITE]
    assert tracker.requests == {"search-torrents": 2}


def test_names_of_other_films_are_left_for_the_decision(tracker, filelist):
    add(tracker, "Parasite.2019.And.More.1080p", imdb_id="tt0000001")
    assert [found.imdb_id for found in filelist.search(parasite())] == ["tt0000001"]


def test_a_film_without_id_is_asked_for_by_title_then_by_original_title(tracker, filelist):
    add(tracker, "La.Grande.Bouffe.1973.720p", imdb_id=None)
    film = make.film(title="Blow-Out", original_title="La Grande Bouffe", year=1973)
    assert len(filelist.search(film)) == 1
    assert tracker.requests == {"search-torrents": 2}


def test_titles_that_a_person_gave_are_asked_for_besides_the_one_that_found_something(
    tracker, filelist
):
    add(tracker, "Blow.Out.1973.720p", imdb_id=None)
    add(tracker, "Mein.Name.1973.720p", imdb_id=None)
    film = make.film(
        title="Blow Out", alternative_titles=("Other",), also_called=("Mein Name",), year=1973
    )
    assert len(filelist.search(film)) == 2
    assert tracker.requests == {"search-torrents": 2}


def test_no_film_costs_more_than_five_calls(tracker, filelist):
    many = tuple(f"Title {number}" for number in range(9))
    assert filelist.search(parasite(alternative_titles=many, also_called=many[:2])) == []
    assert tracker.requests == {"search-torrents": 5}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Schindler’s List", "Schindlers.List.1999.1080p"),  # noqa: RUF001
        ("WALL·E", "WALL-E.1999.1080p"),
        ("Mission: Impossible", "Mission.Impossible.1999.1080p"),
        ("Smørrebrød & Øl", "Smorrebrod.and.Ol.1999.1080p"),
        ("8½", "8.1.2.1999.1080p"),
    ],
)
def test_titles_are_asked_for_as_releases_spell_them(tracker, filelist, title, name):
    add(tracker, name, imdb_id=None)
    assert [found.name for found in filelist.search(make.film(title=title))] == [name]


def test_a_title_in_other_letters_costs_no_call_where_another_can_be_asked_for(tracker, filelist):
    assert filelist.search(parasite(original_title="기생충")) == []
    assert tracker.requests == {"search-torrents": 2}


def test_a_film_with_nothing_else_is_still_asked_for(tracker, filelist):
    assert filelist.search(make.film(title="기생충")) == []
    assert tracker.requests == {"search-torrents": 1}


def test_categories_go_out_as_numbers_and_come_back_as_names(tracker, connect):
    add(tracker, "Parasite.2019.2160p", category="Filme 4K")
    add(tracker, "Parasite.2019.COMPLETE.BLURAY", category="Filme Blu-Ray")
    assert [found.category for found in connect().search(parasite())] == ["Filme 4K"]
    assert len(connect(categories=(6, 20)).search(parasite())) == 2
    assert len(connect(categories=()).search(parasite())) == 2


def test_the_newest_of_all_films_take_one_call(tracker, filelist):
    for number in range(120):
        add(tracker, f"Film.{number}.1999.1080p")
    latest = filelist.latest()
    assert (len(latest), latest[0].name) == (100, "Film.119.1999.1080p")
    assert tracker.requests == {"latest-torrents": 1}


WINTER = datetime(2020, 1, 25, 20, 20, 19, tzinfo=UTC)
SUMMER = datetime(2020, 7, 25, 19, 20, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"imdb": None}, {"imdb_id": None}),
        ({"imdb": ""}, {"imdb_id": None}),
        ({"imdb": "tt0000000"}, {"imdb_id": None}),
        ({"imdb": "114709"}, {"imdb_id": "tt0114709"}),
        ({"imdb": 1776305}, {"imdb_id": "tt1776305"}),
        ({"freeleech": True}, {"freeleech": True}),
        ({"freeleech": False}, {"freeleech": False}),
        ({"freeleech": "1"}, {"freeleech": True}),
        ({"freeleech": None}, {"freeleech": False}),
        ({"category": ""}, {"category": None}),
        ({"category": 4}, {"category": None}),
        ({"leechers": None}, {"leechers": 0}),
        ({"size": "8300512414"}, {"size_bytes": 8_300_512_414}),
        ({"name": f" {PARASITE}\n"}, {"name": PARASITE}),
        ({"upload_date": "2020-01-25 22:20:19"}, {"uploaded_at": WINTER}),
        ({"upload_date": "2020-07-25 22:20:19"}, {"uploaded_at": SUMMER}),
        ({"upload_date": "yesterday"}, {"uploaded_at": None}),
        ({"upload_date": "0001-01-01 00:00:00"}, {"uploaded_at": None}),
    ],
)
def test_forms_that_were_seen_are_read(tracker, filelist, sent, read):
    tracker.trouble = rows(row(**sent))
    found = filelist.latest()[0]
    assert {name: getattr(found, name) for name in read} == read


def test_a_stray_byte_in_a_name_does_not_spoil_the_answer(tracker, filelist):
    body = b'[{"id": 7, "name": "Am\xe9lie.2001", "size": 8, "seeders": 20}]'
    tracker.trouble = Reply(200, body, tracker_site.JSON)
    assert filelist.latest()[0].name == "Am\ufffdlie.2001"


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        ([row(), {"id": 8}], "Object missing required field `name` - at `$[1]`"),
        ([row(), row(), row(size=None)], "Expected `int`, got `null` - at `$[2].size`"),
        ([row(name=" ")], "Expected `str` matching regex '\\\\S' - at `$[0].name`"),
        ([row(seeders="many")], "Expected `int`, got `str` - at `$[0].seeders`"),
        (["row"], "Expected `object`, got `str` - at `$[0]`"),
    ],
)
def test_one_row_of_another_form_spoils_the_reading_instead_of_vanishing(
    tracker, filelist, listed, message
):
    tracker.trouble = rows(*listed)
    with pytest.raises(BadAnswer) as caught:
        filelist.latest()
    told = "filelist: latest-torrents has an unknown form, and none of it was used"
    assert str(caught.value) == f"{told}: {message}"


def test_a_torrent_is_fetched(tracker, filelist):
    assert filelist.fetch(make.release(id=add(tracker))) == make.torrent()
    assert tracker.requests == {"download": 1}


def test_it_can_say_how_it_is(tracker, filelist):
    assert filelist.check() == "login accepted; 149 of 150 calls left this hour"
    assert tracker.requests == {"latest-torrents": 1}
