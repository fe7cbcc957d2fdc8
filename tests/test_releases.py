import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.releases import Kind, Modifier, Source, read

TITLES_AND_YEARS = [
    ("Metropolis.1927.Restored.1080p.BluRay.x264-GRP", "Metropolis", 1927),
    ("The Third Man (1949) [1080p] [BluRay] [5.1] [SITE.MX]", "The Third Man", 1949),
    ("The Third Man [1949] 720p WEBRip", "The Third Man", 1949),
    ("Le_Voyage_dans_la_Lune_1902_480p_DVDRip", "Le Voyage dans la Lune", 1902),
    ("Roundhay Garden Scene (1888).mkv", "Roundhay Garden Scene", 1888),
    ("www.Some-Site.org - Metropolis.1927.720p.WEB.H264-GRP", "Metropolis", 1927),
    ("[site.net] - Metropolis 1927 720p WEB", "Metropolis", 1927),
    ("Wonder.Woman.1984.2020.1080p.WEB-DL", "Wonder Woman 1984", 2020),
    ("Blade.Runner.2049.2017.2160p.BluRay", "Blade Runner 2049", 2017),
    ("Blade.Runner.2049.1080p.BluRay", "Blade Runner 2049", None),
    ("1917.2019.1080p.BluRay", "1917", 2019),
    ("1984.1984.1080p.BluRay", "1984", 1984),
    ("2012.1080p.BluRay", "2012", None),
    ("2001 A Space Odyssey (1968)", "2001 A Space Odyssey", 1968),
    ("Movie.43.2013.720p.BluRay", "Movie 43", 2013),
    ("Cam.2018.1080p.WEB-DL", "Cam", 2018),
    ("Web.of.Lies.2009.WEB.x264-GRP", "Web of Lies", 2009),
    ("The.4K.Man.2011.720p.BluRay", "The 4K Man", 2011),
    ("The.French.Dispatch.2021.1080p.WEB", "The French Dispatch", 2021),
    ("Metropolis.EXTENDED.1927.1080p", "Metropolis", 1927),
    ("Metropolis.German.DL.720p.BluRay.x264-GRP", "Metropolis", None),
    ("Metropolis.GERMAN.Extended.Cut.1927.PAL.DVDR-GRP", "Metropolis GERMAN", 1927),
    ("Metropolis.German.BluRay.something.said.1927", "Metropolis", 1927),
    ("R.I.P.D.2013.720p.BluRay.x264-GRP", "R.I.P.D.", 2013),
    ("A.I.Artificial.Intelligence.2001.1080p", "A.I. Artificial Intelligence", 2001),
    ("(500) Days of Summer (2009)", "(500) Days of Summer", 2009),
    ("[Team] Kimi no Na wa. (2016) v2 [97681524].mkv", "Kimi no Na wa", 2016),
    ("10x10.2018.1080p.WEB-DL", "10x10", 2018),
    ("Stand.by.Me - 1986 - 1080p BluRay", "Stand by Me", 1986),
    ("Film 1999 {tmdb-1998} 1080p", "Film", 1999),
    ("Film [imdbid-tt0133093] 1080p BluRay", "Film", None),
    ("기생충 2019 1080p BluRay", "기생충", 2019),
    ("Star.Wars.Episode.4.A.New.Hope.1977.1080p", "Star Wars Episode 4 A New Hope", 1977),
    ("Open.Season.2.2008.1080p.BluRay", "Open Season 2", 2008),
]
# name, source, resolution, modifier
QUALITIES = [
    ("Film.1999.1080p.BluRay.x264-GRP", Source.BLURAY, 1080, None),
    ("Film.1999.1080p.Blu-ray.x264-GRP", Source.BLURAY, 1080, None),
    ("Film 1999 [BD720p][03192D4C]", Source.BLURAY, 720, None),
    ("Film.1999.1080p.UHDBDRip.x265-GRP", Source.BLURAY, 1080, None),
    ("Film.1999.720p.HDDVD.x264-GRP", Source.BLURAY, 720, None),
    ("Film.1999.BDRip.XviD-GRP", Source.BLURAY, 480, None),
    ("Film.1999.1080p.WEB-DL.DD5.1.H.264-GRP", Source.WEBDL, 1080, None),
    ("Film.1999.1080p.NF.WEB.H264-GRP", Source.WEBDL, 1080, None),
    ("Film.1999.HDRip.x264-GRP", Source.WEBDL, None, None),
    ("Film.1999.720p.WEBRip.x264-GRP", Source.WEBRIP, 720, None),
    ("Film.1999.1080i.HDTV.H264-GRP", Source.TV, 1080, None),
    ("Film.1999.PDTV.XviD-GRP", Source.TV, None, None),
    ("Film.1999.1080i.HDTV.MPEG2-GRP", Source.TV, 1080, Modifier.RAWHD),
    ("Film.1999.DVDRip.XviD-GRP", Source.DVD, None, None),
    ("Film.1999.DVDRip.ts", Source.DVD, None, None),
    ("Film.1999.PAL.DVD9-GRP", Source.DVD, None, Modifier.DISC),
    ("Film.1999.DVD.5.1.AC3", Source.DVD, None, None),
    ("Film.1999.2160p.UHD.BluRay.REMUX.HEVC-GRP", Source.BLURAY, 2160, Modifier.REMUX),
    ("Film.1999.1080p.AVC.REMUX-GRP", Source.BLURAY, 1080, Modifier.REMUX),
    ("Film.1999.COMPLETE.BLURAY-GRP", Source.BLURAY, None, Modifier.DISC),
    ("Film 1999 1080p Blu-ray AVC DTS-HD MA 5.1-GRP", Source.BLURAY, 1080, Modifier.DISC),
    ("Film.1999.BluRay.ISO", Source.BLURAY, None, Modifier.DISC),
    ("Film.1999.4Kto1080p.WEBRip.x265", Source.WEBRIP, 1080, None),
    ("Film.1999.UHD.BluRay.x265", Source.BLURAY, 2160, None),
    ("Film.1999.4K.WEB-DL", Source.WEBDL, 2160, None),
    ("Film (1999) (1920x1080 BD FLAC)", Source.BLURAY, 1080, None),
    ("Film.1999.960p.WEB-DL", Source.WEBDL, 720, None),
    ("Film.1999.576p.BluRay.x264", Source.BLURAY, 576, None),
    ("Film.1999.1080p.HDCAM.x264", Source.CAM, 1080, None),
    ("Film.1999.CAM.x264", Source.CAM, None, None),
    ("Film.1999.720p.HDTS.x264", Source.TELESYNC, 720, None),
    ("Film.1999.TELESYNC.1080p.BluRay.look", Source.TELESYNC, 1080, None),
    ("Film.1999.HDTC.720p", Source.TELECINE, 720, None),
    ("Film.1999.DVDSCR.XviD", Source.SCREENER, None, None),
    ("Film.1999.WORKPRINT.XviD", Source.WORKPRINT, None, None),
    ("Film.1999.720p.WEB-DL.H.264-BD", Source.WEBDL, 720, None),
    ("Film.1999.1080p.x264-GRP", None, 1080, None),
    ("Film (1999)", None, None, None),
]
SERIES = [
    "Show.S01E02.1080p.WEB-DL.x264-GRP",
    "Show S02 1080p BluRay",
    "Show.1x13.720p.HDTV",
    "Show.Season.2.720p.WEB",
    "Show.2019.03.14.720p.WEB.x264-GRP",
    "Show.14.03.2019.720p.WEB",
    "Show.Complete.Series.DVDRip",
    "Show.E07.720p.HDTV",
    "Show Episode 12 720p",
    "[Team] Show - 12 [1080p].mkv",
    "[Team][Show][05][1080p]",
]
NO_FILMS = [
    "Film.1999.Soundtrack.FLAC-GRP",
    "Film.1999.Trailer.1080p.WEB",
    "Film.Trilogy.1979-1997.1080p.BluRay",
    "Film.1999.Making.Of.720p.WEB",
    "86420f8ee425340d8894bf3bc636b66404b95f18",
    "some words without any sign",
]
GROUPS = [
    ("Film.1999.1080p.BluRay.x264-GRP", "GRP"),
    ("Film.1999.1080p.BluRay.x264-GRP-xpost", "GRP"),
    ("Film.1999.1080p.BluRay.x264-GRP[rartv]", "GRP"),
    ("Film.1999.1080p.BluRay.x264-D-Z0N3.mkv", "D-Z0N3"),
    ("Film (1999) [1080p] [SITE.MX]", "SITE.MX"),
    ("Film (1999) (1080p BluRay x265 10bit Maker)", "Maker"),
    ("[Team] Film (1999) [1080p]", "Team"),
    ("Film.1999.1080p.WEB-DL", None),
    ("Film 1999 720p Blu-ray", None),
    ("Film.1999.1080p.DTS-HD", None),
    ("Film 1999 XviD GRP", None),
]


@pytest.mark.parametrize(("name", "title", "year"), TITLES_AND_YEARS)
def test_the_title_and_the_year_are_read(name, title, year):
    found = read(name)
    assert (found.titles[0], found.year, found.kind) == (title, year, Kind.FILM)


@pytest.mark.parametrize(("name", "source", "resolution", "modifier"), QUALITIES)
def test_the_quality_is_read_and_never_guessed(name, source, resolution, modifier):
    found = read(name)
    assert (found.source, found.resolution, found.modifier) == (source, resolution, modifier)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Film.1999.DVDRip", 480),
        ("Film.1999.WEB", 480),
        ("Film.1999.HDTV", 480),
        ("Film.1999.BluRay", 720),
        ("Film.1999.BluRay.XviD", 480),
        ("Film.1999.BluRay.REMUX", 1080),
        ("Film.1999.2160p", 2160),
        ("Film.1999", None),
    ],
)
def test_the_likely_resolution_is_that_of_the_source(name, lines):
    assert read(name).likely_resolution == lines


@pytest.mark.parametrize("name", SERIES)
def test_a_series_is_seen(name):
    assert read(name).kind is Kind.TV


@pytest.mark.parametrize("name", NO_FILMS)
def test_what_is_no_film_is_seen(name):
    assert read(name).kind is Kind.NONE


@pytest.mark.parametrize(("name", "group"), GROUPS)
def test_the_group_is_read(name, group):
    assert read(name).group == group


@pytest.mark.parametrize(
    ("name", "proper", "version"),
    [
        ("Film.1999.1080p.BluRay", False, 1),
        ("Film.1999.PROPER.1080p.BluRay", True, 2),
        ("Film.1999.1080p.BluRay.REPACK2-GRP", True, 3),
        ("Film.1999.RERIP.1080p.BluRay", True, 2),
        ("[Team] Film (1999) v2 [1080p]", False, 2),
    ],
)
def test_a_repaired_release_is_seen(name, proper, version):
    assert (read(name).proper, read(name).version) == (proper, version)


@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("Film.1999.Directors.Cut.1080p", "Directors Cut"),
        ("Film.EXTENDED.1999.1080p", "EXTENDED"),
        ("Film 1999 (Special Edition Remastered)", "Special Edition Remastered"),
        ("Film.1999.50th.Anniversary.Edition.1080p", "50th Anniversary Edition"),
        ("Extended.Family.2019.1080p", None),
    ],
)
def test_the_edition_is_read(name, edition):
    assert read(name).edition == edition


def test_codec_hdr_and_ids_are_read():
    found = read("Film (1999) {tmdb-603} [tt0133093] 2160p WEB-DL DV HDR10+ H.265-GRP")
    assert (found.codec, found.hdr) == ("h265", ("dv", "hdr10+"))
    assert (found.imdb_id, found.tmdb_id) == ("tt0133093", 603)


def test_words_that_may_be_the_titles_own_are_kept_in_one_candidate_and_not_in_another():
    assert read("The.Darjeeling.Limited.2007.720p").titles == (
        "The Darjeeling Limited",
        "The Darjeeling",
    )
    assert "Piranha" in read("Piranha.3D.2010.1080p").titles


@pytest.mark.parametrize("between", [".AKA.", ".a.k.a.", " / ", " (aka "])
def test_each_of_two_titles_is_a_candidate(between):
    titles = read(f"Mon.Cousin{between}My.Cousin.2020.1080p.BluRay").titles
    assert {"Mon Cousin", "My Cousin"} <= set(titles)


@given(st.text(max_size=400))
def test_every_text_has_a_title(name):
    assert read(name).titles


@pytest.mark.parametrize(
    "part", ["1", "2015.", "S01E01.", "a.", "[", "(2010)", "extended.", "dts-hd-", "- 12 ", "ä"]
)
def test_a_hostile_name_takes_no_time(part):
    start = time.process_time()
    read(part * 10_000)
    assert time.process_time() - start < 0.1  # some 2 ms
