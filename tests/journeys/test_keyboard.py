"""A citizen rates by keyboard alone, on a page that is whole with its first answer."""

import json

from playwright.sync_api import Page, expect

from examples.client import report
from tests.journeys.city import City
from tests.journeys.test_thread import ORGANISATION, fresh_record

# Whether what has the focus is meant, whether that can be seen, and what it is. Of a face the input itself is not drawn.
_FOCUSED = """
(selector) => {
  const on = document.activeElement, own = getComputedStyle(on);
  const style = own.opacity === "0" ? getComputedStyle(on.nextElementSibling) : own;
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return [on.matches(selector), seen, on.outerHTML.slice(0, 160)];
}
"""
_MOST_STEPS = 80


def focus(page: Page, selector: str) -> None:
    """By the tabulator on to what is meant. Whatever has the focus on the way shows it."""
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        meant, seen, what = page.evaluate(_FOCUSED, selector)
        assert seen, f"nobody sees that this has the focus: {what}"
        if meant:
            return
    raise AssertionError(f"no way to {selector} by keyboard")


def choose(page: Page, name: str, value: str) -> None:
    """One of several, by the arrows."""
    focus(page, f"input[name={name}]")
    page.keyboard.press("Space")
    for _ in range(6):
        if page.locator(f"input[name={name}][value='{value}']").is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{name} cannot be set to {value} by keyboard")


def test_rated_by_keyboard_alone_on_a_page_without_a_second_request(city: City, desktop: Page) -> None:
    key, secret = city.client(ORGANISATION, "report")
    record = json.dumps(fresh_record(city, 965)).encode()
    (result,) = report(city.url, key, secret, record, at=int(city.now()))["results"]
    asked: list[str] = []
    desktop.on("request", lambda request: asked.append(request.url))
    shown = desktop.goto(result["url"])
    desktop.wait_for_load_state("networkidle")
    assert shown is not None
    assert asked == [shown.url]
    assert len(shown.body()) <= 30_000

    choose(desktop, "satisfaction", "4")
    choose(desktop, "named", "0")
    focus(desktop, "main form button")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", name="评价已收到")).to_be_visible()
