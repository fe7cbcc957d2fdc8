import pytest

from movie_sync.robots import Robots

AGENT = "movie-sync/0.1 (+https://example.org)"


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/alice/watchlist/", True),
        ("Disallow: /", "/alice/watchlist/", False),
        ("Disallow:", "/alice/watchlist/", True),
        ("Disallow: /*/by/*", "/alice/watchlist/by/added/", False),
        ("Disallow: /*/by/*", "/alice/watchlist/", True),
        ("Disallow: /film", "/film/heat/", False),
        ("Disallow: /film$", "/film/heat/", True),
        ("Disallow: /film\nAllow: /film/", "/film/heat/", True),
        ("Allow: /film\nDisallow: /film", "/film/heat/", True),
        ("Disallow: /a.b", "/aXb", True),
        ("Disallow: /film # all of them", "/film/heat/", False),
    ],
)
def test_the_longest_rule_that_fits_decides(rules, path, allowed):
    assert Robots(f"User-agent: *\n{rules}\n", AGENT).allows(path) == allowed


def test_rules_for_this_program_replace_those_for_anybody():
    text = "User-agent: *\nDisallow: /\n\nUser-Agent: Movie-Sync\nDisallow: /film/\n"
    assert Robots(text, AGENT).allows("/alice/")
    assert not Robots(text, AGENT).allows("/film/heat/")
    assert not Robots(text, "another/1").allows("/alice/")


def test_rules_for_other_programs_are_not_ours():
    text = "User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\nUser-agent: *\nDisallow: /x\n"
    assert Robots(text, AGENT).allows("/alice/")
    assert not Robots(text, "CCBot/2.0").allows("/alice/")
