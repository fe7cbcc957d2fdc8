from pathlib import Path

import pytest

from movie_sync.services import tvdb_shapes
from movie_sync.services import viki_reading as reading

FOLDER = Path(__file__).parents[3] / "shared" / "fixtures" / "history"
VIKI, TVDB = FOLDER / "viki_synthetic", FOLDER / "tvdb_examples"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.exists(), reason=f"no answers of Viki and TheTVDB in {FOLDER}"),
]


def content(name):
    return (VIKI / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "count", "more"),
    [
        ("watch_markers_full.json", 6, False),
        ("watch_markers_incremental_rewatch.json", 1, False),
        ("watch_markers_more.json", 1, True),
        ("watch_markers_plain_int.json", 1, False),
    ],
)
def test_watch_markers_are_read(name, count, more):
    found = reading.markers(content(name), name)
    assert (len(found.markers), found.more) == (count, more)


def test_a_position_that_is_not_told_stays_unknown():
    found = reading.markers(content("watch_markers_full.json"), "it").markers
    assert [each.video_id for each in found if each.seconds is None] == ["1000021v"]
    assert [each.video_id for each in found if each.credits_s is None] == ["1000003v"]


def test_containers_and_their_videos_are_read():
    found = [reading.container(content(f"container_9000{n}c.json"), "it") for n in (1, 2, 3, 4)]
    assert [each.not_after for each in found] == [2025, 2025, None, None]
    pages = [content(f"episodes_90001c_p{n}.json") for n in (1, 2)]
    read = [reading.read(page, reading.Page, "it") for page in pages]
    videos = [reading.video(raw, "it") for page in read for raw in page.response]
    assert [each.number for each in videos if each.counts] == [1, 2, 3, 4, 5]
    assert [page.more for page in read] == [True, False]


def test_the_list_is_read():
    page = reading.read(content("billboard_p1.json"), reading.Page, "it")
    shown = [reading.on_billboard(raw, "it") for raw in page.response]
    assert [each.last_video_id for each in shown] == ["1000004v", None]


def test_tvdb_answers_are_read():
    def data(name):
        return tvdb_shapes.read((TVDB / name).read_bytes(), tvdb_shapes.Answer, name).data

    (hit,) = tvdb_shapes.hits(data("search_series.json"), "it")
    assert hit.aliases == ("Synthetic Love", "Hapseong Romance")
    assert tvdb_shapes.series(data("series_extended.json"), "it").aliases == ("Synthetic Love",)
    (found,) = tvdb_shapes.found(data("search_remoteid.json"), "it")
    assert found.tvdb_id == 900001
    assert tvdb_shapes.translation(data("series_translation_eng.json"), "eng", "it").aliases
