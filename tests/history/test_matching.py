from datetime import UTC, datetime, timedelta

import pytest

from movie_sync.history.match_models import Candidate, Mapping, State, Stretch, Tier, YearHint
from movie_sync.history.matching import (
    Standing,
    chosen,
    heed,
    is_due,
    judge,
    merged,
    moved,
    taken_away,
)
from movie_sync.history.names import name, names
from movie_sync.library_models import Kind
from tests.history.things_to_match import candidate, film, seasons, viewed

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SEASON_1 = Mapping((Stretch(season=1),))


def test_the_same_title_country_year_and_episodes_are_sure():
    verdict = judge(viewed(), [candidate()])
    assert (verdict.state, verdict.candidate) == (State.AUTO, candidate())
    assert verdict.sentence == (
        'My Mister (2018): "나의 아저씨" is called so in its own script, both are from KR, '
        "is from 2018, and Viki had it by 2018, has 16 episodes there, 16 on Viki"
    )
    assert verdict.mapping == SEASON_1


def test_nothing_found_is_no_match():
    assert judge(viewed(), []).state is State.NONE


def test_a_marketing_title_is_found_by_the_title_in_its_own_script():
    found = candidate("Guardian: The Lonely and Great God", "쓸쓸하고 찬란하神 - 도깨비")
    verdict = judge(viewed("Goblin", "쓸쓸하고 찬란하神 – 도깨비"), [found])  # noqa: RUF001
    assert verdict.state is State.AUTO


def test_a_marketing_title_is_found_by_what_else_it_is_called():
    found = candidate("Hello, My Twenties!", None, others=("Age of Youth",))
    assert judge(viewed("Age of Youth", None), [found]).state is State.AUTO


def test_an_exact_title_goes_before_the_first_result():
    first = candidate("My Mister: Behind the Scenes", "나의 아저씨 메이킹", 1)
    right = candidate(number=2)
    assert judge(viewed(), [first, right]).candidate == right


def test_the_order_of_candidates_decides_nothing():
    old = candidate(number=1, year=2011, seasons=seasons((20, 2011)))
    some = [old, candidate(number=2), candidate("Mister", "", 3)]
    assert judge(viewed(), some).candidate == judge(viewed(), some[::-1]).candidate == some[1]


@pytest.mark.parametrize("nothing", ["?!", "♥", "...", "??", " "])
def test_a_name_without_letters_is_like_nothing(nothing):
    assert name(nothing) is None
    other = candidate(nothing, nothing)
    assert judge(viewed(nothing, nothing), [other]).state is State.NONE
    assert judge(viewed(nothing, "합성"), [candidate("Anything", "아무거나")]).state is State.NONE


def test_no_title_matches_because_it_begins_like_another():
    witcher = candidate("The Witcher", None, year=2025, seasons=seasons((10, 2025)))
    seen = viewed("The Witch", "마녀", year=YearHint(2025), planned_episodes=10)
    assert judge(seen, [witcher]).state is State.NONE
    assert judge(viewed("The Witcher", None), [candidate("The Witch", None)]).state is State.NONE


def test_words_in_common_are_never_enough():
    some = [candidate("My Mister and Me", None), candidate("Mister", None, 2)]
    assert judge(viewed(own=None), some).state is not State.AUTO


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Cang Lan Jue", "Canglan Jue"),
        ("Hana-Yori Dango", "Hanayori dango"),
        ("Chén Qíng Lìng", "Chen Qing Ling"),
        ("Xi'an Nights", "Xian Nights"),
    ],
)
def test_a_romanised_title_is_the_same_with_other_spaces_and_signs(mine, theirs):
    found = candidate("Something Else", None, others=(theirs,))
    assert judge(viewed(mine, None), [found]).state is State.AUTO


def test_a_title_that_only_sounds_alike_needs_year_and_episodes():
    found = candidate("The Night", None, others=("Yoru no Ookami",))
    seen = viewed("The Wolf", None, also=("Yoru no Okami",))
    evidence = judge(seen, [found]).choices[0].evidence
    assert evidence.tier is Tier.ROMANISED
    assert not evidence.doubts
    assert judge(viewed("Yoru no Okami", None, year=None), [found]).state is State.REVIEW


@pytest.mark.parametrize(("mine", "theirs"), [("月宮", "月宫"), ("蒼蘭訣", "苍兰诀")])
def test_simplified_and_traditional_characters_are_the_same_name(mine, theirs):
    found = candidate("A Palace", theirs, countries=("cn",))
    seen = viewed("Moon", None, country="cn", language="zh", titles={"en": "Moon", "zt": mine})
    assert judge(seen, [found]).choices[0].evidence.tier is Tier.NATIVE


def test_a_remake_in_another_country_is_refused():
    taiwan = candidate("Meteor Garden", "流星花園", countries=("tw",), year=2018)
    seen = viewed("Meteor Garden", None, country="cn", language="zh",
                  titles={"en": "Meteor Garden", "zh": "流星花园"})  # fmt: skip
    verdict = judge(seen, [taiwan])
    assert verdict.state is State.REVIEW  # all but the country agrees: a person may say so
    assert judge(seen, [candidate("Meteor Garden", None, countries=("us",))]).state is State.NONE


def test_another_language_speaks_for_another_country():
    us = candidate("Kingdom", None, countries=(), language="en")
    assert judge(viewed("Kingdom", None), [us]).state is State.NONE


def test_the_same_name_of_another_year_is_another_work():
    old = candidate(own=None, year=2008, seasons=seasons((16, 2008)))
    assert judge(viewed(own=None, year=YearHint(2018, at_most=False)), [old]).state is State.NONE


def test_a_work_that_is_younger_than_vikis_is_another_one():
    later = candidate(year=2024, seasons=seasons((16, 2024)))
    assert judge(viewed(), [later]).state is not State.AUTO


def test_two_works_of_one_name_country_and_time_are_asked():
    some = [candidate(number=1), candidate(number=2)]
    verdict = judge(viewed(), some)
    assert verdict.state is State.REVIEW
    assert verdict.sentence == "it may be My Mister (2018), or as well My Mister (2018)"
    assert len(verdict.choices) == 2


def test_an_alias_with_another_number_of_episodes_is_asked():
    found = candidate("Roppongi Class", None, others=("Itaewon Class",))
    seen = viewed("Itaewon Class", None, planned_episodes=12)
    assert judge(seen, [found]).state is State.REVIEW


def test_only_an_article_between_two_works_is_asked():
    some = [candidate("Eternal Love", None, 1), candidate("The Eternal Love", None, 2)]
    assert judge(viewed("Eternal Love", None), some).state is State.REVIEW


def test_a_missing_article_alone_is_no_other_work():
    found = candidate("The Legend of the Blue Sea", None)
    verdict = judge(viewed("Legend of the Blue Sea", None), [found])
    assert verdict.state is State.AUTO
    assert verdict.confidence == 0.9


def test_another_title_in_its_own_script_is_another_work():
    other = candidate("Eternal Love", "双世宠妃", countries=("cn",))
    seen = viewed("Eternal Love", None, country="cn", language="zh",
                  titles={"en": "Eternal Love", "zh": "三生三世十里桃花"})  # fmt: skip
    assert judge(seen, [other]).state is State.REVIEW


@pytest.mark.parametrize("others", ["Weekly Idol", "New Zealand Idol", "Idol"])
def test_a_short_title_is_not_part_of_another(others):
    assert judge(viewed("IDOL I", "아이돌아이"), [candidate(others, None)]).state is State.NONE


def test_a_short_title_needs_year_or_episodes_to_agree():
    found = candidate("Life", "라이프", year=None, seasons=())
    assert judge(viewed("Life", "라이프"), [found]).state is State.REVIEW
    counted = candidate("Life", "라이프", year=None, seasons=seasons((16, 2018)))
    assert judge(viewed("Life", "라이프"), [counted]).state is State.AUTO


def test_without_any_year_the_episodes_decide():
    assert judge(viewed(year=None), [candidate()]).state is State.AUTO
    assert judge(viewed(year=None, planned_episodes=None), [candidate()]).state is State.REVIEW


@pytest.mark.parametrize(("year", "state"), [(2017, State.AUTO), (2019, State.AUTO),
                                             (2015, State.NONE), (2021, State.NONE)])  # fmt: skip
def test_a_year_may_be_one_off(year, state):
    seen = viewed(own=None, year=YearHint(year, at_most=False))
    assert judge(seen, [candidate(own=None)]).state is state


def test_a_film_is_matched_with_films_alone():
    seen = viewed("Mother", "마더", kind=Kind.FILM, planned_episodes=None, year=YearHint(2009))
    show = candidate("Mother", "마더", 2, year=2009)
    verdict = judge(seen, [show, film()])
    assert verdict.candidate == film()
    assert verdict.mapping == Mapping()
    assert judge(seen, [show]).state is State.NONE


def test_a_show_is_matched_with_shows_alone():
    seen = viewed("Taxi Driver", None)
    assert judge(seen, [film("Taxi Driver", None, year=2018)]).state is State.NONE


def test_a_film_is_told_by_its_length_where_the_year_is_late():
    seen = viewed("Mother", None, kind=Kind.FILM, year=YearHint(2013), minutes=129)
    assert judge(seen, [film(own=None)]).state is State.REVIEW
    assert judge(seen, [film(own=None, minutes=128)]).state is State.AUTO


def test_an_id_that_was_told_decides_over_every_name():
    told = candidate("My Mister", None, number=5, ids={"trakt": "5", "tmdb": "70"})
    verdict = judge(viewed(ids={"tmdb": "70"}), [candidate(), told])
    assert (verdict.state, verdict.candidate, verdict.confidence) == (State.AUTO, told, 0.99)
    unlike = candidate("Other Name", None, number=5, ids={"trakt": "5", "tmdb": "70"})
    assert judge(viewed(ids={"tmdb": "70"}), [unlike]).state is State.AUTO


def test_an_id_that_every_name_is_against_is_asked():
    told = candidate("Other Name", None, number=5, ids={"trakt": "5", "tmdb": "70"})
    verdict = judge(viewed(ids={"tmdb": "70"}), [candidate(), told])
    assert verdict.sentence == (
        "its id says that it is Other Name (2018), and its name My Mister (2018)"
    )
    assert verdict.state is State.REVIEW


def test_an_id_of_the_other_kind_is_another_work():
    told = film("My Mister", ids={"tmdb": "70"}, year=2018)
    assert judge(viewed(ids={"tmdb": "70"}), [told]).state is State.NONE


def test_two_candidates_of_one_id_are_one_work():
    trakt = candidate(ids={"trakt": "1", "tmdb": "70"}, original_title=None, others=())
    tmdb = candidate(
        "My Ajusshi", "My Ajusshi", ids={"tmdb": "70", "imdb": "tt7"}, countries=("KR",)
    )
    (one,) = merged([trakt, tmdb])
    assert one.ids == {"trakt": "1", "tmdb": "70", "imdb": "tt7"}
    assert (one.title, one.others) == ("My Mister", ("My Ajusshi",))
    assert judge(viewed(), [trakt, tmdb]).state is State.AUTO


def test_what_a_person_refused_is_not_proposed_again():
    verdict = judge(viewed(), [candidate(number=7)], refused={"trakt:7"})
    assert (verdict.state, verdict.choices) == (State.NONE, ())


def test_a_match_that_was_cleared_is_not_made_again_by_itself():
    auto = heed(None, judge(viewed(), [candidate(number=7)]), NOW)
    cleared = taken_away(auto, "trakt:7")
    verdict = judge(viewed(), [candidate(number=8)], refused=cleared.refused, cleared=True)
    assert verdict.state is State.REVIEW
    assert heed(cleared, verdict, NOW).cleared


def test_what_a_person_chose_is_never_overwritten():
    manual = chosen({"trakt": "99"}, SEASON_1, "a person said so")
    for verdict in (judge(viewed(), [candidate()]), judge(viewed(), [])):
        assert heed(manual, verdict, NOW) == manual
    assert not is_due(manual, NOW)


def test_a_match_is_kept_when_nothing_better_is_found():
    auto = heed(None, judge(viewed(), [candidate()]), NOW)
    assert auto.state is State.AUTO
    assert heed(auto, judge(viewed(), []), NOW) == auto


def test_a_match_that_turns_out_another_way_is_asked_and_not_changed():
    auto = heed(None, judge(viewed(), [candidate(number=1)]), NOW)
    held = heed(auto, judge(viewed(), [candidate(number=2)]), NOW)
    assert (held.state, held.ids) == (State.REVIEW, {"trakt": "1"})


def test_an_id_that_was_merged_is_followed_and_stays_the_persons_choice():
    manual = chosen({"trakt": "99", "tmdb": "70"}, SEASON_1, "a person said so")
    now = moved(manual, {"trakt": "100", "tmdb": "70"})
    assert now.ids == {"trakt": "100", "tmdb": "70"}
    assert (now.state, now.mapping) == (State.MANUAL, SEASON_1)


def test_what_is_not_found_is_asked_again_after_1_7_and_30_days():
    none, days = judge(viewed(), []), []
    standing: Standing | None = None
    for _ in range(5):
        standing = heed(standing, none, NOW)
        assert standing.retry_at
        days.append((standing.retry_at - NOW).days)
        assert not is_due(standing, NOW)
        assert is_due(standing, standing.retry_at)
    assert days == [1, 7, 30, 30, 30]
    assert is_due(None, NOW)
    assert not is_due(heed(None, judge(viewed(), [candidate()]), NOW), NOW + timedelta(days=99))


def test_the_score_of_a_search_is_no_confidence():
    assert "score" not in Candidate.__struct_fields__


def test_every_candidate_that_is_shown_says_why():
    some = [candidate(number=at, countries=(code,)) for at, code in enumerate(("kr", "us"), 1)]
    verdict = judge(viewed(), some)
    assert all(len(choice.evidence.sentences) >= 4 for choice in verdict.choices)


def test_names_are_compared_in_their_own_script():
    told = names(("DNA 러버", "花より男子", "หัวใจรัก", "The Witch"))
    assert [one.script.value for one in told] == ["hangul", "kana", "thai", "latin"]
