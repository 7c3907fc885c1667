"""An officer looks at what was kept aside, releases one, refuses one, asks about one; the sender reads it."""

import json
import time
from typing import Any

from playwright.sync_api import Page, expect

from examples.client import report
from tests.journeys.city import City
from tests.journeys.conftest import go
from tests.journeys.look import Looker
from tests.journeys.test_pages import AUTHORITY, login_link, set_password, sign_out
from tests.reporting import sample_lines

DUMMY_NAME, WRONG_NAME, UNKNOWN_ITEM = 6, 20, 52
LEFT = 15
PLATFORM = "quarantine-journey"


def test_a_kept_record_is_released_within_seconds(city: City, desktop: Page) -> None:
    page, look = desktop, Looker()
    look.listen(page, city.url)
    # A platform of its own: other journeys send the same sample.
    words = ("--organisation", AUTHORITY, "--rights", "report", "--platform", PLATFORM, "--json")
    made = json.loads(city.command("client", "create", *words))
    key, secret = made["key"], made["secret"]
    send(city, key, secret, *sample_lines())
    set_password(page, login_link(city, "quarantine", "王建国", AUTHORITY, "authority_officer"))
    go(page, "报送")
    look.at(page, "console-senders")
    page.locator("table.senders th a", has_text=PLATFORM).first.click()
    look.at(page, "console-sender")
    page.get_by_role("link", name="名称与事项库不一致").first.click()
    look.at(page, "console-quarantine")
    page.get_by_role("button", name="提交决定").click()
    look.at(page, "console-quarantine-refused")
    open_record(page, WRONG_NAME)
    look.at(page, "console-quarantined")
    decide(page, "release", "已与窗口核对，名称为旧称")
    limit = time.monotonic() + LEFT
    while "放行" not in (state := page.locator("p.state").inner_text()) or "正在" in state:
        assert time.monotonic() < limit, state
        page.reload()
    look.at(page, "console-quarantined-released")
    (result,) = send(city, key, secret, sample_lines()[WRONG_NAME])
    assert result["verdict"] == "repeated"

    page.goto(f"{city.url}/console/quarantine/?platform={PLATFORM}&reason=dummy")
    page.locator("input[name=record]").first.check()
    decide(page, "refuse", "姓名为占位内容，请更正后重报")
    expect(page.locator(".alert-success")).to_contain_text("1条记录")
    page.goto(f"{city.url}/console/quarantine/?platform={PLATFORM}")
    open_record(page, UNKNOWN_ITEM)
    expect(page.locator("aside .alert-warning")).to_contain_text("事项库中没有该事项")
    look.at(page, "console-quarantined-in-the-way")
    decide(page, "ask", "该事项是否已更名？请核对编码")
    expect(page.locator(".steps")).to_contain_text("该事项是否已更名")
    page.goto(city.url + "/console/quarantine/?show=closed")
    look.at(page, "console-quarantine-closed")
    look_at_coverage(page, look)
    sign_out(page, city)
    assert "\n".join(look.complaints) == ""


def look_at_coverage(page: Page, look: Looker) -> None:
    """What is not covered, of the city and of one organisation, in both languages."""
    go(page, "覆盖")
    look.at(page, "console-coverage")
    page.locator(".tabs a", has_text="全部机构").click()
    page.locator("table.gaps th a").first.click()
    page.locator(".tabs a", has_text="评价渠道").click()
    look.at(page, "console-coverage-organisation")
    page.get_by_role("link", name="English").click()
    expect(page.locator("main")).to_contain_text("Days looked at")
    assert "覆盖" not in page.locator("main").inner_text()
    page.get_by_role("link", name="简体中文").click()


def send(city: City, key: str, secret: str, *lines: str) -> list[dict[str, Any]]:
    answer = report(city.url, key, secret, "\n".join(lines).encode(), at=int(city.now()))
    results: list[dict[str, Any]] = answer["results"]  # type: ignore[assignment]
    return results


def open_record(page: Page, line: int) -> None:
    page.get_by_role("link", name=json.loads(sample_lines()[line])["projectNo"], exact=True).first.click()


def decide(page: Page, act: str, note: str) -> None:
    page.locator(f"input[name=act][value={act}]").check()
    page.locator("#note").fill(note)
    page.get_by_role("button", name="提交决定").click()
