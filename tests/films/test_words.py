import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.errors import ConfigError
from movie_sync.films import words

NAME = "Film.1.1999.1080p.WEB-DL.DD+5.1.x265-GRP"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x265", True),
        ("X265", True),
        ("x26", False),
        ("web dl", True),
        ("WEBDL", False),
        ("web", True),
        ("dd+", True),
        ("+5", True),
        ("-GRP", True),
        ("rp", False),
        ("/rp$/", True),
        ("/x26[45]/", True),
        ("/^x265/", False),
        ("a/b", False),
    ],
)
def test_a_word_is_found_whole_and_an_expression_anywhere(text, found):
    assert words.read(text, "profile.never").is_in(NAME) == found


def test_a_blank_stands_for_any_separator_or_none():
    word = words.read("web dl", "profile.never")
    assert all(word.is_in(f"Film {each} x265") for each in ("WEB-DL", "WEBDL", "web.dl", "Web_Dl"))


def test_only_the_first_letters_of_an_endless_name_are_looked_at():
    assert not words.read("x265", "profile.never").is_in("a " * 200 + "x265")


@pytest.mark.parametrize(
    "text", ["/(a+)+b/", "/(?:[a-z]*)*1/", r"/((\w+)\.)+x/", "/(a+b|c)*/", "/(a{2,}){3,}/"]
)
def test_an_expression_that_could_search_for_ever_is_turned_down(text):
    with pytest.raises(ConfigError) as caught:
        words.read(text, "profile.required")
    assert str(caught.value) == (
        f"profile.required: {text} repeats a group that repeats itself, and could search for ever; "
        "write it without"
    )


@pytest.mark.parametrize(
    "text", [r"/(x265)+/", r"/[(+)]+/", r"/(\++)?/", "/(a|b)*c+/", r"/\(a+\)+/", "/(a+)(b)+/"]
)
def test_an_expression_that_repeats_one_thing_is_taken(text):
    assert words.read(text, "profile.required").text == text


def test_an_endless_name_is_soon_searched():
    began = time.perf_counter()
    words.read("/.*a.*b$/", "profile.never").is_in("a" * 1000)
    assert time.perf_counter() - began < 20


@given(st.text(alphabet="ab1()[]{}*+?,|\\.^$- ", max_size=12).map("/{}/".format))
@pytest.mark.filterwarnings("ignore::FutureWarning")  # Python's own, on "[[" and the like
def test_whatever_is_written_is_read_or_named_as_wrong(text):
    with suppress(ConfigError):
        words.read(text, "profile.never").is_in(NAME)
