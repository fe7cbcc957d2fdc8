import json
from datetime import UTC, date, datetime

import pytest

from movie_sync.demo import viki_titles
from movie_sync.demo.viki_site import VikiSite
from movie_sync.errors import FilesError
from movie_sync.history import viki_file

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


@pytest.fixture
def site():
    made = viki_titles.series(90001, "Letters", episodes=3, first_on=date(2025, 3, 8))
    return VikiSite([made])


def saved(tmp_path, content):
    path = tmp_path / "markers.json"
    path.write_bytes(content)
    return path


def test_a_saved_page_holds_what_viki_would_tell(site, tmp_path):
    site.watch("90001001v", 3890, NOON)
    site.watch("90001002v", 60, NOON)
    found = viki_file.read(saved(tmp_path, b"\xef\xbb\xbf" + site.saved_page() + b"\n"))
    assert [(each.video_id, each.seconds, each.at) for each in found.markers] == [
        ("90001001v", 3890, NOON), ("90001002v", 60, NOON),
    ]  # fmt: skip
    assert viki_file.rest(found) is None


def test_a_first_part_says_where_the_rest_is(site, tmp_path):
    site.markers_per_page = 1
    site.watch("90001001v", 3890)
    site.watch("90001002v", 60)
    found = viki_file.read(saved(tmp_path, site.saved_page()))
    assert len(found.markers) == 1
    assert viki_file.rest(found) == (
        "this is a first part of the watch markers; open https://www.viki.com/api/vw_watch_markers"
        f"?from={found.updated_till_s} too, and import that"
    )


HOW = (
    "; open https://www.viki.com/api/vw_watch_markers?from=1 in the browser where you are signed "
    "in, and save the page as it is"
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b'{"error": "User not signed in"}',
            'says "User not signed in" and holds no watch markers',
        ),
        (b"\n<!DOCTYPE html><title>Sign in</title>", "is a web page and holds no watch markers"),
        (b"not JSON", "is not JSON"),
        (b"", "is not JSON"),
        (b'{"markers": {}}', "has an unknown form, and none of it was used: Object missing "
         "required field `updated_till`"),
        (b"[1, 2]", "has an unknown form, and none of it was used: Expected `object`, got `array`"),
    ],
)  # fmt: skip
def test_what_holds_no_markers_says_what_it_holds(tmp_path, content, said):
    path = saved(tmp_path, content)
    with pytest.raises(FilesError) as caught:
        viki_file.read(path)
    assert str(caught.value) == f"{path} {said}{HOW}"


def test_one_marker_in_an_unknown_form_is_named_and_nothing_is_used(site, tmp_path):
    site.watch("90001001v", 3890)
    told = json.loads(site.saved_page())
    told["markers"]["90001c"]["90001001v"]["watch_marker"] = "the end"
    with pytest.raises(FilesError) as caught:
        viki_file.read(saved(tmp_path, json.dumps(told).encode()))
    assert "the marker of 90001c/90001001v has an unknown form" in str(caught.value)
    assert "$.watch_marker" in str(caught.value)


def test_a_file_that_is_not_there_or_too_large_is_said(tmp_path):
    with pytest.raises(FilesError, match="cannot be read"):
        viki_file.read(tmp_path / "none.json")
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(viki_file.LARGEST_BYTES + 1)
    with pytest.raises(FilesError, match="larger than 64 MiB"):
        viki_file.read(large)
