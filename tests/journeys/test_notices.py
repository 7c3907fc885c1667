"""How an officer says where he is to be told, and where he finds what was told and what went out, in the running city."""

from playwright.sync_api import Page, expect

from tests.journeys.city import City
from tests.journeys.conftest import go
from tests.journeys.look import Looker
from tests.journeys.test_pages import AUTHORITY, login_link, set_password, sign_out


def test_an_officer_says_how_he_is_to_be_told(city: City, desktop: Page) -> None:
    look = Looker(pictures=("phone", "desktop"))
    look.listen(desktop, city.url)
    set_password(desktop, login_link(city, "told", "赵敏", AUTHORITY, "authority_officer"))
    desktop.get_by_role("link", name="通知", exact=True).click()
    expect(desktop.locator("main")).to_contain_text("现在没有通知")
    look.at(desktop, "console-notices")
    desktop.get_by_role("link", name="设置邮件、短信通知").click()
    expect(desktop.locator("main")).to_contain_text("短信：本系统现在不向外发送")
    desktop.locator("#email").fill("zhao@km")
    desktop.locator("input[name=sms_kinds][value=overdue]").check()
    desktop.get_by_role("button", name="保存").click()
    expect(desktop.locator(".field-wrong")).to_have_count(2)
    expect(desktop.locator("#email")).to_have_value("zhao@km")
    look.at(desktop, "console-notice-preferences")
    desktop.locator("#email").fill("zhao@km.example.cn")
    desktop.locator("#phone").fill("138 8801 2345")
    desktop.get_by_role("button", name="保存").click()
    expect(desktop.locator(".alert-success")).to_contain_text("通知方式已保存")
    go(desktop, "催办")
    expect(desktop.locator("h1")).to_have_text("催办、督办")
    look.at(desktop, "console-escalations")
    go(desktop, "监测")
    desktop.get_by_role("link", name="通知外发情况").click()
    look.at(desktop, "console-outbox")
    sign_out(desktop, city)
    assert "\n".join(look.complaints) == ""
