import os
from pathlib import Path

import pytest

from movie_sync.credentials import Credentials
from movie_sync.demo.world import World
from tests.integration.browser import DESK, PHONE, chromium, opened, shown

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
            page.locator(".shelf li").nth(2).wait_for(timeout=60_000)
        yield address


def test_a_film_is_seen_to_arrive_without_reloading(tmp_path, browser):
    slow = World(tmp_path, 1, upload_limit_kib_s=UPLOAD_KIB_S)
    with slow as world, shown(world) as address, opened(browser, address, **PHONE) as page:
        page.goto("/")
        page.evaluate("window.notReloaded = true")
        bar = page.get_by_role("progressbar")
        bar.wait_for(timeout=30_000)
        values = {bar.get_attribute("value") for _ in range(30) if not page.wait_for_timeout(100)}
        page.locator(".shelf li", has_text="Night of the Living Dead").wait_for(timeout=60_000)
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
            page.get_by_role("heading", name="Needs you").wait_for(timeout=30_000)
            page.get_by_role("link", name="Give the login").click()
            page.locator("input[type=password]").first.fill(right)
            page.locator("input[type=password]").first.press("Enter")
            page.get_by_text("filelist.passkey is stored and in use").wait_for()
            page.goto("/wanted")
            retry = page.get_by_role("button", name="Retry")
            if retry.count():
                retry.first.click()
            page.goto("/")
            page.locator(".shelf li", has_text="Night of the Living Dead").wait_for(timeout=60_000)
            assert page.get_by_role("heading", name="Needs you").count() == 0
