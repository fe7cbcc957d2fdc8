import pytest

from movie_sync.films.genuine import why_not
from movie_sync.models import MediaFacts
from tests import make

FILM = make.film(runtime_min=100, original_language="ko")


def facts(minutes=None, *languages):
    return MediaFacts(duration_s=minutes and minutes * 60, audio_languages=languages)


@pytest.mark.parametrize(
    ("minutes", "why"),
    [
        (1, "it runs for 60 s, and the film for 100 min"),
        (2, "it runs for 2 min, and the film for 100 min"),
        (59, "it runs for 59 min, and the film for 100 min"),
        (60, None),
        (100, None),
        (205, None),
        (206, "it runs for 206 min, and the film for 100 min"),
        (None, None),
    ],
)
def test_a_sample_and_a_collection_are_not_the_film(minutes, why):
    assert why_not(FILM, [facts(minutes)], ()) == why


def test_the_parts_of_a_film_are_added_up():
    assert why_not(FILM, [facts(50), facts(48)], ()) is None
    assert why_not(FILM, [facts(20), facts(20)], ()) is not None
    assert why_not(FILM, [facts(20), facts(None)], ()) is None


def test_a_film_whose_running_time_nobody_told_may_run_as_long_as_it_likes():
    assert why_not(make.film(), [facts(1)], ()) is None


def test_a_short_film_may_have_something_around_it():
    assert why_not(make.film(runtime_min=1), [facts(6)], ()) is None


@pytest.mark.parametrize(
    ("wanted", "heard", "why"),
    [
        (("English",), ("ger", "fre"), "it is spoken in French and German, and English is wanted"),
        (
            ("English", "Original"),
            ("rus",),
            "it is spoken in Russian, and English or Korean is wanted",
        ),
        (("English",), ("ger", "eng"), None),
        (("Original",), ("kor",), None),
        (("English",), ("ger", None), None),
        (("English",), (), None),
        (("English",), ("xyz",), None),
        ((), ("ger",), None),
        (("Portuguese (BR)",), ("por",), None),
        (("Spanish (Latino)",), ("spa",), None),
        (("Flemish",), ("dut",), None),
    ],
)
def test_only_a_language_that_is_certainly_another_one_is_wrong(wanted, heard, why):
    assert why_not(FILM, [facts(100, *heard)], wanted) == why


def test_the_own_language_of_a_film_must_be_known_to_be_missed():
    assert why_not(make.film(), [facts(100, "ger")], ("Original",)) is None
