from datetime import UTC, datetime, timedelta

from movie_sync.films import activity
from movie_sync.films.story import Stories, What
from tests import make


def test_what_happens_to_all_films_is_told_newest_first(tmp_path):
    stories = Stories(tmp_path / "stories")
    stories.tell("film:1", What.SEARCHED, "3 found", make.NOON)
    stories.tell("film:2", What.TAKEN, "Parasite.2019.1080p", make.NOON + timedelta(minutes=1))
    assert [(one.id, one.text) for one in stories.happened()] == [
        ("film:2", "Parasite.2019.1080p"), ("film:1", "3 found"),
    ]  # fmt: skip
    assert [one.id for one in stories.happened({"searched"})] == ["film:1"]


def test_what_repeats_is_told_once(tmp_path):
    stories = Stories(tmp_path / "stories")
    for minute in range(5):
        stories.tell("film:1", What.SEARCHED, "none", make.NOON + timedelta(minutes=minute))
    assert len(stories.happened()) == 1


def test_it_stays_small_and_keeps_the_newest(tmp_path):
    for number in range(30):
        event = activity.Happened(
            at=datetime(2026, 1, 1, tzinfo=UTC),
            id=f"film:{number}",
            what="taken",
            text="x" * 99_999,
        )
        activity.tell(tmp_path, event)
    kept = activity.read(tmp_path)
    assert [one.id for one in kept[:3]] == ["film:29", "film:28", "film:27"]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 3 * activity.MOST_BYTES


def test_a_line_that_a_crash_broke_off_is_passed_over(tmp_path):
    stories = Stories(tmp_path)
    stories.tell("film:1", What.SEARCHED, "3 found", make.NOON)
    with (tmp_path / activity.NAME).open("ab") as out:
        out.write(b'{"at": "2026')
    assert [one.id for one in stories.happened()] == ["film:1"]


def test_nothing_has_happened_yet(tmp_path):
    assert Stories(tmp_path / "stories").happened() == []
