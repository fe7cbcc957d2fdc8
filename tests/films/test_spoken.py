import pytest

from movie_sync import releases
from movie_sync.films import spoken
from movie_sync.films.decision import judge
from movie_sync.films.spoken import Fit
from movie_sync.releases import Kind, ReleaseName
from movie_sync.settings import Profile
from tests import make


def name(*languages, **changes):
    return ReleaseName(titles=("Film 1",), kind=Kind.FILM, languages=languages, **changes)


OWN, GERMAN, NONE = ("Original",), ("German",), ()


@pytest.mark.parametrize(
    ("said", "own", "wanted", "fit"),
    [
        (name(), "ko", OWN, Fit.SURE),
        (name(), None, OWN, Fit.SURE),
        (name(), "ko", NONE, Fit.SURE),
        (name(), "de", GERMAN, Fit.SURE),
        (name(), "ko", GERMAN, Fit.NO),
        (name(), None, GERMAN, Fit.NO),
        (name("Korean"), "ko", OWN, Fit.SURE),
        (name("German"), "ko", OWN, Fit.NO),
        (name("German"), None, OWN, Fit.PERHAPS),
        (name("German"), None, NONE, Fit.PERHAPS),
        (name("German"), "ko", NONE, Fit.NO),
        (name("German"), "ko", GERMAN, Fit.SURE),
        (name("German"), "ko", ("Original", "German"), Fit.SURE),
        (name("German", multi=True), "ko", OWN, Fit.SURE),
        (name("German", "Original", multi=True), "ko", OWN, Fit.SURE),
        (name(multi=True), "ko", OWN, Fit.SURE),
        (name(multi=True), "ko", GERMAN, Fit.NO),
        (name("German", "French", multi=True), "ko", OWN, Fit.PERHAPS),
        (name("German", "French"), "fr", OWN, Fit.SURE),
        (name(dubbed=True), "ko", OWN, Fit.NO),
        (name(dubbed=True), None, OWN, Fit.NO),
        (name("German", dubbed=True), None, OWN, Fit.NO),
        (name("German", dubbed=True), None, GERMAN, Fit.SURE),
        (name("Portuguese (BR)"), "pt", OWN, Fit.SURE),
        (name("Portuguese (BR)"), "en", ("Portuguese",), Fit.NO),
        (name(), "pt", ("Portuguese (BR)",), Fit.SURE),
    ],
)
def test_how_sure_it_is_that_a_wanted_language_is_heard(said, own, wanted, fit):
    assert spoken.fit(said, make.film(original_language=own), wanted) is fit


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (name(), "names no language"),
        (name("German"), "is in German"),
        (name("German", "Original", multi=True), "is in German and its own language"),
        (name(multi=True), "is in several languages and names none"),
        (name(dubbed=True), "is dubbed and names no language"),
    ],
)
def test_what_a_release_says_of_its_languages_is_told(said, sentence):
    assert spoken.heard(said) == sentence


def test_languages_wanted_are_told_by_what_is_known_of_the_film():
    assert spoken.asked_for(make.film(), OWN) == "the film's own (not known here)"
    film = make.film(original_language="ko")
    assert spoken.asked_for(film, (*OWN, "German")) == "the film's own (Korean) or German"


@pytest.mark.parametrize(
    ("tail", "settings", "accepted"),
    [
        ("German.1080p.BluRay.x264", {}, True),
        ("German.1080p.BluRay.x264", {"languages": ("original",)}, False),
        ("German.DL.1080p.BluRay.x264", {"languages": ("original",)}, True),
        ("German.DL.1080p.BluRay.x264", {"languages": ("de",)}, True),
        ("1080p.BluRay.x264", {"languages": ("de",)}, False),
        ("FRENCH.1080p.BluRay.x264", {"languages": ("de", "fr")}, True),
    ],
)
def test_only_where_languages_are_set_a_release_is_refused_for_its_own(tail, settings, accepted):
    release = make.release(name=f"Film.1.1999.{tail}")
    film = make.film(original_language="ko")
    assert judge(release, film, Profile(**settings), now=make.NOON).accepted == accepted


def test_a_language_of_a_film_that_is_not_known_here_is_no_ground():
    release = make.release(name="Film.1.1999.German.1080p.BluRay.x264")
    assert releases.read(release.name).languages == ("German",)
    wanted = Profile(languages=("original",))
    assert judge(release, make.film(), wanted, now=make.NOON).accepted
