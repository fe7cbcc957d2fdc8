import pytest

from movie_sync.services import tmdb_questions as questions

HOUR, DAY, WEEK = 3600, 86_400, 604_800


@pytest.mark.parametrize(
    ("question", "key", "path", "lasts_s"),
    [
        (questions.search_movies("The Kid"), "search:movie:the kid", "/search/movie", HOUR),
        (questions.search_shows("Dark"), "search:tv:dark", "/search/tv", HOUR),
        (questions.search_all("Dark"), "search:multi:dark", "/search/multi", HOUR),
        (questions.movie(550), "movie:550", "/movie/550", DAY),
        (questions.movie_credits(550), "movie:550:credits", "/movie/550/credits", DAY),
        (questions.show(1399), "tv:1399", "/tv/1399", DAY),
        (questions.show_credits(1399), "tv:1399:credits", "/tv/1399/credits", DAY),
        (questions.all_show_credits(1399), "tv:1399:aggregate_credits",
         "/tv/1399/aggregate_credits", DAY),
        (questions.season(1399, 0), "tv:1399:season:0", "/tv/1399/season/0", DAY),
        (questions.person(31), "person:31", "/person/31", WEEK),
        (questions.filmography(31), "person:31:credits", "/person/31/combined_credits", WEEK),
        (questions.collection(10), "collection:10", "/collection/10", WEEK),
        (questions.trending_movies(), "trending:movie", "/trending/movie/week", HOUR),
        (questions.trending_shows(), "trending:tv", "/trending/tv/week", HOUR),
        (questions.find("imdb", "TT0137523"), "find:imdb:tt0137523", "/find/tt0137523", DAY),
        (questions.find("wikidata", "Q23572"), "find:wikidata:q23572", "/find/Q23572", DAY),
        (questions.movie_titles(550), "movie:550:alternative_titles",
         "/movie/550/alternative_titles", DAY),
        (questions.show_ids(1399), "tv:1399:external_ids", "/tv/1399/external_ids", DAY),
        (questions.show_translations(1399), "tv:1399:translations", "/tv/1399/translations", DAY),
        (questions.configuration(), "configuration", "/configuration", WEEK),
    ],
)  # fmt: skip
def test_each_question_has_the_key_path_and_duration_that_are_promised(
    question, key, path, lasts_s
):
    assert (question.key, question.path, question.lasts_s) == (key, path, lasts_s)
    assert question.key_in("en-US") == question.key_in(None) == key


def test_another_language_has_keys_of_its_own_where_the_answer_is_another_one():
    assert questions.movie(550).key_in("de-DE") == "movie:550:de-DE"
    assert questions.movie_titles(550).key_in("de-DE") == "movie:550:alternative_titles"


def test_queries_that_ask_the_same_have_one_key():
    ways = ("Amélie", "  amélie ", "Ame\u0301lie", "AMÉLIE", "Amélie\n", "\x00Amélie")
    assert {questions.search_movies(way).key for way in ways} == {"search:movie:amélie"}
    assert dict(questions.search_movies(" Ame\u0301lie\n").params) == {"query": "Amélie"}


def test_queries_that_ask_for_something_else_never_share_a_key():
    asked = (
        questions.search_movies("Blade Runner", 2049),
        questions.search_movies("Blade Runner:2049"),
        questions.search_movies("Blade Runner%3a2049"),
        questions.search_movies("Blade Runner", 2049, page=2),
        questions.search_movies("Blade Runner"),
        questions.search_movies("Blade Runner:de"),
    )
    keys = {one.key_in("de") for one in asked} | {one.key for one in asked}
    assert len(keys) == 2 * len(asked)


def test_other_parts_are_kept_apart():
    assert questions.movie(550, ("release_dates",)).key == "movie:550:with:release_dates"


def test_the_bytes_of_a_file_name_can_be_searched_for():
    assert dict(questions.search_movies("Am\udce9lie").params) == {"query": "Am lie"}


def test_years_and_pages_are_asked_for_by_their_names():
    assert dict(questions.search_movies("Dark", 2017, 3).params) == {
        "query": "Dark", "primary_release_year": 2017, "page": 3,
    }  # fmt: skip
    assert dict(questions.search_shows("Dark", 2017).params)["first_air_date_year"] == 2017
    assert dict(questions.search_all("Dark", 501).params)["page"] == 500


@pytest.mark.parametrize(
    ("question", "about"),
    [
        (questions.movie(550), "film 550"),
        (questions.show_credits(1399), "show 1399"),
        (questions.season(1399, 0), "season 0 of show 1399"),
        (questions.person(31), "person 31"),
        (questions.collection(10), "collection 10"),
        (questions.configuration(), "configuration"),
    ],
)
def test_what_it_is_about_is_said_in_words(question, about):
    assert question.about == about
