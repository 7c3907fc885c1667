"""What a rater does by the receipt, in a real browser without JavaScript: every page of it looked at, every act done.

Without a city: the door with the citizen's pages alone, on a port of its own, under rules that offer all of it.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import uvicorn
from django.db import connection
from playwright.sync_api import Browser, Page
from pytest_django.plugin import DjangoDbBlocker

import haochaping.simulation as simulation
from haochaping.faces.citizen.pressure_again import again
from haochaping.faces.citizen.routes import ROUTES
from haochaping.foundation.clock import now as clock
from haochaping.intake.directory import DirectoryKeeper
from haochaping.intake.door import Door
from haochaping.intake.http import Request
from haochaping.intake.services import Services
from haochaping.intake.writer import Writer
from haochaping.policy.keeping import RulesKeeper, keeper
from haochaping.policy.tags import Tags
from haochaping.ratings.receipt import receipt_keys
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import open_orders
from haochaping.rectification.states import Act
from haochaping.registry.operations import import_registry
from tests.conftest import empty_database
from tests.integration.faces.citizen.person import Citizen
from tests.journeys.city import free_port
from tests.journeys.conftest import PHONE
from tests.journeys.look import Looker
from tests.occasions import database_address
from tests.orders import NAME, lead_to, make_official, put_person
from tests.orders import PHONE as TELEPHONE

DECIDED = Path(__file__).parents[1] / "data" / "afterwards"
KUNMING = Path(simulation.__path__[0]) / "cities" / "kunming"
STORY = "叫号后等了四十分钟，柜台没有人说明原因。"


@dataclass(frozen=True)
class Served:
    """The door's address, and a way to do something in a thread of its own: this one belongs to the browser."""

    url: str
    elsewhere: Callable[..., Any]

    def link(self) -> str:
        """The link of a fresh occasion whose applicant is known."""

        async def fresh() -> str:
            async with services() as found, found.pool.acquire() as database:
                citizen = Citizen(found, clock(), database)  # type: ignore[arg-type]
                occasion = await citizen.occasion()
                await database.execute(
                    """INSERT INTO cases_case (id, platform, project_no, status, accepted_at)
                    SELECT case_id, 'p', case_id::text, 3, $2 FROM cases_serviceoccasion WHERE id = $1""",
                    occasion,
                    clock(),
                )
                self.elsewhere(put_person, occasion, clock(), name=NAME, phone=TELEPHONE)
                return citizen.link(occasion)

        return self.url + str(self.elsewhere(lambda: asyncio.run(fresh())))

    def work(self) -> None:
        self.elsewhere(lambda: open_orders(now=clock(), limit=100))


@asynccontextmanager
async def services() -> AsyncIterator[Services]:
    dsn = database_address()
    async with asyncpg.create_pool(dsn, min_size=1, max_size=4) as pool:
        directory = DirectoryKeeper()
        async with pool.acquire() as database:
            await directory.refresh(database)
        writer = Writer(dsn, keys=receipt_keys(), now=clock)
        yield Services(
            pool=pool,
            writer=writer,
            directory=directory,
            vault=None,  # type: ignore[arg-type]  # no page of the citizen reads names
            rules=RulesKeeper(),
            tags=Tags.load(),
            base_url="http://127.0.0.1:8000",
            now=clock,
        )
        await writer.close()


@pytest.fixture
def served(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    """As `committed_db` does, in threads: where the browser is driven, Django speaks to no database."""
    keeper()  # made before: what the process itself judges by stays as it is for the tests that follow
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(DECIDED))
    with django_db_blocker.unblock(), ThreadPoolExecutor(4) as threads:

        def elsewhere(call: Callable[..., Any], *values: Any, **named: Any) -> Any:
            def run() -> Any:
                try:
                    return call(*values, **named)
                finally:
                    connection.close()

            return threads.submit(run).result()

        elsewhere(import_registry, directory=KUNMING, now=clock(), actor="test")
        port = free_port()
        door = Door(ROUTES, services, now=clock)
        server = uvicorn.Server(uvicorn.Config(door, port=port, log_level="warning", lifespan="on"))
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            _wait_for(lambda: server.started and door._services is not None)
            yield Served(f"http://127.0.0.1:{port}", elsewhere)
        finally:
            server.should_exit = True
            thread.join()
            elsewhere(empty_database)


def _wait_for(true: Callable[[], bool]) -> None:
    by = time.monotonic() + 120
    while not true():
        assert time.monotonic() < by
        time.sleep(0.05)


@pytest.fixture(params=["zh-CN", "en-GB"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        java_script_enabled=True,  # for what looks at the pages: none has any of its own
        locale=request.param,
        timezone_id="Asia/Shanghai",
    )
    yield context.new_page()
    context.close()


def press(page: Page) -> None:
    """The button by which the page goes on: the first one of its main form."""
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def choose(page: Page, address: str) -> None:
    page.locator(f'form[action^="/receipt/{address}"] button').click()
    page.wait_for_load_state()


def rate_badly(served: Served, page: Page) -> list[str]:
    """Rates a fresh occasion, under a real name; number and secret. The browser is left at the rating."""
    page.goto(served.link())
    page.locator("#level-1").check()
    page.locator(".group-1 input").first.check()
    page.locator("#writingEvaluation").fill(STORY)
    page.locator("#named-1").check()
    press(page)
    held: list[str] = page.locator(".receipt .code").all_inner_texts()
    served.work()
    press(page)
    return held


def test_all_that_a_rater_may_do_later(served: Served, page: Page) -> None:
    look = Looker()
    look.listen(page, served.url)
    language = page.evaluate("navigator.language")
    held = rate_badly(served, page)
    look.at(page, f"own-rating-{language}")

    choose(page, "supplement")
    look.at(page, f"own-supplement-{language}")
    press(page)
    assert page.locator("[role=alert]").count() == 1
    page.locator("#writingEvaluation").fill("第二天再去，还是没有人说明。")
    press(page)
    look.at(page, f"own-supplement-confirm-{language}")
    press(page)
    look.at(page, f"own-supplemented-{language}")
    press(page)

    choose(page, "consent")
    look.at(page, f"own-consent-{language}")
    press(page)
    look.at(page, f"own-consent-withdrawn-{language}")
    served.work()
    order = served.elsewhere(WorkOrder.objects.get)
    assert (order.named, order.additions) == (False, ["第二天再去，还是没有人说明。"])
    handler = served.elsewhere(make_official, order.organisation_id, clock(), "handler")
    served.elsewhere(lead_to, order, Act.ANSWER, handler, clock())
    press(page)
    look.at(page, f"own-rating-answered-{language}")

    page.locator("form.verdict button").click()
    look.at(page, f"own-verdict-missing-{language}")
    assert page.locator("[role=alert]").count() == 1, "nothing was chosen"
    page.locator("#verdict-fair").check()
    press(page)
    look.at(page, f"own-verdict-confirm-{language}")
    press(page)
    look.at(page, f"own-verdict-given-{language}")
    press(page)
    assert page.locator("form.verdict").count() == 0

    choose(page, "follow-up")
    page.locator("#level-4").check()
    look.at(page, f"own-follow-up-{language}")
    press(page)
    press(page)
    press(page)
    assert page.locator('form[action^="/receipt/follow-up"]').count() == 0
    look.at(page, f"own-rating-after-{language}")

    choose(page, "withdrawal")
    look.at(page, f"own-withdrawal-{language}")
    press(page)
    look.at(page, f"own-withdrawn-{language}")
    served.work()
    press(page)
    look.at(page, f"own-rating-withdrawn-{language}")
    assert page.locator('form[action^="/receipt/withdrawal"]').count() == 0
    assert not [word for word in held if word in page.url]
    assert look.complaints == []


def test_a_report_that_comes_too_fast_comes_back_with_all_that_was_typed(page: Page) -> None:
    look = Looker()
    tag = page.evaluate("navigator.language")
    fields = {"submission": ["0" * 32], "matters": ["pressed"], "text": [STORY], "name": [NAME]}
    request = Request(
        method="POST",
        path="/pressure/530100",
        query="",
        headers={"accept-language": tag},
        address="203.0.113.9",
        received_at=clock(),
        body=b"",
        parameters={},
    )
    page.set_content(again(429, request, fields, ()).body.decode())
    look.at(page, f"pressure-again-{tag}")
    assert page.locator("#text").input_value() == STORY
    assert look.complaints == []


def test_a_mistap_is_corrected_and_its_order_withdrawn(served: Served, page: Page) -> None:
    look = Looker()
    look.listen(page, served.url)
    language = page.evaluate("navigator.language")
    rate_badly(served, page)
    choose(page, "correction")
    assert page.locator("#level-1").is_checked()
    look.at(page, f"own-correction-{language}")
    press(page)
    assert page.locator("[role=alert]").count() == 1, "nothing was changed"
    page.locator("#level-3").check()
    press(page)
    look.at(page, f"own-correction-confirm-{language}")
    page.get_by_role("button", name="返回修改" if language == "zh-CN" else "Back to the form").click()
    assert page.locator("#level-3").is_checked()
    press(page)
    press(page)
    look.at(page, f"own-corrected-{language}")
    served.work()
    press(page)
    look.at(page, f"own-rating-corrected-{language}")
    assert served.elsewhere(WorkOrder.objects.get).exclusion == "corrected"
    assert look.complaints == []
