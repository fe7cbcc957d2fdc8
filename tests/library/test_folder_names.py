import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movie_sync.library import folder_names
from movie_sync.library.folder_episodes import Context

MARKS = (
    "S01E02",
    "1x05",
    "(1999)",
    "[tmdbid-5]",
    "{edition-X}",
    "-trailer",
    " - cd1",
    "2019-05-03",
    "1999 Trailer",
    "CD1",
    "[REC]",
    "02 - ",
)
WORDS = st.one_of(
    st.sampled_from((*MARKS, " ", ".", " - ", "Part 2", "101", "[")), st.text(max_size=8)
)
NAMES = st.one_of(
    st.lists(WORDS, max_size=8).map("".join),
    st.binary(max_size=60).map(os.fsdecode),
)
PLACES = st.builds(
    Context,
    shows=st.booleans(),
    films_only=st.booleans(),
    season=st.one_of(st.none(), st.integers(0, 40)),
    titles=st.sampled_from(((), ("Show",))),
    parted=st.booleans(),
)


def texts_of(told):
    return (*told.titles, told.episode_title or "", told.edition or "", *told.ids.values())


@settings(max_examples=150, deadline=None)
@given(NAMES, PLACES)
def test_any_name_is_told_in_words_that_a_database_can_keep(name, where):
    told = (folder_names.file_name(name, where), folder_names.folder_name(name))
    for text in texts_of(told[0]) + texts_of(told[1]):
        assert text.encode().decode() == text
        assert "\0" not in text


def test_accents_that_macos_took_apart_are_put_together():
    assert folder_names.folder_name("Ame\u0301lie (2001)").titles == ("Am\u00e9lie",)


def test_a_name_that_is_no_text_is_told_as_far_as_it_is_one():
    told = folder_names.file_name(os.fsdecode(b"Caf\xe9 Noir (1999)"))
    assert (told.titles, told.year) == (("Caf? Noir",), 1999)


def test_one_id_is_told_for_each_provider_and_of_the_right_form_alone():
    told = folder_names.folder_name("Film (2001) {imdb-tt0000001} [tmdbid=7] {tvdb-tt123}")
    assert told.ids == {"imdb": "tt0000001", "tmdb": "7"}


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Film.1995.CD1.DVDRip.XviD-GRP", 1),
        ("Film.DVDRip.CD2.XviD-GRP", 2),
        ("Film.CD2.DVDRip.XviD-GRP", 2),
        ("Film (1995) (Disc 2 of 2)", 2),
        ("Film.1995.CD1of2.DVDRip", 1),
        ("Film.2013.(CD1)", 1),
        ("Film.2004.NTSC.DVD5-GRP", None),
        ("Film.2004.DVD.5.1.AC3-GRP", None),
        ("CD1 Film (1995)", None),
        ("Film Part 2 (2011)", None),
        ("Film.1995.Part.2.DVDRip", None),  # nothing lies beside it
    ],
)
def test_a_part_is_read_wherever_it_stands_behind_the_title(name, part):
    assert folder_names.file_name(name).part == part


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("Film.1977.Trailer.1080p", "trailer"),
        ("Film (1977) Official Theatrical Trailer #2", "trailer"),
        ("Film (1977) - The Making of Film", "behind_the_scenes"),
        ("Film.1977.EXTRAS.1080p", "other"),
        ("Film.1977.720p.x264-GRP.sample", "sample"),
        ("Trailer Park Boys (2006)", None),
        ("1984.Trailer.Park.2006", None),
        ("Interview.with.Nobody.1994", None),
        ("Sample.People.2000.DVDRip", None),
        ("sample-people.2000.dvdrip", "sample"),
        ("Film (1977) + Extras", None),
        ("Film.2013.SHORT.DVDRip", None),
        ("Show - S01E05 - Trailer", None),
        ("Show.S01E05.Trailer.Park.720p", None),
    ],
)
def test_a_word_is_an_extra_behind_the_title_alone(name, extra):
    assert folder_names.file_name(name).extra == extra


def test_an_extra_is_told_by_the_title_of_its_folder_too():
    where = Context(titles=("Calm Bay",))
    assert folder_names.file_name("Calm Bay Teaser", where).extra == "trailer"
    assert folder_names.file_name("Other Bay Teaser", where).extra is None
    assert folder_names.file_name("Making of Calm Bay", where).extra == "behind_the_scenes"
    assert folder_names.file_name("Making of Calm Bay").extra is None


@pytest.mark.parametrize(
    ("name", "season"),
    [("Sezonul 2", 2), ("Season Two", 2), ("Second Season", 2), ("시즌 2", 2), ("第2季", 2),
     ("2. Staffel", 2), ("Seasons of Fog", None), ("S2 - The Film", 2)],
)  # fmt: skip
def test_a_season_is_read_in_the_words_of_many_countries(name, season):
    assert folder_names.season_of(name) == season


@pytest.mark.parametrize(
    ("name", "title", "number"),
    [
        ("Mob Psycho 100 - 03", "Mob Psycho 100", 3),
        ("Mob Psycho 100 03", "Mob Psycho 100", 3),
        ("Mob Psycho - 03", "Mob Psycho", 3),
    ],
)
def test_a_number_that_a_title_ends_in_is_no_episodes(name, title, number):
    told = folder_names.file_name(name, Context(shows=True, titles=(title,)))
    assert (told.titles, told.episodes, told.absolute) == ((title,), (number,), (number,))
