import html
import io
import re
import time
from datetime import timedelta

import pytest

from tests.web.history_site import MONTH, TODAY, film, history_site, play
from tests.web.site import Site

PAGE = {"Accept": "text/html"}
WITHIN_S = 30.0
CSV = "kind,title,year,watched_at,tmdb\nfilm,Nosferatu,1922,2026-01-05T20:00:00Z,653\n"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """One site for the tests that only read."""
    with history_site(tmp_path_factory.mktemp("kept")) as site:
        yield site


@pytest.fixture
def site(tmp_path):
    with history_site(tmp_path) as made:
        yield made


def page(site, path, **options):
    answer = site.get(path, headers=PAGE, **options)
    assert answer.status_code == 200, answer.text
    assert len(answer.content) <= 100_000
    return html.unescape(answer.text)


def said(site, address, **data):
    """What the next page says after a form was sent, and the whole of that page."""
    answer = site.post(address, data=data)
    assert answer.status_code == 303, answer.text
    told = site.get(answer.headers["Location"], headers=PAGE, cookies=answer.cookies).text
    found = re.search(r'class="said"[^>]*>.*</svg>\s*(.*)</p>', told)
    return html.unescape(found.group(1)), html.unescape(told)


def store_of(site):
    return site.running.app.history.store


def titles(text):
    """Of the plays on a page."""
    return re.findall(r'<a href="/watched/titles/\d+">(.*?)(?: <small>|</a>)', text)


@pytest.mark.slow
def test_while_the_history_is_off_a_page_says_what_it_is_and_switches_it_on(tmp_path):
    with Site(tmp_path) as site:
        assert 'href="/watched"' not in site.get("/wanted").text
        assert "The history is off" in page(site, "/watched")
        for path in ("/watched/titles", "/watched/inbox", "/watched/syncs", "/watched/import"):
            answer = site.get(path, headers=PAGE)
            assert answer.status_code == 404
            assert "set history.enabled to true" in html.unescape(answer.text)
        sentence, text = said(site, "/watched/on")
        assert sentence.startswith("The history is on")
        assert "From a file" in text
        assert 'href="/watched"' in site.get("/wanted").text


def test_a_month_shows_its_days_and_what_was_watched_newest_first(kept):
    text = page(kept, "/watched")
    assert f"{TODAY:%B %Y}" in text
    assert titles(text)[0] == "Parasite"
    assert len(titles(text)) == 6
    assert "6 plays" in text
    assert "1 without a day" in text


def test_a_calendar_is_narrowed_to_a_day_a_kind_and_who_told(kept):
    day = f"{TODAY:%Y-%m-%d}"
    assert titles(page(kept, f"/watched?month={MONTH}&kind=film")) == ["Parasite", "Brazil"]
    assert titles(page(kept, f"/watched?day={day}&source=viki")) == ["Signal"] * 4
    assert titles(page(kept, f"/watched?day={day}&source=plex")) == []
    assert "Nothing was watched then" in page(kept, "/watched?month=1999-01")


@pytest.mark.parametrize(
    "query",
    ["month=2026-13", "day=2026-02-30", "day=0001-01-01", "before=x.y", "kind=opera", "month=%00"],
)
def test_an_address_that_makes_no_sense_shows_what_there_is(kept, query):
    assert len(titles(page(kept, f"/watched?{query}"))) == 6


def test_what_nobody_knows_the_day_of_has_a_page_of_its_own(kept):
    assert titles(page(kept, "/watched/undated")) == ["L'Été"]


def test_what_is_in_progress_says_how_far(kept):
    text = page(kept, "/watched/progress")
    assert "50 %" in text
    assert "1x05" in text


def test_titles_are_found_whatever_the_accents(kept):
    def named(query=""):
        text = page(kept, f"/watched/titles?{query}")
        return re.findall(r'class="lib-name">(.*?)<', text)

    assert named() == ["Parasite", "Brazil", "Signal", "L'Été"]
    assert named("q=ete") == ["L'Été"]
    assert named("kind=show") == ["Signal"]
    assert named("q=nobody") == []


def test_a_title_tells_its_own_history_and_who_told(kept):
    text = page(kept, f"/watched/titles/{number(kept, 'Parasite')}")
    assert "watched 2 times" in text
    assert "rated 9 of 10 (Trakt)" in text
    assert "not owned" in text
    assert kept.get("/watched/titles/999999", headers=PAGE).status_code == 404


def test_a_poster_is_made_up_where_there_is_none(kept):
    answer = kept.get(f"/watched/titles/{number(kept, 'Brazil')}/poster")
    assert answer.headers["Content-Type"].startswith("image/svg")


def number(site, title):
    found = [row for row in store_of(site).plays(limit=100) if row.title == title]
    return found[0].title_id


@pytest.mark.slow
def test_a_play_that_was_taken_away_is_put_back(site):
    row = store_of(site).plays(limit=1)[0]
    sentence, text = said(site, f"/watched/plays/{row.id}/remove", back="/watched/removed")
    assert sentence.startswith("Parasite (2019) is taken out of the history")
    assert titles(text) == ["Parasite"]
    said(site, f"/watched/plays/{row.id}/restore")
    assert store_of(site).plays(deleted=True) == []


@pytest.mark.slow
def test_a_play_gets_the_day_that_a_person_says(site):
    (row,) = [one for one in store_of(site).plays(limit=100) if one.watched_at is None]
    answer = site.post(f"/watched/plays/{row.id}/date", data={"day": "2026-02-30"})
    assert answer.status_code == 422
    said(site, f"/watched/plays/{row.id}/date", day="2026-03-01")
    assert str(store_of(site).play(row.id).local_day) == "2026-03-01"


@pytest.mark.slow
def test_the_next_page_is_only_ever_one_of_the_history(site):
    row = store_of(site).plays(limit=1)[0]
    data = {"back": "https://elsewhere.example/"}
    answer = site.post(f"/watched/plays/{row.id}/remove", data=data)
    assert answer.headers["Location"] == "/watched"


def test_the_inbox_shows_candidates_with_scores_and_reasons(kept):
    text = page(kept, "/watched/inbox")
    assert "81 %" in text
    assert "12 episodes are 12 there" in text
    assert "episodes 1 on are season 1" in text
    assert "Nobody Knows It" not in text
    assert "Nobody Knows It" in page(kept, "/watched/inbox?state=none")
    assert 'class="badge">1<' in page(kept, "/wanted")


@pytest.mark.slow
def test_a_show_is_matched_by_one_press_and_the_answer_kept(site):
    sentence, text = said(site, "/watched/inbox/36951c/choose", key="trakt:109557")
    assert sentence == "Hello, My Twenties! is Hello, My Twenties! (trakt 109557, tmdb 9109557)"
    assert "Nothing waits for your word" in text
    text = page(site, "/watched/inbox/36951c")
    assert "by hand" in text
    assert "episodes 1 on are season 1." in text


@pytest.mark.slow
def test_a_show_is_named_by_an_id_with_its_season_and_the_name_taken_back(site):
    data = {"provider": "tmdb", "number": "777", "season": "2", "offset": "-10"}
    said(site, "/watched/inbox/37000c/set", **data)
    assert "are season 2" in page(site, "/watched/inbox/37000c")
    said(site, "/watched/inbox/37000c/clear")
    assert store_of(site).standing("37000c").state == "review"
    answer = site.post("/watched/inbox/37000c/set", data=data | {"season": "two"})
    assert answer.status_code == 422


def test_a_search_says_why_nobody_was_asked(kept):
    assert "Neither Trakt nor TMDB can be asked" in page(kept, "/watched/inbox/36951c?q=youth")


def test_the_log_tells_what_came_and_what_went_wrong(kept):
    text = page(kept, "/watched/syncs")
    assert "8 new" in text
    assert "Trakt: no answer in 15 s" in text
    text = page(kept, "/watched/syncs/1")
    assert "Nameless (1999): it has no TMDB id" in text
    assert "Parasite" in text


@pytest.mark.slow
def test_an_import_is_undone_from_its_page(site):
    sentence, _ = said(site, "/watched/syncs/1/undo")
    assert sentence.startswith("Sync 1 is being undone")
    wait_for(lambda: store_of(site).plays() == [])


@pytest.mark.slow
def test_a_file_is_looked_at_and_then_taken_over(site):
    answer = site.post(
        "/watched/import/file", files={"file": ("mine.csv", io.BytesIO(CSV.encode()))}
    )
    assert answer.status_code == 303, answer.text
    text = page(site, answer.headers["Location"])
    assert "mine.csv" in text
    assert len(store_of(site).plays(limit=100)) == 8  # nothing is stored by looking
    options = {"source": "file", "history": "yes", "rate": "none", "most_a_day": "4"}
    sentence, _ = said(site, "/watched/import/start", **options)
    assert sentence.startswith("The import has begun")
    wait_for(lambda: site.running.app.history.waiting_import() is None)
    assert "Nosferatu" in page(site, "/watched?month=2026-01")
    assert "1 new" in page(site, "/watched/import")


@pytest.mark.slow
def test_a_file_that_is_no_history_is_refused_and_says_so(site):
    answer = site.post("/watched/import/file", files={"file": ("x.zip", io.BytesIO(b"no zip"))})
    answer = site.get(answer.headers["Location"], headers=PAGE)
    assert 400 <= answer.status_code < 500
    assert str(site.home) not in answer.text
    assert site.post("/watched/import/file", files={"other": ("", b"")}).status_code == 422
    assert site.get("/watched/import/preview?source=file&x=1").status_code < 500
    assert site.get("/watched/import/preview?source=ftp").status_code == 404


@pytest.mark.slow
def test_an_export_that_is_imported_again_adds_nothing(site):
    text = site.get("/watched/export/history.csv").content
    answer = site.post("/watched/import/file", files={"file": ("out.csv", io.BytesIO(text))})
    text = page(site, answer.headers["Location"])
    plays = re.search(r"Plays</th>(.*?)</tr>", text)[1]
    assert re.findall(r"<td>(\d+)", plays) == ["8", "0", "8", "0"]
    assert site.get("/watched/export/history.exe").status_code == 404


@pytest.mark.slow
def test_a_long_month_goes_on_page_by_page(tmp_path):
    def many(store, now):
        at = TODAY.replace(day=1)
        plays = [
            play(f"trakt:{n}", film(f"Film {n}", 1950, str(n)), at - timedelta(minutes=n))
            for n in range(120)
        ]
        store.save_plays(plays, now)

    with history_site(tmp_path, many) as site:
        address, seen = f"/watched?day={TODAY.replace(day=1):%Y-%m-%d}", []
        while address:
            text = page(site, address)
            seen += titles(text)
            found = re.search(r'rel="next" href="([^"]*before[^"]*)"', text)
            address = found[1] if found else None
        assert seen == [f"Film {n}" for n in range(120)]


def wait_for(check):
    deadline = time.monotonic() + WITHIN_S
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.05)
