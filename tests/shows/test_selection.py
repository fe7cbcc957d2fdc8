from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.shows.selection import explain, judge, rules
from movie_sync.shows.verdict import ShowState
from movie_sync.shows_settings import Shows
from tests import make


def show(**changes):
    return make.show(
        **({"runtime_min": 45, "premiered_on": date(2015, 3, 1), "rating": 7.5} | changes)
    )


def written(**shows):
    return rules(msgspec.convert(shows, Shows))


def one(**selection):
    return written(selections=[{"name": "mine"} | selection])


def test_a_show_that_fits_a_selection_is_taken_by_its_name():
    verdict = judge(show(), one(genres=["Drama"], languages=["English"], countries=["US"]))
    assert (verdict.state, verdict.rule, verdict.code) == (ShowState.PENDING, "mine", "passes")
    assert verdict.sentence == "mine: it fits"


@pytest.mark.parametrize(
    ("selection", "code", "sentence"),
    [
        ({"types": ["Animation"]}, "type", "its type is Scripted, not Animation"),
        ({"exclude_types": ["Scripted"]}, "type", "its type Scripted is excluded"),
        ({"languages": ["Korean"]}, "language", "its language is English, not Korean"),
        ({"countries": ["GB", "CA"]}, "country", "its country is US, not GB or CA"),
        ({"genres": ["Comedy"]}, "genre", "its genres are Drama, Crime, not Comedy"),
        ({"exclude_genres": ["Crime"]}, "genre", "its genre Crime is excluded"),
        ({"networks": ["Netflix"]}, "network", "its network is HBO, not Netflix"),
        ({"status": ["Ended"]}, "status", "its status is Running, not Ended"),
        (
            {"premiered": {"after": "2016-01-01"}},
            "premiered",
            "it premiered on 2015-03-01, before 2016-01-01",
        ),
        ({"ended": {"before": "2016-01-01"}}, "ended", "it has not ended"),
        ({"rating": {"min": 8}}, "rating", "its rating is 7.5, less than 8"),
        ({"rating": {"max": 5}}, "rating", "its rating is 7.5, more than 5"),
        ({"runtime": {"min": 60}}, "runtime", "an episode takes 45 min, less than 60 min"),
    ],
)
def test_a_point_that_does_not_fit_is_told_with_its_code_and_values(selection, code, sentence):
    verdict = judge(show(), one(**selection))
    assert (verdict.state, verdict.rule, verdict.code) == (ShowState.FILTERED, "mine", code)
    assert verdict.sentence == f"mine: {sentence}"
    assert "is" in verdict.compared


@pytest.mark.parametrize(
    ("facts", "selection", "sentence"),
    [
        (
            {"language": None},
            {"languages": ["Korean"]},
            "its language is not known, and not Korean",
        ),
        ({"genres": ()}, {"genres": ["Drama"]}, "it has no genre, and not Drama"),
        ({"genres": ("Drama",)}, {"genres": ["War"]}, "its genre is Drama, not War"),
        ({"rating": None}, {"rating": {"min": 5}}, "it has no rating"),
        ({"runtime_min": None}, {"runtime": {"min": 20}}, "its running time is not known"),
        (
            {"premiered_on": None},
            {"premiered": {"after": "2010-01-01"}},
            "it has not premiered, or the day is not known",
        ),
        (
            {"status": "Ended"},
            {"ended": {"after": "2010-01-01"}},
            "it has ended, but the day is not known",
        ),
    ],
)
def test_what_is_not_known_does_not_fit_and_is_told(facts, selection, sentence):
    assert judge(show(**facts), one(**selection)).sentence == f"mine: {sentence}"


@pytest.mark.parametrize(
    ("facts", "selection"),
    [
        ({"rating": None}, {"rating": {"min": 5}}),
        ({"runtime_min": None}, {"runtime": {"min": 20}}),
        ({"premiered_on": None}, {"premiered": {"after": "2010-01-01"}}),
        ({"status": "Ended"}, {"ended": {"after": "2010-01-01"}}),
    ],
)
def test_what_is_not_known_fits_where_the_selection_says_so(facts, selection):
    assert judge(show(**facts), one(**selection, when_unknown="pass")).state == ShowState.PENDING


@pytest.mark.parametrize(
    ("facts", "selection"),
    [
        ({"language": None}, {"languages": ["Korean", "none"]}),
        ({"country": None}, {"countries": ["US", "none"]}),
        ({"genres": ()}, {"genres": ["none"]}),
        ({"network": None}, {"networks": ["none"]}),
        ({"language": "english"}, {"languages": ["ENGLISH"]}),
        ({"ended_on": None}, {"ended": {"after": "2030-01-01"}}),
        ({"premiered_on": date(2010, 1, 1)}, {"premiered": {"after": "2010-01-01"}}),
    ],
)
def test_none_is_a_word_for_what_is_not_there_and_limits_count(facts, selection):
    assert judge(show(**facts), one(**selection)).state == ShowState.PENDING


def test_a_streamed_show_is_found_by_its_channel_and_its_average_length():
    streamed = show(network=None, web_channel="Netflix", country=None, runtime_min=50)
    wanted = one(networks=["netflix"], countries=["US", "none"], runtime={"min": 40})
    assert judge(streamed, wanted).state == ShowState.PENDING
    without = one(countries=["US"])
    assert judge(streamed, without).sentence == (
        "mine: it has no country, as what is streamed in the whole world, and not US"
    )
    not_this = one(exclude_networks=["Netflix"])
    assert judge(streamed, not_this).sentence == "mine: its network Netflix is excluded"


def test_what_is_excluded_is_refused_whatever_a_selection_says():
    ruled = written(
        exclude={"languages": ["none"], "types": ["News"]}, selections=[{"name": "all"}]
    )
    assert judge(show(type="News"), ruled).sentence == "its type News is excluded"
    assert judge(show(type="News"), ruled).rule == "exclude"
    unknown = judge(show(language=None), ruled)
    assert unknown.sentence == "its language is not known, which is excluded"
    assert judge(show(), ruled).state == ShowState.PENDING


def test_a_show_has_to_fit_one_selection_only_and_the_first_takes_it():
    ruled = written(
        selections=[
            {"name": "korean", "languages": ["Korean"]},
            {"name": "good", "rating": {"min": 7}},
            {"name": "all"},
        ]
    )
    assert judge(show(), ruled).rule == "good"
    assert judge(show(language="Korean"), ruled).rule == "korean"


def test_a_show_that_fits_none_is_told_of_by_the_selection_that_came_nearest():
    ruled = written(
        selections=[
            {"name": "korean", "languages": ["Korean"]},
            {"name": "good", "languages": ["English"], "rating": {"min": 9}},
        ]
    )
    verdict = judge(show(), ruled)
    assert (verdict.rule, verdict.code) == ("good", "rating")
    answers = explain(show(), ruled).answers
    assert [(one.rule, one.takes) for one in answers] == [
        ("exclude", True), ("korean", False), ("good", False),
    ]  # fmt: skip
    assert answers[1].reasons == (("language", "its language is English, not Korean"),)


def test_without_a_selection_nothing_passes_and_a_person_is_told():
    ruled = written(enabled=True)
    verdict = judge(show(), ruled)
    assert (verdict.state, verdict.code) == (ShowState.FILTERED, "no_selection")
    assert ruled.notices == (
        "shows: there is no selection, so that no show passes; write one into shows.selections, "
        "or what you like into shows.filters",
    )
    assert written(enabled=True, selections=[{"enabled": False}]).notices == ruled.notices


def test_a_selection_that_asks_nothing_takes_all_and_a_person_is_told():
    ruled = one(genres=[], languages=[])
    assert judge(show(), ruled).state == ShowState.PENDING
    assert ruled.notices == ("shows: the selection mine asks nothing, so that it takes every show",)


def test_only_a_show_that_passes_is_asked_for_its_tvdb_id():
    wanted = one(languages=["English"])
    waiting = judge(show(tvdb_id=None), wanted)
    assert (waiting.state, waiting.code) == (ShowState.PENDING_TVDB, "no_tvdb_id")
    assert judge(show(tvdb_id=None, language="Korean"), wanted).code == "language"


@pytest.mark.parametrize(
    ("review", "of_selection", "state"),
    [
        ("off", True, ShowState.PENDING),
        ("all", False, ShowState.REVIEW),
        ("selections", True, ShowState.REVIEW),
        ("selections", None, ShowState.PENDING),
    ],
)
def test_a_person_reviews_all_none_or_what_a_selection_says(review, of_selection, state):
    ruled = written(review=review, selections=[{"review": of_selection}])
    assert judge(show(), ruled).state == state


def test_the_plain_form_is_one_selection():
    ruled = written(
        filters={
            "genres": {"exclude": ["Reality", "Talk Show", "Game Show", "News", "Sports"]},
            "types": {"include": ["Scripted", "Animation", "Documentary"]},
            "countries": {"include": ["US", "UK", "CA", "AU", "NZ", "IE", "GB"]},
            "languages": {"include": ["English"]},
            "status": {"exclude_ended": True},
            "premiered": {"after": "2010-01-01"},
            "min_runtime": 20,
        }
    )
    assert [one.name for one in ruled.selections] == ["filters"]
    assert judge(show(), ruled).state == ShowState.PENDING
    assert judge(show(country="GB"), ruled).state == ShowState.PENDING
    assert judge(show(genres=("Sports",)), ruled).code == "genre"
    assert judge(show(type="Reality"), ruled).sentence == (
        "filters: its type is Reality, not Scripted, Animation or Documentary"
    )
    ended = judge(show(status="Ended", ended_on=date(2020, 5, 1)), ruled)
    assert ended.sentence == "filters: it has ended on 2020-05-01"
    assert judge(show(runtime_min=10), ruled).code == "runtime"


def test_a_type_in_a_list_of_genres_is_held_against_the_type():
    ruled = written(filters={"genres": {"exclude": ["Reality", "Sports"]}})
    assert judge(show(type="Reality", genres=()), ruled).sentence == (
        "filters: its type Reality is excluded"
    )
    assert ruled.notices == (
        'shows.filters.genres.exclude: "Reality" is a type at TVMaze and no genre; shows of that '
        "type are meant",
    )
    assert judge(show(type="Reality"), one(genres=["Reality"])).state == ShowState.PENDING


def test_names_are_made_different():
    ruled = written(selections=[{"name": "exclude"}, {"name": "a"}, {"name": "a"}, {}])
    assert [one.name for one in ruled.selections] == ["exclude 2", "a", "a 2", "selection 4"]


def test_limits_that_nothing_can_fit_are_told_of():
    assert one(rating={"min": 8, "max": 5}).problems == (
        "shows.selections[0].rating: min is 8.0 and max is 5.0, so that nothing can fit",
    )


def test_the_hash_changes_with_what_passes_and_not_with_where_it_goes():
    plain = one(languages=["English"])
    assert one(languages=["English"], root_folder="/tv", tags=["x"]).hash == plain.hash
    changed = [
        one(languages=["Korean"]),
        one(languages=["English"], review=True),
        written(
            exclude={"types": ["News"]}, selections=[{"name": "mine", "languages": ["English"]}]
        ),
        one(languages=["English"], enabled=False),
    ]
    assert len({plain.hash, *(ruled.hash for ruled in changed)}) == 5


DAYS = st.none() | st.dates(date(2009, 1, 1), date(2012, 1, 1))
WORDS = {
    "genres": ("Drama", "Comedy", "Reality", "none"),
    "types": ("Scripted", "Reality"),
    "languages": ("English", "Korean", "none"),
    "countries": ("US", "KR", "UK", "none"),
    "networks": ("HBO", "Netflix", "none"),
}
LISTS = {name: st.lists(st.sampled_from(words), max_size=2) for name, words in WORDS.items()}
SHOWN = st.builds(
    show,
    type=st.sampled_from(("Scripted", "Reality", None)),
    language=st.sampled_from(("English", "Korean", None)),
    genres=st.lists(st.sampled_from(("Drama", "Comedy")), unique=True).map(tuple),
    status=st.sampled_from(("Running", "Ended", None)),
    runtime_min=st.sampled_from((None, 10, 45)),
    premiered_on=DAYS,
    ended_on=DAYS,
    rating=st.sampled_from((None, 5.0, 8.0)),
    network=st.sampled_from((None, "HBO")),
    web_channel=st.sampled_from((None, "Netflix")),
    country=st.sampled_from((None, "US", "KR", "GB")),
    tvdb_id=st.sampled_from((None, 1)),
)
SELECTION = st.fixed_dictionaries(
    {},
    optional=LISTS
    | {f"exclude_{name}": words for name, words in LISTS.items()}
    | {
        "status": st.lists(st.sampled_from(("Running", "Ended")), max_size=1),
        "exclude_ended": st.booleans(),
        "premiered": st.fixed_dictionaries({}, optional={"after": DAYS, "before": DAYS}),
        "ended": st.fixed_dictionaries({}, optional={"after": DAYS, "before": DAYS}),
        "rating": st.just({"min": 7}),
        "runtime": st.just({"max": 20}),
        "when_unknown": st.sampled_from(("refuse", "pass")),
        "review": st.booleans(),
        "enabled": st.booleans(),
    },
)


@given(
    st.fixed_dictionaries({}, optional=LISTS),
    st.lists(SELECTION, max_size=3),
    st.lists(SHOWN, min_size=1, max_size=8),
)
def test_judging_fast_and_explaining_plainly_always_agree(exclude, selections, shows):
    ruled = written(exclude=exclude, selections=selections)
    for shown in shows:
        assert judge(shown, ruled) == explain(shown, ruled).verdict
