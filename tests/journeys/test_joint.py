"""A joint case: an officer gives another organisation its part, it reports, the lead gives the one answer."""

from playwright.sync_api import Page, expect

from tests.journeys.city import City
from tests.journeys.look import Looker
from tests.journeys.test_contests import open_order, rate_badly
from tests.journeys.test_pages import AUTHORITY, act, asked, login_link, set_password, sign_out
from tests.journeys.test_thread import ORGANISATION

STORY = "两个窗口各要一份证明，互相推来推去。"
FOUND, DONE = "另一窗口确实重复要过一份证明。", "两个窗口已共用一份证明。"
ANSWER = "您反映的情况属实，两个单位已共用一份证明，不会再让您跑两趟。"


def test_each_does_its_part_and_the_lead_answers(city: City, desktop: Page) -> None:
    look = Looker(pictures=("phone", "desktop"))
    look.listen(desktop, city.url)
    number, secret = rate_badly(city, desktop, number=970, story=STORY)
    set_password(desktop, login_link(city, "joiner", "钱进", AUTHORITY, "authority_officer"))
    partner = given(look, desktop, city)
    sign_out(desktop, city)
    set_password(desktop, login_link(city, "partner", "孙丽", partner))
    reported(look, desktop)
    sign_out(desktop, city)
    set_password(desktop, login_link(city, "leader", "赵敏", ORGANISATION))
    answered(desktop, city)
    sign_out(desktop, city)
    desktop.goto(city.url + "/receipt")
    asked(desktop, number, secret)
    expect(desktop.locator("main")).to_contain_text(ANSWER)
    assert "\n".join(look.complaints) == ""


def given(look: Looker, page: Page, city: City) -> str:
    """The officer gives a part, first without saying to whom; the credit code of whom he chose."""
    open_order(page, city, STORY)
    page.get_by_role("link", name="请其他单位一起办理").click()
    page.locator("main form button[type=submit]").click()
    look.at(page, "console-part-refused")
    partner = page.locator("#organisation option").nth(1).get_attribute("value")
    page.locator("#organisation").select_option(partner)
    page.locator("#text").fill("请核实另一窗口要证明的情况。")
    page.locator("main form button[type=submit]").click()
    look.at(page, "console-order-joint")
    return str(partner)


def reported(look: Looker, page: Page) -> None:
    """The other organisation, from its desk to its report."""
    look.at(page, "console-desk-parts")
    page.locator("table.orders th a").first.click()
    expect(page.locator("main")).to_contain_text(STORY)
    page.get_by_role("button", name="签收联办任务").click()
    page.get_by_label("属实", exact=True).check()
    page.locator("[name=text]").fill(FOUND)
    page.locator("[name=measures]").fill(DONE)
    look.at(page, "console-part")
    page.get_by_role("button", name="提交办理情况").click()
    expect(page.locator("main")).to_contain_text("已提交")


def answered(page: Page, city: City) -> None:
    """The lead reads what the other reported, and answers."""
    open_order(page, city, STORY)
    expect(page.locator(".parts")).to_contain_text(FOUND)
    act(page)
    page.get_by_label("属实", exact=True).check()
    for text in ("已与另一单位一起核对，情况属实。", "与另一单位共用一份证明。", ANSWER):
        act(page, text)
