"""Against SQLite, and against a real PostgreSQL where it is installed."""

from datetime import timedelta

import pytest

from movie_sync.library.listing import SORTS
from movie_sync.library.page_rows import Filters
from movie_sync.library.rows import Standing
from movie_sync.library_models import (
    Collection,
    Credit,
    EpisodeFacts,
    Facts,
    Kind,
    SeasonFacts,
    Teller,
    Told,
    Views,
)
from movie_sync.media_models import Hdr, Media, Picture, Sound
from tests.library.things import LATER, NOON, SURE, film, found, of_server, only, owned, put

NAMES = ("Été", "The Third Man", "WALL·E", "Ночной дозор", "千と千尋の神隠し", "$", "100% Wolf")


def names(store, **asked):
    listed = store.titles(**asked)
    assert listed.total >= len(listed.rows)
    return [row.title for row in listed.rows]


def media(lines=1080, language="en", hdr=None):
    picture = Picture(codec="hevc", height=lines, hdr=hdr)
    return Media(
        container="mkv", duration_ms=60_000, pictures=(picture,),
        sounds=(Sound(codec="aac", language=language),),
    )  # fmt: skip


def looked_into(store, title_id, inside):
    for file in store.title(title_id).files:
        for one in store.waiting_probe(file.id - 1, 1):
            store.save_media(one.asset_id, one.content, inside, NOON)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("ete", "Été"), ("ÉTÉ", "Été"), ("third man", "The Third Man"), ("man 3rd", None),
        ("man third", "The Third Man"), ("wall-e", "WALL·E"), ("walle", "WALL·E"),
        ("НОЧНОЙ", "Ночной дозор"), ("千尋", "千と千尋の神隠し"), ("$", "$"),
        ("100%", "100% Wolf"), ("Dritte", "The Third Man"),
    ],
)  # fmt: skip
def test_a_title_is_found_whatever_its_case_accents_and_script(store, text, title):
    for name in NAMES:
        others = ("Der dritte Mann",) if "Third" in name else ()
        put(store, film(name, other_titles=others))
    assert names(store, text=text, filters=Filters(having="all")) == ([title] if title else [])


@pytest.mark.parametrize("text", ["%", "_", "\\", "%lpha"])
def test_nothing_is_a_wildcard(store, text):
    put(store, film("Alpha"))
    put(store, film("lpha"))
    found_ = names(store, text=text, filters=Filters(having="all"))
    assert found_ == (["Alpha", "lpha"] if "lpha" in text else [])


def test_names_are_in_order_without_their_article_and_pages_go_on(store):
    for n, name in enumerate(("The Birds", "alien", "Été", "A Zoo", "Dune")):
        owned(store, film(name, 1990 + n), found(f"{name} (1990)"))
    order = ["alien", "The Birds", "Dune", "Été", "A Zoo"]
    assert names(store) == order
    assert names(store, descending=True) == order[::-1]
    assert names(store, sort="year") == ["Dune", "A Zoo", "Été", "alien", "The Birds"]
    pages = [store.titles(limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert [row.title for page in pages for row in page.rows] == order
    assert [page.total for page in pages] == [5, 5, 5, 5]


@pytest.mark.parametrize("sort", SORTS)
def test_what_has_no_such_value_is_last_in_either_order(store, sort):
    bare = put(store, film("Zzz", year=None))
    put(store, film("Aaa", rating=8.0, runtime_min=90))
    every = Filters(having="all")
    for descending in (False, True):
        rows = store.titles(sort=sort, descending=descending, filters=every).rows
        assert len(rows) == 2
        if sort in {"year", "rating", "runtime"}:
            assert rows[-1].id == bare


def test_filters_tell_titles_apart(store):
    one = owned(store, film("One", 1994, genres=("Drama", "Crime")), found("One (1994)"))
    two = owned(store, film("Two", 2004), found("Two (2004)"), source="other")
    looked_into(store, one, media(2160, "ko", Hdr.HDR10))
    (probe,) = store.waiting_probe(0, 9)
    store.save_broken(probe.asset_id, probe.content, "it ends in the middle", NOON)
    store.save_facts(one, film("One", 1994, genres=("Drama", "Crime"),
        collection=Collection(tmdb_id=7, name="Ones"),
        cast=(Credit(person_tmdb_id=3, name="Ana", role="Self"),)), NOON)  # fmt: skip
    for only_one in (
        Filters(genre="Drama"), Filters(language="ko"), Filters(lines=2160), Filters(hdr=True),
        Filters(source="films"), Filters(collection_id=7), Filters(person_id=3),
        Filters(year_to=1999), Filters(broken=False),
    ):  # fmt: skip
        assert names(store, filters=only_one) == ["One"], only_one
    assert names(store, filters=Filters(broken=True, hdr=False, year_from=2000)) == ["Two"]
    assert names(store, filters=Filters(genre="Dram")) == []
    assert names(store, filters=Filters(source="none")) == []
    assert names(store, filters=Filters(played=True)) == []
    store.mark_gone("other", [found("Two (2004)").uri], NOON)
    put(store, film("Three"))
    having = {how: names(store, filters=Filters(having=how)) for how in ("gone", "none", "all")}
    assert having == {"gone": ["Two"], "none": ["Three"], "all": ["One", "Three", "Two"]}
    facets = store.facets(Kind.FILM)
    assert (facets.genres, facets.languages) == ({"Crime": 1, "Drama": 1}, {"ko": 1})
    assert (facets.lines, facets.decades) == ({2160: 1}, {1990: 1})
    assert store.title(two).row.gone_files == 1


def test_the_page_of_a_title_shows_all_that_is_known(store):
    ids = {"tmdb": "5", "imdb": "tt5"}
    title_id = owned(store, film(ids=ids), found())
    store.save_found("plex", [of_server(found(), views=Views(count=2))], NOON)
    together = Collection(tmdb_id=7, name="Bong")
    store.save_facts(title_id, film(ids=ids, overview="They move in.", collection=together), NOON)
    other = put(store, film("Okja", 2017))
    store.save_facts(other, film("Okja", 2017, collection=together), NOON)
    store.ask("unsure", "which?", [], NOON, asset_id=only(store))
    page = store.title(title_id)
    (file,) = page.files
    assert [(one.source, one.uri) for one in file.sightings] == [
        ("films", found().uri), ("plex", "plex:1:1")
    ]  # fmt: skip
    assert (file.plays, page.row.plays, file.match, page.ids) == (2, 2, SURE, ids)
    assert ([row.id for row in page.beside], page.collection) == ([other], together)
    assert [row.title_id for row in page.history] == [title_id]
    assert [row.reason for row in page.reviews] == ["unsure"]
    assert store.collections() == [(together, 1)]
    assert store.title(99) is None


def test_an_extra_stands_apart_and_counts_as_no_file_of_the_film(store):
    trailer = (Told(by=Teller.FILE, titles=("Parasite",), year=2019, extra="trailer"),)
    title_id = owned(store, film(), found(), found("Trailer (2019)", told=trailer))
    page = store.title(title_id)
    assert (len(page.files), [one.extra for one in page.extras]) == (1, ["trailer"])
    assert page.row.files == 1
    assert store.duplicates() == ([], 0)


def test_duplicates_are_files_of_the_same_work_edition_and_part(store):
    one, two = found("One (2019)"), found("Two (2019)")
    title_id = owned(store, film(), one, two, found("Three (2019)"))
    files = {file.path: file.id for file in store.title(title_id).files}
    best, worse, third = (files[path] for path in sorted(files))
    (double,), total = store.duplicates()
    assert (total, double.title_id, len(double.files)) == (1, title_id, 3)
    store.assign(third, title_id, (), SURE, NOON, edition="Black and White")
    for asset_id, lines in ((worse, 720), (best, 1080)):
        (probe,) = store.waiting_probe(asset_id - 1, 1)
        store.save_media(asset_id, probe.content, media(lines), NOON)
        store.save_checksum(asset_id, probe.content, "ab")
    (double,), total = store.duplicates()
    assert ([file.id for file in double.files], double.identical) == ([best, worse], True)
    store.assign(best, title_id, (), SURE, NOON, part=1)
    store.assign(worse, title_id, (), SURE, NOON, part=2)
    assert store.duplicates() == ([], 0)


def test_an_episode_that_two_files_hold_is_a_duplicate(store):
    show = Facts(kind=Kind.SHOW, title="Dark", year=2017)
    title_id = owned(store, show, found("E1 (2017)"), found("E1-E2 (2017)"), source="shows")
    first, second = store.episode_ids(title_id, 1, (1, 2))
    one, both = sorted(file.id for file in store.title(title_id).files)
    store.assign(one, title_id, (first,), SURE, NOON)
    store.assign(both, title_id, (first, second), SURE, NOON)
    (double,), total = store.duplicates()
    assert (total, double.season, double.episode) == (1, 1, 1)
    assert {file.id for file in double.files} == {one, both}
    (season,) = store.title(title_id).seasons
    assert [episode.files for episode in season.episodes] == [2, 1]


def test_whether_we_have_a_film_is_answered_by_its_ids(store):
    owned(store, film(ids={"tmdb": "5", "imdb": "tt5"}), found())
    put(store, film("Okja", 2017, ids={"tmdb": "6"}))
    assert [file.path for file in store.owned(Kind.FILM, {"imdb": "tt5"})] == [found().path]
    assert store.owned(Kind.FILM, {"tmdb": "6"}) == store.owned(Kind.SHOW, {"tmdb": "5"}) == []
    assert list(store.owned_ids(Kind.FILM, "tmdb")) == ["5"]
    store.mark_gone("films", [found().uri], NOON)
    assert store.owned(Kind.FILM, {"tmdb": "5"}) == []


def test_counts_and_lists_of_files_agree(store):
    owned(store, film(), found())
    store.save_found("films", [found("B (2000)"), found("C (2000)")], NOON)
    store.mark_gone("films", [found("C (2000)").uri], LATER)
    counts = store.counts()
    assert (counts.films, counts.files, counts.gone_files, counts.waiting) == (1, 2, 1, 1)
    assert counts.size_bytes == sum(file.size_bytes for file in store.files().rows)
    assert store.files(Standing.WAITING).total == 1
    assert store.files(source="films", limit=1).total == 2
    assert store.files(gone=True).rows[0].deleted_at == LATER


def test_an_empty_library_has_empty_pages(store):
    assert store.titles().total == store.counts().files == 0
    assert (store.titles().rows, store.sources(), store.reviews()) == ([], [], [])
    assert store.duplicates() == ([], 0)


@pytest.mark.slow
def test_lists_of_a_large_library_ask_for_no_whole_table(store):
    for start in range(0, 3000, 500):
        facts = [film(f"Film {n}", 1950 + n % 70) for n in range(start, start + 500)]
        assert len(store.put_titles(facts, NOON + timedelta(start))) == 500
    asked = Filters(having="all")
    assert store.titles(filters=asked, offset=2990).total == 3000
    assert len(store.titles(filters=asked, text="film 29", limit=20).rows) == 20
    show = put(store, Facts(kind=Kind.SHOW, title="Long"))
    episodes = tuple(EpisodeFacts(number=n) for n in range(1, 1201))
    seasons = (SeasonFacts(number=1, episodes=episodes),)
    store.save_facts(show, Facts(kind=Kind.SHOW, title="Long", seasons=seasons), NOON)
    assert len(store.title(show).seasons[0].episodes) == 1200
