import pytest
from defusedxml import ElementTree

from movie_sync import qr_codes

ADDRESS = "https://auth.trakt.tv/activate/5055CC52"

pytestmark = pytest.mark.skipif(
    not qr_codes.available(), reason="segno is not installed: QR codes are NOT tested"
)


def test_a_terminal_gets_a_square_of_half_blocks():
    lines = qr_codes.for_terminal(ADDRESS).splitlines()
    assert {len(line) for line in lines} == {33}
    assert set("".join(lines)) <= set(" ▀▄█")
    assert len(lines) == 17


def test_a_page_gets_a_picture_without_style_or_script():
    picture = ElementTree.fromstring(qr_codes.as_svg(ADDRESS))
    assert picture.tag.endswith("svg")
    assert {child.tag.rpartition("}")[2] for child in picture} == {"path"}
    assert "style" not in picture.attrib
