"""The administrators' pages and the second factor, in the browser at every width: a new official, a deputy, an authenticator
set up and asked for, the trail."""

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from haochaping.accounts.second_factor import code_at
from tests.journeys.city import City
from tests.journeys.look import Looker
from tests.journeys.test_pages import AUTHORITY, login_link, opened, set_password
from tests.journeys.test_thread import ORGANISATION, PASSWORD


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    yield from opened(browser, "zh-CN")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="退出登录").click()


def test_people_are_managed_and_get_in_by_two_factors(city: City, page: Page) -> None:
    look = Looker()
    look.listen(page, city.url)
    link = managed(look, page, city)
    authenticator(look, page, city, link)
    watched(look, page, city)
    assert look.complaints == []


def managed(look: Looker, page: Page, city: City) -> str:
    """A system administrator makes an official and names a deputy; the new one's link."""
    set_password(page, login_link(city, "admin", "钱伟", AUTHORITY, "system_administrator"))
    look.at(page, "console-officials")
    page.get_by_role("link", name="新建人员").click()
    page.locator("main form button").click()
    look.at(page, "console-official-new-refused")
    page.locator("#username").fill("li.si")
    page.locator("#name").fill("李四")
    page.locator("#organisation").select_option(
        label=page.locator("#organisation option").nth(1).inner_text()
    )
    page.locator("#role").select_option("organisation_handler")
    page.locator("main form button").click()
    look.at(page, "console-official-link")
    link = page.locator("#link").inner_text()
    page.get_by_text("指定代理", exact=True).first.click()
    page.get_by_label("代理人的用户名").fill("demo")
    page.get_by_label("最后一天").first.fill("2026-12-31")
    page.get_by_role("button", name="指定代理").click()
    look.at(page, "console-official")
    expect(page.locator("main")).to_contain_text("代理：演示人员（demo）")
    page.goto(city.url + "/console/permissions/")
    look.at(page, "console-permissions")
    page.goto(city.url + "/console/cameras/")
    look.at(page, "console-cameras")
    page.get_by_role("button", name="登记", exact=True).click()
    look.at(page, "console-cameras-refused")
    sign_out(page)
    return link


def authenticator(look: Looker, page: Page, city: City, link: str) -> None:
    """The new official sets up an authenticator, signs out, and in again with a recovery code."""
    set_password(page, link)
    page.goto(city.url + "/console/account/")
    look.at(page, "console-account")
    page.get_by_role("link", name="现在设置").click()
    look.at(page, "console-authenticator")
    page.locator("main summary").click()
    secret = base64.b32decode(re.sub(r"\s", "", page.locator("#secret").inner_text()))
    page.locator("#code").fill(code_at(secret, datetime.fromtimestamp(city.now(), UTC)))
    page.locator("main form button").click()
    look.at(page, "console-recovery-codes")
    recovery = page.locator(".codes code").first.inner_text()
    page.goto(city.url + "/console/account/recovery-codes/")
    page.locator("main form button").click()
    look.at(page, "console-recovery-codes-not-renewed")
    sign_out(page)
    page.locator("#id_username").fill("li.si")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button").click()
    look.at(page, "console-login-code")
    page.locator("#code").fill("000000")
    page.locator("main form button").click()
    look.at(page, "console-login-code-refused")
    page.locator("#code").fill(recovery)
    page.locator("main form button").click()
    page.goto(city.url + "/console/account/password/")
    look.at(page, "console-password")
    sign_out(page)


def watched(look: Looker, page: Page, city: City) -> None:
    """What the other two administrators see of it."""
    set_password(page, login_link(city, "security", "孙丽", AUTHORITY, "security_administrator"))
    look.at(page, "console-sign-ins")
    expect(page.locator("main")).to_contain_text("official:li.si")
    sign_out(page)
    set_password(page, login_link(city, "auditor", "周敏", AUTHORITY, "audit_administrator"))
    look.at(page, "console-audit")
    page.goto(city.url + "/console/audit/?act=official.deputy")
    expect(page.locator("main")).to_contain_text("official:admin")
    assert ORGANISATION not in page.inner_text("main")
