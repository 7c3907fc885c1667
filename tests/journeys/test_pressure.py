"""A citizen reports that he is being punished for a rating; an officer of the authority opens its own order, looks into it,
sees to it and answers; the citizen reads it."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from examples.client import report
from tests.journeys.city import City
from tests.journeys.conftest import go
from tests.journeys.look import Looker
from tests.journeys.test_pages import AUTHORITY, asked, login_link, opened, set_password
from tests.journeys.test_thread import ORGANISATION, fresh_record

STORY = "工作人员站在旁边，让我点非常满意才给材料。"
FOUND = "已向双方了解并调取录像，情况属实。"
ANSWER = "您反映的情况属实，该人员已停岗，今后不会再有人要求您怎样评价。"
NAME, PHONE = "段誉之", "13987654321"


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """With script: it is the checks that need it, the pages have none."""
    yield from opened(browser, "zh-CN")


def test_a_report_goes_to_the_authority_and_its_answer_comes_back(
    city: City, phone: Page, desktop: Page
) -> None:
    look = Looker()
    look.listen(phone, city.url)
    look.listen(desktop, city.url)
    number, secret = reported(city, phone, look)
    handled(city, desktop, look, number)
    phone.goto(city.url + "/pressure/receipt")
    look.at(phone, "pressure-receipt")
    asked(phone, number, "0000-0000")
    look.at(phone, "pressure-receipt-wrong")
    asked(phone, number, secret)
    expect(phone.locator("main")).to_contain_text(ANSWER)
    look.at(phone, "pressure-progress")
    for name, path in (("where", "/pressure"), ("form", "/pressure/530100"), ("privacy", "/privacy")):
        phone.goto(f"{city.url}{path}?lang=en")
        look.at(phone, f"english-pressure-{name}")
    phone.goto(city.url + "/pressure/530100?size=large")
    look.at(phone, "pressure-large")
    desktop.goto(city.url + "/console/retention/")
    look.at(desktop, "console-retention")
    assert look.complaints == []


def reported(city: City, page: Page, look: Looker) -> tuple[str, str]:
    """From the page of the rating, before rating; number and password of the receipt."""
    key, secret = city.client(ORGANISATION, "report")
    record = json.dumps(fresh_record(city, 960)).encode()
    answer = report(city.url, key, secret, record, at=int(city.now()))
    page.goto(answer["results"][0]["url"])  # type: ignore[index]
    page.get_by_role("link", name="有人强迫、干扰您评价").click()
    look.at(page, "pressure-form")
    page.locator("#name").fill(NAME)
    page.get_by_role("button", name="提交反映").click()
    look.at(page, "pressure-refused")
    page.get_by_label("强迫、诱导或者代替我评价").check()
    page.get_by_label("因评价打击报复").check()
    page.locator("#text").fill(STORY)
    page.locator("#phone").fill(PHONE)
    page.locator("#consent").check()
    page.get_by_role("button", name="提交反映").click()
    look.at(page, "pressure-thanks")
    number, secret = page.locator(".receipt .code").all_inner_texts()
    return number, secret


def handled(city: City, page: Page, look: Looker, number: str) -> None:
    """By an officer, from the list to the answer, with a look at the contact."""
    set_password(page, login_link(city, "pressure", "王建国", AUTHORITY, "authority_officer"))
    go(page, "反映")
    look.at(page, "console-pressure-list")
    page.get_by_role("link", name=number.replace("-", "")).click()
    expect(page.locator(".facts-side")).to_contain_text(STORY)
    look.at(page, "console-pressure-received")
    page.get_by_role("button", name="受理，开具直办工单").click()
    expect(page.locator(".facts-side")).to_contain_text("直办工单")
    page.locator("summary", has_text="查看反映人").click()
    page.get_by_label("核实情况").check()
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.locator("#contact")).to_contain_text(PHONE)
    look.at(page, "console-pressure-contact")
    page.locator("#verify-text").fill(FOUND)
    page.get_by_role("button", name="提交查核情况").click()
    page.get_by_role("button", name="作出认定").click()
    look.at(page, "console-pressure-refused")
    page.get_by_label("属实", exact=True).check()
    page.locator("#decide-text").fill(FOUND)
    page.get_by_role("button", name="作出认定").click()
    expect(page.locator(".history")).to_contain_text("问责")
    page.locator("#measure-text").fill(FOUND)
    page.get_by_role("button", name="提交处理情况").click()
    page.locator("#answer-text").fill(ANSWER)
    page.get_by_role("button", name="提交答复").click()
    look.at(page, "console-pressure-answered")
    page.locator("#close-text").fill("已归档。")
    page.get_by_role("button", name="结案", exact=True).click()
    page.goto(city.url + "/console/pressure/?show=closed")
    look.at(page, "console-pressure-closed")
