from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from movie_sync.demo import jellyfin_site
from movie_sync.demo.jellyfin_site import (
    ANN,
    BEGAN,
    BEN,
    JellyfinSite,
    Shelf,
    episode,
    film,
    moment,
    show,
    source,
)
from movie_sync.demo.server import Reply
from movie_sync.errors import BadAnswer, ConfigError, NotAuthorised, Stopping, Unavailable
from movie_sync.http import Http, Pacer
from movie_sync.library_models import (
    Found,
    Kind,
    Marker,
    MarkerKind,
    Seen,
    Sidecar,
    Teller,
    Unread,
    Views,
)
from movie_sync.media_models import Hdr, Picture, Sound, Text
from movie_sync.services.jellyfin import headers
from movie_sync.services.jellyfin_library import JellyfinLibrary

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HARBOUR = show(1, "Quiet Harbour", 2001)
PATHS = {"/media": "/srv"}
A_MIN = jellyfin_site.TICKS_A_MIN
FILMS, SHOWS = f"jellyfin:{11:032x}:", f"jellyfin:{12:032x}:"


class Watch:
    """A time that tests move on."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Watch()


def shelves():
    return [Shelf(11, "Films"), Shelf(12, "Shows", kind="tvshows")]


@pytest.fixture
def site():
    with JellyfinSite(shelves()) as started:
        yield started


@pytest.fixture
def films(site):
    return site.shelves[0].items


@pytest.fixture
def connect(site, clock):
    opened = []

    def make(*, key=site.key, path_map=PATHS, url=None, **options):
        pacer = Pacer(lambda seconds: None)
        http = Http("jellyfin", url or site.url, headers=headers(key), pacer=pacer, tries=1)
        opened.append(http)
        return JellyfinLibrary("home", http, path_map=path_map, clock=clock, **options)

    yield make
    for http in opened:
        http.close()


@pytest.fixture
def jellyfin(connect):
    return connect()


def look(jellyfin, known=None):
    return list(jellyfin.discover(known or {}, Event()))


def known_of(told):
    """As a store has it after the first look."""
    return {one.uri: one.fingerprint for one in told if isinstance(one, Found)}


def one(jellyfin):
    (found,) = look(jellyfin)
    assert isinstance(found, Found), found
    return found


def uri(library, number, file=None):
    return f"{library}{number:032x}:{number if file is None else file:032x}"


def test_a_film_is_told_with_all_that_jellyfin_knows(jellyfin, films):
    films.append(film(7, "Amélie", 2001, OriginalTitle="Le Fabuleux Destin", Overview="Paris."))
    found = one(jellyfin)
    (told,) = found.told
    assert (found.uri, found.path) == (uri(FILMS, 7), "/srv/films/Amélie (2001)/Amélie (2001).mkv")
    assert (told.by, told.kind, told.year) == (Teller.SERVER, Kind.FILM, 2001)
    assert told.titles == ("Amélie", "Le Fabuleux Destin")
    assert told.ids == {"imdb": "tt0000007", "tmdb": "1007"}
    assert (told.overview, told.runtime_min, told.genres) == ("Paris.", 90, ("Drama",))
    assert (found.size_bytes, found.views, found.sidecars) == (1_500_000_000, None, ())


def test_what_is_inside_a_file_is_told(jellyfin, films):
    films.append(film(7, "A", 2001))
    inside = one(jellyfin).media
    assert (inside.container, inside.duration_ms, inside.bit_rate) == (
        "matroska", 5_400_000, 4_192_000,
    )  # fmt: skip
    assert inside.pictures == (
        Picture(codec="h264", width=1920, height=1080, profile="High", bit_depth=8,
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
        ({"VideoRangeType": "HDR10"}, Hdr.HDR10),
        ({"VideoRangeType": "HDR10Plus"}, Hdr.HDR10_PLUS),
        ({"VideoRangeType": "DOVIWithHDR10"}, Hdr.DOLBY_VISION),
        ({"VideoRangeType": "HLG"}, Hdr.HLG),
        ({"VideoRangeType": None, "ExtendedVideoType": "HyperLogGamma"}, Hdr.HLG),
        ({"VideoRangeType": None, "ColorTransfer": "smpte2084"}, Hdr.HDR10),
    ],
)
def test_a_bright_picture_is_told_as_one(jellyfin, films, said, hdr):
    made = film(7, "A", 2001)
    made["MediaSources"][0]["MediaStreams"][0] |= said
    films.append(made)
    assert one(jellyfin).media.picture.hdr is hdr


def test_subtitles_beside_a_film_go_along_with_it(jellyfin, films):
    made = film(7, "A", 2001)
    made["MediaSources"][0]["MediaStreams"] += [
        {"Type": "Subtitle", "Codec": "srt", "Language": "ger", "IsExternal": True,
         "IsHearingImpaired": True, "Path": "/media/films/A.de.sdh.srt"},
        {"Type": "Subtitle", "Codec": "srt", "IsExternal": True, "Path": "/else/A.srt"},
        {"Type": "Video", "Codec": "mjpeg", "Width": 600, "Height": 900},
    ]  # fmt: skip
    films.append(made)
    found = one(jellyfin)
    beside = Sidecar(
        path="/srv/films/A.de.sdh.srt", what="subtitles", language="ger", hearing_impaired=True
    )
    assert found.sidecars == (beside,)
    assert (len(found.media.texts), len(found.media.pictures)) == (1, 1)


def test_chapters_end_where_the_next_one_begins(jellyfin, films):
    films.append(film(7, "A", 2001))
    assert one(jellyfin).markers == (
        Marker(kind=MarkerKind.CHAPTER, start_ms=0, end_ms=300_000, title="Opening"),
        Marker(kind=MarkerKind.CHAPTER, start_ms=300_000, end_ms=5_400_000, title="Chapter 2"),
    )


def test_emby_has_intros_and_credits_among_its_chapters(jellyfin, films):
    marks = [
        {"StartPositionTicks": at * A_MIN, "MarkerType": kind, "Name": kind}
        for at, kind in enumerate(("Chapter", "IntroStart", "IntroEnd", "CreditsStart"))
    ]
    films.append(film(7, "A", 2001, Chapters=marks))
    assert [(each.kind, each.start_ms, each.end_ms) for each in one(jellyfin).markers] == [
        (MarkerKind.CHAPTER, 0, 5_400_000),
        (MarkerKind.INTRO, 60_000, 120_000),
        (MarkerKind.CREDITS, 180_000, 5_400_000),
    ]


def test_segments_are_told_of_one_file_when_they_are_asked_for(jellyfin, site):
    site.segments[f"{7:032x}"] = [
        {"Type": "Intro", "StartTicks": 0, "EndTicks": A_MIN},
        {"Type": "Outro", "StartTicks": 88 * A_MIN, "EndTicks": 90 * A_MIN},
        {"Type": "Recap", "StartTicks": 0, "EndTicks": A_MIN},
    ]
    assert jellyfin.markers(uri(FILMS, 7)) == (
        Marker(kind=MarkerKind.INTRO, start_ms=0, end_ms=60_000),
        Marker(kind=MarkerKind.CREDITS, start_ms=5_280_000, end_ms=5_400_000),
    )
    site.trouble["/MediaSegments/"] = jellyfin_site.NOT_THERE  # as before version 10.10
    assert jellyfin.markers(uri(FILMS, 7)) == ()


def test_a_film_in_two_files_is_two_files_with_their_numbers(jellyfin, site, films):
    films.append(film(7, "A", 2001, file="/media/A CD1.avi", PartCount=2))
    site.parts[f"{7:032x}"] = [film(8, "A", 2001, file="/media/A CD2.avi")]
    first, second = look(jellyfin)
    assert (first.uri, first.path, first.told[0].part) == (uri(FILMS, 7), "/srv/A CD1.avi", 1)
    assert (second.uri, second.path, second.told[0].part) == (
        uri(FILMS, 7, 8), "/srv/A CD2.avi", 2,
    )  # fmt: skip
    assert first.told[0].titles == second.told[0].titles
    known, site.requests[:] = known_of([first, second]), []
    jellyfin.marks.clear()
    assert look(jellyfin, known) == [Seen(first.uri), Seen(second.uri)]
    assert not [path for path in site.requests if "AdditionalParts" in path]


def test_parts_that_are_not_all_told_are_no_short_film(jellyfin, site, films):
    films += [film(7, "A", 2001, PartCount=2), film(9, "B", 2001)]
    site.parts[f"{7:032x}"] = [{"Id": f"{8:032x}", "Type": "Video"}]
    unread, found = look(jellyfin)
    sentence = 'jellyfin: told 0 further files of "A", and has 1'
    assert unread == Unread(f"{FILMS}{7:032x}:", sentence)
    assert found.uri == uri(FILMS, 9)


def test_versions_are_files_of_their_own(jellyfin, films):
    versions = [
        source(f"{7:032x}", "/media/A - 4K.mkv"),
        source(f"{8:032x}", "/media/A.mkv", minutes=99),
    ]
    films.append(film(7, "A", 2001, MediaSources=versions))
    told = look(jellyfin)
    assert [(each.uri, each.path) for each in told] == [
        (uri(FILMS, 7), "/srv/A - 4K.mkv"), (uri(FILMS, 7, 8), "/srv/A.mkv"),
    ]  # fmt: skip
    assert [len(each.markers) for each in told] == [2, 0]  # another length is another cut


def test_an_episode_is_told_with_its_show(jellyfin, site):
    shelf = site.shelves[1]
    shelf.shows.append(HARBOUR)
    shelf.items.append(episode(HARBOUR, 50, 1, 4, Name="The Storm"))
    (told,) = one(jellyfin).told
    assert (told.kind, told.titles, told.year) == (Kind.SHOW, ("Quiet Harbour",), 2001)
    assert told.ids == {"tvdb": "70001"}  # an id that is empty is none
    assert (told.season, told.episodes, told.episode_title) == (1, (4,), "The Storm")
    assert told.episode_ids == {"tvdb": "80050"}
    assert str(told.aired_on) == "2001-02-01"


def test_several_episodes_in_one_file_are_one_file(jellyfin, site):
    site.shelves[1].items.append(episode(HARBOUR, 50, 1, 4, IndexNumberEnd=6))
    (told,) = one(jellyfin).told
    assert (told.episodes, told.episode_ids) == ((4, 5, 6), {})


def test_an_episode_that_is_only_missed_is_no_file(jellyfin, site):
    site.shelves[1].items.append(episode(HARBOUR, 50, 1, 4, LocationType="Virtual"))
    assert look(jellyfin) == []


def test_a_film_of_the_web_lies_nowhere(jellyfin, films):
    versions = [source(f"{7:032x}", "http://a.example/a.mp4", Protocol="Http")]
    films.append(film(7, "A", 2001, MediaSources=versions))
    assert one(jellyfin).path is None


def test_an_extra_is_marked_as_one(jellyfin, films):
    films.append(film(7, "A", 2001, ExtraType="BehindTheScenes"))
    assert one(jellyfin).told[0].extra == "behind_the_scenes"


@pytest.mark.parametrize(("user", "count"), [("", 3), ("ann", 3), ("Ben", 1)])
def test_the_watching_of_one_person_is_told_in_utc(connect, films, user, count):
    seen = {"Played": True, "PlayCount": 3, "LastPlayedDate": "2023-07-22T06:26:40.1234567+02:00"}
    films.append(film(7, "A", 2001, watched={ANN: seen, BEN: {"Played": True}}))
    views = one(connect(user=user)).views
    assert views.count == count
    assert count == 1 or views.last_at == datetime(2023, 7, 22, 4, 26, 40, 123456, tzinfo=UTC)


def test_where_a_film_was_stopped_is_told(jellyfin, films):
    films.append(film(7, "A", 2001, watched={ANN: {"PlaybackPositionTicks": 10 * A_MIN}}))
    assert one(jellyfin).views == Views(offset_ms=600_000)


def test_a_person_whom_it_does_not_know_is_a_wrong_setting(connect):
    with pytest.raises(ConfigError) as caught:
        look(connect(user="Cid"))
    assert str(caught.value) == (
        'jellyfin.user names "Cid", whom Jellyfin does not know; it knows Ben, Ann'
    )


def test_where_nobody_is_known_nothing_is_told_of_watching(jellyfin, site, films):
    films.append(film(7, "A", 2001, watched={ANN: {"PlayCount": 3}}))
    site.users = []
    assert one(jellyfin).views is None


def test_what_has_not_changed_is_seen(jellyfin, films):
    films += [film(n, f"Film {n}", 2001) for n in range(1, 6)]
    known = known_of(look(jellyfin))
    films[2]["watched"][ANN] = {"PlayCount": 1, "LastPlayedDate": moment(NOON)}
    told = look(jellyfin, known)
    assert [each.uri for each in told if isinstance(each, Found)] == [uri(FILMS, 3)]
    assert [type(each) for each in told].count(Seen) == 4


def lists_of(site):
    return [path for path in site.requests if "StartIndex=" in path]


def test_a_library_that_has_not_changed_is_not_read_for_a_day(jellyfin, site, films, clock):
    last = {"PlayCount": 1, "LastPlayedDate": moment(NOON)}
    films.append(film(7, "A", 2001, watched={ANN: {"PlayCount": 3}}))
    films.append(film(8, "B", 2001, watched={ANN: last}))
    known = known_of(look(jellyfin))
    films[0]["watched"][ANN] = {}  # no date tells that it was marked as not seen
    del site.requests[:]
    clock.now += timedelta(hours=23)
    assert set(map(type, look(jellyfin, known))) == {Seen}
    assert lists_of(site) == []
    clock.now += timedelta(hours=2)
    (found,) = (each for each in look(jellyfin, known) if isinstance(each, Found))
    assert (found.uri, found.views) == (uri(FILMS, 7), None)


@pytest.mark.parametrize(
    "what", ["saved", "a show saved", "added", "gone", "watched", "stored less", "other paths",
             "another person"],
)  # fmt: skip
def test_any_doubt_has_a_library_read_again(connect, site, films, what):
    films += [film(7, "A", 2001), film(8, "B", 2001)]
    site.shelves[0].shows.append(show(5, "S", 2001))
    jellyfin = connect()
    known = known_of(look(jellyfin))
    in_an_hour = moment(datetime.now(UTC) + timedelta(hours=1))
    if what == "saved":
        films[0]["DateLastSaved"] = in_an_hour
    if what == "a show saved":
        site.shelves[0].shows[0]["DateLastSaved"] = in_an_hour
    if what == "added":
        films.append(film(9, "C", 2001))
    if what == "gone":
        films.pop()
    if what == "watched":
        films[0]["watched"][ANN] = {"PlayCount": 1, "LastPlayedDate": moment(NOON)}
    if what == "stored less":
        known.popitem()
    paths = {"/media": "/other"} if what == "other paths" else PATHS
    user = "ben" if what == "another person" else ""
    again = connect(path_map=paths, user=user, marks=jellyfin.marks)
    del site.requests[:]
    look(again, known)
    assert lists_of(site)


def test_libraries_are_chosen_by_name_and_by_what_they_hold(connect, site, films):
    films.append(film(7, "A", 2001))
    site.shelves[1].items.append(episode(HARBOUR, 50, 1, 1))
    mixed = Shelf(13, "Mixed", [film(60, "B", 2001), episode(HARBOUR, 61, 1, 1)], kind=None)
    site.shelves += [mixed, Shelf(14, "Music", kind="music")]
    assert [each.uri for each in look(connect(sections=["Shows"]))] == [uri(SHOWS, 50)]
    kinds = {each.told[0].kind for each in look(connect(holds="films"))}
    assert (kinds, len(look(connect(holds="films")))) == ({Kind.FILM}, 2)
    assert len(look(connect())) == 4


def test_a_library_that_is_called_otherwise_now_is_not_taken_for_gone(connect, films):
    films.append(film(7, "A", 2001))
    told = look(connect(sections=["Films", "Cartoons"]), {"jellyfin:5:8:80": "y"})
    assert [each.prefix for each in told[:2]] == ["jellyfin:Cartoons:", "jellyfin:5:"]
    assert [each.uri for each in told[2:]] == [uri(FILMS, 7)]


def test_a_refused_key_is_told_and_shown_nowhere(connect, caplog):
    caplog.set_level("DEBUG")
    with pytest.raises(NotAuthorised) as caught:
        look(connect(key="wr0ng-k3y"))
    assert "wr0ng-k3y" not in f"{caught.value} {caplog.text}"


def test_the_key_is_in_no_address(jellyfin, site, films):
    films.append(film(7, "A", 2001))
    look(jellyfin)
    assert site.requests
    assert not [path for path in site.requests if site.key in path]


def test_emby_is_read_alike(connect):
    with JellyfinSite(shelves(), emby=True) as emby:
        emby.shelves[0].items.append(film(7, "A", 2001))
        jellyfin = connect(url=emby.url)
        assert one(jellyfin).told[0].titles == ("A",)
        assert jellyfin.markers(uri(FILMS, 7)) == ()


def test_a_server_that_is_not_there_is_unavailable(connect, site):
    jellyfin = connect()
    site.stop()
    with pytest.raises(Unavailable):
        look(jellyfin)


def test_one_library_that_fails_does_not_hide_the_others(jellyfin, site, films):
    films.append(film(7, "A", 2001))
    site.trouble[f"ParentId={12:032x}"] = jellyfin_site.BROKEN
    found, unread = look(jellyfin)
    assert found.uri == uri(FILMS, 7)
    assert unread == Unread(SHOWS, 'jellyfin: the library "Shows" was not read '
                            "(/Items answered 500)")  # fmt: skip


def test_a_server_none_of_whose_libraries_answer_is_unavailable(jellyfin, site):
    site.trouble["/Items"] = jellyfin_site.BROKEN
    with pytest.raises(Unavailable):
        look(jellyfin)


def test_a_count_that_does_not_add_up_is_no_short_list(jellyfin, site, films):
    films.append(film(7, "A", 2001))
    site.shelves[0].more = 3
    unread = look(jellyfin)[-1]
    assert (unread.prefix, "told 1 of 4 items" in unread.sentence) == (FILMS, True)


def after_page(site, number, change):
    """Have something happen when so many pages were told."""
    done = []

    def before(request):
        if len(lists_of(site)) == number + 1 and not done:
            done.append(True)
            change()

    site.before = before


def test_what_is_added_while_it_is_read_is_neither_lost_nor_doubled(connect, site, films):
    films += [film(n, f"Film {n}", 2001) for n in range(1, 13)]
    after_page(site, 1, lambda: films.append(film(99, "New", 2026)))
    uris = [each.uri for each in look(connect(page_size=5))]
    assert sorted(uris) == sorted(uri(FILMS, n) for n in [*range(1, 13), 99])


@pytest.mark.parametrize("at", [0, 3, 4, 7])
def test_what_moves_while_it_is_read_is_read_again(connect, site, films, at):
    films += [film(n, f"Film {n}", 2001) for n in range(1, 13)]
    after_page(site, 1, lambda: films.pop(at))
    uris = [each.uri for each in look(connect(page_size=5))]
    assert len(uris) == len(set(uris))
    assert {uri(FILMS, int(each["Id"], 16)) for each in films} <= set(uris)


def test_what_is_added_long_ago_is_read_where_it_came_between(connect, site, films):
    films += [film(n, f"Film {n}", 2001) for n in range(1, 13)]
    after_page(site, 1, lambda: films.append(film(99, "Old", 1930, DateCreated=moment(BEGAN))))
    uris = [each.uri for each in look(connect(page_size=5))]
    assert sorted(uris) == sorted(uri(FILMS, n) for n in [*range(1, 13), 99])


def test_one_odd_item_spoils_no_other(jellyfin, films):
    films += [film(7, "A", 2001, IndexNumber="the rat"), film(8, "B", 2001)]
    unread, found = look(jellyfin)
    assert unread.prefix == f"{FILMS}{7:032x}:"
    assert found.uri == uri(FILMS, 8)


def test_it_stops_soon(jellyfin, films):
    films.append(film(7, "A", 2001))
    stop = Event()
    stop.set()
    with pytest.raises(Stopping):
        list(jellyfin.discover({}, stop))


def test_an_answer_of_another_program_is_a_bad_one(jellyfin, site):
    site.trouble["/Library/VirtualFolders"] = Reply(200, b'{"status": "ok"}')
    with pytest.raises(BadAnswer):
        look(jellyfin)


@pytest.mark.slow
def test_ten_thousand_episodes_need_few_requests_and_none_an_item(connect):
    with JellyfinSite.of(10_000) as large:
        jellyfin = connect(url=large.url)
        known = known_of(look(jellyfin))
        assert (len(known), len(large.requests) <= 25) == (10_000, True)
        del large.requests[:]
        assert set(map(type, look(jellyfin, known))) == {Seen}
        assert len(large.requests) == 4
