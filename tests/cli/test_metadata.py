import json
import sqlite3
from contextlib import closing

import pytest

from movie_sync.credentials import Credentials
from movie_sync.demo import tmdb_site
from movie_sync.demo.tmdb_site import SHORT_KEY, TmdbSite
from movie_sync.demo.tmdb_titles import MadeFilm, MadeShow
from movie_sync.errors import ConfigError, NotAuthorised, NotFound
from movie_sync.library_models import TMDB_ATTRIBUTION
from tests.cli import call

LANTERN = MadeFilm(
    id=4711,
    title="The Lantern Keeper",
    original_title="Deungdaejigi",
    day="2019-05-30",
    overview="A keeper keeps a light.",
    tagline="Keep it lit.",
    imdb_id="tt0471100",
    cast=((501, "Ann Lee", "Keeper"), (504, "Bo Hill", "")),
    crew=((502, "Kim Roe", "Director"),),
    collection=(9, "Lanterns"),
)
HARBOUR = MadeShow(id=77, title="Quiet Harbour", day="2020-01-10", seasons={0: 1, 1: 2})


@pytest.fixture
def site():
    with TmdbSite([LANTERN, HARBOUR]) as running:
        yield running


@pytest.fixture
def home(tmp_path, site):
    written = {"tmdb": {"base_url": site.url}, "library": {"enabled": True}}
    (tmp_path / "config.json").write_text(json.dumps(written))
    Credentials(tmp_path, {}).set("tmdb.api_key", SHORT_KEY)
    return tmp_path


def told(home, *words):
    result = call(home, "metadata", *words)
    assert result.exit_code == 0, result.exception
    return result.stdout


def test_all_that_is_told_of_a_film_is_shown(home):
    assert told(home, "show", "film", "4711").splitlines() == [
        "The Lantern Keeper (2019): film",
        "originally Deungdaejigi",
        "Keep it lit.",
        "A keeper keeps a light.",
        "Drama; 100 min; US; Released; 7.1 of 10 by 100",
        "ids: tmdb 4711, imdb tt0471100",
        "with: Ann Lee as Keeper, Bo Hill",
        "by: Kim Roe (Director)",
        "one of: Lanterns",
        TMDB_ATTRIBUTION,
    ]


def test_episodes_of_a_show_are_shown_where_they_are_asked_for(home):
    lines = told(home, "show", "show", "77", "--season", "1").splitlines()
    assert lines[-4:] == [
        "season 1: Season 1",
        "    1  Chapter 1, 2020-01-01, 45 min",
        "    2  Chapter 2, 2020-01-02, 45 min",
        TMDB_ATTRIBUTION,
    ]
    seasons = json.loads(told(home, "show", "show", "77", "--all-seasons", "--json"))["seasons"]
    assert [one["number"] for one in seasons] == [0, 1]


def test_a_title_is_searched_for(home):
    assert told(home, "search", "lantern").splitlines() == [
        "    4711  film  The Lantern Keeper (2019), originally Deungdaejigi", TMDB_ATTRIBUTION,
    ]  # fmt: skip
    assert told(home, "search", "lantern", "--kind", "show") == 'TMDB has nothing for "lantern"\n'
    (found,) = json.loads(told(home, "search", "harbour", "--year", "2020", "--json"))
    assert (found["kind"], found["tmdb_id"], found["year"]) == ("show", 77, 2020)


def test_what_is_kept_is_counted_and_forgotten(home, site):
    assert told(home, "cache", "stats") == "nothing is kept of TMDB\n"
    told(home, "show", "film", "4711")
    told(home, "search", "lantern")
    lines = told(home, "cache", "stats").splitlines()
    assert lines[0].startswith("2 answers of TMDB, 0.0 MB, told 0 s to ")
    assert lines[1:] == [
        "0 of them expired; 0 say that there is no such thing", "movie: 1", "search: 1",
    ]  # fmt: skip
    assert json.loads(told(home, "cache", "stats", "--json"))["kinds"] == {"movie": 1, "search": 1}
    assert told(home, "cache", "clear-expired") == "nothing was expired\n"
    assert json.loads(told(home, "cache", "clear", "--json")) == {"removed": 2}
    told(home, "search", "lantern")
    assert told(home, "cache", "clear") == "1 kept answer of TMDB removed\n"
    assert len(site.requests) == 3


def test_what_is_old_says_so(home, site):
    told(home, "show", "film", "4711")
    make_old(home)
    site.trouble = tmdb_site.MAINTENANCE
    assert told(home, "show", "film", "4711").splitlines()[1].startswith("old: told 2 d ago, for")


def make_old(home):
    with closing(sqlite3.connect(home / "library.db")) as db, db:
        db.execute("UPDATE tmdb_cache SET fetched_at = datetime(fetched_at, '-49 hours')")
        db.execute("UPDATE tmdb_cache SET expires_at = datetime(expires_at, '-49 hours')")


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ({"library": {"enabled": False}}, "the library is off"),
        ({"tmdb": {"enabled": False}}, "TMDB is switched off"),
    ],
)
def test_what_is_switched_off_is_said(home, written, error):
    settings = json.loads((home / "config.json").read_text())
    (home / "config.json").write_text(json.dumps(settings | written))
    result = call(home, "metadata", "search", "lantern")
    assert isinstance(result.exception, ConfigError)
    assert error in str(result.exception)


def test_without_a_key_it_is_said_how_to_get_one(home):
    Credentials(home, {}).remove("tmdb.api_key")
    result = call(home, "metadata", "search", "lantern")
    assert isinstance(result.exception, ConfigError)
    assert "get one at themoviedb.org" in str(result.exception)


def test_what_tmdb_refuses_is_said(home, site):
    result = call(home, "metadata", "show", "film", "12")
    assert isinstance(result.exception, NotFound)
    site.keys = {"another"}
    result = call(home, "metadata", "show", "film", "13")
    assert isinstance(result.exception, NotAuthorised)
    assert SHORT_KEY not in str(result.exception) + result.output
