from datetime import UTC, date, datetime

import pytest

from movie_sync import config_keys
from movie_sync.db import Database
from movie_sync.errors import NotFound, Unavailable
from movie_sync.library.store import LibraryStore
from movie_sync.library_models import Facts, Kind, Suggestion
from movie_sync.library_settings import Source
from movie_sync.media_models import Hdr, Picture, Sound, Text
from movie_sync.settings import Config
from movie_sync.views import (
    library,
    library_files,
    library_review,
    library_setup,
    library_sources,
    library_title,
)
from movie_sync.views.library import Sought
from tests.web.library_site import TODAY, filled

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """A store for the tests that only read, and the numbers of its titles."""
    db = Database(tmp_path_factory.mktemp("library") / "library.db", backup=None)
    store = LibraryStore(db)
    yield store, filled(store, NOW)
    db.close()


def names(store, **asked):
    return [row.title for row in library.shelf(store, Sought(**asked), TODAY).rows]


def test_titles_are_narrowed_by_everything_that_can_be_asked_for(held):
    store, _ = held
    assert names(store) == ["Brazil", "L'Été", "Metropolis", "Parasite", "Signal"]
    assert names(store, text="ete") == names(store, text="  ÉTÉ") == ["L'Été"]
    assert names(store, text="gisaengchung") == ["Parasite"]
    assert names(store, kind=Kind.SHOW) == names(store, genre="Crime") == ["Signal"]
    assert names(store, episodes="missing") == ["Signal"]
    assert names(store, episodes="whole") == []
    assert names(store, language="Korean") == names(store, language="kor") == ["Parasite"]
    assert names(store, hdr=True) == names(store, lines=2160) == ["Parasite"]
    assert names(store, decade=1980) == ["Brazil", "L'Été"]
    assert names(store, broken=True) == ["Brazil"]
    assert names(store, doubled=True) == ["Metropolis"]
    assert names(store, having="gone") == ["Gone"]
    assert names(store, source="tv") == ["Signal"]
    assert names(store, person_id=20738) == names(store, collection_id=7) == ["Parasite"]
    assert names(store, played=True) == []
    assert names(store, sort="year", kind=Kind.FILM)[0] == "Parasite"
    assert names(store, sort="year", turned=True)[0] == "Metropolis"


def test_a_page_past_the_end_is_the_last(held):
    found = library.shelf(held[0], Sought(), TODAY, page=9, per_page=2)
    assert [row.title for row in found.rows] == ["Signal"]
    assert (found.page, found.pages, found.total) == (3, 3, 5)


def test_a_show_says_how_many_of_its_episodes_have_aired(held):
    (row,) = library.shelf(held[0], Sought(kind=Kind.SHOW), TODAY).rows
    assert (row.episodes_owned, row.episodes_aired) == (6, 7)


def test_languages_go_by_their_names_whatever_the_files_call_them(held):
    found = library.choices(held[0])
    assert found.languages == {"German": 5, "English": 4, "Korean": 1}
    assert found.sources == ("films", "tv")


def test_an_episode_is_there_or_missing_or_to_come(held):
    store, made = held
    one = library_title.whole(store, made["show"], TODAY)
    first, second = one.seasons
    assert [each.presence for each in first.episodes] == ["there", "missing", "there", "there"]
    assert [each.presence for each in second.episodes] == ["there", "there", "there", "to come"]
    assert (first.there, first.missing, second.missing, second.to_come) == (3, 1, 0, 1)
    assert len(first.episodes[0].files) == 1


def test_a_title_says_where_else_it_is_and_why_a_file_is_taken_for_it(held):
    store, made = held
    one = library_title.whole(store, made["parasite"], TODAY)
    assert {link.name: link.url for link in one.links} == {
        "TMDB": "https://www.themoviedb.org/movie/496243",
        "IMDb": "https://www.imdb.com/title/tt6751668/",
        "Letterboxd": "https://letterboxd.com/film/parasite/",
    }
    (why,) = one.history
    assert (why.file, why.sentence) == ("Parasite (2019).mkv", "its name and year")
    assert one.files[0].quality == ("4K", "Dolby Vision", "HEVC")
    assert one.files[0].spoken == ("Korean", "German")
    assert one.files[0].subtitles == ("English", "Romanian")


@pytest.mark.parametrize("number", [0, 999, 2**40])
def test_what_is_not_there_is_said(held, number):
    with pytest.raises(NotFound, match="there is no title"):
        library_title.whole(held[0], number, TODAY)
    with pytest.raises(NotFound, match="there is no file"):
        library_files.one(held[0], number)


def test_files_of_one_folder_are_one_question(held):
    found = library_review.inbox(held[0])
    film, show = found.questions
    assert (film.count, show.count, found.total, found.next_after) == (1, 3, 4, None)
    assert [one.title for one in film.candidates] == ["The Thing", "The Thing"]
    assert show.folder == "/films/Fargo/"
    assert [one.count for one in library_review.inbox(held[0], reason="no_year").questions] == [1]
    assert library_review.inbox(held[0], after=10**6).questions == ()


def test_duplicates_say_what_could_be_spared(held):
    (one,) = library.doubles(held[0]).rows
    assert [file.lines for file in one.files] == [1080, 720]
    assert one.spare_bytes == one.files[1].size_bytes


def test_streams_are_told_in_words():
    picture = Picture(
        codec="hevc", width=3840, height=1606, bit_depth=10, hdr=Hdr.HDR10, frame_rate=23.976,
        bit_rate=24_500_000,
    )  # fmt: skip
    assert library_files.picture_words(picture) == (
        "HEVC, 3840 x 1606, 10 bit, HDR10, 23.976 frames a second, 24.5 Mbit/s"
    )
    sound = Sound(codec="truehd", language="jpn", channels=8, commentary=True)
    assert library_files.sound_words(sound) == "Japanese, Dolby TrueHD, 7.1, commentary"
    text = Text(codec="hdmv_pgs_subtitle", hearing_impaired=True)
    assert library_files.text_words(text) == "language not told, PGS, for the hard of hearing"


def test_a_path_is_one_line_of_text_whatever_its_bytes_are():
    assert library_files.path_text("/films/caf\udce9\n.mkv") == "/films/caf��.mkv"


def test_what_a_person_typed_of_a_source_is_judged_field_by_field(tmp_path):
    config = Config(library_directory=str(tmp_path))

    def wrong(**form):
        usual = {"name": "nas", "kind": "folder", "hours": "12", "holds": "both"}
        return library_setup.read(usual | form, config, None).errors

    assert wrong(path=str(tmp_path)) == {"path": 'The source "films" looks there already.'}
    assert wrong(path="films")["path"].startswith("This must be a whole path, from / or ~/ on")
    assert wrong(path="/nowhere")["path"] == "There is no such folder on this machine."
    assert wrong()["path"] == "Name the folder."
    assert "name" in wrong(name="films", path="/nowhere")
    assert "name" in wrong(name="my films", path="/nowhere")
    assert wrong(path="/nowhere", hours="0")["hours"] == "This must be a number from 0.1 to 8760."
    assert wrong(kind="plex")["kind"].startswith("There is no address of a server")
    assert wrong(kind="plex", path="/x")["path"].startswith("A media server has no folder here")


def test_only_what_is_unusual_of_a_source_is_written(tmp_path):
    there = tmp_path / "tv"
    there.mkdir()
    form = {
        "kind": "folder", "path": str(there), "holds": "shows", "enabled": "true",
        "watched": "true", "trusted": "false", "hours": "12", "sections": "", "name": "tv",
    }  # fmt: skip
    typed = library_setup.read(form, Config(), None)
    assert typed.errors == {}
    assert typed.changes == {
        "library.sources.tv.kind": "folder",
        "library.sources.tv.path": str(there),
        "library.sources.tv.holds": "shows",
    }
    assert "library.sources.tv.hours" in typed.without


def test_every_setting_of_a_source_has_a_field_and_a_name():
    fields = library_setup.fields(library_setup.empty())
    assert [one.key for one in fields] == [one.key for one in config_keys.settings_of(Source)]
    assert {one.key for one in fields} == set(library_setup.LABELS)


def test_the_folder_of_finished_films_is_always_a_source():
    found = library_sources.set_up(Config(library_directory="/films"))
    assert list(found) == ["films"]
    assert found["films"].path == "/films"


def test_an_episode_without_a_day_is_missed_by_nobody(held):
    store, made = held
    season = library_title.whole(store, made["show"], date(2000, 1, 1)).seasons[0]
    assert season.missing == 0


class World:
    """Knows two titles, as TMDB would."""

    def search(self, kind, title, year=None, *, other_titles=True):
        return [
            Suggestion(kind=Kind.FILM, tmdb_id=496243, title="Parasite", year=2019),
            Suggestion(kind=Kind.FILM, tmdb_id=1, title="Parasites", year=2016),
        ]

    def find(self, provider, id_, kind=None):
        return (Kind.SHOW, 64) if id_ == "tt1" else None

    def show(self, tmdb_id, seasons=()):
        return Facts(kind=Kind.SHOW, title="Signal", year=2016, ids={"tmdb": "64"})


class Silent(World):
    def search(self, *_, **__):
        raise Unavailable("tmdb", "no answer in 10 s")


def test_titles_of_the_world_that_are_owned_are_told_by_our_number(held):
    store, made = held
    found = library_review.search(store, World(), "parasite", None)
    assert [one.key for one in found.own] == [f"title:{made['parasite']}"]
    assert [one.key for one in found.world] == [f"title:{made['parasite']}", "tmdb:film:1"]
    assert found.world[0].why == "in your library"
    (one,) = library_review.search(store, World(), "tt1", None).world
    assert one.key == f"title:{made['show']}"
    assert library_review.search(store, World(), "tt2", None).world == ()


def test_while_the_world_is_silent_our_own_titles_are_found(held):
    found = library_review.search(held[0], Silent(), "metropolis", Kind.FILM)
    assert [one.title for one in found.own] == ["Metropolis"]
    assert found.problem == "tmdb: no answer in 10 s"
