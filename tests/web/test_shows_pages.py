import html
import json
import re
import time
from datetime import UTC, date, datetime

import pytest

from movie_sync.access import Access
from movie_sync.passwords import Cost
from movie_sync.settings import Config
from movie_sync.shows.verdict import ShowState
from movie_sync.shows_settings import Days, Exclude, Rating, Selection
from movie_sync.views.show_rules import form, plain, read
from tests import make
from tests.web.shows_site import shows_site

PAGE = {"Accept": "text/html"}
KOREAN = make.show(
    3, title="Signal <1>", language="Korean", country="KR", network="tvN", premiered_on=None
)
SHOWS = (make.show(1), make.show(2, title="Chef", type="Reality", tvdb_id=None), KOREAN)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """One site for the tests that only read."""
    with shows_site(tmp_path_factory.mktemp("kept"), SHOWS) as site:
        yield site


@pytest.fixture
def site(tmp_path):
    with shows_site(tmp_path, SHOWS) as made:
        yield made


def page(site, path, **options):
    answer = site.get(path, headers=PAGE, **options)
    assert answer.status_code == 200, answer.text
    assert len(answer.content) <= 100_000
    return answer.text


def said(site, path, **data):
    """What the next page says after a form was sent."""
    answer = site.post(path, data=data)
    assert answer.status_code == 303, answer.text
    told = site.get(answer.headers["Location"], headers=PAGE, cookies=answer.cookies).text
    return re.search(r'class="said"[^>]*>.*</svg>\s*(.*)</p>', told).group(1)


def selections(site):
    return json.loads((site.home / "config.json").read_text())["shows"]["selections"]


def seen(site, at="0"):
    return re.search(r'name="seen" value="(\w+)"', page(site, f"/shows/rules/{at}")).group(1)


def state(site, number):
    return site.running.app.shows.store.get(number)[1].state


def test_the_tab_is_there_while_shows_are_on(kept, tmp_path):
    assert 'href="/shows"' in page(kept, "/wanted")


def test_without_shows_there_is_no_tab_and_a_page_says_how_to_have_it(site_without_shows):
    assert 'href="/shows"' not in site_without_shows.get("/").text
    answer = site_without_shows.get("/shows", headers=PAGE)
    assert answer.status_code == 404
    assert "they are off; set shows.enabled to true" in answer.text


@pytest.fixture
def site_without_shows(tmp_path):
    from tests.web.site import Site

    with Site(tmp_path) as made:
        yield made


def test_the_overview_tells_what_would_be_added_and_why_not_the_rest(kept):
    text = page(kept, "/shows")
    assert "Dry run: nothing is added" in text
    assert "1 show would be added to Sonarr:" in text
    assert "Show 1 (2024)" in text
    assert 'href="/shows/all?state=filtered&amp;reason=language"' in text
    assert "Read again in 6 h." in text
    assert "TVmaze</a>" in text


def test_the_list_is_narrowed_by_what_the_address_says(kept):
    def titles(query):
        return re.findall(r'<h2><a href="/shows/\d+">(.*?)</a>', page(kept, f"/shows/all?{query}"))

    assert titles("") == ["Signal &lt;1&gt;", "Chef", "Show 1"]
    assert titles("q=chef") == titles("type=Reality") == titles("reason=type") == ["Chef"]
    assert titles("q=100001") == titles("q=tt0000001") == titles("state=pending") == ["Show 1"]
    assert titles("language=Korean") == titles("q=%3C1%3E") == ["Signal &lt;1&gt;"]
    assert titles("order=title&rule=mine") == ["Chef", "Show 1", "Signal &lt;1&gt;"]
    assert titles("state=nonsense&type=x&language=x&order=x&page=99") == titles("")
    assert titles("q=nobody") == []


def test_a_part_of_the_list_is_given_to_htmx(kept):
    text = kept.get("/shows/all?q=chef", headers={"HX-Request": "true"}).text
    assert "<html" not in text
    assert "Chef" in text


def test_a_show_tells_its_verdict_with_what_was_compared(kept):
    text = page(kept, "/shows/3")
    assert "Mine: its language is Korean, not English." in text
    assert "is: <b>Korean</b>" in text
    assert "wanted: <b>English</b>" in text
    assert "https://www.tvmaze.com/shows/3/show-3" in text
    assert "Data from" in text
    assert kept.get("/shows/99", headers=PAGE).status_code == 404
    assert kept.get(f"/shows/{10**30}", headers=PAGE).status_code == 404


def test_what_a_person_says_of_a_show_counts(site):
    assert said(site, "/shows/3/approve") == (
        "Signal &lt;1&gt; is approved; there is no Sonarr to add it to yet"
    )
    assert state(site, 3) is ShowState.PENDING
    assert said(site, "/shows/3/reject") == "Signal &lt;1&gt; is never added"
    assert state(site, 3) is ShowState.SKIPPED
    assert said(site, "/shows/2/add").startswith("Chef is approved; it is added once it has a TVDB")
    assert said(site, "/shows/1/exclude").startswith("Show 1 is never added here; Sonarr was not")
    assert site.post("/shows/1/burn").status_code == 404


def test_many_are_approved_or_rejected_at_once(tmp_path):
    shows = [make.show(n) for n in range(1, 5)]
    with shows_site(tmp_path, shows, settings={"review": "all"}) as site:
        assert "4 shows fit and wait for your word." in page(site, "/shows/review")
        told = said(site, "/shows/review", do="approve", show=["1", "2"])
        assert told == "2 shows are approved"
        assert said(site, "/shows/review", one="reject 3") == "Show 3 is never added"
        assert said(site, "/shows/review", do="reject").startswith("Nothing was ticked")
        assert site.post("/shows/review", data={"do": "burn", "show": "4"}).status_code == 422
        assert [state(site, n) for n in range(1, 5)] == ["pending", "pending", "skipped", "review"]


@pytest.mark.slow
def test_all_shows_are_judged_again_when_a_person_wishes_it(site):
    store = site.running.app.shows.store
    store.set_state(3, ShowState.PENDING, now=datetime.now(UTC), code="passes", sentence="old")
    assert said(site, "/shows/refilter") in (
        "All shows are judged again", "All are judged again after this cycle",
    )  # fmt: skip
    wait_for(lambda: state(site, 3) is ShowState.FILTERED)


@pytest.mark.slow
def test_the_dry_run_is_switched_off_with_a_button(site):
    assert said(site, "/shows/dry-run", on="false").startswith("The dry run is off")
    assert site.running.app.shows.settings.dry_run is False
    assert "Shows are added to Sonarr" in page(site, "/shows")


def test_a_selection_is_written_and_changed_and_the_others_stay_as_they_were(site):
    first = selections(site)
    new = {
        "seen": seen(site), "name": "Korean", "languages": "Korean,  Japanese", "types": "Scripted",
        "genres": ["Drama", "Crime"], "premiered.after": "2015-01-31", "rating.min": "7.5",
        "enabled": "true", "review": "true", "search_on_add": "false", "tags": "tv\r\nkorean",
        "do": "save",
    }  # fmt: skip
    assert said(site, "/shows/rules/new", **new).startswith("1 setting is saved and in force")
    written = {
        "name": "Korean", "genres": ["Drama", "Crime"], "types": ["Scripted"],
        "languages": ["Korean", "Japanese"], "premiered": {"after": "2015-01-31"},
        "rating": {"min": 7.5}, "review": True, "search_on_add": False, "tags": ["tv", "korean"],
    }  # fmt: skip
    assert selections(site) == [*first, written]
    new |= {"seen": seen(site), "name": "K", "rating.min": "", "review": ""}
    said(site, "/shows/rules/1", **new)
    del written["rating"], written["review"]
    assert selections(site) == [*first, written | {"name": "K"}]
    assert [rule.name for rule in site.running.app.shows.rules.selections] == ["mine", "K"]


def test_what_a_form_says_comes_back_into_it(site):
    of = Selection(
        name="all", types=("scripted", "Odd"), genres=("Drama",), networks=("A, B", "HBO"),
        premiered=Days(after=date(2010, 1, 1)), rating=Rating(min=7.5), review=False,
        search_on_add=True, monitor="pilot", exclude_ended=True, when_unknown="pass",
    )  # fmt: skip
    typed = {
        field.key: field.lines if field.kind == "several" else [field.text]
        for part in form(of, Config())
        for field in part.fields
    }
    assert read(Selection, typed).value == of
    ticked = {one.value for part in form(of, Config()) for f in part.fields if f.key == "types"
              for one in f.choices if one.value in f.lines}  # fmt: skip
    assert ticked == {"scripted", "Odd"}
    assert plain(Selection(name="x")) == {"name": "x"}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Give it a name; shows that it takes are told by it."),
        ({"name": "mine"}, "Another selection has this name."),
        ({"name": "Exclude"}, "This name is used already, for what no selection takes."),
        ({"rating.min": "many"}, "This must be a number from 0 to 10, or null."),
        ({"premiered.after": "soon"}, "This must be a day, as 2010-01-31, or null."),
        ({"languages": "Koraen"}, 'did you mean &#34;Korean&#34;?'),
        ({"rating.min": "8", "rating.max": "7"}, "so that nothing can fit."),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_selection_is_told_at_its_field_and_nothing_is_saved(
    kept, typed, sentence
):
    before = (kept.home / "config.json").read_bytes()
    form = {"seen": seen(kept), "name": "new", "enabled": "true", "do": "save", **typed}
    answer = kept.post("/shows/rules/new", data=form)
    assert answer.status_code == 422
    field = answer.text.split('id="e-f-', 1)[1]
    assert sentence in field[:400]
    assert 'aria-invalid="true"' in answer.text
    assert (kept.home / "config.json").read_bytes() == before


@pytest.mark.slow
def test_a_word_that_tvmaze_does_not_know_can_be_saved_all_the_same(site):
    form = {"seen": seen(site), "name": "new", "enabled": "true", "languages": "Klingon"}
    assert "Save it all the same" in site.post("/shows/rules/new", data=form).text
    said(site, "/shows/rules/new", **form, anyway="yes")
    assert selections(site)[1] == {"name": "new", "languages": ["Klingon"]}


@pytest.mark.slow
def test_a_network_that_no_show_has_is_told_of_and_can_be_saved_all_the_same(site):
    form = {"seen": seen(site), "name": "new", "enabled": "true", "networks": "Netflicks"}
    answer = html.unescape(site.post("/shows/rules/new", data=form).text)
    assert 'No show of the catalogue has the network "Netflicks"' in answer
    assert "Save it all the same" in answer
    said(site, "/shows/rules/new", **form, anyway="yes")
    assert 'has the network "Netflicks"' in html.unescape(page(site, "/shows/rules"))


def test_rules_that_were_changed_meanwhile_are_not_saved_over(site):
    form = {"seen": "other", "name": "new", "enabled": "true"}
    answer = site.post("/shows/rules/new", data=form)
    assert answer.status_code == 422
    assert "The rules were changed while this page was open" in answer.text
    assert site.post("/shows/rules/0/remove", data={"seen": "other"}).status_code == 422
    assert len(selections(site)) == 1


def test_what_a_selection_would_do_is_told_while_one_writes_it(kept):
    form = {"name": "Korean", "languages": "Korean", "enabled": "true"}
    part = kept.post("/shows/rules/preview/new", data=form, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "It takes 1 show</b> of 3." in part
    assert "By all rules 1 more would pass than now, and 0 fewer. New would be Signal" in part
    whole = kept.post("/shows/rules/new", data={**form, "do": "preview"}).text
    assert "It takes 1 show</b> of 3." in whole
    assert 'value="Korean"' in whole
    wrong = kept.post("/shows/rules/preview/new", data={**form, "rating.min": "x"}).text
    assert "What is marked has to be mended first." in wrong


@pytest.mark.slow
def test_selections_are_put_in_order_and_taken_out(site):
    said(site, "/shows/rules/new", seen=seen(site), name="two", enabled="true")
    said(site, "/shows/rules/1/up", seen=seen(site))
    assert [one["name"] for one in selections(site)] == ["two", "mine"]
    assert said(site, "/shows/rules/0/remove", seen=seen(site)).startswith("The selection is rem")
    assert [one["name"] for one in selections(site)] == ["mine"]
    assert site.post("/shows/rules/7/up", data={"seen": seen(site)}).status_code == 404


@pytest.mark.slow
def test_what_is_excluded_is_edited_as_well(site):
    was = seen(site, "exclude")
    form = {"genres": ["Crime", "Horror"], "countries": "UK", "do": "save"}
    said(site, "/shows/rules/exclude", seen=was, **form)
    assert site.running.app.shows.settings.exclude == Exclude(
        genres=("Crime", "Horror"), countries=("UK",)
    )
    assert "Genres: Crime, Horror; Countries: UK" in page(site, "/shows/rules")
    late = site.post("/shows/rules/exclude", data={"seen": was, "genres": "Drama"})
    assert late.status_code == 422
    assert "The rules were changed while this page was open" in late.text
    assert "Crime" in site.running.app.shows.settings.exclude.genres
    said(site, "/shows/rules/exclude", seen=seen(site, "exclude"), genres="Horror")
    assert site.running.app.shows.settings.exclude == Exclude(genres=("Horror",))


@pytest.mark.slow
def test_the_plain_filters_become_a_selection(tmp_path):
    filters = {"languages": {"include": ["English"]}, "genres": {"exclude": ["Horror"]}}
    settings = {"selections": [], "filters": filters}
    with shows_site(tmp_path, SHOWS, settings=settings) as site:
        text = page(site, "/shows/rules")
        assert "Languages: English; Not of these genres: Horror" in text
        shown = re.search(r'name="seen" value="(\w+)"', text).group(1)
        said(site, "/shows/rules/filters/write", seen=shown)
        written = json.loads((site.home / "config.json").read_text())["shows"]
        assert "filters" not in written
        assert written["selections"] == [
            {"name": "filters", "languages": ["English"], "exclude_genres": ["Horror"]}
        ]


@pytest.mark.slow
def test_rules_that_stand_elsewhere_cannot_be_edited_here(site):
    path = site.home / "config.json"
    written = json.loads(path.read_text())
    written["shows"]["selections"] = []
    path.write_text(json.dumps(written))
    text = page(site, "/shows/rules")
    assert "is not what is in force" in text
    assert "Add a selection" not in text


@pytest.mark.slow
def test_who_may_only_act_changes_no_rules(site):
    _, key = Access(site.home, cost=Cost(4, 8, 1)).add_key("act", "act")
    for path in ("/shows/rules/0", "/shows/dry-run", "/shows/rules/preview/0"):
        assert site.post(path, key=key, data={}).status_code == 403
    assert site.post("/shows/1/approve", key=key).status_code == 303


def wait_for(done, timeout_s=60.0):
    until = time.monotonic() + timeout_s
    while not done():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.02)


def test_whoever_follows_shows_alone_is_not_led_through_the_first_run_of_films(kept):
    assert kept.get("/").status_code == 200
