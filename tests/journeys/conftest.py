"""One city and one browser for all journeys; screenshots go to HAOCHAPING_SCREENS when it names a folder."""

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys.city import City, running_city

CHROMIUM = "/usr/bin/chromium"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
LONGEST_PICTURE = 3600
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="package")
def city() -> Iterator[City]:
    folder = Path(tempfile.mkdtemp(prefix="hcp-city-"))
    folder.chmod(0o711)  # root's PostgreSQL runs under another account, which passes through here
    try:
        with running_city(folder) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Missing, it is a failure: `./haochaping test` installs it."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


def _context(browser: Browser, size: dict[str, int], *, script: bool) -> BrowserContext:
    return browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        java_script_enabled=script,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page of 360 pixels with JavaScript off."""
    context = _context(browser, PHONE, script=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def desktop(browser: Browser) -> Iterator[Page]:
    context = _context(browser, DESKTOP, script=True)
    yield context.new_page()
    context.close()


def go(page: Page, name: str) -> None:
    """Follows a link of the console's navigation, out of its group where it is in one."""
    page.locator(".nav").wait_for()
    named = page.get_by_role("link", name=name, exact=True, include_hidden=True)
    link = page.locator(".nav").get_by_role("link", name=name, exact=True, include_hidden=True)
    if not link.is_visible():
        page.locator(".nav details").filter(has=named).locator("summary").click()
    link.click()


def shot(page: Page, name: str, *, whole: bool = True) -> None:
    """Keeps a picture of the page, of very long ones the beginning, when somebody wants to look.

    128 colours are as good as all of them, and a quarter of the size.
    """
    if folder := os.environ.get("HAOCHAPING_SCREENS"):
        picture = Image.open(io.BytesIO(page.screenshot(full_page=whole))).convert("RGB")
        kept = picture.crop((0, 0, picture.width, min(picture.height, LONGEST_PICTURE)))
        few = kept.quantize(128, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(Path(folder) / f"{name}.png", optimize=True)
