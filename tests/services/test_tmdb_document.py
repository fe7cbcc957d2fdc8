"""Extra: what we ask and read of TMDB, held against its own description and its own examples."""

import json
from dataclasses import fields

import msgspec
import pytest

from movie_sync.services import tmdb_credits
from movie_sync.services import tmdb_facts as facts
from movie_sync.services import tmdb_questions as questions
from movie_sync.services import tmdb_shapes as shapes
from movie_sync.services.tmdb_questions import Question
from tests.services import tmdb_document as described

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not described.DOCUMENT.exists(), reason=described.NO_DOCUMENT),
]

ASKED = [
    questions.search_movies("Star Wars", 1977, 2),
    questions.search_shows("Game of Thrones", 2011, 2),
    questions.search_all("Star Wars", 2),
    questions.movie(11),
    questions.movie_credits(550),
    questions.movie_titles(550),
    questions.movie_ids(550),
    questions.movie_translations(550),
    questions.show(1399),
    questions.show_credits(1399),
    questions.all_show_credits(1399),
    questions.show_titles(1399),
    questions.show_ids(1399),
    questions.show_translations(1399),
    questions.season(1399, 1),
    questions.person(31),
    questions.filmography(31),
    questions.collection(10),
    questions.trending_movies(),
    questions.trending_shows(),
    questions.find("imdb", "tt17663992"),
    questions.configuration(),
    questions.authentication(),
]


def example(question):
    """What TMDB shows as the answer."""
    template, _ = described.described(question.path)
    name = template.removeprefix("/3/").translate(str.maketrans({"/": "_", "{": None, "}": None}))
    return json.loads((described.EXAMPLES / f"{name}.json").read_text())["json"]


@pytest.mark.parametrize("question", ASKED, ids=lambda one: one.key)
def test_what_is_asked_can_be_asked_for_so(question):
    params = {name for name, _ in question.params}
    params |= {"language"} if question.localised else set()
    assert described.question_problems(question.path, params) == []


@pytest.mark.parametrize("question", ASKED, ids=lambda one: one.key)
def test_tmdbs_own_example_is_read_and_reads_the_same_once_it_was_kept(question):
    told = example(question)
    read = msgspec.json.decode(json.dumps(told), type=question.form)
    kept = msgspec.json.encode(read)
    assert msgspec.json.decode(kept, type=question.form) == read
    assert len(kept) <= len(json.dumps(told))


def test_every_question_is_asked_here():
    made = {
        name
        for name, one in vars(questions).items()
        if callable(one)
        and name.islower()
        and getattr(one, "__annotations__", {}).get("return")
        and "Question" in str(one.__annotations__["return"])
        and not name.startswith("_")
    }
    assert len(made) == len(ASKED)
    assert {one.name for one in fields(Question)} >= {"key", "path", "form", "lasts_s"}


def test_facts_are_made_of_tmdbs_own_examples():
    star_wars = facts.film(msgspec.convert(example(questions.movie(11)), shapes.Movie))
    assert (star_wars.title, star_wars.year, star_wars.runtime_min) == ("Star Wars", 1977, 121)
    assert star_wars.collection
    assert star_wars.collection.name == "Star Wars Collection"
    thrones = msgspec.convert(example(questions.show(1399)), shapes.Show)
    first = msgspec.convert(example(questions.season(1399, 1)), shapes.Season)
    told = facts.show(thrones, [first])
    assert (told.title, told.year, told.status) == ("Game of Thrones", 2011, "Ended")
    assert told.seasons[0].episodes[0].name == "Winter Is Coming"
    assert told.runtime_min
    parts = msgspec.convert(example(questions.all_show_credits(1399)), shapes.Credits)
    assert tmdb_credits.cast(parts)[0].role
    assert tmdb_credits.crew(parts)


@pytest.mark.parametrize(
    "path", sorted(described.RECORDED.glob("get_*.json")), ids=lambda path: path.stem[:50]
)
def test_what_tmdb_really_answered_is_read(path):
    recorded = json.loads(path.read_text())
    asked = recorded["request"]["path"].removeprefix("/3")
    found = described.described(asked)
    forms = {one.path.split("/")[1] + str(one.path.count("/")): one.form for one in ASKED}
    forms["search2"], forms["movie2"] = shapes.Hits, shapes.Movie
    form = forms.get(asked.split("/")[1] + str(asked.count("/")))
    if found is None or asked.endswith("/images") or form is None:
        return
    assert msgspec.json.decode(json.dumps(recorded["response"]["json"]), type=form)
