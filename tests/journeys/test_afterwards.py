"""What a rater does by the receipt, in a real browser without JavaScript: every page of it looked at, every act done.

Without a city (`in_process`): under rules that offer all of it.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.plugin import DjangoDbBlocker

from haochaping.faces.citizen.pressure_again import again
from haochaping.foundation.clock import now as clock
from haochaping.intake.http import Request
from haochaping.jobs.hourly import revisits
from haochaping.oversight.models import Revisit
from haochaping.oversight.operations.online import take_in_answers
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.states import Act
from tests.journeys.conftest import PHONE
from tests.journeys.in_process import Served, serving
from tests.journeys.look import Looker
from tests.orders import NAME, lead_to, make_official

STORY = "叫号后等了四十分钟，柜台没有人说明原因。"


@pytest.fixture
def served(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    with serving(django_db_blocker, monkeypatch) as found:
        yield found


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


@pytest.mark.parametrize("page", ["zh-CN"], indirect=True)
def test_a_revisit_is_answered(served: Served, page: Page) -> None:
    """What follows the answer: the questionnaire, first without a choice, looked over, kept."""
    look = Looker()
    look.listen(page, served.url)
    language = page.evaluate("navigator.language")
    number, secret = rate_badly(served, page)
    order = served.elsewhere(WorkOrder.objects.get)
    handler = served.elsewhere(make_official, order.organisation_id, clock(), "handler")
    served.elsewhere(lead_to, order, Act.ANSWER, handler, clock())
    served.elsewhere(revisits.run, now=clock())
    page.goto(served.url + "/receipt")
    page.locator("[name=number]").fill(number)
    page.locator("[name=secret]").fill(secret)
    press(page)
    look.at(page, f"own-rating-revisit-{language}")
    choose(page, "revisit")
    look.at(page, f"own-revisit-{language}")
    press(page)
    assert page.locator("[role=alert]").count() == 1, "nothing was chosen"
    look.at(page, f"own-revisit-missing-{language}")
    page.locator("#satisfied-no").check()
    page.locator("#note").fill("窗口恢复了，可是还要排队。")
    press(page)
    look.at(page, f"own-revisit-confirm-{language}")
    press(page)
    look.at(page, f"own-revisit-answered-{language}")
    assert served.elsewhere(take_in_answers, now=clock()) == 1
    assert served.elsewhere(Revisit.objects.get).satisfied is False
    assert look.complaints == []
