"""Every page, at every width: it fits, it can be touched, read aloud and understood; pictures of each on request."""

import json
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from examples.client import report
from tests.journeys.city import City
from tests.journeys.conftest import PHONE, shot
from tests.journeys.look import Looker
from tests.journeys.test_thread import ORGANISATION, PASSWORD, fresh_record

STORY = "叫号后等了四十分钟，柜台没有人说明原因。"
# An organisation of the city that nobody has rated badly, for an empty desk.
QUIET = "11531103MB0661353G"
FORGED = "/r/0000000000000000000000000000000000000000"
AUTHORITY = "11535863MB36169043"


@pytest.fixture(scope="module")
def links(city: City) -> list[str]:
    """Rating links of services of the last quarter of an hour."""
    key, secret = city.client(ORGANISATION, "report")
    records = (json.dumps(fresh_record(city, 900 + number)) for number in range(2))
    answer = report(city.url, key, secret, "\n".join(records).encode(), at=int(city.now()))
    return [result["url"] for result in answer["results"]]  # type: ignore[attr-defined]


def opened(browser: Browser, locale: str) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale=locale, timezone_id="Asia/Shanghai")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    yield from opened(browser, "zh-CN")


@pytest.fixture
def english(browser: Browser) -> Iterator[Page]:
    yield from opened(browser, "en-GB")


def login_link(
    city: City, username: str, name: str, organisation: str, role: str = "organisation_handler"
) -> str:
    words = ("--username", username, "--name", name, "--organisation", organisation, "--role", role)
    made = city.command("official", "create", *words, "--url", city.url, "--json")
    link: str = json.loads(made)["link"]
    return link


def test_every_page_in_chinese(city: City, page: Page, links: list[str]) -> None:
    look = Looker()
    look.listen(page, city.url)
    portal(look, page, city)
    number, secret = rating(look, page, links)
    ends(look, page, city, links)
    receipt(look, page, city, number, secret)
    sign_in(look, page, city)
    order = desk(look, page, city)
    handled(look, page)
    after(look, page, city, number, secret)
    others(look, page, city, order)
    assert look.complaints == []


def test_the_main_pages_in_english(city: City, english: Page) -> None:
    look = Looker(pictures=("phone",))
    look.listen(english, city.url)
    for name, path in (
        ("portal-home", "/"),
        ("portal-guide", "/guide"),
        ("portal-definitions", "/definitions"),
    ):
        english.goto(city.url + path)
        look.at(english, f"english-{name}")
    english.goto(city.url + "/privacy")
    look.at(english, "english-citizen-privacy")
    english.goto(city.addresses[next(each for each in city.addresses if "Rating" in each)])
    english.locator("#level-1").check()
    look.at(english, "english-citizen-rate-bad")
    english.goto(city.url + "/receipt")
    look.at(english, "english-citizen-receipt-ask")
    english.goto(city.url + FORGED)
    look.at(english, "english-citizen-unknown")
    english.goto(city.url + "/console/login/")
    look.at(english, "english-console-login")
    set_password(english, login_link(city, "english", "王建国", AUTHORITY, "authority_officer"))
    expect(english.locator("h1")).to_have_text("Desk")
    look.at(english, "english-console-desk")
    english.goto(city.url + "/console/?show=closed")
    english.locator("table.orders th a").first.click()
    look.at(english, "english-console-order")
    assert look.complaints == []


def portal(look: Looker, page: Page, city: City) -> None:
    known = ("home", "/"), ("publications", "/publications"), ("guide", "/guide"), ("about", "/about")
    # The one that does not ask for itself again: else it would be another page while it is looked at.
    known = (*known, ("screen", "/screen/still"))
    figures = "channels", "rankings", "answers", "definitions", "status"
    known = (*known, *((name, f"/{name}") for name in figures))
    for name, path in (*known, ("unknown", "/nowhere")):
        page.goto(city.url + path)
        look.at(page, f"portal-{name}")


def rating(look: Looker, page: Page, links: list[str]) -> tuple[str, str]:
    """Rates one service well and one badly; the receipt of the bad one."""
    page.goto(links[0])
    look.at(page, "citizen-rate")
    page.locator("#level-5").check()
    look.at(page, "citizen-rate-good")
    page.locator("#named-0").check()
    page.get_by_role("button", name="提交评价").click()
    look.at(page, "citizen-thanks-good")
    page.goto(links[1] + "/qr")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    shot(page, "citizen-qr", whole=False)

    page.goto(links[1] + "?size=large")
    page.locator("#level-2").check()
    look.at(page, "citizen-rate-large")
    page.goto(links[1])
    page.locator("#level-1").check()
    page.get_by_role("button", name="提交评价").click()
    look.at(page, "citizen-rate-refused")
    page.locator(".group-1 input").first.check()
    page.locator("#writingEvaluation").fill(STORY)
    page.locator("#named-1").check()
    look.at(page, "citizen-rate-bad")
    page.get_by_role("button", name="提交评价").click()
    look.at(page, "citizen-thanks-bad")
    number, secret = page.locator(".receipt .code").all_inner_texts()
    return number, secret


def ends(look: Looker, page: Page, city: City, links: list[str]) -> None:
    """What a link shows that leads nowhere any more, and the page that collects nothing but says what is collected."""
    page.goto(links[0])
    look.at(page, "citizen-gone")
    page.goto(city.url + FORGED)
    look.at(page, "citizen-unknown")
    page.goto(city.url + "/privacy")
    look.at(page, "citizen-privacy")


def receipt(look: Looker, page: Page, city: City, number: str, secret: str) -> None:
    page.goto(city.url + "/receipt")
    look.at(page, "citizen-receipt-ask")
    asked(page, number, "0000-0000-0000-0000")
    look.at(page, "citizen-receipt-wrong")
    asked(page, number, secret)
    look.at(page, "citizen-receipt-opened")


def asked(page: Page, number: str, secret: str) -> None:
    page.locator("#number").fill(number)
    page.locator("#secret").fill(secret)
    page.get_by_role("button", name="查询").click()


def sign_in(look: Looker, page: Page, city: City) -> None:
    page.goto(city.url + "/console/login/")
    look.at(page, "console-login")
    page.locator("#id_username").fill("nobody")
    page.locator("#id_password").fill("wrong")
    page.locator("main form button").click()
    look.at(page, "console-login-refused")
    page.goto(city.url + "/console/first-login/")
    look.at(page, "console-first-login-code")
    page.goto(login_link(city, "pages", "李文静", ORGANISATION))
    look.at(page, "console-first-login")
    page.locator("#id_password").fill("12345")
    page.locator("#id_again").fill("1234")
    page.locator("main form button").click()
    look.at(page, "console-first-login-refused")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_again").fill(PASSWORD)
    page.locator("main form button").click()


def desk(look: Looker, page: Page, city: City) -> str:
    """The desk, then the order that the story opened; the address of the order."""
    look.at(page, "console-desk")
    limit = time.monotonic() + 15
    while time.monotonic() < limit:
        for link in page.locator("table.orders th a").all():
            address = city.url + str(link.get_attribute("href"))
            if STORY in page.request.get(address).text():
                link.click()
                look.at(page, "console-order-1-opened")
                return page.url
        page.reload()
    raise AssertionError("no order was opened within 15 s")


def handled(look: Looker, page: Page) -> None:
    """The order from taking to closing, a refused form and the look at the rater's contact in between."""
    act(page)
    look.at(page, "console-order-2-taken")
    act(page)
    look.at(page, "console-order-2-refused")
    page.locator(".facts-side details summary").click()
    page.locator("input[name=purpose]").first.check()
    page.locator(".facts-side details button").click()
    look.at(page, "console-order-2-contact")
    evidence(look, page)
    page.get_by_label("部分属实", exact=True).check()
    act(page, "已核对叫号记录：当日上午两个窗口停用，现场没有告示。")
    look.at(page, "console-order-3-verified")
    act(page, "恢复两个窗口；停用时由大厅引导员当面说明并指引到其他窗口。")
    look.at(page, "console-order-4-rectified")
    act(
        page,
        "您反映的情况已核实：当日两个窗口停用而没有告示。现已恢复，停用时由引导员当面说明。感谢您的监督。",
    )
    look.at(page, "console-order-5-answered")
    act(page)
    look.at(page, "console-order-5-refused")
    page.locator("input[name=confirm]").check()
    act(page)
    look.at(page, "console-order-6-closed")


def evidence(look: Looker, page: Page) -> None:
    """A file that is refused, one that is taken, its withdrawal; back to the order."""
    order = page.url.removesuffix("contact/")
    page.goto(order)
    page.locator("#evidence > details summary").click()
    look.at(page, "console-order-2-evidence")
    page.locator("#evidence-note").fill("当日叫号记录")
    page.get_by_role("button", name="上传", exact=True).click()
    look.at(page, "console-evidence-refused")
    chosen = {"name": "叫号记录.txt", "mimeType": "text/plain", "buffer": "A012 九时四十分".encode()}
    page.locator("#evidence-file").set_input_files(chosen)  # type: ignore[arg-type]
    page.get_by_role("button", name="上传", exact=True).click()
    page.locator(".evidence-file details summary").click()
    look.at(page, "console-evidence")
    page.locator(".evidence-file input[name=reason]").fill("传错了文件")
    page.get_by_role("button", name="撤回", exact=True).click()
    look.at(page, "console-evidence-withdrawn")
    page.goto(order)


def act(page: Page, text: str = "") -> None:
    if text:
        page.locator("aside > form textarea[name=text]").fill(text)
    page.locator("aside > form button").click()


def after(look: Looker, page: Page, city: City, number: str, secret: str) -> None:
    page.goto(city.url + "/console/?show=closed")
    look.at(page, "console-desk-closed")
    page.goto(city.url + "/receipt")
    asked(page, number, secret)
    expect(page.locator("main")).to_contain_text("停用时由引导员当面说明")
    look.at(page, "citizen-receipt-answered")


def others(look: Looker, page: Page, city: City, order: str) -> None:
    """An empty desk, the order as the authority sees it, an act that is not the authority's, a form without its cookie."""
    sign_out(page, city)
    set_password(page, login_link(city, "quiet", "周静", QUIET))
    look.at(page, "console-desk-empty")
    page.goto(city.url + "/console/rated/")
    look.at(page, "console-rated")
    page.goto(order)
    look.at(page, "console-unknown")
    sign_out(page, city)
    set_password(page, login_link(city, "authority", "王建国", AUTHORITY, "authority_officer"))
    look.at(page, "console-desk-authority")
    page.goto(order)
    look.at(page, "console-order-authority")
    together(look, page, city)
    page.goto(order + "act/")
    look.at(page, "console-refused")
    page.goto(city.url + "/console/rules/")
    look.at(page, "console-rules")
    page.goto(
        city.url
        + f"/console/rules/?organisation={ORGANISATION}&on=2026-11-23&place=own_hall&level=1&named=yes"
    )
    look.at(page, "console-rules-narrowed")
    for name, path in (
        ("form-check", "forms/check/"),
        ("form-templates", "forms/templates/"),
        ("yearly", "revisits/yearly/"),
        ("ask", "ask/"),
        ("corrections", "corrections/"),
    ):
        page.goto(f"{city.url}/console/{path}")
        look.at(page, f"console-{name}")
    scores(look, page, city)
    to_release(look, page, city)
    page.goto(city.url + "/console/")
    page.context.clear_cookies()
    page.get_by_role("button", name="退出登录").click()
    look.at(page, "console-form-expired")


def scores(look: Looker, page: Page, city: City) -> None:
    """The scores of the last quarter, and how one of them came about."""
    page.goto(city.url + "/console/scores/")
    look.at(page, "console-scores-empty")
    page.get_by_role("link", name="录入和确认规则要用的外部值").click()
    look.at(page, "console-score-values")
    page.go_back()
    page.get_by_role("button", name="计算").click()
    look.at(page, "console-score-run")
    page.locator("tbody th a").first.click()
    look.at(page, "console-score-unit")


def to_release(look: Looker, page: Page, city: City) -> None:
    """An answered bad rating on its way to the public: waiting, drafted, released, and read there in large type."""
    page.goto(city.url + "/console/answers/")
    look.at(page, "console-answers")
    page.locator("tbody th a").first.click()
    look.at(page, "console-answer-draft")
    page.get_by_role("button", name="拟定，进入第二次核对").click()
    look.at(page, "console-answer-second-look")
    page.get_by_role("button", name="我已核对，公开").click()
    page.goto(city.url + "/answers")
    page.get_by_role("link", name="大字版").click()
    look.at(page, "portal-answers-large")
    page.get_by_role("link", name="标准字号").click()


def together(look: Looker, page: Page, city: City) -> None:
    """The navigation unfolded, the desk narrowed, orders chosen of which none can be dispatched any more: each says why."""
    page.goto(city.url + "/console/?show=open&contested=no")
    page.locator(".nav summary").first.click()
    look.at(page, "console-menu")
    page.locator("main details summary").last.click()
    look.at(page, "console-desk-narrowed")
    for box in page.locator("input[name=order]").all()[:2]:
        box.check()
    page.get_by_role("button", name="转办勾选的工单").click()
    look.at(page, "console-dispatch")


def sign_out(page: Page, city: City) -> None:
    page.goto(city.url + "/console/")
    page.get_by_role("button", name="退出登录").click()


def set_password(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_again").fill(PASSWORD)
    page.locator("main form button").click()
