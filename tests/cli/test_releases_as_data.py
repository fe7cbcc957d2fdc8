import pytest

from movie_sync.cli.releases import as_data
from movie_sync.releases import read


@pytest.mark.parametrize(
    ("name", "source", "lines", "modifier"),
    [
        ("Film.1999.720p.BluRay.x264-GRP", "bluray", 720, None),
        ("Film.1999.BluRay.x264-GRP", "bluray", 720, None),
        ("Film.1999.576p.BluRay.x264-GRP", "bluray", 576, None),
        ("Film.1999.2160p.BluRay.REMUX-GRP", "bluray", 2160, "remux"),
        ("Film.1999.576p.WEB-DL-GRP", "webdl", 480, None),
        ("Film.1999.1080p.x264-GRP", "tv", 1080, None),
        ("Film.1999.avi", "tv", 480, None),
        ("Film.1999.DVDSCR.XviD-GRP", "dvd", 480, None),
        ("Film.1999.PAL.DVD9-GRP", "dvd", 480, "remux"),
        ("Film.1999.2160p.COMPLETE.UHD.BLURAY-GRP", "bluray", 1080, "brdisk"),
        ("Film.1999.720p.HDTV.MPEG2-GRP", "tv", 1080, "rawhd"),
        ("[SubsPlease] Film (540p) [AB649D32].mkv", "webdl", 480, None),
        ("[SubsPlease] Show - 12 (540p) [AB649D32].mkv", "tv", 480, None),
        ("Show.S01E02.A.Title.m2ts", "bluray", 720, None),
        ("Show.S01.COMPLETE.BLURAY-GRP", "bluray", 1080, None),
        ("Show.S01E02", None, None, None),
    ],
)
def test_qualities_are_sorted_as_other_programs_sort_them(name, source, lines, modifier):
    data = as_data(read(name))
    assert (data["source"], data["resolution"], data["modifier"]) == (source, lines, modifier)


def test_ids_go_by_the_names_of_their_sites():
    data = as_data(read("Film (1999) [tt0133093] {tmdb-603} 1080p"))
    assert (data["imdb"], data["tmdb"]) == ("tt0133093", 603)
    assert not {"imdb_id", "tmdb_id"} & set(data)
