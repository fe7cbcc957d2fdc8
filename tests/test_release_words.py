from hypothesis import given
from hypothesis import strategies as st

from movie_sync.release_words import every, first, small, words

FRUIT = (("an apple", words("apple", "golden~delicious")), ("a pear", words("pear")))


def test_a_word_is_found_whole_and_between_any_marks():
    assert all(first(FRUIT, text) for text in ("apple", "_apple_", "[apple]", "1.apple-2"))
    assert not any(first(FRUIT, text) for text in ("apples", "pineapple", "apple2", ""))


def test_a_tilde_is_a_space_a_dot_or_nothing():
    written = ("golden delicious", "golden.delicious", "golden-delicious", "goldendelicious")
    assert {first(FRUIT, text) for text in written} == {"an apple"}


def test_the_first_row_is_the_answer_and_every_row_is_all_of_them():
    assert first(FRUIT, "pear.apple") == "an apple"
    assert every(FRUIT, "pear.apple") == ("an apple", "a pear")
    assert (first(FRUIT, "plum"), every(FRUIT, "plum")) == (None, ())


@given(st.text())
def test_in_small_letters_every_letter_stands_where_it_stood(text):
    assert len(small(text)) == len(text)


def test_a_letter_whose_small_one_is_two_stays():
    assert small("İA.BC") == "İa.bc"
