import csv
import io
import json
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movie_sync.history.days import noon
from movie_sync.history.exports import COLUMNS, as_csv, as_json
from movie_sync.history.reading import read_file
from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.library_models import Kind

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
AT = datetime(2026, 1, 5, 20, 15, tzinfo=UTC)
HEAT = Work(kind=Kind.FILM, title="Heat", year=1995, ids={"imdb": "tt0113277", "boxd": "2b0k"})
SECOND = Work(
    kind=Kind.SHOW,
    title="Taxi Driver",
    year=2021,
    ids={"tvdb": "388593"},
    season=1,
    episode=2,
    episode_title="Second",
    episode_ids={"trakt": "502"},
)
HISTORY = [
    Play(key="trakt:7", source="trakt", work=HEAT, watched_at=AT, told_id="7"),
    Play(
        key="hand:1", source="hand", work=SECOND, watched_at=noon(AT.date(), BERLIN), day_only=True
    ),
    Play(key="viki:1", source="viki", work=SECOND, watched_at=None, zone="Asia/Seoul"),
    Rating(work=HEAT, source="trakt", tenths=9, rated_at=AT),
    Wish(work=SECOND, source="trakt"),
]


def written(form, entries):
    made = as_csv(entries, BERLIN) if form == "csv" else as_json(entries, BERLIN)
    return "".join(made)


def read_back(form, entries):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"history.{form}"
        path.write_text(written(form, entries), encoding="utf-8", newline="")
        return list(read_file(path, zone=BERLIN, now=NOW).entries)


words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
).filter(bool)  # fmt: skip
numbers = st.integers(1, 99_999_999).map(str)
ids = st.dictionaries(
    st.sampled_from(["tmdb", "tvdb", "trakt", "tvmaze", "letterboxd", "boxd", "plex"]), numbers
) | st.builds(lambda number: {"imdb": f"tt{number:07}"}, st.integers(1, 99_999_999))
years = st.none() | st.integers(1870, 2100)
films = st.builds(Work, kind=st.just(Kind.FILM), title=words, year=years, ids=ids)
shows = st.builds(Work, kind=st.just(Kind.SHOW), title=words, year=years, ids=ids)
episodes = st.builds(
    Work,
    kind=st.just(Kind.SHOW),
    title=words,
    year=years,
    ids=ids,
    season=st.integers(0, 40),
    episode=st.integers(0, 2000),
    episode_title=st.none() | words,
    episode_ids=ids,
)
FIRST = datetime(1970, 1, 3, tzinfo=UTC)  # who knows no date writes an earlier one of that year
moments = st.integers(0, 56 * 365 * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds))
sources = st.sampled_from(["trakt", "viki", "hand", "channel:one"])


@st.composite
def plays(draw):
    zone = draw(st.none() | st.sampled_from(["Asia/Tokyo", "America/St_Johns"]))
    at = draw(st.none() | moments)
    day_only = at is not None and draw(st.booleans())
    if day_only:
        at = noon(at.date(), ZoneInfo(zone) if zone else BERLIN)
    return Play(
        key=draw(words),
        source=draw(sources),
        work=draw(films | episodes),
        watched_at=at,
        day_only=day_only,
        zone=zone,
        told_id=draw(st.none() | numbers),
    )


works = films | shows | episodes
ratings = st.builds(
    Rating, work=works, source=sources, tenths=st.integers(1, 10), rated_at=st.none() | moments
)
wishes = st.builds(Wish, work=works, source=sources, listed_at=st.none() | moments)
histories = st.lists(plays() | ratings | wishes, max_size=8)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_is_written_is_read_back_with_its_keys(form):
    assert read_back(form, HISTORY) == HISTORY


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("examples", [12, pytest.param(1000, marks=pytest.mark.slow)])
def test_any_history_is_read_back_as_it_was(form, examples):
    @settings(max_examples=examples, database=None)
    @given(histories)
    def read_back_as_it_was(history):
        assert read_back(form, history) == history

    read_back_as_it_was()


@pytest.mark.parametrize("form", ["csv", "json"])
def test_no_history_is_an_export_too(form):
    assert read_back(form, []) == []


def test_json_has_one_entry_on_a_line():
    lines = written("json", HISTORY).splitlines()
    assert len(lines) == len(HISTORY) + 2
    assert json.loads(lines[4].rstrip(",")) == {
        "what": "rating",
        "kind": "film",
        "title": "Heat",
        "year": 1995,
        "ids": {"imdb": "tt0113277", "boxd": "2b0k"},
        "source": "trakt",
        "rating": 9,
        "rated_at": "2026-01-05T20:15:00Z",
    }


def test_csv_says_what_a_person_looks_for():
    first, day, unknown, *_ = csv.DictReader(io.StringIO(written("csv", HISTORY), newline=""))
    assert tuple(first) == COLUMNS
    assert (first["watched_at"], first["imdb"], first["ids"]) == (
        "2026-01-05T20:15:00Z", "tt0113277", "boxd:2b0k",
    )  # fmt: skip
    assert (day["watched_at"], day["season"], day["episode"]) == ("2026-01-05", "1", "2")
    assert unknown["watched_at"] == ""


def test_a_title_is_no_formula_of_a_spreadsheet():
    work = Work(kind=Kind.FILM, title='=HYPERLINK("http://x","y")')
    wish = Wish(work=work, source="hand")
    (row,) = csv.DictReader(io.StringIO(written("csv", [wish]), newline=""))
    assert row["title"] == '\'=HYPERLINK("http://x","y")'
    assert read_back("csv", [wish]) == [wish]


def test_a_day_stays_the_day_wherever_it_is_read(tmp_path):
    path = tmp_path / "history.csv"
    path.write_text(written("csv", HISTORY[1:2]), encoding="utf-8")
    (found,) = read_file(path, zone=ZoneInfo("Pacific/Kiritimati"), now=NOW).entries
    assert found.watched_at.astimezone(ZoneInfo("Pacific/Kiritimati")).date() == date(2026, 1, 5)
    assert found.key == "hand:1"
