"""A self-test of the running city by its command, and what officers and the public see of it."""

import json

from playwright.sync_api import Page, expect

from tests.journeys.city import City
from tests.journeys.look import Looker
from tests.journeys.test_pages import AUTHORITY, login_link, set_password, sign_out


def test_the_self_test_of_a_running_city_is_seen_by_officers_and_by_the_public(
    city: City, desktop: Page
) -> None:
    look = Looker(pictures=("phone", "desktop"))
    look.listen(desktop, city.url)
    desktop.goto(city.url + "/status")
    expect(desktop.locator("main")).to_contain_text("还没有检验过")
    look.at(desktop, "portal-status-before")
    found = json.loads(city.command("selftest", "--json"))
    assert found["failed"] == 0, [each for each in found["results"] if each["step"]]
    desktop.reload()
    expect(desktop.locator("#verdict")).to_contain_text("所有渠道、所有等次都可以正常评价")
    look.at(desktop, "portal-status")
    set_password(desktop, login_link(city, "watcher", "王建国", AUTHORITY, "authority_officer"))
    desktop.get_by_role("link", name="监测", exact=True).click()
    expect(desktop.locator("main")).to_contain_text("现在没有告警")
    look.at(desktop, "console-watch")
    desktop.locator("table.picks th a").first.click()
    look.at(desktop, "console-watch-run")
    desktop.get_by_role("link", name="English").click()
    expect(desktop.locator("main")).to_contain_text("One rating for each way, channel and level")
    desktop.get_by_role("link", name="简体中文").click()
    sign_out(desktop, city)
    assert "\n".join(look.complaints) == ""
