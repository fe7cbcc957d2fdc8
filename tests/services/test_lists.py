import json
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from pytest_httpserver import HTTPServer

from movie_sync.demo.watchlist_site import WatchlistSite
from movie_sync.errors import BadAnswer, ConfigError, FilesError, NotFound, Unavailable
from movie_sync.http import Http
from movie_sync.models import Film, Watchlist
from movie_sync.services.lists import ROLLING, PlainList
from tests import make

BY_TITLE = Film(key="title:parasite:2019", title="Parasite", year=2019)
BY_IMDB = Film(key="imdb:tt6751668", title="Parasite", year=2019, imdb_id="tt6751668")
RSS = (
    '<?xml version="1.0"?><rss xmlns:letterboxd="https://letterboxd.com" '
    'xmlns:tmdb="https://themoviedb.org" xmlns:media="http://search.yahoo.com/mrss/">'
    "<channel><title>A feed</title>{}</channel></rss>"
)


@pytest.fixture
def http() -> Iterator[Http]:
    http = Http("lists", "", gap_s=0, tries=1)
    yield http
    http.close()


@pytest.fixture
def read(http, tmp_path):
    def read(text: str | bytes) -> Watchlist:
        path = tmp_path / "list"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return PlainList(str(path), http).read()

    return read


@pytest.fixture
def failure(read):
    def failure(text: str | bytes) -> str:
        with pytest.raises(BadAnswer) as caught:
            read(text)
        return caught.value.message.removesuffix("; its films stay as they are")

    return failure


@pytest.mark.parametrize(
    ("text", "film"),
    [
        ("title,year\nParasite,2019\n", BY_TITLE),
        ("\ufeffName;Release Year\r\nParasite;2019\r\n", BY_TITLE),
        ("Title\tReleaseYear\nParasite\t2019\n", BY_TITLE),
        ("title\nParasite (2019)\n", BY_TITLE),
        ("Title,Year,IMDB_ID\nParasite,2019,tt6751668\n", BY_IMDB),
        ("title,year,imdbId\nParasite,2019,6751668\n", BY_IMDB),
        ("title,year,url\nParasite,2019,https://www.imdb.com/title/tt6751668/?ref_=x\n", BY_IMDB),
        (
            "Position,Const,Created,Title,Original Title,Title Type,Year\n"
            "1,tt6751668,2026-01-05,Parasite,Gisaengchung,Movie,2019\n"
            "2,tt0903747,2026-01-05,Breaking Bad,Breaking Bad,TV Series,2008\n",
            replace(BY_IMDB, original_title="Gisaengchung"),
        ),
    ],
)
def test_a_table_is_read_by_the_names_of_its_columns(read, text, film):
    found = read(text)
    assert found.films == (film,)
    assert found.complete


@pytest.mark.parametrize(
    ("entry", "film"),
    [
        ("Parasite (2019)", BY_TITLE),
        ("tt6751668", Film(key="imdb:tt6751668", title="tt6751668", imdb_id="tt6751668")),
        ({"title": "Parasite", "release_year": 2019, "id": 7, "poster_url": ""}, BY_TITLE),
        ({"title": "Parasite", "imdb_id": "tt6751668", "year": "2019"}, BY_IMDB),
        ({"id": "tt6751668", "Name": "Parasite", "Year": 2019.0}, BY_IMDB),
        (
            {"tmdbId": 496243, "title": "Parasite", "release_date": "2019-05-30"},
            Film(key="tmdb:496243", title="Parasite", year=2019, tmdb_id=496243),
        ),
        (
            {
                "type": "movie",
                "movie": {"title": "Parasite", "year": 2019, "ids": {"imdb": "tt6751668"}},
            },
            BY_IMDB,
        ),
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_json_is_an_array_or_an_object_that_holds_one(read, entry, film, wrapped):
    found = read(json.dumps({"name": "x", "items": [entry]} if wrapped else [entry]))
    assert found.films == (film,)
    assert found.complete


def test_series_in_a_list_are_left_out(read):
    kinds = ({"mediatype": "show"}, {"media_type": "tv"}, {"type": "show", "show": {}})
    found = read(json.dumps({"movies": ["Parasite (2019)"], "shows": [], "genres": []}))
    assert found.films == (BY_TITLE,)
    found = read(json.dumps([{"title": "Lost", "year": 2004, **kind} for kind in kinds]))
    assert (found.films, found.complete) == ((), True)


def test_a_film_that_is_listed_twice_is_one(read):
    assert read('["Parasite (2019)", "Parasite (2019)"]').films == (BY_TITLE,)


@pytest.mark.parametrize("text", ["[]", '{"items": []}', "title,year\n"])
def test_an_empty_list_is_a_reading(read, text):
    assert (read(text).films, read(text).complete) == ((), True)


def test_a_list_that_gives_only_its_first_page_is_not_complete(read):
    found = read('{"total_results": 45, "results": ["Parasite (2019)"]}')
    assert found.films == (BY_TITLE,)
    assert found.problem == "it holds 45 films, but gives 1 at once"


@pytest.mark.parametrize(
    "item",
    [
        "<title>Parasite (2019)</title><media:title>Trailer</media:title>",
        "<title>Parasite, 2019 - ★★★★½</title>",
        "<title><![CDATA[Parasite, 2019]]></title>",
        "<title>x</title><letterboxd:filmTitle>Parasite</letterboxd:filmTitle>"
        "<letterboxd:filmYear>2019</letterboxd:filmYear>",
    ],
)
def test_a_feed_names_films_and_is_never_the_whole_list(read, item):
    found = read(RSS.format(f"<item>{item}</item>"))
    assert found.films == (BY_TITLE,)
    assert (found.complete, found.problem) == (False, ROLLING)


def test_ids_in_a_feed_are_read(read):
    links = (
        "<item><title>Parasite (2019)</title>"
        "<link>https://www.imdb.com/title/tt6751668/</link></item>"
        "<item><title>Heat, 1995</title><tmdb:movieId>949</tmdb:movieId></item>"
    )
    assert read(RSS.format(links)).films == (
        BY_IMDB,
        Film(key="tmdb:949", title="Heat", year=1995, tmdb_id=949),
    )


def test_an_atom_feed_is_read(read):
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title>Parasite (2019)'
        '</title><link href="https://www.imdb.com/title/tt6751668/"/></entry></feed>'
    )
    assert read(text).films == (BY_IMDB,)


def test_series_and_lists_in_a_feed_are_left_out(read):
    items = (
        "<item><title>Lost, 2004</title><tmdb:tvId>4607</tmdb:tvId></item>"
        "<item><title>My list</title><guid>letterboxd-list-1</guid></item>"
    )
    assert (read(RSS.format(items)).films, read(RSS.format(items)).problem) == ((), ROLLING)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title,year\nParasite,2019\n,1999\n", "line 3 has no title and no id"),
        ("title,year\nParasite,2019\nMe, Myself,1999\n", "line 3 has 3 of 2 columns"),
        ('["Parasite (2019)", 7]', "entry 2 is neither an object nor a text"),
        ('["Parasite (2019)", {"imdb_id": "x9"}]', 'entry 2 has the IMDb id "x9"'),
        ('["Parasite (2019)", {"title": "x", "tmdb": "x9"}]', 'entry 2 has the TMDB id "x9"'),
        (
            RSS.format("<item><title>Parasite, 2019</title></item><item><title>x</title></item>"),
            "item 2 names no year and no id",
        ),
    ],
)
def test_an_entry_that_cannot_be_read_is_named_and_the_others_are_kept(read, text, problem):
    found = read(text)
    assert found.films == (BY_TITLE,)
    assert not found.complete
    assert found.problem == f"1 of 2 entries cannot be read; the first: {problem}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty, without even a header"),
        ("Just some words\nand more\n", "its first line names no column for a title or an id"),
        ("<!DOCTYPE html><html><title>Sign in</title>", "it is a web page and no list"),
        ("<html></html>", "it is a web page and no list"),
        ("<svg></svg>", "it is XML, but <svg> begins no feed"),
        ("<rss><item>", "line 1 is no sound XML"),
        (
            '<!DOCTYPE rss [<!ENTITY a "b">]><rss></rss>',
            "it declares a document type, which is refused",
        ),
        (
            '{"error": "no such list"}',
            "it is a JSON object, but not one with one list of films in it",
        ),
        ("[" * 100_000, "it is no sound JSON (maximum recursion depth exceeded"),
        ('["Parasite', "it is no sound JSON (Input data was truncated)"),
        ("[1, 2]", "2 of 2 entries cannot be read; the first: entry 1 is neither"),
        (b"title\n\xff\xfe\n", "it is not UTF-8 text"),
    ],
    ids=range(12),
)
def test_what_is_no_list_is_a_bad_answer_and_not_empty(failure, text, message):
    assert failure(text).startswith(message)


def test_a_missing_file_is_named(http, tmp_path):
    with pytest.raises(FilesError, match=r"the list .*/none cannot be read: No such file"):
        PlainList(str(tmp_path / "none"), http).read()


def test_a_list_is_read_from_an_address_whose_query_is_not_told(http, httpserver: HTTPServer):
    httpserver.expect_request("/top.json").respond_with_data('["Parasite (2019)"]')
    one, other = (PlainList(httpserver.url_for(f"/top.json?key={n}"), http) for n in "12")
    assert one.read().films == (BY_TITLE,)
    assert one.name.startswith("list:localhost/top.json#")
    assert one.name != other.name
    assert "key" not in one.name


@pytest.mark.parametrize(("status", "error"), [(503, Unavailable), (404, NotFound)])
def test_a_failing_address_is_no_empty_list(http, httpserver: HTTPServer, status, error):
    httpserver.expect_request("/top.json").respond_with_data("[]", status=status)
    with pytest.raises(error):
        PlainList(httpserver.url_for("/top.json"), http).read()


def test_a_diary_of_the_watchlist_site_is_read(http):
    heat = make.site_film(7, title="Heat", year=1995, tmdb_id=949)
    with WatchlistSite(diaries={"alice": [heat, make.site_film(8, kind="series")]}) as site:
        found = PlainList(f"{site.url}/alice/rss/", http).read()
    assert found.films == (
        Film(key="tmdb:949", title="Heat", year=1995, tmdb_id=949, slug="film-7"),
    )


def test_a_page_of_letterboxd_belongs_among_its_own_lists(http):
    with pytest.raises(ConfigError, match=r"name it in letterboxd\.lists$"):
        PlainList("https://letterboxd.com/alice/list/heists/", http)
    assert PlainList("https://letterboxd.com/alice/rss/", http).name
