import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli import call

MAIN = Path(__file__).parent.parent.parent / "main.py"
DUNE = {"title": "Dune", "year": 2021, "release": "Dune.2021.1080p.WEB-DL-GRP"}


def answers(result):
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def parse(tmp_path, text):
    return answers(call(tmp_path, "releases", "parse", input=text))


def match(tmp_path, **facts):
    line = json.dumps(DUNE | facts)
    return answers(call(tmp_path, "releases", "match", input=line))[0]


def test_one_object_comes_out_for_each_line(tmp_path):
    text = "Dune.2021.1080p.WEB-DL.x264-GRP\n\nFargo.S01E02.720p.HDTV.x264-GRP"
    film, nothing, episode = parse(tmp_path, text)
    assert film["titles"][0] == "Dune"
    assert (film["year"], film["kind"], film["source"]) == (2021, "film", "webdl")
    assert (nothing["year"], nothing["kind"]) == (None, "unknown")
    assert (episode["kind"], episode["season"], episode["episodes"]) == ("tv", 1, [2])


@pytest.mark.parametrize(
    "line",
    [
        b"Am\xe9lie.2001.1080p.BluRay.x264-GRP\n",
        b"\xef\xbb\xbfAm\xc3\xa9lie.2001.1080p.BluRay.x264-GRP\r\n",
        b"Amelie.2001.1080p.BluRay.x264-GRP" + b" " * 5000,
        b"\0\x1b[31mAmelie 2001 1080p\x85BluRay",
    ],
)
def test_stray_bytes_and_line_ends_do_no_harm(tmp_path, line):
    (read,) = parse(tmp_path, line)
    assert read["year"] == 2001


def test_nothing_in_is_nothing_out(tmp_path):
    assert parse(tmp_path, "") == []


def test_a_release_of_the_film_matches(tmp_path):
    assert match(tmp_path) == {"match": True, "why": None}


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"title": "Duna"}, 'is called "Dune", wanted "Duna"'),
        ({"year": 1984}, "is from 2021, wanted 1984"),
        ({"release": "Dune.S01E01.1080p.WEB-DL-GRP"}, "is of a series"),
        ({"release": "Dune"}, "is not named like a release of one film"),
        (
            {"year": 2020, "namesakes": [1984, 2021]},
            "is from 2021, as another film of that title is, wanted 2020",
        ),
        (
            {"namesakes": [1984], "release": "Dune.1080p.WEB-DL-GRP"},
            "does not say its year, wanted 2021",
        ),
        (
            {"imdb_id": "tt0087182", "release": "Dune.2021.{imdb-tt1160419}.1080p.WEB-DL-GRP"},
            "is of tt1160419, wanted tt0087182",
        ),
    ],
)
def test_what_is_not_the_film_is_told_with_its_reason(tmp_path, facts, why):
    assert match(tmp_path, **facts) == {"match": False, "why": why}


@pytest.mark.parametrize(
    "facts",
    [
        {"title": "Der Wüstenplanet", "alternative_titles": ["Dune"]},
        {"title": "Der Wüstenplanet", "original_title": "Dune"},
        {"year": 2020},
        {"year": 2020, "namesakes": [1984, 2020]},
        {"namesakes": [1984]},
        {"release": "Dune.1080p.WEB-DL-GRP"},
        {"year": None},
        {"imdb_id": "tt1160419", "release": "Arrakis.2023.{imdb-tt1160419}.1080p.WEB-DL-GRP"},
        {"expected": True, "class": "what is not asked for is passed over"},
    ],
)
def test_other_titles_a_near_year_and_an_id_match(tmp_path, facts):
    assert match(tmp_path, **facts)["match"]


@pytest.mark.parametrize(
    "line", ["{", "", "[]", '{"title": "Dune"}', '{"title": 5, "release": "x"}', '"\udce9"']
)
def test_a_line_that_is_no_question_is_named_and_ends_it(tmp_path, line):
    text = f"{json.dumps(DUNE)}\n{line}\n".encode(errors="surrogateescape")
    result = call(tmp_path, "releases", "match", input=text)
    assert result.exit_code == 2
    assert result.stdout.count("\n") == 1
    assert "Error: line 2 is no question that can be read: " in result.stderr
    assert result.stderr.endswith("; the lines before it are answered\n")


@pytest.mark.slow
def test_each_answer_comes_before_the_next_question():
    with subprocess.Popen(
        [sys.executable, MAIN, "releases", "parse"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as asked:
        assert asked.stdin
        assert asked.stdout
        for year in (1999, 2000):
            asked.stdin.write(f"Film.{year}.1080p\n".encode())
            asked.stdin.flush()
            assert json.loads(asked.stdout.readline())["year"] == year
        asked.stdin.close()
        assert asked.wait(60) == 0


@pytest.mark.slow
def test_a_reader_that_has_enough_ends_it_without_a_word():
    with subprocess.Popen(
        [sys.executable, MAIN, "releases", "parse"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as asked:
        assert asked.stdin
        assert asked.stdout
        assert asked.stderr
        asked.stdin.write(b"Film.1999.1080p\n")
        asked.stdin.flush()
        asked.stdout.readline()
        asked.stdout.close()
        asked.stdin.write(b"Film.2000.1080p\n" * 10)
        asked.stdin.close()
        assert asked.wait(60) == 1
        assert asked.stderr.read() == b""
