import pytest

from tests.library.folder_table import BOTH, FILMS, ROOT, SHOWS
from tests.library.folder_trees import found, line, plant

DISCS = {
    "films/Blue Disc (2013)/BDMV": "STREAM/00001.m2ts",
    "films/Disc Film (2006)/VIDEO_TS": "VTS_01_1.VOB",
    "films/Loose Disc (2002)": "VTS_01_1.VOB",
    "tv/Disc Show (2001)/Season 1/Disc 1/BDMV": "STREAM/00800.m2ts",
}


@pytest.mark.parametrize(("holds", "table"), [("both", BOTH), ("shows", SHOWS), ("films", FILMS)])
def test_each_file_is_told_as_its_path_says(tmp_path, holds, table):
    plant(tmp_path, [f"{path}/{DISCS[path]}" if path in DISCS else path for path in table])
    told = {path: line(each.told) for path, each in found(tmp_path, holds=holds).items()}
    assert told == table


@pytest.mark.parametrize("holds", ["both", "shows"])
def test_the_name_of_a_source_is_no_shows_though_seasons_lie_right_in_it(tmp_path, holds):
    source = tmp_path / "Shows of Mine"
    plant(source, list(ROOT))
    assert {path: line(each.told) for path, each in found(source, holds=holds).items()} == ROOT


def test_the_table_is_long_enough_to_mean_something():
    assert len(BOTH) + len(SHOWS) + len(FILMS) >= 150
