from datetime import UTC, date, datetime, timedelta

import pytest

from movie_sync.db import Database
from movie_sync.errors import NotFound
from movie_sync.history.store import HistoryStore
from movie_sync.library_models import Kind
from movie_sync.views import history, history_inbox, history_words
from movie_sync.views.settings_groups import GROUPS
from tests.web.history_site import TODAY, film, play, watched

NOW = datetime.now(UTC)
FIRST = TODAY.date().replace(day=1)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    db = Database(tmp_path_factory.mktemp("history") / "library.db", backup=None)
    made = HistoryStore(db, UTC)
    watched(made, NOW)
    yield made
    db.close()


@pytest.fixture
def empty(tmp_path):
    db = Database(tmp_path / "library.db", backup=None)
    yield HistoryStore(db, UTC)
    db.close()


def test_a_month_has_whole_weeks_and_its_own_days_alone(store):
    month = history.month(store, date(2024, 2, 1), TODAY.date())
    days = [cell.day for week in month.weeks for cell in week if cell]
    assert days == [date(2024, 2, 1) + timedelta(days=n) for n in range(29)]
    assert {len(week) for week in month.weeks} == {7}
    assert (month.before, month.after) == (date(2024, 1, 1), date(2024, 3, 1))


def test_the_day_with_the_most_plays_is_the_darkest_and_none_lies_ahead(store):
    month = history.month(store, FIRST, TODAY.date())
    shades = {cell.day: cell.shade for week in month.weeks for cell in week if cell}
    assert shades[TODAY.date()] == history.SHADES
    assert sum(map(bool, shades.values())) == 1
    assert month.after is None


def test_an_empty_history_shows_this_month(empty):
    today = TODAY.date()
    assert history.newest_month(empty, today) == FIRST
    assert history.month(empty, FIRST, today).plays == 0
    assert history.shelf(empty).rows == history.plays(empty).rows == ()


def test_a_play_of_the_future_does_not_hide_what_was_watched(empty):
    ahead = play("trakt:1", film("Ahead", 2020, "1"), TODAY + timedelta(days=900))
    empty.save_plays([ahead], NOW)
    assert history.newest_month(empty, TODAY.date()) == FIRST


@pytest.mark.parametrize("token", ["", "x", "1", "1.2.3.4", "1.", "-.1", "9" * 40, "\uff11.\uff12"])
def test_a_token_that_makes_no_sense_is_the_beginning(store, token):
    assert history.plays(store, before=token).rows == history.plays(store).rows
    assert history.in_progress(store, token).rows


def test_a_list_is_read_whole_piece_by_piece(store):
    seen, token = [], None
    while True:
        part = history.shelf(store, before=token, limit=1)
        seen += [row.title for row in part.rows]
        token = part.next
        if token is None:
            break
    assert seen == ["Parasite", "Brazil", "Signal", "L'Été"]
    assert [row.title for row in history.shelf(store, kind=Kind.SHOW).rows] == ["Signal"]


def test_what_has_no_day_is_listed_apart(store):
    assert [row.title for row in history.undated(store).rows] == ["L'Été"]


@pytest.mark.parametrize(
    "ask", [history.play, history.title, history.sync, history_inbox.container]
)
def test_what_there_is_not_is_said(store, ask):
    with pytest.raises(NotFound):
        ask(store, "1" * 50 if ask is history_inbox.container else 10**12)


def test_the_inbox_gives_reasons_and_leaves_out_what_was_refused(store):
    (one,) = history_inbox.inbox(store).unmatched
    assert [choice.key for choice in one.choices] == ["trakt:109557", "trakt:777"]
    assert one.choices[0].mapping == "episodes 1 on are season 1"
    assert [one.title for one in history_inbox.inbox(store, "matched").unmatched] == ["Signal"]


def test_who_told_is_said_as_a_person_would():
    assert history_words.source_name("file:letterboxd") == "a file of Letterboxd"
    assert history_words.source_name("channel:one") == "channel:one"
    assert history_words.source_name("hand") == "by hand"


def test_the_settings_of_the_history_have_a_page_that_pages_lead_to():
    assert "history" in {group.slug for group in GROUPS}
