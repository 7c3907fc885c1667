"""An objection from the order to the body that decides on it, and the lists beside the desk, at every width."""

import json
import time

from playwright.sync_api import Page, expect

from examples.client import report
from tests.journeys.city import City
from tests.journeys.look import Looker
from tests.journeys.test_pages import AUTHORITY, login_link, set_password, sign_out
from tests.journeys.test_thread import ORGANISATION, fresh_record

STORY = "窗口说材料不齐，可清单上没有这一项。"
REASONS = "办事人当日在另一个窗口办理，经查本窗口没有这笔业务。"


def test_a_rating_is_contested_and_the_lists_are_looked_at(city: City, desktop: Page) -> None:
    look = Looker(pictures=("phone", "desktop"))
    look.listen(desktop, city.url)
    rate_badly(city, desktop)
    set_password(desktop, login_link(city, "contester", "赵敏", ORGANISATION))
    contest(look, desktop, city)
    lists(look, desktop, city, ("codes", "codes/sheet", "ledger", "revisits"))
    sign_out(desktop, city)
    set_password(desktop, login_link(city, "decider", "钱进", AUTHORITY, "authority_officer"))
    decided(look, desktop, city)
    lists(look, desktop, city, ("objections/rates", "revisits/rates", "escalations"))
    sign_out(desktop, city)
    assert "\n".join(look.complaints) == ""


def rate_badly(city: City, page: Page, *, number: int = 950, story: str = STORY) -> tuple[str, str]:
    """A bad rating of a fresh service; number and password of its receipt."""
    key, secret = city.client(ORGANISATION, "report")
    record = json.dumps(fresh_record(city, number)).encode()
    answer = report(city.url, key, secret, record, at=int(city.now()))
    page.goto(answer["results"][0]["url"])  # type: ignore[index]
    page.locator("#level-1").check()
    page.locator(".group-1 input").first.check()
    page.locator("#writingEvaluation").fill(story)
    page.locator("#named-0").check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.locator(".receipt .code").first).to_be_visible()
    receipt, secret = page.locator(".receipt .code").all_inner_texts()
    return receipt, secret


def contest(look: Looker, page: Page, city: City) -> None:
    """The handler files, first without saying why."""
    open_order(page, city)
    page.get_by_role("link", name="提出异议").click()
    look.at(page, "console-objection-new")
    page.locator("main form button[type=submit]").click()
    look.at(page, "console-objection-refused")
    page.locator("input[name=by]").first.check()
    page.locator("input[name=ground]").first.check()
    page.locator("[name=reasons]").fill(REASONS)
    page.locator("[name=evidence]").fill("叫号记录")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".objections")).to_contain_text("等待决定")
    look.at(page, "console-order-contested")


def open_order(page: Page, city: City, story: str = STORY) -> None:
    limit = time.monotonic() + 15
    while time.monotonic() < limit:
        page.goto(city.url + "/console/?show=open")
        for link in page.locator("table.orders th a").all():
            if story in page.request.get(city.url + str(link.get_attribute("href"))).text():
                link.click()
                return
    raise AssertionError("no order was opened within 15 s")


def decided(look: Looker, page: Page, city: City) -> None:
    """The list of the body, and the one objection."""
    page.goto(city.url + "/console/objections/")
    look.at(page, "console-objections")
    # The limits of the simulated city's own have passed: its list begins with them.
    found = page.locator("main table th a").evaluate_all("found => found.map(each => each.href)")
    page.goto(next(each for each in found if REASONS in page.request.get(each).text()))
    expect(page.locator("main")).to_contain_text(REASONS)
    look.at(page, "console-objection")


def lists(look: Looker, page: Page, city: City, names: tuple[str, ...]) -> None:
    for name in names:
        page.goto(f"{city.url}/console/{name}/")
        look.at(page, f"console-{name.replace('/', '-')}")
