"""Holds the reading of names to what it reached on thousands of names that others collected.

Their licence keeps those names out of this repository. Where no folder `shared/corpus` lies beside
it, nothing is checked here, and pytest says so.
"""

import json
from pathlib import Path

import pytest

from movie_sync.models import Film
from movie_sync.releases import Kind, read
from movie_sync.titles import key, other_title, other_year

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason=f"no corpus of release names in {CORPUS}; floors are not checked"
)


def rows(name):
    return json.loads((CORPUS / f"{name}.json").read_text())


def percent(rights):
    rights = list(rights)
    return 100 * sum(rights) / len(rights)


def is_title_and_year(row):
    found, expect = read(row["name"]), row["expect"]
    wanted = expect.get("titles") or [expect.get("title")]
    titled = wanted == [None] or not {*map(key, wanted)}.isdisjoint(map(key, found.titles))
    return titled and expect.get("year", found.year) == found.year


def is_quality(row):
    """These rows call every disc 1080p, a DVD's disc a remux, and a nameless source TV."""
    found, expect = read(row["name"].replace("\n", " ")), row["expect"]
    source, lines, modifier = found.source or "", found.likely_resolution, found.modifier or "none"
    if source == "bluray" and modifier == "disc":
        lines, modifier = 1080, "brdisk"
    elif source == "dvd":
        modifier = "remux" if modifier == "disc" else modifier
        lines = lines if modifier == "remux" else found.resolution
    elif source in ("", "cam", "telesync"):
        source, lines = source or ("tv" if lines else "unknown"), found.resolution
    lines = None if source == "cam" else lines
    wanted = (expect["source"].lower(), expect["resolution"], expect["modifier"].lower())
    return (source, lines, modifier, found.proper) == (*wanted, expect["proper"])


def is_match(row):
    film = Film(
        key="title:x",
        title=row["title"],
        year=row["year"],
        alternative_titles=tuple(row["alternative_titles"]),
    )
    found = read(row["release"])
    why = other_title(film, found.titles) or other_year(film, found.year)
    return found.kind is Kind.FILM and why is None


@pytest.mark.parametrize(("name", "floor"), [("real/title_year", 99), ("radarr/title_year", 99)])
def test_titles_and_years_are_read_as_well_as_ever(name, floor):
    assert percent(map(is_title_and_year, rows(name))) >= floor


def test_qualities_are_read_as_well_as_ever():
    assert percent(map(is_quality, rows("radarr/quality"))) >= 96


def test_groups_are_read_as_well_as_ever():
    right = (
        key(read(row["name"]).group or " ") == key(row["expect"]["release_group"] or " ")
        for row in rows("radarr/release_group")
    )
    assert percent(right) >= 98


def test_no_junk_is_taken_for_a_film():
    assert percent(read(row["name"]).kind is not Kind.FILM for row in rows("radarr/rejects")) >= 99


def test_series_are_seen_as_well_as_ever():
    names = [row["name"] for kind in ("single_episode", "multi_episode", "season_pack")
             for row in rows(f"sonarr/{kind}")]  # fmt: skip
    assert percent(read(name).kind is Kind.TV for name in names) >= 99


def test_films_are_matched_as_well_as_ever_and_hardly_ever_wrongly():
    pairs = rows("pairs/match_pairs")
    assert percent(is_match(row) for row in pairs if row["expected"]) >= 94
    # The rest differ by one year from a namesake, which only a catalogue can tell.
    assert percent(not is_match(row) for row in pairs if not row["expected"]) >= 98
