import pytest

from movie_sync.demo.watchlist_site import Trouble, WatchlistSite
from movie_sync.errors import BadAnswer, Blocked, Unavailable
from movie_sync.http import Http
from movie_sync.services.letterboxd import Letterboxd
from movie_sync.services.letterboxd_seen import SeenFilms
from tests import make

FILMS = [make.site_film(number) for number in range(1, 6)]


@pytest.fixture
def site():
    """Alice has film 1 in her diary, and has marked film 2 as watched without a word."""
    with WatchlistSite(diaries={"alice": FILMS[:1], "bob": []}) as opened:
        opened.watched["alice"] = [FILMS[1]]
        opened.others = FILMS
        yield opened


@pytest.fixture
def seen(site):
    http = Http("letterboxd", site.url, gap_s=0, tries=1)
    yield SeenFilms(Letterboxd(http).text)
    http.close()


def film(number, **changes):
    return make.film(number, **{"slug": f"film-{number}", **changes})


@pytest.mark.parametrize(("number", "expected"), [(1, True), (2, True), (3, False)])
def test_diary_and_pages_tell_what_was_seen(seen, number, expected):
    assert seen.has_seen("alice", film(number)) is expected


def test_a_film_of_the_diary_is_known_by_its_number_at_tmdb(seen):
    assert seen.has_seen("alice", make.film(1, tmdb_id=1001))


def test_the_diary_is_read_once_an_hour(site, seen):
    for number in (1, 2, 3, 4):
        seen.has_seen("alice", film(number))
    assert site.asked_for("/alice/rss/") == 1


def test_without_an_address_a_film_beside_the_diary_cannot_be_told(seen):
    with pytest.raises(BadAnswer, match=r"the address of Film 3 \(1999\) is not known"):
        seen.has_seen("alice", make.film(3))


def test_an_empty_diary_leaves_nothing_to_compare_with(seen):
    with pytest.raises(BadAnswer, match="the diary of bob names no film to compare with"):
        seen.has_seen("bob", film(3))


def test_when_the_pages_of_members_are_gone_a_missing_one_tells_nothing(site, seen):
    site.trouble_at["/alice/film/film-1/"] = Trouble.GONE
    assert seen.has_seen("alice", film(1))
    with pytest.raises(BadAnswer, match="names no film to compare with"):
        seen.has_seen("alice", film(3))


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble.GONE, BadAnswer),
        (Trouble.DOWN, Unavailable),
        (Trouble.CHALLENGE, Blocked),
        (Trouble.CLOSED, BadAnswer),
        (Trouble.CUT, BadAnswer),
    ],
)
def test_a_diary_that_cannot_be_read_tells_nothing(site, seen, trouble, error):
    site.trouble_at["/alice/rss/"] = trouble
    with pytest.raises(error):
        seen.has_seen("alice", film(3))


@pytest.mark.parametrize("trouble", [Trouble.DOWN, Trouble.CHALLENGE, Trouble.CLOSED])
def test_a_page_that_is_closed_tells_nothing(site, seen, trouble):
    site.trouble_at["/alice/film/film-3/"] = trouble
    with pytest.raises((Blocked, Unavailable)):
        seen.has_seen("alice", film(3))
