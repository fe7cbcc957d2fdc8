import pytest

from movie_sync.models import Film
from movie_sync.services.letterboxd_pages import parse, read_film, read_grid, wall


def grid(posters: str, count: str = 'data-num-entries="1"'):
    return read_grid(parse(f'<body><div class="js-watchlist-content" {count}>{posters}</div>'))


def film_page(body: str, facts: str = ""):
    return read_film(parse(f'<html><body class="film backdropped" {facts}>{body}</body></html>'))


@pytest.mark.parametrize(
    ("poster", "film"),
    [
        (
            '<li><div data-item-slug="1984" data-item-name="1984 (1956)"></div></li>',
            Film(key="slug:1984", title="1984", year=1956, slug="1984"),
        ),
        (
            '<li><div data-film-id="7" data-target-link="/film/heat/"><img alt="Heat"></div></li>',
            Film(key="letterboxd:7", title="Heat", slug="heat"),
        ),
        (
            '<li><div data-item-link="/film/m/" data-item-name="M (1931) (1951)" '
            'data-resolvable-poster-path="{&quot;postered&quot;:{&quot;uid&quot;:'
            '&quot;film:9&quot;}}"></div></li>',
            Film(key="letterboxd:9", title="M (1931)", year=1951, slug="m"),
        ),
    ],
)
def test_a_film_is_read_from_what_its_poster_has(poster, film):
    assert grid(poster).films == (film,)


def test_what_links_to_no_film_is_left_out():
    found = grid('<li><div data-item-slug="x" data-item-link="/alice/list/x/"><img alt="X">')
    assert found.films == ()


@pytest.mark.parametrize(
    ("page", "announced"),
    [
        ('<i data-num-entries="60"></i>', 60),
        ('<span class="js-watchlist-count">1,234&nbsp;films</span>', 1234),
        ('<meta name="description" content="A list of 12 films compiled in 2026">', 12),
        ('<meta name="description" content="100 years of horror: 1 film">', 1),
    ],
)
def test_the_announced_number_is_found_wherever_it_stands(page, announced):
    assert read_grid(parse(page)).announced == announced


@pytest.mark.parametrize("page", ["", "<body class='watchlist'></body>", "Not found", "{}"])
def test_a_page_that_says_neither_films_nor_their_number_is_no_list(page):
    assert read_grid(parse(page)) is None


def test_an_ordinary_page_with_the_hosts_script_is_no_wall():
    script = '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
    assert wall(parse(f"<title>Just a Moment (2011) • Letterboxd</title>{script}")) is None


@pytest.mark.parametrize("title", ["Just a moment...", "Attention Required! | Cloudflare"])
def test_a_challenge_is_known_by_its_title(title):
    assert wall(parse(f"<title>{title}</title>")) == "a challenge for browsers"


def test_the_link_to_a_series_is_believed_before_the_body():
    found = film_page(
        '<a href="https://www.themoviedb.org/tv/42/">TMDB</a>', 'data-tmdb-type="movie"'
    )
    assert (found.series, found.tmdb_id) == (True, None)


def test_without_a_link_the_body_is_believed():
    assert film_page("", 'data-tmdb-type="movie" data-tmdb-id="42"').tmdb_id == 42
    assert film_page("", 'data-tmdb-type="tv" data-tmdb-id="42"').series


def test_a_link_in_a_review_does_not_stand_for_the_film():
    review = '<p><a href="https://imdb.com/title/tt9999999/">remake of this</a></p>'
    own = '<a data-track-action="IMDb" href="http://www.imdb.com/title/tt0041959/maindetails">'
    assert film_page(review + own).imdb_id == "tt0041959"


def test_alternative_titles_are_divided_at_commas_but_not_within_a_title():
    told = "The Good, the Bad and the Ugly, Me, Myself & Irene, 기생충"
    found = film_page(f'<div class="text-indentedlist"><p>{told}</p></div>')
    assert found.alternative_titles == (
        "The Good, the Bad and the Ugly",
        "Myself & Irene",
        "기생충",
    )


def test_an_original_title_loses_its_quotation_marks():
    assert film_page('<h2 class="originalname">\u2018기생충\u2019</h2>').original_title == "기생충"


def test_a_page_without_marks_of_a_film_is_none():
    assert read_film(parse("<html><body class='error'>Sorry</body></html>")) is None
