from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from movie_sync.demo.watchlist_pages import Markup
from movie_sync.demo.watchlist_site import Trouble, WatchlistSite
from movie_sync.errors import (
    BadAnswer,
    Blocked,
    ConfigError,
    NotFound,
    Refused,
    ServiceError,
    Unavailable,
)
from movie_sync.http import USER_AGENT
from movie_sync.models import Film, Watchlist
from movie_sync.services.letterboxd import Letterboxd
from tests import make
from tests.wire import Waiting

INSTEAD = "what was read before stays; an export can be imported instead"
READABLE = [way for way in Markup if way != Markup.UNKNOWN]
SIXTY = [make.site_film(number) for number in range(1, 61)]
THIRD_MAN = make.site_film(
    240344,
    title='The "Third" Man & Co. (Restored)',
    year=1949,
    slug="the-third-man",
    original_title="Der dritte Mann",
    alternative_titles=("Le Troisième Homme", "El tercer hombre"),
    runtime_min=104,
)

Open = Callable[..., Letterboxd]


@pytest.fixture
def site() -> Iterator[WatchlistSite]:
    with WatchlistSite({"alice": SIXTY, "nobody": []}, lists={"alice/heists": SIXTY[:40]}) as site:
        yield site


@pytest.fixture
def opened(site: WatchlistSite) -> Iterator[Open]:
    opened: list[Waiting] = []

    def letterboxd(gap_s: float = 0, **options: Callable[[], float]) -> Letterboxd:
        opened.append(Waiting("letterboxd", site.url, gap_s=gap_s, tries=1))
        return Letterboxd(opened[-1], **options)

    yield letterboxd
    for http in opened:
        http.close()


@pytest.fixture
def http(site: WatchlistSite) -> Iterator[Waiting]:
    http = Waiting("letterboxd", site.url, gap_s=0, tries=1)
    yield http
    http.close()


@pytest.fixture
def letterboxd(http: Waiting) -> Letterboxd:
    return Letterboxd(http)


def read(letterboxd: Letterboxd, user: str = "alice") -> Watchlist:
    return letterboxd.watchlist(user).read()


def failure(letterboxd: Letterboxd, user: str = "alice") -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        read(letterboxd, user)
    return caught.value


@pytest.mark.parametrize("markup", [*([way] for way in READABLE), READABLE], ids=str)
def test_every_markup_is_read_alone_and_mixed(site, letterboxd, markup):
    site.markup = markup
    site.watchlists["alice"] = [*SIXTY, THIRD_MAN]

    found = read(letterboxd)

    assert found.complete
    assert found.announced == 61
    assert found.films[-1] == Film(
        key="letterboxd:240344",
        title='The "Third" Man & Co. (Restored)',
        year=1949,
        slug="the-third-man",
    )
    assert [film.key for film in found.films[:60]] == [f"letterboxd:{n}" for n in range(1, 61)]


def test_a_film_without_a_year_is_read(site, letterboxd):
    site.markup = READABLE
    site.watchlists["alice"] = [make.site_film(n, year=None) for n in range(4)]
    assert [film.year for film in read(letterboxd).films] == [None] * 4


def test_the_number_of_pages_is_read_from_the_first_and_none_past_the_end_is_asked_for(
    site, letterboxd
):
    site.watchlists["alice"] = SIXTY[:56]
    assert len(read(letterboxd).films) == 56
    assert [seen.path for seen in site.requests] == [
        "/robots.txt",
        "/alice/watchlist/",
        "/alice/watchlist/page/2/",
    ]


def test_an_empty_watchlist_is_a_reading(letterboxd):
    assert read(letterboxd, "nobody") == Watchlist(
        source="letterboxd:nobody", films=(), complete=True, announced=0
    )


def test_a_private_watchlist_is_refused(site, letterboxd):
    site.private.add("alice")
    error = failure(letterboxd)
    assert type(error) is Refused
    assert error.message == (
        "/alice/watchlist/ is private; make it public there, or import its export"
    )


def test_an_unknown_member_is_not_found(letterboxd):
    error = failure(letterboxd, "alcie")
    assert type(error) is NotFound
    assert error.message == "there is no /alcie/watchlist/; check the name"


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        (Trouble.CHALLENGE, f"answers with a challenge for browsers; {INSTEAD}"),
        (Trouble.CHALLENGE_200, f"answers with a challenge for browsers; {INSTEAD}"),
        (Trouble.BAN, f"answers with a ban of this address; {INSTEAD}"),
        (Trouble.FORBIDDEN, f"answered 403 and does not say why; {INSTEAD}"),
        (
            Trouble.ELSEWHERE,
            f"/alice/watchlist/ leads to another host (http://elsewhere.invalid); {INSTEAD}",
        ),
    ],
)
def test_a_block_is_no_empty_list(site, letterboxd, trouble, message):
    site.trouble = trouble
    error = failure(letterboxd)
    assert type(error) is Blocked
    assert error.message == message


def test_a_block_of_robots_txt_is_a_block(site, letterboxd):
    site.trouble_at["/robots.txt"] = Trouble.CHALLENGE
    assert type(failure(letterboxd)) is Blocked
    assert not site.asked_for("/alice/watchlist/")


@pytest.mark.parametrize(("sent", "wait_s"), [("", None), ("120", 120.0)])
def test_a_rate_limit_says_how_long_to_wait_if_it_was_told(site, letterboxd, sent, wait_s):
    site.trouble, site.retry_after = Trouble.RATE_LIMITED, sent
    error = failure(letterboxd)
    assert isinstance(error, Unavailable)
    assert error.message == "asks us to slow down"
    assert error.retry_after_s == wait_s


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        (Trouble.DOWN, "/alice/watchlist/ answered 503"),
        (Trouble.BROKEN, "/alice/watchlist/ answered 500"),
        (Trouble.HANGS, "/alice/watchlist/: no answer in time"),
        (Trouble.BROKEN_OFF, "/alice/watchlist/: the answer broke off"),
    ],
)
def test_an_outage_is_tried_again_later(site, http, letterboxd, trouble, message):
    read(letterboxd, "nobody")  # and robots.txt, for a day
    site.trouble, http.patient = trouble, trouble is not Trouble.HANGS
    error = failure(letterboxd)
    assert type(error) is Unavailable
    assert error.message == message


def test_an_unknown_markup_is_a_bad_answer(site, letterboxd):
    site.markup = [Markup.UNKNOWN]
    error = failure(letterboxd)
    assert type(error) is BadAnswer
    assert error.message == (
        "/alice/watchlist/ announces 60 films in an unknown form; none was read"
    )


def test_a_page_of_another_kind_is_a_bad_answer(site, letterboxd):
    site.robots = None
    site.watchlists["alice"] = []
    site.trouble_at["/alice/watchlist/"] = Trouble.CUT
    error = failure(letterboxd)
    assert type(error) is BadAnswer
    assert error.message == "/alice/watchlist/ has an unknown form; no film was read from it"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (Trouble.DOWN, "/alice/watchlist/page/2/ answered 503"),
        (Trouble.HANGS, "/alice/watchlist/page/2/: no answer in time"),
        (Trouble.RATE_LIMITED, "asks us to slow down"),
        (Trouble.CHALLENGE, f"answers with a challenge for browsers; {INSTEAD}"),
        (Trouble.CLOSED, "it is past the end; the list became shorter while it was read"),
        (Trouble.GONE, "it is past the end; the list became shorter while it was read"),
    ],
)
def test_a_failing_second_page_keeps_the_first_and_is_not_complete(
    site, http, letterboxd, trouble, reason
):
    site.trouble_at["/alice/watchlist/page/2/"] = trouble
    if trouble is Trouble.HANGS:
        site.meanwhile = lambda films: setattr(http, "patient", False)

    found = read(letterboxd)

    assert len(found.films) == 28
    assert not found.complete
    assert found.announced == 60
    assert found.problem == (f"page 2 of 3 was not read and its films stay as they are: {reason}")
    assert not site.asked_for("/alice/watchlist/page/3/")


@pytest.mark.parametrize("answers", [True, False])
def test_a_list_that_becomes_shorter_while_it_is_read_is_not_complete(site, letterboxd, answers):
    site.past_end_answers = answers
    site.watchlists["alice"] = SIXTY[:29]
    site.meanwhile = list.pop

    found = read(letterboxd)

    assert len(found.films) == 28
    assert found.problem == (
        "page 2 of 2 was not read and its films stay as they are: "
        "it is past the end; the list became shorter while it was read"
    )


def test_a_list_that_shifts_while_it_is_read_is_not_complete(site, letterboxd):
    site.meanwhile = lambda films: films.insert(0, make.site_film(99))

    found = read(letterboxd)

    assert len(found.films) == 60
    assert len({film.key for film in found.films}) == 60
    assert not found.complete
    assert found.problem == ("it changed while it was read, so some of its 60 films may be missing")


def test_a_wrong_count_is_not_complete(site, letterboxd):
    site.announced = 64
    found = read(letterboxd)
    assert len(found.films) == 60
    assert found.problem == "it announces 64 films, but 60 could be read"


def test_a_page_cut_in_the_middle_is_not_complete(site, letterboxd):
    site.trouble_at["/alice/watchlist/"] = Trouble.CUT
    found = read(letterboxd)
    assert 0 < len(found.films) < 28
    assert found.problem == f"it announces 60 films, but {len(found.films)} could be read"


def test_some_posters_in_an_unknown_markup_are_not_lost_silently(site, letterboxd):
    site.markup = [Markup.IDENTIFIER, Markup.UNKNOWN]
    found = read(letterboxd)
    assert found.problem == "it announces 60 films, but 30 could be read"


def test_a_list_is_read_by_any_address_of_it(letterboxd):
    source = letterboxd.list("https://letterboxd.com/Alice/list/heists/by/added/page/2/")
    found = source.read()
    assert source.name == found.source == "letterboxd:alice/list/heists"
    assert (len(found.films), found.complete) == (40, True)


def test_the_token_of_a_shared_list_is_not_told(letterboxd):
    source = letterboxd.list("https://letterboxd.com/alice/list/heists/share/abc123/")
    assert source.name == "letterboxd:alice/list/heists"


@pytest.mark.parametrize("address", ["https://letterboxd.com/alice/", "heists", ""])
def test_what_is_no_address_of_a_list_is_told_at_once(letterboxd, address):
    with pytest.raises(ConfigError, match="is no address of a Letterboxd list"):
        letterboxd.list(address)


def test_a_name_that_nobody_can_have_is_told_at_once(letterboxd):
    with pytest.raises(ConfigError, match='"al/ice" is no Letterboxd name'):
        letterboxd.watchlist("al/ice")


def test_a_check_reads_the_first_page_only(site, letterboxd):
    assert letterboxd.check("alice") == "60 films are on the watchlist of alice"
    assert len(site.requests) == 2
    site.markup = [Markup.UNKNOWN]
    with pytest.raises(BadAnswer, match="in an unknown form"):
        letterboxd.check("alice")


def test_the_page_of_a_film_tells_its_ids_and_other_titles(site, letterboxd):
    site.others = [THIRD_MAN]
    film = Film(key="letterboxd:240344", title="The Third Man", slug="the-third-man")
    assert letterboxd.facts(film) == Film(
        key="letterboxd:240344",
        title="The Third Man",
        year=1949,
        slug="the-third-man",
        imdb_id="tt0240344",
        tmdb_id=241344,
        original_title="Der dritte Mann",
        alternative_titles=("Le Troisième Homme", "El tercer hombre"),
        runtime_min=104,
    )


def test_an_id_that_the_page_leaves_out_stays_as_it_was(site, letterboxd):
    site.others = [make.site_film(7, imdb_id=None, tmdb_id=None)]
    found = letterboxd.facts(make.film(7, slug="film-7", imdb_id="tt0000007"))
    assert found is not None
    assert (found.imdb_id, found.tmdb_id) == ("tt0000007", None)


@pytest.mark.parametrize("kind", ["series", "series unsaid"])
def test_a_series_is_not_a_film(site, letterboxd, kind):
    site.others = [make.site_film(7, kind=kind)]
    with pytest.raises(Refused, match=r"Film 7 \(1999\) is a series and not a film"):
        letterboxd.facts(make.film(7, slug="film-7"))


def test_a_film_whose_page_is_gone_is_not_found(letterboxd):
    with pytest.raises(NotFound, match=r"Film 700 \(1999\) has no page any more"):
        letterboxd.facts(make.film(700, slug="film-700"))


def test_a_film_of_another_source_is_left_alone(site, letterboxd):
    assert letterboxd.facts(make.film(slug=None)) is None
    assert site.requests == []


@pytest.mark.parametrize(
    "trouble",
    [Trouble.CLOSED, Trouble.FORBIDDEN, Trouble.CHALLENGE_200, Trouble.ELSEWHERE],
)
def test_a_closed_film_page_does_not_condemn_the_film(site, letterboxd, trouble):
    site.trouble = trouble
    with pytest.raises(Blocked):
        letterboxd.facts(make.film(7, slug="film-7"))


def test_what_robots_txt_forbids_is_not_asked_for(site, letterboxd):
    site.robots = "User-agent: *\nDisallow: /*/watchlist/\n"
    error = failure(letterboxd)
    assert type(error) is Blocked
    assert error.message == f"robots.txt closes /alice/watchlist/ to programs; {INSTEAD}"
    assert not site.asked_for("/alice/watchlist/")
    assert letterboxd.list(f"{site.url}/alice/list/heists/").read().complete


def test_without_a_robots_txt_all_is_allowed(site, letterboxd):
    site.robots = None
    assert read(letterboxd).complete


def test_while_robots_txt_is_unreachable_nothing_is_read(site, letterboxd):
    site.trouble_at["/robots.txt"] = Trouble.DOWN
    error = failure(letterboxd)
    assert type(error) is Unavailable
    assert error.message == "/robots.txt answered 503"
    assert not site.asked_for("/alice/watchlist/")


def test_robots_txt_is_asked_for_once_a_day(site, opened):
    now = [0.0]
    letterboxd = opened(monotonic=lambda: now[0])
    for at in (timedelta(0), timedelta(hours=23), timedelta(hours=25)):
        now[0] = at.total_seconds()
        read(letterboxd, "nobody")
    assert site.asked_for("/robots.txt") == 2


@pytest.mark.slow
def test_requests_keep_their_distance_and_name_the_program(site, opened):
    read(opened(gap_s=0.05))
    times = [seen.at_s for seen in site.requests]
    assert len(times) == 4
    assert min(after - before for before, after in pairwise(times)) >= 0.04
    assert {seen.user_agent for seen in site.requests} == {USER_AGENT}
