from pathlib import Path

import pytest

from movie_sync.errors import Away, FilesError
from movie_sync.library.probing import look_into
from movie_sync.media_models import Broken, Media

FILM = Path("/films/Film 1 (1999)/Film 1 (1999).mkv")
WHOLE = Media(container="matroska", duration_ms=5_520_000)
CUT = "it ends after about 3 of 92 min: 0.3 of 8.1 GiB of it are there"


class Says:
    """Reads every file as this, or fails so."""

    def __init__(self, what):
        self.what = what

    def read(self, path):
        if isinstance(self.what, Exception):
            raise self.what
        return self.what


@pytest.mark.parametrize("told", [WHOLE, Broken(sentence=CUT, media=WHOLE)])
def test_what_a_file_says_is_told(told):
    assert look_into(FILM, Says(told)) == told


def test_a_file_that_is_being_copied_is_not_broken():
    with pytest.raises(FilesError) as caught:
        look_into(FILM, Says(Broken(sentence=CUT, media=WHOLE, fresh=True)))
    assert str(caught.value) == (
        f"{FILM} was written to a moment ago and is not whole yet: {CUT}; it is looked into again"
    )


def test_a_drive_that_is_away_says_nothing_of_a_file():
    with pytest.raises(Away, match="did not answer"):
        look_into(FILM, Says(Away("its drive did not answer")))
