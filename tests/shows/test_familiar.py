import msgspec
import pytest

from movie_sync.shows.catalogue import COMPLETE
from movie_sync.shows.familiar import unfamiliar
from movie_sync.shows.selection import judge, rules
from movie_sync.shows_settings import Shows
from tests import make

NOW = make.NOON


@pytest.fixture
def known(store):
    """A catalogue that was read whole."""
    shows = [
        make.show(1, network="BBC One", country="GB", genres=("Drama", "Crime")),
        make.show(2, network=None, web_channel="HBO Max", country=None, genres=()),
        make.show(3, network="BBC Two", country="GB", language="Korean"),
    ]
    nothing = rules(Shows())
    store.save(shows, {one.tvmaze_id: judge(one, nothing) for one in shows}, NOW)
    store.set_meta({COMPLETE: NOW.isoformat()})
    return store


def said(store, **section):
    return [str(each) for each in unfamiliar(store, msgspec.convert(section, Shows))]


@pytest.mark.parametrize(
    ("selection", "told"),
    [
        ({"networks": ["HBO Maxx"]}, 'networks: no show of the catalogue has the network '
         '"HBO Maxx"; did you mean "HBO Max"?'),
        ({"networks": ["BBC"]}, 'networks: no show of the catalogue has the network "BBC"; did '
         'you mean "BBC One" or "BBC Two"?'),
        ({"exclude_networks": ["Zzz"]},
         'exclude_networks: no show of the catalogue has the network "Zzz"'),
        ({"languages": ["Welsh"]},
         'languages: no show of the catalogue has the language "Welsh"'),
        ({"countries": ["KR"]}, 'countries: no show of the catalogue has the country "KR"'),
        ({"genres": ["Western"]}, 'genres: no show of the catalogue has the genre "Western"'),
    ],
)  # fmt: skip
def test_a_word_that_no_show_has_is_told_with_what_may_be_meant(known, selection, told):
    assert said(known, selections=[selection]) == [f"shows.selections[0].{told}"]


def test_words_that_shows_have_are_fine_however_they_are_written(known):
    words = {
        "networks": ["bbc one", "HBO MAX", "none"], "languages": ["korean"], "genres": ["crime"],
        "countries": ["UK"], "types": ["Scripted"],
    }  # fmt: skip
    assert said(known, selections=[words], exclude=words) == []


def test_the_plain_form_is_looked_at_too(known):
    assert said(known, filters={"networks": {"exclude": ["BBC Onne"]}}) == [
        'shows.filters.networks.exclude: no show of the catalogue has the network "BBC Onne"; did '
        'you mean "BBC One"?'
    ]


def test_what_is_wrong_anyway_is_not_told_twice(known):
    assert said(known, selections=[{"genres": ["Dramma"], "languages": ["Klingon"]}]) == []


def test_nothing_is_told_before_the_catalogue_was_read_whole(known):
    known.set_meta({COMPLETE: None})
    assert said(known, selections=[{"networks": ["HBO Maxx"]}]) == []
