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
# Of these a picture is taken, at the width of a desktop.
SHOWN = ("publications", "publication", "rankings")
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
    """One after the other, because what is published takes longer than to look at it."""
    look = Looker(pictures=())
    page = opened(browser, "zh-CN")
    look.listen(page, HERE)
    seen(look, page, published)
    large(look, page, published)
    by_keyboard(page, published)
    in_the_hall(page)
    on_paper(page, published)
    page.context.close()
    quick = Looker(pictures=(), widths=(320,))
    page = opened(browser, "en-GB")
    quick.listen(page, HERE)
    for name, path in pages(published).items():
        page.goto(HERE + path)
        unfold(page)
        quick.at(page, f"english-portal-full-{name}")
    altered(quick, page, published)
    page.context.close()
    assert look.complaints + quick.complaints == []


def seen(look: Looker, page: Page, there: Published) -> None:
    for name, path in pages(there).items():
        shown = page.goto(HERE + path)
        assert shown is not None
        assert shown.status == (503 if "waiting" in name else 200), name
        unfold(page)
        look.at(page, f"portal-full-{name}")
        if name in SHOWN:
            shot(page, f"portal-full-{name}")
        if name == "rankings":
            named = set(page.locator("main tbody th").all_inner_texts())
            assert {"欧阳建国", "1号综合窗口"} <= named
            # Another one of each kind is withheld with the small one, that no total tells it.
            assert not {"王芳", "刘洋", "2号综合窗口", "3号综合窗口"} & named


def large(look: Looker, page: Page, there: Published) -> None:
    page.context.add_cookies([{"name": "size", "value": "large", "url": HERE}])
    for name in ("rankings", "channels"):
        page.goto(HERE + pages(there)[name])
        look.at(page, f"portal-full-{name}-large")
    page.context.clear_cookies()


def by_keyboard(page: Page, there: Published) -> None:
    """Past the navigation into the page, to a table and to the data; whatever has the focus shows it."""
    page.goto(f"{HERE}/publications/{there.correction}")
    focus(page, ".skip")
    page.keyboard.press("Enter")
    focus(page, "main .table-box")
    focus(page, "main a[href$='data.json']")


def in_the_hall(page: Page) -> None:
    """All of the screen is seen at once."""
    page.goto(f"{HERE}/screen/still")
    for size in HALL:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert not page.evaluate(_SCROLLS), size
        shot(page, f"portal-screen-{size['width']}", whole=False)


def on_paper(page: Page, there: Published) -> None:
    """Nothing is cut off at the edge, and nothing is printed that one can only touch."""
    page.emulate_media(media="print")
    page.set_viewport_size(A4)  # type: ignore[arg-type]
    for name, path in pages(there).items():
        page.goto(HERE + path)
        assert page.evaluate(_WIDER) == [], name
        assert not page.locator(".no-print, .nav").locator("visible=true").count(), name


def altered(look: Looker, page: Page, there: Published) -> None:
    """What was altered behind all that keeps others from it says so."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE publication_publication SET text = replace(text, '市公安局', '市公安处')")
    cache.clear()
    for name in ("publications", "publication", "rankings"):
        page.goto(HERE + pages(there)[name])
        assert "altered" in page.locator("main").inner_text(), name
        look.at(page, f"english-portal-altered-{name}")
