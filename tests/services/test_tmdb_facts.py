from datetime import date

import msgspec
import pytest

from movie_sync.library_models import Collection, Credit, EpisodeFacts, Kind, Suggestion
from movie_sync.services import tmdb_credits
from movie_sync.services import tmdb_facts as facts
from movie_sync.services.tmdb_shapes import Credits, Hit, Movie, Season, Show


def movie(**fields):
    return msgspec.convert({"id": 4711, "title": "The Lantern Keeper"} | fields, Movie)


def show(**fields):
    return msgspec.convert({"id": 77, "name": "Quiet Harbour"} | fields, Show)


def season(number=1, **fields):
    return msgspec.convert({"season_number": number} | fields, Season)


def episodes(*runtimes):
    return [{"episode_number": n, "runtime": each} for n, each in enumerate(runtimes, 1)]


def translated(language, **data):
    return {"translations": [{"iso_639_1": language, "data": data}]}


def test_a_film_is_told_whole():
    told = movie(
        original_title="등대지기",
        original_language="ko",
        overview="A keeper.",
        tagline="Keep it lit.",
        status="Released",
        release_date="2019-05-30",
        runtime=118,
        imdb_id="tt0471100",
        genres=[{"id": 18, "name": "Drama"}],
        production_countries=[{"iso_3166_1": "KR", "name": "South Korea"}],
        belongs_to_collection={"id": 9, "name": "Lanterns", "poster_path": "/c.jpg"},
        poster_path="/p.jpg",
        backdrop_path="/b.jpg",
        vote_average=7.4,
        vote_count=12,
        alternative_titles={"titles": [{"title": "Deungdaejigi"}, {"title": "Смотритель"}]},
    )
    found = facts.film(told)
    assert found == type(found)(
        kind=Kind.FILM,
        title="The Lantern Keeper",
        year=2019,
        ids={"tmdb": "4711", "imdb": "tt0471100"},
        original_title="등대지기",
        other_titles=("Deungdaejigi",),
        original_language="ko",
        overview="A keeper.",
        tagline="Keep it lit.",
        genres=("Drama",),
        runtime_min=118,
        premiered_on=date(2019, 5, 30),
        status="Released",
        countries=("KR",),
        rating=7.4,
        votes=12,
        poster="/p.jpg",
        backdrop="/b.jpg",
        collection=Collection(tmdb_id=9, name="Lanterns", poster="/c.jpg"),
    )


def test_empty_texts_zeros_and_ratings_by_nobody_are_none():
    empty = dict.fromkeys(
        ("original_title", "overview", "tagline", "status", "release_date", "imdb_id"), ""
    )
    found = facts.film(movie(**empty, runtime=0, vote_average=0.0, vote_count=0, poster_path=None))
    assert msgspec.to_builtins(found) == {
        "kind": "film", "title": "The Lantern Keeper", "ids": {"tmdb": "4711"},
    }  # fmt: skip


def test_a_text_that_is_not_translated_is_taken_in_english():
    told = movie(overview="", tagline="", translations=translated("en", overview="A keeper."))
    assert facts.film(told).overview == "A keeper."
    assert facts.film(movie(translations=translated("de", overview="Ein W."))).overview is None


def test_where_the_producers_are_not_known_its_own_country_counts():
    assert facts.film(movie(origin_country=["FR"])).countries == ("FR",)


def test_a_show_is_told_with_the_seasons_that_were_asked_for():
    told = show(
        first_air_date="2020-01-10",
        last_air_date="2022-03-01",
        status="Ended",
        origin_country=["GB"],
        external_ids={"imdb_id": "tt7", "tvdb_id": 88},
        translations=translated("de", name="Stiller Hafen"),
    )
    second = season(
        2, id=5, name="Two", air_date="2021-01-01",
        episodes=[{"episode_number": 2, "id": 12}, {
            "episode_number": 1, "id": 11, "name": "Fog", "overview": "", "runtime": 44,
            "air_date": "2021-01-01", "still_path": "/s.jpg",
        }],
    )  # fmt: skip
    found = facts.show(told, [second])
    assert found.ids == {"tmdb": "77", "imdb": "tt7", "tvdb": "88"}
    assert (found.year, found.ended_on, found.countries) == (2020, date(2022, 3, 1), ("GB",))
    assert found.other_titles == ("Stiller Hafen",)
    (only,) = found.seasons
    assert (only.number, only.name, only.aired_on) == (2, "Two", date(2021, 1, 1))
    assert only.episodes == (
        EpisodeFacts(
            number=1, name="Fog", aired_on=date(2021, 1, 1), runtime_min=44, still="/s.jpg",
            ids={"tmdb": "11"},
        ),
        EpisodeFacts(number=2, ids={"tmdb": "12"}),
    )  # fmt: skip


def test_a_show_that_goes_on_has_no_end():
    assert facts.show(show(last_air_date="2026-01-01", status="Returning Series")).ended_on is None


@pytest.mark.parametrize(
    ("told", "seasons", "minutes"),
    [
        (show(episode_run_time=[60, 45, 50]), (), 50),
        (show(last_episode_to_air={"episode_number": 9, "runtime": 80}), (), 80),
        (show(last_episode_to_air={"episode_number": 9, "runtime": 80}),
         [season(1, episodes=episodes(44, 45, None, 80))], 45),
        (show(), [season(0, episodes=episodes(5, 5, 5)), season(1, episodes=episodes(50))], 50),
        (show(), [season(0, episodes=episodes(5))], 5),
        (show(last_episode_to_air={"episode_number": 9, "runtime": None}), (), None),
        (show(), (), None),
    ],
)  # fmt: skip
def test_a_shows_running_time_is_taken_from_where_it_is(told, seasons, minutes):
    assert facts.show(told, seasons).runtime_min == minutes


def credits(cast=(), crew=()):
    return msgspec.convert({"cast": list(cast), "crew": list(crew)}, Credits)


def test_the_cast_is_in_its_order_and_has_an_end():
    cast = [{"id": n, "name": f"P{n}", "character": f"C{n}", "order": 99 - n} for n in range(99)]
    found = tmdb_credits.cast(credits([*cast, {"id": 500, "name": "Extra"}]))
    assert [one.name for one in found[:2]] == ["P98", "P97"]
    assert [one.order for one in found] == list(range(tmdb_credits.MOST_CAST))


def test_parts_of_all_seasons_are_one_credit():
    roles = [{"character": "Ann", "episode_count": 9}, {"character": "Ann's twin"},
             {"character": ""}]  # fmt: skip
    (found,) = tmdb_credits.cast(credits([{"id": 1, "name": "Kim", "roles": roles, "order": 6}]))
    assert found == Credit(person_tmdb_id=1, name="Kim", role="Ann / Ann's twin", order=0)


def test_of_a_crew_those_come_first_that_people_look_for_and_none_twice():
    crew = [
        {"id": 1, "name": "Lee", "job": "Gaffer", "department": "Lighting"},
        {"id": 2, "name": "Kim", "job": "Writer", "department": "Writing"},
        {"id": 2, "name": "Kim", "job": "Director", "department": "Directing"},
        {"id": 2, "name": "Kim", "job": "Director", "department": "Directing"},
        {"id": 3, "name": "Ann", "jobs": [{"job": "Director"}, {"job": "Editor"}]},
    ]
    found = [(one.name, one.role) for one in tmdb_credits.crew(credits((), crew))]
    assert found == [
        ("Kim", "Director"), ("Ann", "Director"), ("Kim", "Writer"), ("Ann", "Editor"),
        ("Lee", "Gaffer"),
    ]  # fmt: skip


def test_who_created_a_show_is_the_first_of_its_crew():
    crew = {"cast": [], "crew": [{"id": 2, "name": "Kim", "jobs": [{"job": "Director"}]}]}
    told = show(created_by=[{"id": 9, "name": "Ann"}], aggregate_credits=crew)
    assert [(one.name, one.role) for one in facts.show(told).crew] == [
        ("Ann", "Creator"), ("Kim", "Director"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hit", "expected"),
    [
        (Hit(id=1, title="Fog", release_date="1980-02-01", popularity=3.5, vote_count=9),
         Suggestion(kind=Kind.FILM, tmdb_id=1, title="Fog", year=1980, popularity=3.5, votes=9)),
        (Hit(id=1, name="Fog", original_name="Nebel", first_air_date=""),
         Suggestion(kind=Kind.FILM, tmdb_id=1, title="Fog", original_title="Nebel")),
        (Hit(id=1, original_title="Nebel"),
         Suggestion(kind=Kind.FILM, tmdb_id=1, title="Nebel", original_title="Nebel")),
        (Hit(id=1), None),
    ],
)  # fmt: skip
def test_a_hit_becomes_a_suggestion_whatever_it_lacks(hit, expected):
    assert facts.suggestion(hit, Kind.FILM) == expected


def test_a_suggestion_names_each_of_its_titles_once():
    one = Suggestion(
        kind=Kind.FILM, tmdb_id=1, title="Fog", original_title="Fog", other_titles=("Nebel",)
    )
    assert one.titles == ("Fog", "Nebel")


def test_what_is_kept_makes_the_same_facts_and_is_much_smaller():
    people = [{"id": n, "name": f"P{n}", "character": "C", "order": n} for n in range(300)]
    doers = [{"id": n, "name": f"D{n}", "job": "Producer"} for n in range(300)]
    texts = [
        {"iso_639_1": code, "data": {"title": f"T {code}", "overview": "so long a text" * 9}}
        for code in ("en", "de", "fr", "ro")
    ]
    told = movie(credits={"cast": people, "crew": doers}, translations={"translations": texts})
    kept = facts.slim(told)
    assert facts.film(kept) == facts.film(told)
    assert facts.film(kept).overview == "so long a text" * 9
    assert len(msgspec.json.encode(kept)) < len(msgspec.json.encode(told)) / 5


def test_what_is_kept_of_a_show_makes_the_same_facts():
    crew = [{"id": n, "name": f"D{n}", "jobs": [{"job": "Editor"}, {"job": "Writer"}]}
            for n in range(50)]  # fmt: skip
    told = show(aggregate_credits={"cast": [], "crew": crew}, created_by=[{"id": 1, "name": "A"}])
    assert facts.show(facts.slim(told)) == facts.show(told)
    assert facts.slim(season(1)) == season(1)
