import logging
from datetime import UTC, datetime

import pytest

from movie_sync.demo.server import Reply
from movie_sync.errors import BadAnswer, NotFound, Refused
from movie_sync.models import Release
from tests import make
from tests.services.conftest import parasite
from tests.services.torznab_site import API, KEY, attr, item, rss

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def names(releases):
    return [release.name for release in releases]


def test_what_prowlarr_lists_is_read_and_magnets_are_left_out(nas, indexer, caplog):
    caplog.set_level(logging.DEBUG, "movie_sync.services.torznab")
    found = indexer.search(parasite())
    assert found == [
        Release(
            indexer="nas",
            id=found[0].id,
            name="Parasite.2019.1080p.BluRay.x264-GRP",
            size_bytes=8 * make.GIB,
            seeders=20,
            leechers=3,
            imdb_id="tt6751668",
            tmdb_id=496243,
            category="Movies/HD",
            freeleech=True,
            doubleup=True,
            internal=True,
            uploaded_at=NOON,
        )
    ]
    told = "nas: 1 of 2 releases left out: 0 of Usenet, 1 without a torrent file"
    assert caplog.messages == [told]
    assert nas.queries == [
        {"t": "caps", "apikey": KEY},
        {
            "t": "movie",
            "imdbid": "6751668",
            "cat": "2000",
            "limit": "100",
            "extended": "1",
            "apikey": KEY,
        },
    ]


def test_what_jackett_lists_is_read(nas, indexer):
    nas.like = "jackett"
    found = indexer.search(parasite())
    assert found == [
        Release(
            indexer="nas",
            id=found[0].id,
            name="Parasite.2019.DVDRip.XviD-GRP",
            size_bytes=0,
            seeders=7,
            leechers=2,
            imdb_id="tt6751668",
            category="Movies/SD",
            halfleech=True,
            uploaded_at=NOON,
        )
    ]
    assert nas.searches == [{"t": "movie", "q": "Parasite 2019"}]


def test_what_a_newznab_indexer_lists_is_read_and_usenet_is_left_out(nas, indexer):
    nas.like = "newznab"
    assert indexer.search(parasite()) == [
        Release(
            indexer="nas",
            id="a9f3c0",
            name="Parasite.2019.1080p.WEB.H264-OLD",
            size_bytes=4 * make.GIB,
            seeders=3,
            leechers=5,
            category="Movies/HD",
            uploaded_at=NOON,
        )
    ]
    assert nas.searches == [{"t": "search", "q": "Parasite 2019"}]


def test_what_it_can_do_is_asked_once_a_day(nas, indexer, clock):
    for hours in (0, 23, 25):
        clock[0] = hours * 3600.0
        indexer.search(parasite())
    assert [one["t"] for one in nas.queries] == ["caps", "movie", "movie", "caps", "movie"]


def test_what_it_can_do_is_asked_anew_after_it_refused_a_search(nas, indexer):
    indexer.latest()
    nas.trouble = Reply(400)
    with pytest.raises(Refused):
        indexer.latest()
    nas.trouble = None
    indexer.latest()
    assert [one["t"] for one in nas.queries] == ["caps", "search", "search", "caps", "search"]


def test_ids_are_asked_first_and_titles_when_they_bring_nothing(nas, indexer):
    nas.found = {"기생충": rss(item(1))}
    film = parasite(tmdb_id=496243, original_title="기생충", alternative_titles=("Gisaengchung",))
    assert len(indexer.search(film)) == 1
    assert nas.searches == [
        {"t": "movie", "imdbid": "6751668"},
        {"t": "movie", "tmdbid": "496243"},
        {"t": "movie", "q": "Parasite", "year": "2019"},
        {"t": "movie", "q": "기생충", "year": "2019"},
    ]


def test_a_title_that_a_person_gave_is_asked_for_whatever_was_found(nas, indexer):
    nas.found = {"6751668": rss(item(1)), "Schmarotzer": rss(item(1), item(2))}
    found = indexer.search(parasite(also_called=("Schmarotzer", "parasite!")))
    assert [one.id for one in found] == ["1", "2"]
    assert [one.get("q") for one in nas.searches] == [None, "Schmarotzer", "parasite"]


def test_no_film_costs_more_than_four_titles(nas, indexer):
    nas.found = {}
    many = tuple(f"Title {number}" for number in range(9))
    film = parasite(also_called=("Mine", "Mine too"), alternative_titles=many)
    assert indexer.search(film) == []
    asked = [one.get("q") for one in nas.searches]
    assert asked == [None, "Parasite", "Title 0", "Mine", "Mine too"]


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Schindler’s List", "Schindlers List"),  # noqa: RUF001
        ("Amélie", "Amelie"),
        ("Œuvre: ½", "Oeuvre 1 2"),
        ("Андрей Рублёв!", "Андрей Рублёв"),
        ("รักแห่งสยาม", "รักแห่งสยาม"),
        ("!!!", "!!!"),
    ],
)
def test_titles_are_asked_for_as_releases_spell_them(nas, indexer, title, asked):
    nas.found = {}
    indexer.search(make.film(title=title, year=None))
    assert [one["q"] for one in nas.searches] == [asked]


def test_a_film_that_it_cannot_be_asked_for_is_no_empty_answer(nas, reach):
    indexer = reach()
    by_id = '<movie-search available="yes" supportedParams="imdbid"/><search available="no"/>'
    nas.caps = f"<caps><searching>{by_id}</searching></caps>".encode()
    with pytest.raises(Refused) as caught:
        indexer.search(make.film())
    told = "nas: Film 1 (1999) cannot be asked for, as it is searched by IMDb id"
    assert str(caught.value) == told
    assert names(indexer.search(parasite())) == ["Parasite.2019.1080p.BluRay.x264-GRP"]
    nas.caps = b"<caps/>"
    with pytest.raises(Refused, match="as it offers no search for films"):
        reach().search(parasite())


@pytest.mark.parametrize(("total", "calls"), [(5, 3), (None, 3)])
def test_pages_are_asked_for_until_there_are_no_more(nas, indexer, total, calls):
    nas.like = "newznab"  # two a page
    nas.found = {
        f"Parasite 2019+{offset}": rss(*map(item, numbers), total=total)
        for offset, numbers in ((0, (1, 2)), (2, (3, 4)), (4, (5,)))
    }
    assert [one.id for one in indexer.search(parasite())] == ["1", "2", "3", "4", "5"]
    assert [one.get("offset") for one in nas.searches] == [None, "2", "4"][:calls]


def test_an_indexer_that_knows_no_pages_is_not_asked_without_end(nas, indexer):
    nas.like = "newznab"
    nas.found = {"Parasite 2019": rss(item(1), item(2), total=900)}
    assert len(indexer.search(parasite())) == 2
    assert len(nas.searches) == 2
    nas.found = {
        f"Parasite 2019+{offset}": rss(item(offset), item(offset + 1)) for offset in range(0, 90, 2)
    }
    assert len(indexer.search(parasite())) == 10
    assert len(nas.searches) == 2 + 5


def test_the_newest_of_all_films_take_one_call(nas, indexer):
    assert names(indexer.latest()) == ["Parasite.2019.1080p.BluRay.x264-GRP"]
    assert nas.searches == [{"t": "search"}]


def test_categories_are_those_of_the_settings(nas, reach):
    reach(categories=(2040, 2045)).latest()
    reach(categories=()).latest()
    asked = [one.get("cat") for one in nas.queries if one["t"] != "caps"]
    assert asked == ["2040,2045", None]


def test_it_can_say_how_it_is(nas, reach):
    told = (
        "Prowlarr is searched by IMDb id, TMDB id and title, in Movies, category 9; "
        "1 of its 2 newest have a torrent file"
    )
    assert reach(categories=(2000, 9)).check() == told
    nas.like = "newznab"
    assert reach(categories=()).check() == (
        "Old Indexer is searched by title, in all categories; 1 of its 2 newest have a torrent file"
    )


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (attr("imdb", "0"), {"imdb_id": None}),
        (attr("imdb", "0137523"), {"imdb_id": "tt0137523"}),
        (attr("imdbid", "tt137523"), {"imdb_id": "tt0137523"}),
        (attr("tmdbid", "0"), {"tmdb_id": None}),
        (attr("tmdbid", "550"), {"tmdb_id": 550}),
        (attr("downloadvolumefactor", "0.0"), {"freeleech": True}),
        (attr("downloadvolumefactor", "1"), {"freeleech": False, "halfleech": False}),
        (attr("downloadvolumefactor", "none"), {"freeleech": False}),
        (attr("tag", "scene") + attr("tag", "Internal"), {"internal": True}),
        (attr("seeders", "7") + attr("peers", "5"), {"seeders": 7, "leechers": 0}),
        (attr("seeders", "-1"), {"seeders": 0}),
        (attr("grabs", "7"), {"seeders": 1, "leechers": 0}),
        (attr("size", "1024"), {"size_bytes": 8 * make.GIB}),
        (attr("category", "2045") + attr("category", "2000"), {"category": "Movies/UHD"}),
        (attr("category", "77"), {"category": None}),
        ("<pubDate>yesterday</pubDate>", {"uploaded_at": None}),
        ("<pubDate>Mon, 05 Jan 2026 07:00:00 -0500</pubDate>", {"uploaded_at": NOON}),
    ],
)
def test_forms_that_were_seen_are_read(nas, indexer, sent, read):
    nas.found = {"6751668": rss(item(1, more=sent))}
    found = indexer.search(parasite())[0]
    assert {name: getattr(found, name) for name in read} == read


def test_stray_bytes_of_a_name_do_not_spoil_the_answer(nas, indexer):
    listed = rss(item(1, title="Am\x08EE\nlie.2001")).replace(b"EE", b"\xe9")
    nas.found = {"6751668": listed}
    assert names(indexer.search(parasite())) == ["Am\ufffd lie.2001"]


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        (item(2, title=" "), "has a release without a title, number 2"),
        (
            item(2, more=attr("size", "8 GB")),
            'has a release whose size is "8 GB", no number: Film.2.1999.1080p',
        ),
        (
            item(2, more=attr("seeders", "many")),
            'has a release whose seeders is "many", no number: Film.2.1999.1080p',
        ),
    ],
)
def test_one_row_of_another_form_spoils_the_reading_instead_of_vanishing(
    nas, indexer, listed, message
):
    nas.found = {"6751668": rss(item(1), listed)}
    with pytest.raises(BadAnswer) as caught:
        indexer.search(parasite())
    assert str(caught.value) == f"nas: its answer to a search {message}; none of it was used"


def test_a_torrent_is_fetched_by_the_link_that_came_with_it(nas, indexer):
    nas.files["/1/download"] = Reply(200, make.torrent(), "application/x-bittorrent")
    found = indexer.search(parasite())[0]
    assert indexer.fetch(found) == make.torrent()
    assert nas.paths == [API, API, "/1/download"]


def test_an_address_is_never_the_id_and_stays_the_same_over_restarts(nas, reach):
    first, again = reach().search(parasite())[0], reach().search(parasite())[0]
    assert first.id == again.id
    assert len(first.id) == 16
    assert "tracker" not in first.id


def test_releases_that_share_a_page_are_told_apart(nas, indexer):
    rows = [item(1, title=f"Film.1.1999.{lines}p") for lines in (720, 1080)]
    page = "https://tracker.example/films/1"
    nas.found = {"6751668": rss(*(row.replace(">1<", f">{page}<") for row in rows))}
    assert len(indexer.search(parasite())) == 2


def test_a_release_of_before_the_start_must_be_found_again(nas, reach):
    found = reach().search(parasite())[0]
    with pytest.raises(Refused) as caught:
        reach().fetch(found)
    told = "its address was known while the program ran; find it again to fetch it"
    assert str(caught.value) == f"nas: torrent {found.id}: {told}"
    assert not isinstance(caught.value, NotFound)  # for that would block it


@pytest.mark.slow
def test_an_old_link_gives_way_to_new_ones(nas, indexer):
    nas.found = {
        "1": rss(item(0)),
        **{str(n): rss(*map(item, range(n, n + 500))) for n in range(2, 5503, 500)},
    }
    first = indexer.search(make.film(imdb_id="tt1"))[0]
    for number in range(2, 5503, 500):
        indexer.search(make.film(imdb_id=f"tt{number}"))
    with pytest.raises(Refused, match="find it again"):
        indexer.fetch(first)
