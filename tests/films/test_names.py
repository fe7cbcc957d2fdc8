import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movie_sync.films import names
from tests import make


def safe_everywhere(name):
    """By the rules of NTFS, exFAT, ext4 and APFS taken together."""
    return (
        0 < len(name.encode()) <= 255
        and not set(name) & set('<>:"/\\|?*')
        and not any(unicodedata.category(char) == "Cc" for char in name)
        and name[-1] not in ". "
        and name[0] not in ". "
        and name == unicodedata.normalize("NFC", name)
        and name.split(".")[0].rstrip().upper() not in {"CON", "NUL", "AUX", "PRN", "COM1", "LPT¹"}
    )


def folder(title, year=1999, **facts):
    return names.folder(make.film(title=title, year=year, **facts))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("The Matrix", "The Matrix (1999)"),
        ("Mission: Impossible", "Mission - Impossible (1999)"),
        ("2:22", "2-22 (1999)"),
        ("Face/Off", "Face-Off (1999)"),
        ("M*A*S*H", "M-A-S-H (1999)"),
        ('"Her" <Director\'s|Cut>', "Her Director's-Cut (1999)"),
        ("Who Framed Roger Rabbit?", "Who Framed Roger Rabbit (1999)"),
        ("E.T.", "E.T. (1999)"),
        ("...And Justice", "And Justice (1999)"),
        ("../../etc/passwd", "-..-etc-passwd (1999)"),
        ("Two\nlines\tand  \x07 a bell", "Two lines and a bell (1999)"),
        ("Gone \u202e4pm.exe", "Gone 4pm.exe (1999)"),
        ("Ame\u0301lie", "Am\u00e9lie (1999)"),
        (
            "\u0622\u0641\u062a\u0627\u0628\u200c\u0647\u0627",
            "\u0622\u0641\u062a\u0627\u0628\u200c\u0647\u0627 (1999)",
        ),
        ("パラサイト", "パラサイト (1999)"),
    ],
)
def test_a_title_becomes_a_name_that_every_file_system_takes(title, name):
    assert folder(title) == name


@pytest.mark.parametrize(
    ("title", "name"), [("Con", "Con_"), ("nul.and.void", "nul_.and.void"), ("E.T.", "E.T")]
)
def test_without_a_year_device_names_and_last_dots_are_avoided_too(title, name):
    assert folder(title, year=None) == name


def test_a_title_of_signs_alone_is_named_by_the_next_thing_known():
    assert folder("???", original_title="Quoi ?") == "Quoi (1999)"
    assert folder("???", key="imdb:tt0133093") == "imdb-tt0133093 (1999)"


@settings(database=None)  # leaves no folder behind
@given(st.text(max_size=400), st.none() | st.integers(1880, 2100), st.text(max_size=300))
def test_any_title_and_release_give_safe_names(title, year, release_name):
    film = make.film(title=title, year=year)
    for tag in names.tags(film, "3fa9c1d2" * 5):
        stem = names.stem(film, release_name, tag)
        assert safe_everywhere(names.folder(film, tag))
        assert safe_everywhere(stem + ".mkv")
        assert safe_everywhere(stem + " - cd2.pt-BR.forced.sdh.2.srt")


def test_a_long_title_is_cut_between_letters_and_keeps_year_and_quality():
    stem = names.stem(make.film(title="語" * 200), "F.1999.1080p.BluRay.x264-G")
    assert stem == "語" * 53 + " (1999) [1080p BluRay]"


@pytest.mark.parametrize(
    ("release_name", "label"),
    [
        ("The.Matrix.1999.1080p.BluRay.x264-GRP", "1080p BluRay"),
        ("The.Matrix.1999.2160p.UHD.BluRay.REMUX.HEVC-GRP", "2160p BluRay Remux"),
        ("The.Matrix.1999.720p.WEB-DL.DD5.1.H.264-GRP", "720p WEB-DL"),
        ("The.Matrix.1999.DVDRip.XviD-GRP", "DVD"),
        ("The Matrix 1999", ""),
    ],
)
def test_the_quality_is_what_the_release_says(release_name, label):
    assert names.label(release_name) == label


def test_without_any_quality_there_is_no_empty_bracket():
    assert names.stem(make.film(title="Pi", year=1998), "Pi") == "Pi (1998)"


def test_tags_tell_films_of_one_name_apart_by_id_before_download():
    film = make.film(imdb_id="tt1488589", tmdb_id=555604)
    assert names.tags(film, "3fa9c1d2" * 5) == ("", "tt1488589", "3fa9c1d2")
    assert names.tags(make.film(tmdb_id=555604), "3fa9c1d2" * 5)[1] == "tmdb-555604"
    assert names.tags(make.film(), "3fa9c1d2" * 5) == ("", "3fa9c1d2")
