import pytest

from movie_sync import subtitle_names

FILM = "Film.1999.1080p.BluRay.x264-GRP"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        (FILM, ""),
        (f"{FILM}.en", ".en"),
        (f"{FILM}.eng.forced", ".eng.forced"),
        (f"{FILM}.pt-BR", ".pt-BR"),
        (f"{FILM}.English (SDH)", ".en.sdh"),
        (f"{FILM}.tlh", ".tlh"),
        (FILM.lower() + ".ro", ".ro"),
        ("2_English", ".en"),
        ("Romanian", ".ro"),
        ("rum", ".rum"),
        ("Brazilian Portuguese", ".pt-BR.pt"),
        ("Film.1999.XviD-GRP", ""),
        ("commentary", ""),
        ("", ""),
    ],
)
def test_the_language_is_read_off_the_end_of_the_name(name, suffix):
    assert subtitle_names.suffix(name, FILM) == suffix
