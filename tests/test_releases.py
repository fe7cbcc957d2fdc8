import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.releases import LONGEST_NAME, Kind, Modifier, Source, read

FILM = "Metropolis.1927.1080p.BluRay.x264-GRP"


def test_a_name_says_all_this_at_once():
    found = read(
        "Metropolis.1927.German.Directors.Cut.REAL.PROPER.2160p.AMZN.WEB-DL.DDP5.1.Atmos.DV.HDR10+"
        ".H.265.10bit-GRP.mkv"
    )
    assert (found.titles, found.year, found.kind) == (("Metropolis",), 1927, Kind.FILM)
    assert (found.source, found.resolution, found.modifier) == (Source.WEBDL, 2160, None)
    assert (found.proper, found.version, found.real) == (True, 2, 1)
    assert (found.codec, found.bit_depth, found.hdr) == ("h265", 10, ("dv", "hdr10+"))
    assert (found.audio, found.channels, found.service) == (("atmos", "ddp"), "5.1", "Amazon")
    assert (found.edition, found.languages, found.group) == ("Directors Cut", ("German",), "GRP")


def test_a_name_of_an_episode_says_which():
    found = read("Show.2019.S01E02E03.German.1080p.WEB.x264-GRP")
    assert (found.titles[0], found.year, found.kind) == ("Show", 2019, Kind.TV)
    assert (found.season, found.episodes, found.absolute) == (1, (2, 3), ())
    assert (found.source, found.resolution, found.languages) == (Source.WEBDL, 1080, ("German",))
    assert read("Show.2019.03.14.720p.WEB.x264-GRP").air_date == date(2019, 3, 14)
    assert read("[Team] Show - 12 [1080p].mkv").absolute == (12.0,)


@pytest.mark.parametrize(
    "name",
    [
        FILM,
        "The Third Man (1949) [1080p] [BluRay] [5.1] [SITE.MX]",
        "Film.German.DL.720p.BluRay.x264-GRP",
        "Film (1999).mkv",
        "Film [tt0133093]",
        "Film {tmdb-603}",
        "[Team] Film - Another Name [00F4CDA0].mkv",
        "Film 2091 Theatrical Cut.mkv",
        "10x10.2018.1080p.WEB-DL",
        "50.50.2011.1080p.BluRay",
        "Film.1999.Versione.Integrale.1080p",
        "Star.Wars.Episode.4.A.New.Hope.1977.1080p",
        "Open.Season.2.2008.1080p.BluRay",
        "1776 - 1972 - 720p DVDRip",
        "Film.1999.COMPLETE.BLURAY-GRP",
        "Film.1999.Complete.Edition.1080p.BluRay",
        "Film.1999.Criterion.Collection.1080p.BluRay",
    ],
)
def test_a_film_is_seen(name):
    assert read(name).kind is Kind.FILM


@pytest.mark.parametrize(
    "name",
    [
        "Show.S01E02.1080p.WEB-DL.x264-GRP",
        "Show S02 1080p BluRay",
        "Show.1x13.720p.HDTV",
        "Show.Complete.Series.DVDRip",
        "[Team][Show][05][1080p]",
    ],
)
def test_a_series_is_seen(name):
    assert read(name).kind is Kind.TV


@pytest.mark.parametrize(
    "name",
    [
        "Film.1999.Soundtrack.FLAC-GRP",
        "Film.1999.Trailer.1080p.WEB",
        "Film.Trilogy.1080p.BluRay",
        "Film.Trilogie.1979-1997.1080p.BluRay",
        "Film.Collection.1080p.1999-2003.BluRay",
        "Film.Soundtrack.1999.MP3",
        "Film.L'Integrale.FRENCH.720p.WEB",
        "Film (Anthology) 1080p BluRay",
        "Film (1979 - 1997) 1080p",
        "Film.1999.Making.Of.720p.WEB",
        "Show (2004) Complete 720p WEB x265-GRP",
        "Show 2098.10.14 720p HDTV",  # nothing can have been on the air then
        "3c5fa81e90d27b46f8e1350a9c7d2b64e08f1a93",
        "some words without any sign",
        "",
    ],
)
def test_what_is_no_film_is_seen(name):
    assert read(name).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    "front",
    [
        "www.Some-Site.org - ",
        "www.some-site.co.za - ",
        "some-site.net - ",
        "[www.some-site.de] - ",
        "[ some-site.com ] - ",
        "(some-site.io) ",
        "{WWW.SITE.TV} ",
        "【www.some-site.club】",
        "[Team] ",
        "[Team]_",
        "【Team】",
        "www Some Site tel - ",
        "ww.some-site.sbs - ",
        "[BD]",
        "[4K] ",
        "[Team] [BD][1080p] ",
        "[DVDRip-ITA]",
        "[Dolby Vision] [Team] ",
        "BD25.",
        "UHD.BD66.",
    ],
)
def test_what_stands_in_front_of_a_title_is_none_of_it(front):
    found = read(f"{front}Metropolis.1927.1080p.BluRay.x264")
    assert (found.titles, found.year) == (("Metropolis",), 1927)


def test_a_title_with_a_dot_is_no_site():
    assert read("Stand.by.Me - 1986 - 1080p BluRay").titles[0] == "Stand by Me"


def test_tags_in_front_count():
    assert read("BD25.Metropolis.1927.1080p.DTS-HD").modifier is Modifier.DISC
    assert read("[Dolby Vision] Metropolis (1927) 1080p").hdr == ("dv",)


@pytest.mark.parametrize(
    ("name", "titles", "year"),
    [
        ("[REC] (2007) 1080p", "REC", 2007),
        ("[REC].2007.1080p.BluRay.x264-GRP", "REC", 2007),
        ("[REC]² (2009) 1080p", "[REC]²", 2009),
        ("[Metropolis 1927] [BDRemux Some-Site.org]", "Metropolis", 1927),
    ],
)
def test_a_bracket_in_front_may_hold_the_title(name, titles, year):
    assert (read(name).titles[0], read(name).year) == (titles, year)


def test_a_bracket_before_a_number_may_be_of_the_title_and_may_be_a_team():
    assert read("[REC] 2 (2009)").titles == ("2", "[REC] 2")
    assert read("[TEAM] 1917 [1080p]").titles[0] == "1917"


def test_a_year_in_front_is_no_team():
    found = read("[1927] Metropolis 1080p")
    assert (found.titles, found.year, found.group) == (("Metropolis",), 1927, None)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("Film.1999.720p.WEB-DL.H.264-BD", Source.WEBDL),
        ("[TEAM-Remux] Film (1999) [BD 720p]", Source.BLURAY),
        ("Cam.2018.1080p.WEB-DL", Source.WEBDL),
        ("Web.of.Lies.2009.720p.DVDRip", Source.DVD),
        ("Film.1999.DVDRip.ts", Source.DVD),
        ("Film.1999.1080p.TS", Source.TELESYNC),
        ("Show.S03E08.In.The.Web-ab", None),
        ("Show.S01E01.webm", None),
    ],
)
def test_neither_title_nor_group_nor_ending_is_a_source(name, source):
    assert read(name).source is source
    assert read(name).modifier is None


@pytest.mark.parametrize(
    ("name", "proper", "version", "real"),
    [
        ("Film.1999.1080p.BluRay", False, 1, 0),
        ("Film.1999.PROPER.1080p.BluRay", True, 2, 0),
        ("Film.1999.1080p.BluRay.REPACK-GRP", True, 2, 0),
        ("Film.1999.1080p.BluRay.REPACK2-GRP", True, 3, 0),
        ("Film.1999.RERIP.1080p.BluRay", True, 2, 0),
        ("Film.1999.REAL.PROPER.1080p.BluRay", True, 2, 1),
        ("Film.1999.REAL.REAL.PROPER.WEB", True, 2, 2),
        ("The.Real.Proper.Film.1999.1080p", False, 1, 0),
        ("Film.1999.Real.Proper.1080p", True, 2, 0),
        ("Show.S01E02.PROPER.Some.Name.HDTV", True, 2, 0),
        ("Show.S01E02.The.Proper.Way.HDTV", False, 1, 0),
        ("[Team]_Show_-_07v3_[1080p]", False, 3, 0),
        ("[Team] Film (1999) v2 [1080p]", False, 2, 0),
        ("[Team] Show - 07v3 [1080p]", False, 3, 0),
        ("[Team] Show - 07 [v2][1080p]", False, 2, 0),
        ("V2.1999.1080p.BluRay", False, 1, 0),
    ],
)
def test_a_repaired_release_is_seen(name, proper, version, real):
    found = read(name)
    assert (found.proper, found.version, found.real) == (proper, version, real)


@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("Film.1999.Directors.Cut.1080p", "Directors Cut"),
        ("Film (1999) Director's Cut", "Director's Cut"),
        ("Film.EXTENDED.1999.1080p", "EXTENDED"),
        ("Film.Extended.Cut.German.1080p", "Extended Cut"),
        ("Film 1999 (Final Cut Remastered)", "Final Cut Remastered"),
        ("Film 1999 (Alternate International Cut IMAX)", "Alternate International Cut IMAX"),
        ("Film 1999 Unrated Theatrical Cut Fan Edit", "Unrated Theatrical Cut Fan Edit"),
        ("Film.1999.35th.Anniversary.Edition.1080p", "35th Anniversary Edition"),
        ("Film.The.Final.Cut.1999.1080p", "Final Cut"),
        ("Film.1999.Ultimate.Frobnicator.Edition.1080p", "Ultimate Frobnicator Edition"),
        ("Film.1999.Open.Matte.1080p", "Open Matte"),
        ("Film.1999.UNRATED.1080p", "UNRATED"),
        ("Film.1999.Ultimate.Collectors.Edition.1080p", "Ultimate Collectors Edition"),
        ("Film.1999.Bootleg.Cut.1080p", "Bootleg Cut"),
        ("Film.1999.DC.1080p", "DC"),
        ("Film.Despecialized.Edition.1999.1080p", "Despecialized Edition"),
        ("Film.1999.Version.Longue.1080p", "Version Longue"),
        ("DC.League.1999.1080p", None),
        ("Film 1999 2in1", "2in1"),
        ("Film (1999) {edition-Redux} [1080p]", "Redux"),
        ("Show.S01.Uncut.1080p.BluRay", "Uncut"),
        ("Extended.Family.2019.1080p", None),
        ("Uncut.Gems.2019.1080p", None),
        ("Directors.Cut.2016.1080p", None),
        ("The.Christmas.Edition.1941.720p", None),
        ("Film.Winter.Special.1966.TVRip", None),
        ("Film.1999.LIMITED.1080p", None),
    ],
)
def test_the_edition_is_read(name, edition):
    assert read(name).edition == edition


@pytest.mark.parametrize(
    ("name", "imdb_id", "tmdb_id"),
    [
        ("Film (1999) {tmdb-603} [tt0133093] 1080p", "tt0133093", 603),
        ("Film (1999) {imdb-tt0133093} 1080p", "tt0133093", None),
        ("Film (1999) [tmdbid-603] 1080p", None, 603),
        ("Film 1999 TT0133093 1080p", "tt0133093", None),
        ("Film 1999 1080p", None, None),
    ],
)
def test_ids_are_read(name, imdb_id, tmdb_id):
    found = read(name)
    assert (found.imdb_id, found.tmdb_id) == (imdb_id, tmdb_id)
    assert (found.titles[0], found.year) == ("Film", 1999)


def test_the_number_of_an_id_is_no_year():
    assert read("Film {tmdb-1998} 1080p").year is None


def test_what_is_likely_is_never_said():
    found = read("[SubsPlease] Film (1999).mkv")
    assert (found.source, found.resolution) == (None, None)
    assert (found.likely_source, found.likely_resolution) == (Source.WEBDL, 720)


def test_the_end_of_a_name_that_is_too_long_is_not_read():
    assert read("a." * LONGEST_NAME + "1927.1080p").year is None


@given(st.text(max_size=400))
def test_every_text_has_a_title(name):
    assert read(name).titles


WORDS = "Film 1999 S01E02 1080p [ ] ( ) - . _ WEB BluRay German EXTENDED v2 aka / & 12 ß 国 -GRP"


@given(
    st.lists(st.sampled_from(WORDS.split(" ")), max_size=60), st.sampled_from([" ", ".", "_", ""])
)
def test_every_jumble_of_tags_is_read(words, between):
    found = read(between.join(words))
    assert found.titles
    assert all(title == title.strip() for title in found.titles[1:])


@pytest.mark.parametrize(
    "part",
    [
        *("1", "2015.", "S01E01.", "a.", "[", " ", "-", "(2010)", "extended.", "dts-hd-", "- 12 "),
        *("[a]", "()", "web ", "a aka ", "A.", "x.and.y.", "5.1.", "国/", "www.a.", "[a a.", "{"),
        *("ä", "İ", "{a-b}", "tt1234567 ", "GERMAN.", "Film.1999.1080p.BluRay.x264-GRP "),
    ],
)
def test_a_hostile_name_takes_no_time(part):
    start = time.process_time()
    read(part * 10_000)
    assert time.process_time() - start < 0.1  # some 1 ms
