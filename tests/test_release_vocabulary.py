import pytest

from movie_sync.release_vocabulary import is_tag, is_technical


@pytest.mark.parametrize(
    "word",
    ["1080p", "X264", "BluRay", "HDTVMux", "DD51", "UHDBDRip", "10bit", "1280x720", "448kbps"],
)
def test_a_word_that_no_title_has_is_technical(word):
    assert is_technical(word)
    assert is_tag(word)


@pytest.mark.parametrize("word", ["Extended", "Dual", "iMAX", "Hybrid", "Part2", "5.1", "12v2"])
def test_a_word_that_a_title_may_have_too_is_a_tag_only(word):
    assert is_tag(word)
    assert not is_technical(word)


@pytest.mark.parametrize("word", ["", "Bluebird", "Webster", "GRP", "Subs4You"])
def test_any_other_word_is_neither(word):
    assert not is_tag(word)
