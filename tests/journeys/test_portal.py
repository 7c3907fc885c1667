"""The public pages with everything on them that can be there, looked at as `test_pages` looks. This process answers them
itself, out of the transaction of the test: what takes time here is looking."""

from collections.abc import Callable, Iterator
from contextvars import copy_context
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, Route
from pytest_django.plugin import DjangoDbBlocker

from haochaping.policy.keeping import keeper, one_edition
from tests.journeys.conftest import PHONE, shot
from tests.journeys.look import Looker
from tests.journeys.test_keyboard import focus
from tests.published import Published, publish

NAMED = Path(__file__).parents[1] / "data" / "named"
HERE = "http://localhost"
# What a browser prints on, within its margins of a centimetre, at 96 dots an inch.
A4 = {"width": 718, "height": 1047}
HALL = ({"width": 1920, "height": 1080}, {"width": 3840, "height": 2160})
_SCROLLS = "() => document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth"
_WIDER = """
() => [...document.querySelectorAll("main *")].filter((each) => !each.closest(".unseen"))
  .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(0, 3).map((each) => each.outerHTML.slice(0, 120))
"""


@pytest.fixture(scope="module", autouse=True)
def _beside_the_browser(browser: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The browser is driven by a loop in this thread, in which Django would refuse to speak to its database: nobody else
    speaks to it here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield
        with django_db_blocker.unblock():
            connection.close()  # beside a loop it is another one than that which made the database


@pytest.fixture
def published(
    _beside_the_browser: None, db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Published]:
    for module in ("views", "published", "answers", "channels", "screen"):
        monkeypatch.setattr(f"haochaping.faces.portal.{module}.now", lambda: now)
    keeper()  # made before: what the process itself judges by stays as it is for the tests that follow
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(NAMED))
    with one_edition(every=0) as edition:
        yield publish(now, edition.rulebook)
    monkeypatch.undo()
    keeper().look()


def opened(browser: Browser, locale: str) -> Page:
    """A page that asks this process."""
    context = browser.new_context(viewport=PHONE, locale=locale, timezone_id="Asia/Shanghai")  # type: ignore[arg-type]
    page = context.new_page()
    page.route("**/*", answering())
    return page


def answering() -> Callable[[Route], None]:
    """Answers requests by the connection and the rules of the test, which belong to its context."""
    mine = copy_context()

    def answered(route: Route) -> None:
        address, client = urlsplit(route.request.url), Client(SERVER_NAME="localhost")
        path = address.path + (f"?{address.query}" if address.query else "")
        answer = mine.run(partial(client.get, path, headers=route.request.all_headers()))
        content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=content)

    return answered


def unfold(page: Page) -> None:
    """Shows what is there for whoever wants to know more."""
    for summary in page.locator("main summary").all():
        summary.click()


def pages(there: Published) -> dict[str, str]:
    """All public pages of figures by a name for their pictures."""
    return {
        "home": "/",
        "publications": "/publications",
        "publication": f"/publications/{there.correction}",
        "publication-corrected": f"/publications/{there.corrected}",
        "rankings": f"/publications/{there.correction}/rankings",
        "bulletin-waiting": f"/publications/{there.waiting}/bulletin.pdf",
        "channels": "/channels",
        "channels-of-division": "/channels?division=530102",
        "definitions": "/definitions",
        "answers": "/answers",
        "status": "/status",
        "screen": "/screen/still",
        "about": "/about",
    }


def test_every_page_with_figures_on_it(browser: Browser, published: Published) -> None:
    look, page = Looker(), opened(browser, "zh-CN")
    look.listen(page, HERE)
    for name, path in pages(published).items():
        shown = page.goto(HERE + path)
        assert shown is not None
        assert shown.status == (503 if "waiting" in name else 200), name
        unfold(page)
        look.at(page, f"portal-full-{name}")
        if name == "rankings":
            assert {"欧阳建国", "1号综合窗口"} <= set(page.locator("main tbody th").all_inner_texts())
    for name in ("rankings", "channels"):
        page.context.add_cookies([{"name": "size", "value": "large", "url": HERE}])
        page.goto(HERE + pages(published)[name])
        look.at(page, f"portal-full-{name}-large")
    assert look.complaints == []


def test_the_same_in_english(browser: Browser, published: Published) -> None:
    look, page = Looker(pictures=("phone",)), opened(browser, "en-GB")
    look.listen(page, HERE)
    for name, path in pages(published).items():
        page.goto(HERE + path)
        unfold(page)
        look.at(page, f"english-portal-full-{name}")
    assert look.complaints == []


def test_what_was_altered_says_so(browser: Browser, published: Published) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE publication_publication SET text = replace(text, '市公安局', '市公安处')")
    cache.clear()
    look, page = Looker(), opened(browser, "zh-CN")
    look.listen(page, HERE)
    for name in ("publications", "publication", "rankings"):
        page.goto(HERE + pages(published)[name])
        assert "与公布时" in page.locator("main").inner_text()
        look.at(page, f"portal-altered-{name}")
    assert look.complaints == []


def test_by_keyboard_and_on_paper(browser: Browser, published: Published) -> None:
    page = opened(browser, "zh-CN")
    page.goto(f"{HERE}/publications/{published.correction}")
    focus(page, ".skip")
    page.keyboard.press("Enter")
    focus(page, "main .table-box")
    focus(page, "main a[href$='data.json']")
    page.emulate_media(media="print")
    for name, path in pages(published).items():
        page.set_viewport_size(A4)  # type: ignore[arg-type]
        page.goto(HERE + path)
        assert page.evaluate(_WIDER) == [], name
        assert not page.locator(".no-print, .nav").locator("visible=true").count(), name


def test_all_of_the_screen_in_the_hall_is_seen_at_once(browser: Browser, published: Published) -> None:
    page = opened(browser, "zh-CN")
    page.goto(f"{HERE}/screen/still")
    for size in HALL:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert not page.evaluate(_SCROLLS), size
        shot(page, f"portal-screen-{size['width']}", whole=False)
