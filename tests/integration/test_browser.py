import os
import time
from pathlib import Path

import pytest

from movie_sync.credentials import Credentials
from movie_sync.demo.shows_world import ADDED, ShowsWorld
from movie_sync.demo.world import World
from tests.integration.browser import DESK, PHONE, chromium, opened, shown
from tests.integration.owned import owned_place
from tests.integration.watched import watched_place

pytestmark = pytest.mark.slow

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
PAGES = {
    "now": "/",
    "wanted": "/wanted",
    "film": "/films/film:letterboxd:1000",
    "activity": "/activity",
    "history": "/history",
    "sources": "/sources",
    "settings": "/settings",
    "system": "/system",
    "welcome": "/welcome",
}
SHOW_PAGES = {
    "shows": "/shows",
    "shows-all": "/shows/all",
    "shows-review": "/shows/review",
    "shows-rules": "/shows/rules",
    "shows-rule": "/shows/rules/0",
    "shows-new": "/shows/rules/new",
    "shows-exclude": "/shows/rules/exclude",
    "show-added": "/shows/501",
    "show-filtered": "/shows/503",
    "show-review": "/shows/510",
}
LIBRARY_PAGES = {
    "library": "/library",
    "library-narrowed": "/library?only=doubles&order=year",
    "library-film": "/library/titles/2",
    "library-show": "/library/titles/6",
    "library-review": "/library/review",
    "library-sources": "/library/sources",
    "library-setup": "/library/setup/new",
    "library-match": "/library/match?file=1",
    "library-merge": "/library/titles/1/merge",
    "library-file": "/library/files/1",
    "library-files": "/library/files?which=all",
    "library-duplicates": "/library/duplicates",
}
WATCHED_PAGES = {
    "watched": "/watched",
    "watched-title": "/watched/titles/1",
    "watched-show": "/watched/titles/4",
    "watched-titles": "/watched/titles",
    "watched-progress": "/watched/progress",
    "watched-undated": "/watched/undated",
    "watched-inbox": "/watched/inbox",
    "watched-match": "/watched/inbox/36951c",
    "watched-import": "/watched/import",
    "watched-log": "/watched/syncs",
    "watched-sync": "/watched/syncs/1",
    "watched-logins": "/watched/logins",
}
DRAWN_OF_HISTORY = ("watched", "watched-inbox", "watched-import")
DRAWN_OF_LIBRARY = ("library", "library-show", "library-review", "library-sources")
DRAWN = ("shows", "shows-rule")  # of them; the pictures are for the docs
SCREENS = os.environ.get("MOVIE_SYNC_SCREENS")  # a folder for pictures of the pages
UPLOAD_KIB_S = 400  # so slowly that a film is seen on its way


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def arrived(tmp_path_factory, browser):
    """A world in which three films have arrived; for pictures, others are on their way."""
    folder = Path("/tmp/films") if SCREENS else tmp_path_factory.mktemp("arrived")  # noqa: S108
    films, limit = (12, UPLOAD_KIB_S) if SCREENS else (3, 0)
    with World(folder, films, upload_limit_kib_s=limit) as world, shown(world) as address:
        with opened(browser, address) as page:
            page.goto("/")
            page.locator(".shelf li").nth(2).wait_for(timeout=180_000)
        yield address


@pytest.fixture(scope="module")
def followed(tmp_path_factory, browser):
    """A world in which a catalogue was read and its shows given to Sonarr."""
    folder = Path("/tmp/shows") if SCREENS else tmp_path_factory.mktemp("followed")  # noqa: S108
    with ShowsWorld(folder) as world, shown(world) as address:
        with opened(browser, address) as page:
            wait_for_adds(page)
        yield address


@pytest.fixture(scope="module")
def owned(tmp_path_factory, browser):
    """A world in which films and shows are owned, and some of them are unsure."""
    folder = Path("/tmp/owned") if SCREENS else tmp_path_factory.mktemp("owned")  # noqa: S108
    with shown(owned_place(folder)) as address:
        yield address


@pytest.fixture(scope="module")
def seen(tmp_path_factory, browser):
    """A world in which films and a show were watched, and some of them are unsure."""
    folder = Path("/tmp/watched") if SCREENS else tmp_path_factory.mktemp("watched")  # noqa: S108
    with shown(watched_place(folder)) as address:
        yield address


def wait_for_adds(page):
    """Until Sonarr has been given all that it is to be given."""
    tile = page.locator('.tiles a[href$="state=added"] b')
    for _ in range(120):
        page.goto("/shows")
        if tile.inner_text() == str(len(ADDED)):
            return
        page.wait_for_timeout(250)
    raise AssertionError(page.locator("main").inner_text())


def test_a_film_is_seen_to_arrive_without_reloading(tmp_path, browser):
    slow = World(tmp_path, 1, upload_limit_kib_s=UPLOAD_KIB_S)
    with slow as world, shown(world) as address, opened(browser, address, **PHONE) as page:
        page.goto("/")
        page.evaluate("window.notReloaded = true")
        bar = page.get_by_role("progressbar")
        bar.wait_for(timeout=120_000)
        values = {bar.get_attribute("value") for _ in range(30) if not page.wait_for_timeout(100)}
        page.locator(".shelf li", has_text="Night of the Living Dead").wait_for(timeout=180_000)
        assert len(values) > 1
        assert page.evaluate("window.notReloaded")


def test_another_release_is_taken_by_hand(arrived, browser):
    with opened(browser, arrived, **DESK) as page:
        page.goto("/history")
        page.get_by_role("link", name="The General (1926)").first.click()
        page.get_by_role("button", name="Search now").click()
        page.get_by_text("As offered now").wait_for()
        page.locator(".releases").get_by_role("button", name="Take").first.click()
        page.get_by_text("The General (1926): the release you chose is taken next").wait_for()
        page.locator(".story", has_text="a person chose The.General.1926").wait_for()


@SIZES
def test_everything_is_read_and_done_without_javascript(arrived, browser, size):
    with opened(browser, arrived, java_script_enabled=False, **size) as page:
        page.goto("/wanted")
        page.get_by_text("Add a film", exact=True).click()
        page.get_by_role("textbox", name="Title").fill("A Film That Nobody Has")
        page.get_by_role("textbox", name="Year").fill("1931")
        page.get_by_role("button", name="Want it").click()
        page.locator(".said", has_text="A Film That Nobody Has").wait_for()
        while not page.get_by_role("button", name="Skip").count():  # it is being searched
            page.reload()
        page.get_by_role("button", name="Skip").click()
        page.get_by_text("Skipped by hand; given up.").wait_for()
        page.get_by_role("button", name="Retry now").click()
        page.get_by_text("is looked for again").wait_for()
        page.get_by_role("button", name="Remove from the queues").click()
        page.goto("/history?show=removed&q=nobody")
        page.get_by_role("button", name="Restore").click()
        page.get_by_role("button", name="Remove from the queues").click()


def test_a_list_is_narrowed_while_one_types(arrived, browser):
    with opened(browser, arrived, **DESK) as page:
        page.goto("/history")
        page.locator(".films li").nth(2).wait_for()
        page.keyboard.press("/")
        page.keyboard.type("nosfe")
        page.locator(".films li").nth(1).wait_for(state="detached")
        assert page.locator(".films h2").all_inner_texts() == ["Nosferatu (1922)"]
        assert page.url.endswith("q=nosfe&show=all&order=done")


def test_a_film_is_reached_and_removed_by_keyboard_alone(arrived, browser):
    with opened(browser, arrived, **DESK) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        for _ in range(40):
            page.keyboard.press("Tab")
            if "Nosferatu" in page.evaluate("document.activeElement.textContent"):
                break
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Nosferatu (1922)").wait_for()
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "Search now":
                break
        page.keyboard.press("Enter")
        page.get_by_text("As offered now").wait_for()


def test_the_colours_follow_the_system_until_they_are_chosen(arrived, browser):
    def paper(page):
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    with opened(browser, arrived, **PHONE) as page:
        page.goto("/")
        dark = paper(page)
        with page.expect_navigation():
            page.get_by_role("button", name="Colours: as the system").click()
        assert paper(page) != dark
        with page.expect_navigation():
            page.get_by_role("button", name="Colours: light").click()
        assert paper(page) == dark


def test_a_page_of_another_origin_can_change_nothing(arrived, browser, httpserver):
    form = (
        f'<form id="f" method="post" action="{arrived}/films"><input name="title" value="Planted">'
        '</form><script>document.getElementById("f").submit()</script>'
    )
    httpserver.expect_request("/calm").respond_with_data("calm", content_type="text/html")
    httpserver.expect_request("/evil").respond_with_data(form, content_type="text/html")
    context = browser.new_context()
    page = context.new_page()
    with page.expect_response(f"{arrived}/films") as answered:
        page.goto(httpserver.url_for("/evil"), wait_until="commit")
    assert answered.value.status == 403
    page.wait_for_load_state()
    page.goto(httpserver.url_for("/calm"))
    asked = page.evaluate(
        """async (address) => {
            const body = new URLSearchParams({title: "Planted"});
            try { await fetch(address + "/films", {method: "POST", body, mode: "no-cors"}); }
            catch (error) { return "failed"; }
            return "sent";
        }""",
        arrived,
    )
    page.goto(f"{arrived}/wanted?q=planted")
    assert page.get_by_text("Planted (").count() == 0, asked
    assert page.get_by_text("Nothing fits.").count() == 1
    context.close()


def axe_faults(page):
    """What axe finds wrong on a page, shortly."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


@SIZES
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_kept_from_using_a_page(arrived, browser, size, name):
    with opened(browser, arrived, bypass_csp=True, **size) as page:
        page.goto(PAGES[name])
        page.get_by_role("heading", level=1).wait_for()
        assert axe_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["viewport"]["width"]
        if SCREENS:
            page.screenshot(path=f"{SCREENS}/{name}-{size['viewport']['width']}.png")


@SIZES
@pytest.mark.parametrize("name", SHOW_PAGES)
def test_nobody_is_kept_from_using_a_page_of_shows(followed, browser, size, name):
    with opened(browser, followed, bypass_csp=True, **size) as page:
        page.goto(SHOW_PAGES[name])
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("networkidle")
        assert axe_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["viewport"]["width"]
        if SCREENS and name in DRAWN:
            page.screenshot(path=f"{SCREENS}/{name}-{size['viewport']['width']}.png")


@SIZES
@pytest.mark.parametrize("name", LIBRARY_PAGES)
def test_nobody_is_kept_from_using_a_page_of_the_library(owned, browser, size, name):
    with opened(browser, owned, bypass_csp=True, **size) as page:
        page.goto(LIBRARY_PAGES[name])
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("networkidle")
        if SCREENS and name in DRAWN_OF_LIBRARY:
            page.screenshot(path=f"{SCREENS}/{name}-{size['viewport']['width']}.png")
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        assert axe_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["viewport"]["width"]


@SIZES
@pytest.mark.parametrize("name", WATCHED_PAGES)
def test_nobody_is_kept_from_using_a_page_of_the_history(seen, browser, size, name):
    with opened(browser, seen, bypass_csp=True, **size) as page:
        page.goto(WATCHED_PAGES[name])
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("load")
        if SCREENS and name in DRAWN_OF_HISTORY:
            page.screenshot(path=f"{SCREENS}/{name}-{size['viewport']['width']}.png")
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        assert axe_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["viewport"]["width"]


@SIZES
def test_a_history_is_imported_and_a_show_named_without_javascript(tmp_path, browser, size):
    file = tmp_path / "mine.csv"
    file.write_text(
        "kind,title,year,watched_at,tmdb\nfilm,Nosferatu,1922,2026-01-05T20:00:00Z,653\n"
    )
    place = watched_place(tmp_path / "world")
    options = {"java_script_enabled": False, **size}
    with shown(place) as address, opened(browser, address, **options) as page:
        page.goto("/watched/import")
        page.get_by_label("File", exact=True).set_input_files(file)
        page.get_by_role("button", name="Look at it").click()
        page.get_by_role("heading", name="What would come").wait_for()
        page.get_by_role("button", name="Begin the import").click()
        page.locator(".said", has_text="The import has begun").wait_for()
        while page.get_by_role("link", name="Look again").count():
            page.get_by_role("link", name="Look again").click()
        page.goto("/watched?month=2026-01")
        page.get_by_role("link", name="Nosferatu (1922)").click()
        page.get_by_role("heading", name="Nosferatu (1922)").wait_for()
        page.goto("/watched/inbox")
        page.get_by_role("button", name="It is this").first.click()
        page.get_by_text("Nothing waits for your word.").wait_for()


def test_a_library_is_narrowed_while_one_types_whatever_the_accents(owned, browser):
    with opened(browser, owned, **DESK) as page:
        page.goto("/library")
        page.locator(".lib-grid li").nth(10).wait_for()
        page.keyboard.press("/")
        page.keyboard.type("ete")
        page.locator(".lib-grid li").nth(1).wait_for(state="detached")
        assert page.locator(".lib-name").all_inner_texts() == ["L'Été"]
        assert "q=ete" in page.url
        page.go_back()  # to a whole page, and not to the part that was asked for
        page.locator(".lib-grid li").nth(10).wait_for()
        page.get_by_role("heading", level=1).wait_for()
        page.go_forward()
        page.locator(".lib-grid li").nth(1).wait_for(state="detached")
        assert page.get_by_role("searchbox").input_value() == "ete"


@SIZES
def test_a_question_is_answered_and_undone_without_javascript(tmp_path, browser, size):
    plain = {"java_script_enabled": False, **size}
    with shown(owned_place(tmp_path)) as address, opened(browser, address, **plain) as page:
        page.goto("/library/review")
        card = page.locator(".lib-questions > li", has_text="The Thing.mkv")
        card.get_by_role("button", name="The Thing 2011").click()
        page.locator(".said", has_text='A person said that it is "The Thing" (2011)').wait_for()
        assert page.get_by_role("heading", name="The Thing.mkv").count() == 0
        page.locator(".lib-undo").get_by_role("button", name="Undo").click()
        page.locator(".said", has_text="Undone").wait_for()
        assert page.get_by_role("heading", name="The Thing.mkv").count() == 1
        page.get_by_role("link", name="Say what it is").or_(
            page.get_by_role("link", name="Choose another")
        ).first.click()
        page.get_by_role("searchbox").fill("metropolis")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("button", name="Metropolis 1927").click()
        page.locator(".said", has_text='"Metropolis" (1927)').wait_for()


def test_a_folder_is_settled_by_keyboard_alone(tmp_path, browser):
    with shown(owned_place(tmp_path)) as address, opened(browser, address, **DESK) as page:
        page.goto("/library/review?reason=namesakes")
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "Approve: Fargo 2014":
                break
        page.keyboard.press("Enter")
        page.locator(".said", has_text='"Fargo" (2014)').wait_for()
        page.goto("/library?q=fargo")
        page.get_by_role("link", name="Fargo", exact=True).click()
        page.get_by_role("heading", name="Fargo (2014)").wait_for()


@SIZES
def test_a_source_is_added_and_looked_at(tmp_path, browser, size):
    there = tmp_path / "more"
    there.mkdir()
    place = owned_place(tmp_path / "world")
    with shown(place) as address, opened(browser, address, **size) as page:
        page.goto("/library/setup/new")
        page.get_by_label("Name", exact=True).fill("nas")
        page.get_by_label("Folder", exact=True).last.fill("films")
        page.get_by_role("button", name="Add and look").click()
        page.locator("[aria-invalid=true]").first.wait_for()
        page.get_by_label("Folder", exact=True).last.fill(str(there))
        page.get_by_role("button", name="Add and look").click()
        page.locator(".said", has_text='"nas" is added').wait_for()
        card = page.locator(".lib-sources > li", has_text="nas")
        card.locator(".state-completed").wait_for()  # without reloading


@SIZES
def test_a_rule_is_written_and_taken_back_without_javascript(followed, browser, size):
    with opened(browser, followed, java_script_enabled=False, **size) as page:
        page.goto("/shows/rules")
        page.get_by_role("link", name="Add a selection").click()
        page.get_by_label("Name", exact=True).fill("quiz")
        page.get_by_label("Networks and services", exact=True).first.fill("JTBC")
        page.get_by_role("button", name="Preview").click()
        page.locator("#preview", has_text="Letters from Jeju").wait_for()
        page.get_by_role("button", name="Save", exact=True).click()
        page.locator(".said", has_text="judged by the new rules").wait_for()
        card = page.locator("li.card", has=page.get_by_role("heading", name="quiz"))
        card.get_by_role("button", name="Remove").click()
        page.locator(".said", has_text="The selection is removed").wait_for()
        assert page.get_by_role("heading", name="quiz").count() == 0


def test_a_show_is_approved_by_keyboard_alone(tmp_path, browser):
    with ShowsWorld(tmp_path) as world, shown(world) as address:
        with opened(browser, address, **DESK) as page:
            wait_for_adds(page)
            page.goto("/shows/review")
            for _ in range(60):
                page.keyboard.press("Tab")
                if page.evaluate("document.activeElement.textContent") == "Approve Seven Moons":
                    break
            page.keyboard.press("Enter")
            page.locator(".said", has_text="Seven Moons").wait_for()
            page.get_by_text("No show waits for your word.").wait_for()
        deadline = time.monotonic() + 20
        while "Seven Moons" not in world.added and time.monotonic() < deadline:
            time.sleep(0.1)
        assert world.added[-1] == "Seven Moons"


def test_a_list_of_shows_is_narrowed_while_one_types(followed, browser):
    with opened(browser, followed, **DESK) as page:
        page.goto("/shows/all")
        page.keyboard.press("/")
        page.keyboard.type("parish")
        page.locator("#list h2").nth(1).wait_for(state="detached")
        assert page.locator("#list h2").all_inner_texts() == ["A Quiet Parish (2024)"]
        assert "q=parish" in page.url


def test_a_setting_that_is_not_allowed_is_told_at_its_field(arrived, browser):
    with opened(browser, arrived, **DESK) as page:
        page.goto("/settings?q=check_interval")
        field = page.get_by_label("How often")
        field.fill("-5")
        field.evaluate("field => field.form.noValidate = true")  # as a browser that checks nothing
        field.press("Enter")
        page.locator("[aria-invalid=true]").wait_for()
        described = page.locator("[aria-invalid=true]").get_attribute("aria-describedby")
        told = [page.locator(f"#{each}").inner_text() for each in described.split()]
        assert any("from 1 to" in sentence for sentence in told)
        assert field.input_value() == "-5"


def test_a_login_that_was_refused_is_mended_from_the_list_of_what_needs_a_person(tmp_path, browser):
    with World(tmp_path, 1, upload_limit_kib_s=0) as world:
        right, vault = world.passkey, Credentials(world.home, {})
        vault.set("filelist.passkey", "f" * 32)
        with shown(world) as address, opened(browser, address, **PHONE) as page:
            page.goto("/")
            page.get_by_role("heading", name="Needs you").wait_for(timeout=120_000)
            page.get_by_role("link", name="Give the login").click()
            page.locator("input[type=password]").first.fill(right)
            page.locator("input[type=password]").first.press("Enter")
            page.get_by_text("filelist.passkey is stored and in use").wait_for()
            page.goto("/wanted")
            retry = page.get_by_role("button", name="Retry")
            if retry.count():
                retry.first.click()
            page.goto("/")
            page.locator(".shelf li", has_text="Night of the Living Dead").wait_for(timeout=180_000)
            assert page.get_by_role("heading", name="Needs you").count() == 0
