import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.languages import LANGUAGES, ORIGINAL, code_of, fold, name_of


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ko", "Korean"),
        ("kor", "Korean"),
        ("ger", "German"),
        ("deu", "German"),
        ("de-AT", "German"),
        ("EN_us", "English"),
        ("pt-BR", "Portuguese (BR)"),
        ("pt_br", "Portuguese (BR)"),
        ("pt-PT", "Portuguese"),
        ("es-419", "Spanish (Latino)"),
        ("es-MX", "Spanish (Latino)"),
        ("es-ES", "Spanish"),
        ("spa", "Spanish"),
        ("nl-BE", "Flemish"),
        ("zh-Hant", "Chinese"),
        ("cn", "Chinese"),
        ("nb", "Norwegian"),
        (" fr ", "French"),
        ("und", None),
        ("mul", None),
        ("xx", None),
        ("", None),
    ],
)
def test_a_code_has_a_name(code, name):
    assert name_of(code) == name


@pytest.mark.parametrize("name", [name for name, _, _ in LANGUAGES if name != ORIGINAL])
def test_each_language_goes_to_a_code_and_back(name):
    code = code_of(name)
    assert code is not None
    assert name_of(code) == name


def test_what_is_no_language_has_no_code():
    assert code_of(ORIGINAL) is None
    assert code_of("Klingon") is None


def test_no_code_or_word_stands_for_two_languages():
    codes = [code for _, codes, _ in LANGUAGES for code in codes.split()]
    words = [word for _, _, others in LANGUAGES for word in others.split()]
    assert len(codes + words) == len(set(codes + words))


@pytest.mark.parametrize(
    ("word", "folded"),
    [("CATALÀ", "catala"), ("Español", "espanol"), ("РУССКИЙ", "русский"), ("日本語", "日本語")],
)
def test_a_word_is_folded_to_small_letters_and_latin_ones_to_no_accents(word, folded):
    assert fold(word) == folded


@given(st.text(max_size=60))
def test_what_a_code_stands_for_has_a_code(code):
    name = name_of(code)
    assert name is None or code_of(name) is not None
