"""A self-test of the running city by its command, and what officers and the public see of it."""

import json
import re

from playwright.sync_api import Page, expect

from tests.journeys.city import City
from tests.journeys.conftest import go
from tests.journeys.look import Looker
from tests.journeys.test_pages import AUTHORITY, login_link, set_password, sign_out


def test_the_self_test_of_a_running_city_is_seen_by_officers_and_by_the_public(
    city: City, desktop: Page
) -> None:
    look = Looker(pictures=("phone", "desktop"))
    look.listen(desktop, city.url)
    desktop.goto(city.url + "/status")
    # The city's worker tests by itself every day at 04:10: then the first test is there before ours.
    expect(desktop.locator("main")).to_contain_text(
        re.compile("还没有检验过|下列各渠道的五个等次都可以正常评价")
    )
    look.at(desktop, "portal-status-before")
    found = json.loads(city.command("selftest", "--json"))
    assert found["failed"] == 0, [each for each in found["results"] if each["step"]]
    desktop.reload()
    expect(desktop.locator("#verdict")).to_contain_text("下列各渠道的五个等次都可以正常评价")
    look.at(desktop, "portal-status")
    set_password(desktop, login_link(city, "watcher", "王建国", AUTHORITY, "authority_officer"))
    go(desktop, "监测")
    expect(desktop.locator("main")).to_contain_text("现在没有告警")
    look.at(desktop, "console-watch")
    desktop.locator("table.picks th a").first.click()
    look.at(desktop, "console-watch-run")
    desktop.get_by_role("link", name="English").click()
    expect(desktop.locator("main")).to_contain_text("One rating for each way, channel and level")
    desktop.get_by_role("link", name="简体中文").click()
    alarmed(city, desktop, look, len(found["results"]))
    sign_out(desktop, city)
    assert "\n".join(look.complaints) == ""


def alarmed(city: City, page: Page, look: Looker, tested: int) -> None:
    """A door that does not answer: on the desk, on the page, for the public; acknowledged; and well again."""
    failed = json.loads(city.command("selftest", "--json", "--url", "http://127.0.0.1:9", code=1))
    assert failed["failed"] == tested
    page.goto(city.url + "/status")
    expect(page.locator("#verdict")).to_contain_text("部分评价可能无法提交")
    look.at(page, "portal-status-failing")
    page.goto(city.url + "/console/")
    expect(page.locator(".alert-error")).to_contain_text(f"有{tested}条运行告警尚未确认")
    look.at(page, "console-desk-alarms")
    page.get_by_role("link", name="查看告警").click()
    page.locator("summary", has_text="确认告警").click()
    look.at(page, "console-watch-alarms")
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.locator(".field-wrong")).to_contain_text("请填写已采取的措施")
    look.at(page, "console-watch-refused")
    page.locator("textarea[name=note]").fill("已通知运维，一小时内恢复")
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.locator(".alert-success")).to_contain_text("已确认告警")
    city.command("selftest")
    page.reload()
    expect(page.locator("main")).to_contain_text("现在没有告警")
    look.at(page, "console-watch-ended")
