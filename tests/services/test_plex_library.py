from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from movie_sync.demo import plex_site
from movie_sync.demo.plex_site import PlexSite, Shelf, episode, film, media, show
from movie_sync.demo.server import Reply
from movie_sync.errors import BadAnswer, NotAuthorised, Stopping, Unavailable
from movie_sync.http import Http, Pacer
from movie_sync.library_models import Found, Kind, Marker, MarkerKind, Seen, Teller, Unread, Views
from movie_sync.media_models import Hdr, Picture, Sound, Text
from movie_sync.services.plex import headers
from movie_sync.services.plex_library import PlexLibrary

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HARBOUR = show(1, "Quiet Harbour", 2001)
PATHS = {"/data": "/srv"}


class Watch:
    """A time that tests move on."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Watch()


@pytest.fixture
def site():
    with PlexSite([Shelf("1", "Films"), Shelf("2", "Shows", kind="show")]) as started:
        yield started


@pytest.fixture
def films(site):
    return site.shelves[0].items


@pytest.fixture
def connect(site, clock):
    opened = []

    def make(*, token=site.token, path_map=PATHS, url=None, tries=1, **options):
        pacer = Pacer(lambda seconds: None)
        http = Http("plex", url or site.url, headers=headers(token), pacer=pacer, tries=tries)
        opened.append(http)
        return PlexLibrary("home", http, path_map=path_map, clock=clock, **options)

    yield make
    for http in opened:
        http.close()


@pytest.fixture
def plex(connect):
    return connect()


def look(plex, known=None):
    return list(plex.discover(known or {}, Event()))


def known_of(told, before=None):
    """As a store has it after that."""
    fingerprints = {one.uri: one.fingerprint for one in told if isinstance(one, Found)}
    seen = {one.uri: before[one.uri] for one in told if isinstance(one, Seen)}
    return seen | fingerprints


def one(plex):
    (found,) = look(plex)
    assert isinstance(found, Found), found
    return found


def test_a_film_is_told_with_all_that_plex_knows(plex, films):
    films.append(film(7, "Amélie", 2001, originalTitle="Le Fabuleux Destin", summary="Paris."))
    found = one(plex)
    (told,) = found.told
    assert (found.uri, found.path) == ("plex:1:7:70", "/srv/films/Amélie (2001)/Amélie (2001).mkv")
    assert (told.by, told.kind, told.year) == (Teller.SERVER, Kind.FILM, 2001)
    assert told.titles == ("Amélie", "Le Fabuleux Destin")
    assert told.ids == {"imdb": "tt0000007", "tmdb": "1007", "plex": f"{7:024x}"}
    assert (told.overview, told.runtime_min, told.genres) == ("Paris.", 90, ("Drama",))
    assert (found.size_bytes, found.views, found.problem) == (1_500_000_000, None, None)


def test_what_is_inside_a_file_is_told(plex, films):
    films.append(film(7, "A", 2001))
    inside = one(plex).media
    assert (inside.container, inside.duration_ms, inside.bit_rate) == (
        "matroska",
        5_400_000,
        4_192_000,
    )
    assert inside.pictures == (
        Picture(codec="h264", width=1920, height=1080, profile="high", bit_depth=8,
                frame_rate=23.976, bit_rate=4_000_000),
    )  # fmt: skip
    assert inside.sounds == (
        Sound(codec="aac", language="eng", channels=2, layout="stereo", sample_rate=48000,
              bit_rate=192_000, default=True),
    )  # fmt: skip
    assert inside.texts == (Text(codec="subrip", language="eng", forced=True),)


@pytest.mark.parametrize(
    ("said", "hdr"),
    [
        ({"colorTrc": "smpte2084"}, Hdr.HDR10),
        ({"colorTrc": "arib-std-b67"}, Hdr.HLG),
        ({"colorTrc": "smpte2084", "DOVIPresent": True}, Hdr.DOLBY_VISION),
        ({"colorTrc": "bt709"}, None),
    ],
)
def test_a_bright_picture_is_told_as_one(plex, films, said, hdr):
    version = media(70, ["/data/a.mkv"])
    version["Part"][0]["Stream"][0] |= said
    films.append(film(7, "A", 2001, Media=[version]))
    assert one(plex).media.picture.hdr is hdr


def test_a_file_that_plex_has_not_looked_into_has_the_codecs_of_its_version(plex, films):
    version = media(70, ["/data/a.mkv"])
    version["Part"][0]["Stream"] = []
    films.append(film(7, "A", 2001, Media=[version]))
    inside = one(plex).media
    assert inside.pictures == (Picture(codec="h264", width=1920, height=1080, profile="high"),)
    assert inside.sounds == (Sound(codec="aac", channels=2),)


def test_subtitles_beside_a_film_are_not_in_it(plex, films):
    version = media(70, ["/data/a.mkv"])
    del version["Part"][0]["Stream"][2]["index"]
    films.append(film(7, "A", 2001, Media=[version]))
    assert one(plex).media.texts == ()


def test_chapters_intros_credits_and_breaks_are_markers(plex, films):
    marks = [
        {"type": kind, "startTimeOffset": at, "endTimeOffset": at + 5}
        for at, kind in enumerate(("intro", "credits", "commercial", "bookmark"))
    ]
    films.append(film(7, "A", 2001, Marker=marks))
    assert one(plex).markers == (
        Marker(kind=MarkerKind.INTRO, start_ms=0, end_ms=5),
        Marker(kind=MarkerKind.CREDITS, start_ms=1, end_ms=6),
        Marker(kind=MarkerKind.BREAK, start_ms=2, end_ms=7),
        Marker(kind=MarkerKind.CHAPTER, start_ms=0, end_ms=300_000, title="Opening"),
    )


def test_a_film_in_two_files_is_two_files_with_their_numbers(plex, films):
    films.append(film(7, "A", 2001, Media=[media(70, ["/data/A CD1.avi", "/data/A CD2.avi"])]))
    first, second = look(plex)
    assert (first.uri, first.told[0].part) == ("plex:1:7:70", 1)
    assert (second.uri, second.told[0].part) == ("plex:1:7:71", 2)
    assert second.media.duration_ms == 2_700_000
    assert (first.markers, second.markers) == ((), ())  # nobody says in which of them they are


def test_versions_are_files_and_only_those_of_one_length_share_markers(plex, films):
    versions = [
        media(70, ["/data/A - 2160p.mkv"]),
        media(71, ["/data/A - 1080p.mkv"], duration=5_401_000),
        media(72, ["/data/A - Extended.mkv"], duration=6_400_000),
        media(73, ["/data/Plex Versions/A.mp4"], proxyType=42),
    ]
    films.append(film(7, "A", 2001, editionTitle="Director's Cut", Media=versions))
    told = look(plex)
    assert [each.path for each in told] == [
        "/srv/A - 2160p.mkv", "/srv/A - 1080p.mkv", "/srv/A - Extended.mkv",
    ]  # fmt: skip
    assert [len(each.markers) for each in told] == [2, 2, 0]
    assert {each.told[0].part for each in told} == {None}
    assert {each.told[0].edition for each in told} == {"Director's Cut"}


def test_an_episode_is_told_with_its_show(plex, site):
    shelf = site.shelves[1]
    shelf.shows.append(HARBOUR)
    shelf.items.append(episode(HARBOUR, 50, 1, 4, title="The Storm"))
    found = one(plex)
    (told,) = found.told
    assert (told.kind, told.titles, told.year) == (Kind.SHOW, ("Quiet Harbour",), 2001)
    assert told.ids == {"tvdb": "70001", "plex": f"{1:024x}"}
    assert (told.season, told.episodes, told.episode_title) == (1, (4,), "The Storm")
    assert told.episode_ids == {"tvdb": "80050", "plex": f"{50:024x}"}
    assert str(told.aired_on) == "2001-02-01"


def test_several_episodes_in_one_file_are_one_file(plex, site):
    shelf, file = site.shelves[1], "/data/shows/H/H S01E02-E03.mkv"
    shelf.shows.append(HARBOUR)
    shelf.items += [
        episode(HARBOUR, 53, 1, 3, file=file, viewCount=2, addedAt=1),
        episode(HARBOUR, 52, 1, 2, file=file, title="Storm"),
    ]
    found = one(plex)
    (told,) = found.told
    assert found.uri == "plex:2:52:520"  # by the oldest, in whatever order they are told
    assert (told.season, told.episodes, told.episode_ids) == (1, (2, 3), {})
    assert told.episode_title == "Storm / Episode 3"
    assert found.views.count == 2


def test_a_file_across_two_seasons_is_told_of_both(plex, site):
    shelf, file = site.shelves[1], "/data/H.mkv"
    shelf.items += [episode(HARBOUR, 52, 1, 9, file=file), episode(HARBOUR, 53, 2, 1, file=file)]
    found = one(plex)
    assert [(each.season, each.episodes) for each in found.told] == [(1, (9,)), (2, (1,))]


def test_an_episode_of_a_show_that_is_not_listed_yet_is_told_by_its_name(plex, site):
    site.shelves[1].items.append(episode(HARBOUR, 50, 0, 1))
    (told,) = one(plex).told
    assert (told.titles, told.ids, told.season) == (("Quiet Harbour",), {"plex": f"{1:024x}"}, 0)


@pytest.mark.parametrize(
    ("guid", "ids"),
    [
        ("com.plexapp.agents.imdb://tt0123456?lang=en", {"imdb": "tt0123456"}),
        ("com.plexapp.agents.themoviedb://603?lang=de", {"tmdb": "603"}),
        ("com.plexapp.agents.hama://tvdb-81797?lang=en", {"tvdb": "81797"}),
        ("com.plexapp.agents.xbmcnfo://tt0123456?lang=en", {"imdb": "tt0123456"}),
        ("com.plexapp.agents.none://8d1a?lang=xn", {}),
        ("com.plexapp.agents.imdb://nonsense", {}),
        ("local://104", {}),
        ("", {}),
    ],
)
def test_ids_of_older_agents_are_read_and_local_items_have_none(plex, films, guid, ids):
    films.append(film(7, "A", 2001, guid=guid, Guid=[]))
    assert one(plex).told[0].ids == ids


def test_an_older_agent_names_the_show_in_its_episodes(plex, site):
    old = "com.plexapp.agents.thetvdb://81189/1/2?lang=en"
    site.shelves[1].items.append(episode(HARBOUR, 50, 1, 2, guid=old, grandparentGuid="", Guid=[]))
    (told,) = one(plex).told
    assert (told.ids, told.episode_ids) == ({"tvdb": "81189"}, {})


def test_what_was_watched_is_told_in_utc(plex, films):
    films.append(film(7, "A", 2001, viewCount=3, lastViewedAt=1_690_000_000, viewOffset=600_000))
    assert one(plex).views == Views(
        count=3, last_at=datetime(2023, 7, 22, 4, 26, 40, tzinfo=UTC), offset_ms=600_000
    )


def test_a_file_that_plex_finds_no_more_is_there_with_a_problem(plex, films):
    films.append(film(7, "A", 2001, deletedAt=1_690_000_000))
    assert one(plex).problem == "Plex does not find this file any more; is its drive away?"


def test_an_extra_is_marked_as_one(plex, films):
    films.append(film(7, "A", 2001, extraType=1, subtype="trailer"))
    assert one(plex).told[0].extra == "trailer"


@pytest.mark.parametrize(
    ("path_map", "ours", "path"),
    [
        ({"/data": "/srv"}, (), "/srv/films/A.mkv"),
        ({"/data": "/srv", "/data/films/": "/films/"}, (), "/films/A.mkv"),
        ({"/data/film": "/films"}, (), None),
        ({"/Data": "/srv"}, (), None),
        ({}, (), None),
        ({}, ("/data/films",), "/data/films/A.mkv"),
        ({}, ("/data/film",), None),
        ({"/": "/mnt/nas"}, (), "/mnt/nas/data/films/A.mkv"),
    ],
)
def test_a_path_is_here_only_where_something_says_so(connect, films, path_map, ours, path):
    films.append(film(7, "A", 2001, file="/data/films/A.mkv"))
    assert one(connect(path_map=path_map, ours=ours)).path == path


def test_a_path_of_windows_is_one_of_this_machine(connect, films):
    films.append(film(7, "A", 2001, file="D:\\Films\\Ä b\\A.mkv"))
    assert one(connect(path_map={"D:\\Films": "/films"})).path == "/films/Ä b/A.mkv"


def test_what_has_not_changed_is_seen_and_not_asked_for_again(plex, site, films):
    films += [film(n, f"Film {n}", 2001) for n in range(1, 6)]
    known = known_of(look(plex))
    films[2]["viewCount"] = 1
    site.shelves[0].changed()
    del site.requests[:]
    told = look(plex, known)
    assert [type(each) for each in told].count(Seen) == 4
    assert [each.uri for each in told if isinstance(each, Found)] == ["plex:1:3:30"]
    assert [path for path in site.requests if "metadata" in path] == [
        path for path in site.requests if "/metadata/3?" in path
    ]


def test_a_library_that_has_not_changed_is_not_read_for_a_day(plex, site, films, clock):
    films.append(film(7, "A", 2001))
    known = known_of(look(plex))
    films[0]["viewCount"] = 1  # which is no change to Plex
    del site.requests[:]
    clock.now += timedelta(hours=23)
    assert look(plex, known) == [Seen("plex:1:7:70")]
    assert not any("/sections/1/all" in path for path in site.requests)
    clock.now += timedelta(hours=2)
    (found,) = look(plex, known)
    assert found.views == Views(count=1)


@pytest.mark.parametrize("what", ["scanned", "changed", "stored less", "other paths", "forgotten"])
def test_any_doubt_has_a_library_read_again(connect, site, films, what):
    films.append(film(7, "A", 2001))
    plex = connect()
    known = known_of(look(plex))
    if what == "scanned":
        site.shelves[0].scanned_at += 1
    if what == "changed":
        site.shelves[0].changed()
    if what == "stored less":
        known = {}
    paths = {"/data": "/other"} if what == "other paths" else PATHS
    again = connect(path_map=paths, marks={} if what == "forgotten" else plex.marks)
    del site.requests[:]
    look(again, known)
    assert any("/sections/1/all" in path for path in site.requests)


def test_marks_that_were_kept_spare_a_new_start_the_reading(connect, site, films):
    films.append(film(7, "A", 2001))
    plex = connect()
    known = known_of(look(plex))
    del site.requests[:]
    assert look(connect(marks=plex.marks), known) == [Seen("plex:1:7:70")]
    assert not any("/sections/1/all" in path for path in site.requests)


def test_credits_that_were_found_in_the_night_are_noticed_of_what_is_new(plex, site, films):
    added = int(NOON.timestamp()) - 3600
    films += [film(7, "A", 2001, addedAt=added, Marker=[]), film(8, "B", 2001, Marker=[])]
    known = known_of(look(plex))
    for each in films:
        each["Marker"] = [{"type": "credits", "startTimeOffset": 1, "endTimeOffset": 2}]
    site.shelves[0].changed()
    told = {each.uri: each for each in look(plex, known)}
    assert isinstance(told["plex:1:7:70"], Found)
    assert told["plex:1:8:80"] == Seen("plex:1:8:80")  # it is old, and Plex says it is the same


def test_libraries_are_chosen_by_name_and_by_what_they_hold(connect, site, films):
    films.append(film(7, "A", 2001))
    site.shelves[1].items.append(episode(HARBOUR, 50, 1, 1))
    site.shelves.append(Shelf("3", "Music", kind="artist"))
    assert [each.uri for each in look(connect(sections=["Shows"]))] == ["plex:2:50:500"]
    assert [each.uri for each in look(connect(holds="films"))] == ["plex:1:7:70"]
    assert len(look(connect())) == 2


def test_a_library_that_is_called_otherwise_now_is_not_taken_for_gone(connect, films):
    films.append(film(7, "A", 2001))
    plex = connect(sections=["Films", "Cartoons"])
    told = look(plex, {"plex:1:9:90": "x", "plex:5:8:80": "y"})
    sentence = 'plex has no library "Cartoons", but "Films", "Shows"'
    assert told[:2] == [Unread("plex:Cartoons:", sentence), Unread("plex:5:", sentence)]
    assert [each.uri for each in told[2:]] == ["plex:1:7:70"]


def test_a_server_that_has_lost_its_libraries_takes_nothing_away(plex, site):
    del site.shelves[:]
    told = look(plex, {"plex:1:9:90": "x"})
    assert {each.prefix for each in told} == {"plex::", "plex:1:"}


def test_a_refused_token_is_told_and_shown_nowhere(connect, caplog):
    caplog.set_level("DEBUG")
    with pytest.raises(NotAuthorised) as caught:
        look(connect(token="wr0ng-t0ken"))
    assert "wr0ng-t0ken" not in f"{caught.value} {caplog.text}"


def test_the_token_is_in_no_address(plex, site, films):
    films.append(film(7, "A", 2001))
    look(plex)
    assert site.requests
    assert not [path for path in site.requests if site.token in path]


def test_a_server_that_is_not_there_is_unavailable(connect, site):
    plex = connect()
    site.stop()
    with pytest.raises(Unavailable):
        look(plex)


def test_one_library_that_fails_does_not_hide_the_others(plex, site, films):
    films.append(film(7, "A", 2001))
    site.trouble["/library/sections/2/"] = plex_site.BROKEN
    found, unread = look(plex)
    assert found.uri == "plex:1:7:70"
    assert unread == Unread("plex:2:", 'plex: the library "Shows" was not read '
                            "(/library/sections/2/all answered 500)")  # fmt: skip


def test_a_server_none_of_whose_libraries_answer_is_unavailable(plex, site):
    site.trouble["/library/sections/"] = plex_site.BROKEN
    with pytest.raises(Unavailable):
        look(plex)


def test_a_count_that_does_not_add_up_is_no_short_list(plex, site, films):
    films.append(film(7, "A", 2001))
    site.shelves[0].more = 3
    unread = look(plex)[-1]
    assert unread.prefix == "plex:1:"
    assert "told 1 of 4 items" in unread.sentence


def test_a_proxy_that_cuts_an_answer_is_no_short_list(plex, site):
    cut = b'{"MediaContainer": {"size": 2, "totalSize": 2, "Metadata": []}}'
    site.trouble["/library/sections/1/"] = Reply(200, cut, plex_site.JSON)
    (unread,) = look(plex)
    assert "told 0 of 2 items of a page" in unread.sentence


@pytest.fixture
def slow_reader(connect):
    return connect(page_size=5)


def pages_of(site, kind="1"):
    return [path for path in site.requests if "/all?" in path and f"type={kind}&" in path]


def after_page(site, number, change):
    """Have something happen when so many pages were told."""
    done = []

    def before(request):
        if len(pages_of(site)) == number + 1 and not done:
            done.append(True)
            change()

    site.before = before


def test_what_is_added_while_it_is_read_is_neither_lost_nor_doubled(slow_reader, site, films):
    films += [film(n, f"Film {n}", 2001) for n in range(1, 13)]
    after_page(site, 1, lambda: films.append(film(99, "New", 2026)))
    uris = [each.uri for each in look(slow_reader)]
    assert sorted(uris) == sorted({f"plex:1:{n}:{n * 10}" for n in [*range(1, 13), 99]})


@pytest.mark.parametrize("at", [0, 3, 4, 7])
def test_what_moves_while_it_is_read_is_read_again(slow_reader, site, films, at):
    films += [film(n, f"Film {n}", 2001) for n in range(1, 13)]
    after_page(site, 1, lambda: films.pop(at))
    told = look(slow_reader)
    uris = {each.uri for each in told if isinstance(each, Found)}
    assert {
        f"plex:1:{int(each['ratingKey'])}:{int(each['ratingKey']) * 10}" for each in films
    } <= uris


def test_a_library_that_never_stands_still_is_read_another_time(slow_reader, site, films):
    films += [film(n, f"Film {n}", 2001) for n in range(1, 40)]
    site.before = lambda request: films.pop(0) if pages_of(site) else None
    unread = look(slow_reader)[-1]
    assert unread.prefix == "plex:1:"
    assert "changed 4 times while it was read" in unread.sentence


def test_an_item_that_goes_between_list_and_answer_is_unread_alone(plex, site, films):
    films += [film(7, "A", 2001), film(8, "B", 2001)]
    site.before = lambda request: films.pop() if "/metadata/" in request.path else None
    told = look(plex)
    assert [type(each) for each in told] == [Found, Unread]
    assert told[1] == Unread(
        "plex:1:8:80", 'plex: item 8 of "Films" was listed, and is told of no more'
    )


def test_one_odd_item_spoils_no_other(plex, films):
    films += [film(7, "A", 2001, index="the rat"), film(8, "B", 2001)]
    unread, found = look(plex)
    assert unread == Unread("plex:1:7:", 'plex: item 7 of "Films" has an unknown form')
    assert found.uri == "plex:1:8:80"


def test_many_odd_items_are_another_form(plex, films):
    films += [film(n, "A", 2001, duration="long") for n in range(1, 40)]
    assert look(plex)[-1].prefix == "plex:1:"


def test_a_server_that_takes_no_long_addresses_is_asked_for_fewer(plex, site, films):
    films += [film(n, f"Film {n}", 2001) for n in range(1, 120)]

    def before(request):
        too_long = len(request.path) > 150
        site.trouble = {"/library/metadata/": Reply(414)} if too_long else {}

    site.before = before
    assert len({each.uri for each in look(plex) if isinstance(each, Found)}) == 119


def test_a_server_that_is_too_slow_for_large_pages_is_asked_for_small_ones(
    slow_reader, site, films
):
    films += [film(n, f"Film {n}", 2001) for n in range(1, 130)]

    def before(request):
        size = int(request.query.get("X-Plex-Container-Size", 0))
        too_much = size > 5 or request.path.count(",") >= 100
        site.trouble = {"/library/": plex_site.BROKEN} if too_much else {}

    site.before = before
    assert len({each.uri for each in look(slow_reader) if isinstance(each, Found)}) == 129


def test_numbers_may_be_texts(plex, films):
    films.append(film(7, "A", 2001, index="1", viewCount="2", duration="5400000"))
    found = one(plex)
    assert (found.told[0].runtime_min, found.views.count) == (90, 2)


def test_it_stops_soon(plex, films):
    films.append(film(7, "A", 2001))
    stop = Event()
    stop.set()
    with pytest.raises(Stopping):
        list(plex.discover({}, stop))


def test_an_answer_of_another_program_is_a_bad_one(plex, site):
    site.trouble["/library/sections"] = Reply(200, b'{"MediaContainer": {"size": 3}}')
    with pytest.raises(BadAnswer, match="told 0 of 3 libraries"):
        look(plex)


@pytest.mark.slow
def test_ten_thousand_episodes_need_few_requests_and_none_an_item(connect):
    with PlexSite.of(10_000) as large:
        plex = connect(url=large.url)
        known = known_of(look(plex))
        assert (len(known), len(large.requests) <= 25) == (10_000, True)
        del large.requests[:]
        plex.marks.clear()
        assert len(look(plex, known)) == 10_000
        assert len(large.requests) <= 10
        del large.requests[:]
        assert set(map(type, look(plex, known))) == {Seen}
        assert len(large.requests) == 1
