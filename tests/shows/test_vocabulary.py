import pytest

from movie_sync.shows import vocabulary


@pytest.mark.parametrize(
    ("kind", "word", "problem"),
    [
        ("types", "Scriptd", 'TVMaze has no type "Scriptd"; did you mean "Scripted"?'),
        ("types", "Anime", '"Anime" is a genre at TVMaze and no type'),
        ("types", "Movie", f'TVMaze has no type "Movie"; there are {", ".join(vocabulary.TYPES)}'),
        ("genres", "Sci-Fi", 'TVMaze has no genre "Sci-Fi"; did you mean "Science-Fiction"?'),
        ("genres", "Dramas", 'TVMaze has no genre "Dramas"; did you mean "Drama"?'),
        ("genres", "Korean", '"Korean" is a language at TVMaze and no genre'),
        ("genres", "Noir", 'TVMaze has no genre "Noir" that is known here'),
        ("languages", "Mandarin", 'TVMaze has no language "Mandarin"; did you mean "Chinese"?'),
        ("languages", "Englsh", 'TVMaze has no language "Englsh"; did you mean "English"?'),
        ("status", "Returning", 'TVMaze has no status "Returning"; did you mean "Running"?'),
        (
            "countries",
            "Germny",
            '"Germny" is no country; they are written as two letters of ISO 3166; did you mean '
            '"DE"?',
        ),
        (
            "countries",
            "QQ",
            '"QQ" is no country; they are written as two letters of ISO 3166, as "KR"',
        ),
    ],
)
def test_a_word_that_tvmaze_does_not_have_is_told_of_and_used_all_the_same(kind, word, problem):
    words = vocabulary.read(kind, [word], "shows")
    assert words.problems == (f"shows: {problem}",)
    assert len(words.known) == 1


@pytest.mark.parametrize(("word", "code"), [("UK", "GB"), ("usa", "US"), ("South Korea", "KR")])
def test_a_country_may_be_called_otherwise(word, code):
    words = vocabulary.read("countries", [word, code.lower()], "shows.exclude.countries")
    assert words.known == (code,)
    assert words.notices == (
        f'shows.exclude.countries: "{word}" is read as "{code}", as TVMaze has it',
    )


def test_words_are_read_in_any_case_and_without_blanks_around():
    words = vocabulary.read("types", [" talk show ", "", "NONE"], "shows")
    assert (words.known, words.problems) == (("Talk Show", "none"), ())


def test_sports_stays_a_genre_where_it_stands_among_genres():
    assert vocabulary.read("genres", ["Sports"], "shows") == vocabulary.Words(known=("Sports",))
