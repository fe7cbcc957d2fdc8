import pytest

from movie_sync.history.match_models import Mapping, Place, Season, State, Stretch, YearHint
from movie_sync.history.matching import judge
from movie_sync.history.season_splits import season_of_title, split
from tests.history.things_to_match import candidate, seasons, viewed

ROMANTIC = candidate(
    "Dr. Romantic",
    "낭만닥터 김사부",
    year=2016,
    seasons=seasons((20, 2016), (16, 2020), (16, 2023)),
)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Dr. Romantic 2", [("Dr. Romantic", 2)]),
        ("Yumi's Cells Season 2", [("Yumi's Cells", 2)]),
        ("Yumi's Cells (Season 2)", [("Yumi's Cells", 2)]),
        ("Alchemy of Souls Part 2", [("Alchemy of Souls", 2)]),
        ("SOTUS: Second Season", [("SOTUS", 2)]),
        ("Joy of Life 2nd Season", [("Joy of Life", 2)]),
        ("Nirvana in Fire II", [("Nirvana in Fire", 2)]),
        ("The Penthouse 3: War in Life",
         [("The Penthouse: War in Life", 3), ("The Penthouse", 3)]),
        ("유미의 세포들 시즌 2", [("유미의 세포들", 2)]),
        ("낭만닥터 김사부3", [("낭만닥터 김사부", 3)]),
        ("月宫2", [("月宫", 2)]),
        ("庆余年 第二季", [("庆余年", 2)]),
        ("おっさんずラブ シーズン2", [("おっさんずラブ", 2)]),
    ],
)  # fmt: skip
def test_a_title_names_its_season(title, expected):
    assert split(title) == expected


@pytest.mark.parametrize(
    "title",
    ["Reply 1988", "Cinderella at 2AM", "IDOL I", "School 2017", "W", "24", "100 Days My Prince",
     "Tale of the Nine Tailed 1938", "Apartment 10", "The Witch", "Room No. 13"],
)  # fmt: skip
def test_a_number_in_a_title_is_no_season(title):
    assert split(title) == []


def test_titles_that_name_different_seasons_name_none():
    assert season_of_title(viewed("Dr. Romantic 2", "낭만닥터 김사부 3")) == (None, ())


@pytest.mark.parametrize(("number", "year"), [(2, 2020), (3, 2023)])
def test_a_container_of_its_own_is_a_season_of_the_show(number, year):
    seen = viewed(f"Dr. Romantic {number}", f"낭만닥터 김사부 {number}", year=YearHint(year))
    verdict = judge(seen, [ROMANTIC])
    assert verdict.state is State.AUTO
    assert verdict.mapping == Mapping((Stretch(season=number),))
    assert verdict.mapping.place(5) == Place(number, 5)


def test_the_first_container_of_several_is_the_first_season():
    seen = viewed("Dr. Romantic", "낭만닥터 김사부", year=YearHint(2017), planned_episodes=20)
    assert judge(seen, [ROMANTIC]).mapping == Mapping((Stretch(season=1),))


def test_a_season_that_the_show_does_not_have_is_not_taken():
    seen = viewed("Dr. Romantic 4", "낭만닥터 김사부 4", year=YearHint(2026))
    assert judge(seen, [ROMANTIC]).state is not State.AUTO


def test_a_season_of_another_length_and_year_is_not_taken():
    seen = viewed("Dr. Romantic 2", None, year=YearHint(2018), planned_episodes=50)
    assert judge(seen, [ROMANTIC]).state is not State.AUTO


def test_a_show_of_that_very_title_is_no_season_of_another():
    base = candidate("Save Me", "구해줘", 1, year=2017, seasons=seasons((16, 2017)))
    own = candidate("Save Me 2", "구해줘 2", 2, year=2019, seasons=seasons((16, 2019)))
    seen = viewed("Save Me 2", "구해줘 2", year=YearHint(2019))
    verdict = judge(seen, [base, own])
    assert (verdict.state, verdict.candidate) == (State.AUTO, own)
    assert verdict.mapping == Mapping((Stretch(season=1),))


def test_a_season_that_the_show_is_also_called_by_is_still_that_season():
    show = candidate("Taxi Driver", None, others=("Taxi Driver 2",),
                     year=2021, seasons=seasons((16, 2021), (16, 2023)))  # fmt: skip
    verdict = judge(viewed("Taxi Driver 2", None, year=YearHint(2023)), [show])
    assert verdict.mapping == Mapping((Stretch(season=2),))


def test_an_alias_that_may_be_of_any_season_is_asked():
    show = candidate("It Started", None, others=("They Kiss Again",),
                     seasons=seasons((16, 2015), (16, 2017)), year=2015)  # fmt: skip
    assert judge(viewed("They Kiss Again", None), [show]).state is State.REVIEW


def test_a_season_is_found_by_its_own_name():
    show = candidate(
        "Tale of the Nine-Tailed", "구미호뎐", year=2020,
        seasons=(Season(1, 16, 2020), Season(2, 12, 2023, "Tale of the Nine-Tailed 1938")),
    )  # fmt: skip
    seen = viewed("Tale of the Nine Tailed 1938", "구미호뎐1938", year=YearHint(2023),
                  planned_episodes=12)  # fmt: skip
    verdict = judge(seen, [show])
    assert (verdict.state, verdict.mapping) == (State.AUTO, Mapping((Stretch(season=2),)))


def test_one_container_may_hold_several_seasons():
    show = candidate("Yumi's Cells", None, seasons=seasons((14, 2021), (14, 2022)), year=2021)
    seen = viewed("Yumi's Cells", None, year=YearHint(2021), planned_episodes=28)
    mapping = judge(seen, [show]).mapping
    assert (mapping.place(14), mapping.place(15)) == (Place(1, 14), Place(2, 1))
    assert mapping.place(29) is None
    assert str(mapping) == "episodes 1 to 14 are season 1, episodes 15 to 28 are season 2 from 1"


def test_episodes_in_halves_are_asked_with_the_mapping_ready():
    show = candidate("Still 17", None, seasons=seasons((16, 2018)))
    verdict = judge(viewed("Still 17", None, planned_episodes=32), [show])
    assert verdict.state is State.REVIEW
    mapping = verdict.choices[0].mapping
    assert mapping.place(31) == Place(1, 16, 1, 2)
    assert mapping.place(32) == Place(1, 16, 2, 2)
    assert not mapping.place(31).whole
    assert mapping.place(32).whole


def test_a_second_part_that_others_count_on_is_asked_with_the_mapping_ready():
    show = candidate("My Happy Marriage", None, seasons=seasons((25, 2018)))
    seen = viewed("My Happy Marriage 2", None, year=YearHint(2018), planned_episodes=13)
    verdict = judge(seen, [show])
    assert verdict.state is State.REVIEW
    assert verdict.choices[0].mapping.place(1) == Place(1, 13)


@pytest.mark.parametrize("number", [0, -1])
def test_specials_and_trailers_stand_nowhere(number):
    assert Mapping((Stretch(season=1),)).place(number) is None


def test_a_mapping_that_a_person_wrote_is_followed_to_the_letter():
    mapping = Mapping((
        Stretch(season=1, first=1, last=10),
        Stretch(season=0, first=11, last=11, offset=-10),
        Stretch(season=2, first=12, offset=-11),
    ))  # fmt: skip
    told = [mapping.place(number) for number in (10, 11, 12, 30)]
    assert told == [Place(1, 10), Place(0, 1), Place(2, 1), Place(2, 19)]


def test_a_show_whose_seasons_are_not_known_is_its_first_season():
    verdict = judge(viewed(), [candidate(seasons=())])
    assert (verdict.state, verdict.mapping) == (State.AUTO, Mapping((Stretch(season=1),)))
    second = judge(viewed("My Mister 2", "나의 아저씨 2"), [candidate(seasons=())])
    assert second.state is State.REVIEW


def test_a_show_and_a_season_of_that_name_and_year_are_asked():
    old = candidate("Hero", None, 1, year=2001, seasons=seasons((11, 2001), (11, 2014)))
    own = candidate("Hero", None, 2, year=2014, seasons=seasons((11, 2014)))
    seen = viewed("Hero", None, year=YearHint(2014, at_most=False), planned_episodes=11)
    assert judge(seen, [old, own]).state is State.REVIEW


def test_a_guess_at_a_season_holds_up_no_show_of_that_title():
    base = candidate("By Chance", "우연", 1, year=2018, seasons=seasons((15, 2018)))
    own = candidate("By Chance 2", "우연 2", 2, year=2020, seasons=seasons((13, 2020)))
    seen = viewed("By Chance 2", "우연 2", year=YearHint(2020), planned_episodes=13)
    assert judge(seen, [base, own]).candidate == own


def test_specials_are_no_first_season():
    show = candidate(seasons=(Season(0, 3, 2018), Season(1, 16, 2018)))
    assert judge(viewed(), [show]).mapping == Mapping((Stretch(season=1),))
