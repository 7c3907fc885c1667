"""The main job in one thread: reported, rated, handled, answered, counted."""

import io
import json
import re
import time
from datetime import datetime, timedelta
from random import Random

import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from examples.client import report
from haochaping.foundation.clock import CN
from haochaping.simulation.people import resident_id
from tests.journeys.city import City
from tests.journeys.conftest import shot

ORGANISATION = "11532216MB3585447A"
PASSWORD = "jiu-ping-lao-cu-2026"


def fresh_record(city: City, number: int) -> dict[str, str]:
    """A service a quarter of an hour ago at a window of the city's police, in the national fields."""
    at = datetime.fromtimestamp(city.now(), CN) - timedelta(minutes=15)
    accepted = at - timedelta(minutes=20)
    task = f"{ORGANISATION}2053010000001"
    return {
        "areaCode": "530100",
        "deptCode": ORGANISATION,
        "taskType": "20",
        "taskCode": task,
        "taskHandleItem": task + "01",
        "taskName": "居民身份证补领",
        "projectNo": f"JOURNEY{number:06d}",
        "projectName": "居民身份证补领",
        "proStatus": "3",
        "proDepart": "昆明市公安局",
        "mobile": "12055913015",
        "userName": "欧阳测试",
        "userProp": "1",
        "userPageType": "111",
        "certKey": resident_id(Random(1), "530102", at.date()),
        "acceptDate": f"{accepted:%Y-%m-%d %H:%M:%S}",
        "proChannel": "2",
        "serviceName": "办结",
        "serviceNumber": "1",
        "serviceTime": f"{at:%Y-%m-%d %H:%M:%S}",
        "projectType": "2",
        "resultDate": f"{at:%Y-%m-%d %H:%M:%S}",
        "windowNo": "W530100000",
        "proManagerNo": "S530100000",
        "proManager": "周勇超",
    }


def figures(page: Page, city: City) -> dict[str, int]:
    """The totals of the public front page."""
    page.goto(city.url + "/")
    names = ("rated", "good", "bad", "unrated", "default")
    return {
        name: int(page.locator(f"#figure-{name} dd").first.inner_text().replace(",", "").replace(" ", ""))
        for name in names
    }


def test_reported_rated_handled_answered_counted(city: City, phone: Page, desktop: Page) -> None:
    desktop.wait_for_timeout(2_100)  # the page may be two seconds old, and lack what came just before
    before = figures(desktop, city)
    key, secret = city.client(ORGANISATION, "report")
    answer = report(city.url, key, secret, json.dumps(fresh_record(city, 1)).encode(), at=int(city.now()))
    (result,) = answer["results"]  # type: ignore[misc]
    assert result["verdict"] == "accepted", result
    url = result["url"]

    assert decoded_qr(desktop, url) == url.upper()
    number, secret_word = rate_badly(phone, url)
    gone(phone, url)
    order = handle(city, desktop)
    the_citizen_sees_the_answer(phone, city, number, secret_word, order)

    after = figures(desktop, city)
    assert {name: after[name] - before[name] for name in before} == {
        "rated": 1,
        "good": 0,
        "bad": 1,
        "unrated": 0,
        "default": 0,
    }


def decoded_qr(page: Page, url: str) -> str:
    page.goto(url + "/qr")
    picture = Image.open(io.BytesIO(page.screenshot()))
    (code,) = zxingcpp.read_barcodes(picture)
    text: str = code.text
    return text


def rate_badly(page: Page, url: str) -> tuple[str, str]:
    """Rates 2 without JavaScript: first without a reason, which is refused and keeps what was typed."""
    page.goto(url)
    shot(page, "rate-phone")
    assert page.locator("input:checked").count() == 0
    page.locator("#level-2").check()
    page.get_by_role("radio", name="匿名评价").check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("alert")).to_contain_text("需要说明原因")
    shot(page, "rate-refused-phone")
    assert page.locator("#level-2").is_checked()

    page.get_by_label("窗口人员业务不熟练").check()
    page.locator("textarea[name=writingEvaluation]").fill("跑了两趟，电话13812345678没人接。")
    shot(page, "rate-filled-phone")
    with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        page.get_by_role("button", name="提交评价").click()
    assert posted.value.status == 201
    assert posted.value.headers["cache-control"] == "no-store"
    expect(page.get_by_role("heading", name="评价已收到")).to_be_visible()
    shot(page, "thanks-phone")
    number, secret = page.locator(".receipt .code").all_inner_texts()
    assert number not in page.url
    return number, secret


def gone(page: Page, url: str) -> None:
    answer = page.goto(url)
    assert answer is not None
    assert answer.status == 410
    shot(page, "gone-phone")
    assert "不满意" not in page.inner_text("body")


def handle(city: City, page: Page) -> str:
    """First login, then the order from taking to closing; its number."""
    page.goto(next(url for label, url in city.addresses.items() if "Console" in label))
    shot(page, "console-first-login")
    page.get_by_label("密码", exact=False).first.fill(PASSWORD)
    page.get_by_label("再", exact=False).fill(PASSWORD)
    page.get_by_role("button", name="保存密码并登录").click()
    order = find_order(page)
    shot(page, "console-desk")
    page.get_by_role("link", name=order).click()
    shot(page, "console-order-opened")
    body = page.inner_text("main")
    assert "13812345678" not in body
    assert "欧阳测试" not in body
    assert "JOURNEY" not in body
    page.get_by_role("button", name="签收").click()
    page.get_by_label("部分属实", exact=True).check()
    page.locator("aside > form textarea[name=text]").fill("已核对叫号记录，当日该窗口人员系新到岗。")
    page.get_by_role("button", name="保存核实").or_(page.get_by_role("button", name="核实")).click()
    shot(page, "console-order-verified")
    expect(page.locator("main")).to_contain_text("第十二条")
    page.locator("aside > form textarea[name=text]").fill("已安排该窗口人员培训并由老员工带班一周。")
    page.locator("aside > form button").click()
    page.locator("aside > form textarea[name=text]").fill(
        "您反映的情况已核实，窗口人员已接受培训，给您添麻烦了，感谢监督。"
    )
    page.locator("aside > form button").click()
    page.locator("input[name=confirm]").check()
    page.locator("aside > form button").click()
    expect(page.locator("main")).to_contain_text("办结")
    shot(page, "console-order-closed")
    return order


def find_order(page: Page) -> str:
    """The order opens within seconds; it is the one that says so in the text of the rating."""
    limit = time.monotonic() + 15
    while time.monotonic() < limit:
        for name in page.locator("table.orders th a").all_inner_texts():
            page.get_by_role("link", name=name).click()
            found = "跑了两趟" in page.inner_text("main")
            page.get_by_role("link", name=re.compile("返回")).click()
            if found:
                return name
        page.reload()
    raise AssertionError("no order was opened within 15 s")


def the_citizen_sees_the_answer(page: Page, city: City, number: str, secret: str, order: str) -> None:
    page.goto(city.url + "/receipt")
    shot(page, "receipt-ask-phone")
    page.locator("#number").fill(number.lower())
    page.locator("#secret").fill(secret)
    page.get_by_role("button", name="查询").click()
    expect(page.locator("main")).to_contain_text("窗口人员已接受培训")
    expect(page.locator("main")).to_contain_text(order)
    shot(page, "receipt-phone")
