from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movie_sync.library import nfo
from movie_sync.library_models import Kind, Teller, Told

FILM = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<movie>
  <title>The Silent River</title><originaltitle>La rivière</originaltitle>
  <year>1987</year><runtime>112</runtime><genre>Drama</genre><genre>War</genre>
  <plot>A river &amp; a town.</plot>
  <uniqueid type="imdb" default="true">tt0091234</uniqueid><uniqueid type="tmdb">4711</uniqueid>
  <actor><name>Somebody</name><tmdbid>99</tmdbid><title>Mayor</title></actor>
  <set><name>Rivers</name><overview>All of them</overview></set>
</movie>"""
EPISODE = """<episodedetails><title>{title}</title><showtitle>Broken Hills</showtitle>
<season>1</season><episode>{number}</episode><aired>2008-03-0{number}</aired>
<uniqueid type="tvdb">88{number}</uniqueid></episodedetails>"""


def told(text: str) -> Told:
    (only,) = nfo.read(text.encode())
    return only


def test_a_films_nfo_tells_the_film_and_nothing_of_its_actors():
    assert told(FILM) == Told(
        by=Teller.NFO,
        kind=Kind.FILM,
        titles=("The Silent River", "La rivière"),
        year=1987,
        ids={"imdb": "tt0091234", "tmdb": "4711"},
        overview="A river & a town.",
        runtime_min=112,
        genres=("Drama", "War"),
    )


def test_several_episodes_in_one_file_are_several_roots():
    both = told(EPISODE.format(title="One", number=1) + EPISODE.format(title="Two", number=2))
    assert (both.season, both.episodes, both.episode_title) == (1, (1, 2), "One")
    assert (both.titles, both.episode_ids) == (("Broken Hills",), {"tvdb": "881"})
    assert both.aired_on == date(2008, 3, 1)


def test_the_bare_id_of_a_show_is_that_of_tvdb():
    show = told(
        "<tvshow><title>1024</title><id>81189</id><premiered>2008-01-20</premiered></tvshow>"
    )
    assert (show.titles, show.year, show.ids) == (("1024",), 2008, {"tvdb": "81189"})


@pytest.mark.parametrize(
    ("text", "kind", "ids"),
    [
        ("https://www.imdb.com/title/tt0133093/", None, {"imdb": "tt0133093"}),
        ("see http://imdb.com/de/title/tt0133093?x=1", None, {"imdb": "tt0133093"}),
        ("https://www.themoviedb.org/movie/603-the-matrix", Kind.FILM, {"tmdb": "603"}),
        ("https://www.themoviedb.org/tv/1396-x/season/1", Kind.SHOW, {"tmdb": "1396"}),
        ("http://thetvdb.com/?tab=series&id=81189", Kind.SHOW, {"tvdb": "81189"}),
        ("https://www.tvmaze.com/shows/169/x", Kind.SHOW, {"tvmaze": "169"}),
    ],
)
def test_a_link_alone_is_told(text, kind, ids):
    assert (told(text).kind, told(text).ids) == (kind, ids)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no link",
        "imdb.com/title/tt0133093 imdb.com/title/tt0133094",
        "themoviedb.org/movie/1 themoviedb.org/tv/1",
        "<musicvideo><title>Song</title></musicvideo>",
        "<movie></movie>",
        "<movie><title>never closed",
    ],
)
def test_what_tells_nothing_or_two_things_is_not_told(text):
    assert nfo.read(text.encode()) == ()


def test_a_link_behind_the_xml_gives_the_id_that_the_xml_lacks():
    film = told("<movie><title>X</title></movie>\nhttps://www.imdb.com/title/tt0133093/")
    assert (film.titles, film.ids) == (("X",), {"imdb": "tt0133093"})


@pytest.mark.parametrize(
    "text",
    [
        "<movie><title>Tom & Jerry</title></movie>",
        "<movie><title>Tom &amp; Jerry</title><plot>\x01\x0b</plot></movie>\ufffe\x00",
        "<movie><title>Tom &amp; Jerry</title><plot>a < b</plot></movie>",
        "<movie><title>Tom &amp; Jerry</title><b>never closed</movie>",
        "\ufeff<movie><title>Tom &#38; Jerry</title></movie> rubbish <",
    ],
)
def test_xml_that_is_not_well_formed_is_read_all_the_same(text):
    assert told(text).titles == ("Tom & Jerry",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_any_encoding_is_read(encoding):
    data = "<movie><title>Amélie</title><plot>naïve &eacute;</plot></movie>".encode(encoding)
    (film,) = nfo.read(data)
    assert (film.titles, film.overview) == (("Amélie",), "naïve é")


def test_no_entity_is_ever_resolved():
    bomb = '<!DOCTYPE movie [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    film = told(f"{bomb}<movie><title>X &a; &b;</title></movie>")
    assert film.titles == ("X &a; &b;",)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.sampled_from(
                (
                    *("<movie>", "</movie>", "<title>", "</title>", "<tvshow", ">", "&", "&#0;"),
                    *("<episode>", "7", "</episode>", "<episodedetails>", "</episodedetails>"),
                    *("<![CDATA[", "]]>", "imdb.com/title/", "tt1234567", "<!DOCTYPE x [", "é"),
                )
            ),
            max_size=20,
        ).map(lambda parts: "".join(parts).encode()),
    )
)
def test_nothing_in_an_nfo_is_an_error(data):
    for each in nfo.read(data):
        "".join(each.titles).encode()


@pytest.mark.parametrize(
    "piece",
    ["<movie>", "<movie><actor>", "<!--", "&amp", "<title>", "<movie><title>x</title>", "&#"],
)
def test_a_hostile_nfo_costs_little(piece):
    text = "<movie>" + piece * (nfo.LARGEST_BYTES // 8 // len(piece)) + "</movie>"
    assert len(nfo.read(text.encode())) <= 1
