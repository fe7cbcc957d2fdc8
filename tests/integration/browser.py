"""A real browser before the real program: Chromium without a screen, and the demo's world."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from movie_sync.demo.world import Place

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
DESK = {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"}
PHONE = {"viewport": {"width": 375, "height": 812}, "color_scheme": "dark", "has_touch": True}
STARTS_WITHIN_S = 120.0


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser; skips where there is none."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("chromium is not installed: no page was opened")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@contextmanager
def shown(world: Place, *arguments: str) -> Iterator[str]:
    """The program of this world with its page; gives the page's address."""
    log_file = world.folder / "program.log"
    with log_file.open("wb") as out:
        program = subprocess.Popen(
            world.command("--web", "--web-port", "0", *arguments), env=world.environment(),
            stdout=out, stderr=out, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield _address(log_file, program)
        finally:
            program.terminate()
            program.wait(60)


def _address(log_file: Path, program: "subprocess.Popen[bytes]") -> str:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and program.poll() is None:
        _, found, rest = log_file.read_text(encoding="utf-8").partition("the page is at ")
        if found and "\n" in rest:
            return rest.split()[0]
        time.sleep(0.05)
    raise AssertionError(log_file.read_text(encoding="utf-8"))


@contextmanager
def opened(browser: Any, address: str, **options: Any) -> Iterator[Any]:
    """A new page of a browser of its own; a fault in a script, or what the policy refuses, fails
    the test. An answer that tells of a wrong field is no fault."""
    context = browser.new_context(base_url=address, **options)
    context.set_default_timeout(60_000)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if _is_fault(said) else None)
    try:
        yield page
    finally:
        context.close()
    assert faults == []


def _is_fault(said: Any) -> bool:
    return said.type == "error" and "with a status of 422" not in said.text
