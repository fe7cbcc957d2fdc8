import pytest

from movie_sync.release_episodes import find


def to(last, first=1):
    return [*range(first, last + 1)]


# name, season, numbers over all seasons
ABSOLUTE = [
    ("[Grp] Show - 12 [1080p][0123ABCD]", None, [12]),
    ("[Grp] Show - 12v2 [1080p]", None, [12]),
    ("[Grp]_Show_-_12_[1080p]", None, [12]),
    ("[Grp].Show.-.12.[1080p]", None, [12]),
    ("[Grp] Show - 12.5 [1080p]", None, [12.5]),
    ("[Grp] Show - 5 [1080p]", None, [5]),
    ("[Grp] Show - 1071 [1080p]", None, [1071]),
    ("[Grp] Show - 12 - Name [1080p]", None, [12]),
    ("[Grp] Show - 12 END [1080p]", None, [12]),
    ("[Grp] Show - 100 Years - 01 (1080p)", None, [1]),
    ("[Grp] 86 - 01 [1080p]", None, [1]),
    ("[Grp] Show 12 [1080p]", None, [12]),
    ("[Grp] Show 12 720p", None, [12]),
    ("[Grp]Show 01 Name [1080p]", None, [1]),
    ("[Grp] Show 214", None, [214]),
    ("[Grp] Show 1071 [1080p]", None, [1071]),
    ("[Grp] Show - 720 [1080p]", None, [720]),
    ("[Grp] Show vs. 12 [1080p]", None, [12]),
    ("[Grp][Show] 12 [1080p]", None, [12]),
    ("Show.-.12.-.1080p.BluRay", None, [12]),
    ("Show 069 VOSTFR", None, [69]),
    ("[Grp] Show 2 05 [1080p]", None, [5]),
    ("[Grp] Show-01 [1080p][0123ABCD]", None, [1]),
    ("Show.004.720p.x264-GRP [C0FFEE42]", None, [4]),
    ("Show - 024 (1080p) [DEC0DE99]", None, [24]),
    ("Show - 131 - Name", None, [131]),
    ("Show - 12 [1080p]", None, [12]),
    ("Show (2011) - 148 [1080p]", None, [148]),
    ("Show 2018 06 720p", None, [6]),
    ("[Grp] Show - 01-12 [1080p]", None, to(12)),
    ("[Grp] Show (01-13) [720p] (Complete)", None, to(13)),
    ("[Grp] Show 01 - 12 [1080p]", None, to(12)),
    ("[Grp] Show - 01~10 [1080p]", None, to(10)),
    ("[Grp] Show 1-12 [1080p]", None, to(12)),
    ("[Grp] Show 01-12 + Specials [1080p]", None, to(12)),
    ("[Grp]_Show_01_-_12_[1080p]", None, to(12)),
    ("[Grp] Show - 01v2-03v2 [1080p]", None, to(3)),
    ("[Grp] Show - 01+02 [1080p]", None, [1, 2]),
    ("Show 921-928 [1080p]", None, to(928, 921)),
    ("[组][Show][12][1080p]", None, [12]),
    ("【组】【Show】【12】【1080p】", None, [12]),
    ("[组][Show][12END][1080p]", None, [12]),
    ("[组][Show][12 Fin][1080p]", None, [12]),
    ("[组][Show][01-12完][1080p]", None, to(12)),
    ("[组][Show][2019][215][1080p]", None, [215]),
    ("[Grp] Show - １５８ [1080p]", None, [158]),  # noqa: RUF001
    ("[Grp] Show S2 - 03 [1080p]", 2, [3]),
    ("Show S02 - 03 [1080p]", 2, [3]),
    ("[Grp] Show S02[03][1080p]", 2, [3]),
    ("[Grp][Show S02][03][1080p]", 2, [3]),
    ("[Grp] Show Season 2 - 03 (1080p)", 2, [3]),
    ("[Grp] Show 2nd Season - 03 (1080p)", 2, [3]),
    ("[Grp] Show Second Season - 03 (1080p)", 2, [3]),
    ("[Grp] Show S02 (01-12) [1080p]", 2, to(12)),
    ("[组] 剧名 第2季 - 03 [1080p]", 2, [3]),
    ("[Grp] Show S10E14 214", 10, [214]),
    ("[Grp] Show S10E14 (214)", 10, [214]),
    ("Show - s16e03-04 - 313-314", 16, [313, 314]),
    ("[Grp] Show - 05 - S01E05 - Name", 1, [5]),
    ("[Grp] Show - 15.5 (S00E01) [BD]", 0, [15.5]),
    ("[Grp] Show E12 [1080p]", 1, [12]),
    ("[Grp] Show Ep 5 [1080p]", 1, [5]),
    ("[组][Show][第12話][1080p]", 1, [12]),
]


@pytest.mark.parametrize(("name", "season", "absolute"), ABSOLUTE)
def test_numbers_over_all_seasons_are_read(name, season, absolute):
    found = find(name)
    assert found
    assert (found.season, [*found.absolute]) == (season, absolute)


def test_an_episode_of_no_season_is_counted_both_ways():
    found = find("Show.E12.720p")
    assert found
    assert (found.season, found.episodes, found.absolute) == (1, (12,), (12.0,))


def test_a_bare_number_behind_a_season_is_counted_both_ways():
    found = find("[Grp] Show S2 - 03 [1080p]")
    assert found
    assert (found.season, found.episodes, found.absolute) == (2, (3,), (3.0,))
