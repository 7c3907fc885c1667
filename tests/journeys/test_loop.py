"""What follows a bad rating, as each of those whom it concerns sees it: extended, sent back, contested, reopened, overdue,
anonymous. The straight way is in test_thread.py. Clocks are set, not waited for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from haochaping.accounts.rules import Role
from haochaping.foundation.clock import CN
from haochaping.foundation.clock import now as clock
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import plan_escalations, set_off_due
from haochaping.rectification.states import Act
from haochaping.registry.queries import organisation_id_by_credit_code
from tests import objections
from tests.journeys.conftest import DESKTOP
from tests.journeys.in_process import Served, serving, set_clock
from tests.orders import NAME, PHONE, lead_to, make_official

BEGUN = datetime(2026, 11, 23, 10, tzinfo=CN)  # a Monday
DAY = timedelta(days=1)
RATED, ELSEWHERE, AUTHORITY = "11539436MB36597916", "11532216MB3585447A", "11535863MB36169043"
STATE, MAIN = ".row.state", "main"


@dataclass
class Town:
    """Who plays, by name; `page` is one browser in which they take turns."""

    served: Served
    page: Page
    patch: pytest.MonkeyPatch
    people: dict[str, UUID] = field(default_factory=dict)

    def at(self, days: float = 0) -> None:
        """So many days after the beginning."""
        set_clock(self.patch, BEGUN + days * DAY)

    def order(self, text: str, *, named: bool) -> tuple[WorkOrder, list[str]]:
        """A citizen rates badly by the link; the order that came of it, and number and password of the receipt."""
        page = self.page
        page.goto(self.served.link())
        page.locator("#level-1").check()
        page.locator(".group-1 input").first.check()
        page.locator("#writingEvaluation").fill(text)
        page.locator(f"#named-{int(named)}").check()
        page.get_by_role("button", name="提交评价").click()
        held = page.locator(".receipt .code").all_inner_texts()
        self.served.work()
        return self.served.elsewhere(WorkOrder.objects.get, text=text), held

    def lead(self, order: WorkOrder, last: Act) -> None:
        """All that the handler does up to and with this act, beforehand."""
        self.served.elsewhere(lead_to, order, last, self.people["handler"], clock())

    def open(self, who: str, path: str) -> Page:
        """A page of the console, as somebody who has just signed in."""
        self.served.sign_in(self.page, self.people[who])
        self.page.goto(f"{self.served.console}/console/{path}")
        return self.page

    def sees(self, who: str, order: WorkOrder, *words: str) -> Page:
        """The page of an order shows these words."""
        page = self.open(who, f"orders/{order.id}/")
        for each in words:
            expect(page.locator(MAIN)).to_contain_text(each)
        return page

    def own_rating(self, held: list[str]) -> Page:
        """What the citizen sees by the receipt."""
        page = self.page
        page.goto(self.served.url + "/receipt")
        page.locator("#number").fill(held[0])
        page.locator("#secret").fill(held[1])
        page.get_by_role("button", name="查询").click()
        return page


@pytest.fixture(scope="module")
def served(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Served, dict[str, UUID]]]:
    with pytest.MonkeyPatch.context() as patch, pytest.MonkeyPatch.context() as clocks:
        set_clock(clocks, BEGUN)
        with serving(django_db_blocker, patch) as found:
            yield found, found.elsewhere(_people)


def _people() -> dict[str, UUID]:
    posts = {
        "handler": (RATED, Role.ORGANISATION_HANDLER),
        "neighbour": (ELSEWHERE, Role.ORGANISATION_HANDLER),
        "first": (AUTHORITY, Role.AUTHORITY_OFFICER),
        "second": (AUTHORITY, Role.AUTHORITY_OFFICER),
    }
    found = {}
    for name, (code, role) in posts.items():
        organisation = organisation_id_by_credit_code(code)
        assert organisation is not None
        found[name] = make_official(organisation, clock(), name, role)
    return found


@pytest.fixture
def town(
    served: tuple[Served, dict[str, UUID]], browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    context = browser.new_context(viewport=DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai")  # type: ignore[arg-type]
    set_clock(monkeypatch, BEGUN)
    yield Town(served[0], context.new_page(), monkeypatch, served[1])
    context.close()


def form(page: Page, act: Act) -> None:
    """Opens the form of an act that is not the usual one."""
    page.locator("details.other-act", has=page.locator(f"button[value={act}]")).locator("summary").click()


def test_more_time_is_asked_for_and_granted(town: Town) -> None:
    order, _ = town.order("空调坏了很久没有人修。", named=True)
    town.lead(order, Act.VERIFY)
    page = town.sees("handler", order, "最后一日：2026年12月14日", "第十二条")
    form(page, Act.ASK_EXTENSION)
    page.locator("#ask_extension-text").fill("需要等厂家送配件。")
    page.locator("#ask_extension-until").fill("2026-12-25")
    page.locator("button[value=ask_extension]").click()
    expect(page.locator(MAIN)).to_contain_text("需要等厂家送配件。")
    expect(page.locator(MAIN)).to_contain_text("最后一日：2026年12月14日")  # nobody has granted it
    assert page.locator("button[value=grant_extension]").count() == 0
    page = town.sees("first", order, "需要等厂家送配件。")
    form(page, Act.GRANT_EXTENSION)
    page.locator("button[value=grant_extension]").click()
    expect(page.locator(MAIN)).to_contain_text("批准延期")
    page = town.sees("handler", order, "最后一日：2026年12月25日")
    page.goto(town.served.console + "/console/ledger/")
    expect(page.locator(MAIN)).to_contain_text(order.number)


def test_it_is_sent_back_and_goes_to_another_unit(town: Town) -> None:
    order, _ = town.order("户口本上的字印错了。", named=False)
    page = town.sees("handler", order, "签收")
    form(page, Act.SEND_BACK)
    page.locator("input[name=ground]").first.check()
    page.locator("#send_back-text").fill("户口由公安机关办理。")
    page.locator("button[value=send_back]").click()
    page = town.sees("first", order, "户口由公安机关办理。", "下一步：转办")
    page.locator("#organisation").select_option(ELSEWHERE)
    page.locator("#dispatch-text").fill("请公安局办理。")
    page.get_by_role("button", name="转办工单").click()
    page = town.open("neighbour", "")
    page.get_by_role("link", name=order.number).click()
    expect(page.locator("h1")).to_contain_text(order.number)
    page.get_by_role("button", name="签收工单").click()
    expect(page.locator(".steps")).to_contain_text("签收")
    answer = town.open("handler", "").goto(f"{town.served.console}/console/orders/{order.id}/")
    assert answer is not None
    assert answer.status == 404, "who sent it back no longer sees it"


def test_an_objection_is_upheld_by_two_and_the_rating_does_not_count(town: Town) -> None:
    order, held = town.order("把我的材料弄丢了。", named=False)
    filed = town.served.elsewhere(objections.file, order, town.people["handler"], clock())
    page = town.open("first", f"objections/{filed.id}/")
    page.locator("input[name=outcome][value=upheld]").check()
    page.locator("input[name=ground][value=mistaken]").check()
    page.locator("[name=findings]").fill("经核对，办事人当日在其他单位办理。")
    page.locator("[name=reply]").fill("经复核，误评成立，不计入。")
    page.get_by_role("button", name="提交决定").click()
    expect(page.locator(STATE)).to_contain_text("待第二人确认")
    expect(town.own_rating(held).locator(MAIN)).not_to_contain_text("不计入")
    page = town.open("second", f"objections/{filed.id}/")
    page.get_by_role("button", name="确认，立即生效").click()
    expect(page.locator(STATE)).to_contain_text("成立")
    town.sees("handler", order, "已撤销", "不再办理，不计入差评", "经复核，误评成立，不计入。")
    page = town.own_rating(held)
    for words in ("这次评价不计入", "误评", "您的原评价没有改动"):
        expect(page.locator(MAIN)).to_contain_text(words)


def test_an_objection_is_refused_and_the_rating_counts(town: Town) -> None:
    order, held = town.order("窗口的人态度不好。", named=False)
    filed = town.served.elsewhere(objections.file, order, town.people["handler"], clock())
    page = town.open("first", f"objections/{filed.id}/")
    page.locator("input[name=outcome][value=refused]").check()
    page.locator("[name=findings]").fill("经核对，评价与办理情况相符。")
    page.locator("[name=reply]").fill("经复核，异议不成立，评价照计。")
    page.get_by_role("button", name="提交决定").click()
    town.sees("handler", order, "不成立", "经复核，异议不成立，评价照计。", "下一步：签收")
    expect(town.own_rating(held).locator(MAIN)).not_to_contain_text("不计入")


def test_an_objection_that_nobody_decides_changes_nothing(town: Town) -> None:
    order, held = town.order("等了一上午没有叫到号。", named=False)
    filed = town.served.elsewhere(objections.file, order, town.people["handler"], clock())
    town.at(20)
    page = town.open("first", "objections/")
    row = page.locator("table tr", has_text=order.number)
    expect(row).to_contain_text("逾期")
    page = town.open("first", f"objections/{filed.id}/")
    expect(page.locator(STATE)).to_contain_text("待复核")
    town.sees("handler", order, "等待决定", "下一步：签收")
    expect(town.own_rating(held).locator(MAIN)).not_to_contain_text("不计入")


def test_who_is_not_satisfied_has_it_reopened(town: Town) -> None:
    order, held = town.order("说好回电话，没有人回。", named=True)
    town.lead(order, Act.CLOSE)
    page = town.own_rating(held)
    expect(page.locator(".answer")).to_contain_text("增设一个窗口")
    page.locator("#verdict-unsatisfied").check()
    page.locator("form.verdict button").click()
    page.locator("main form button").first.click()
    expect(page.locator("main form.verdict, main [role=alert]")).to_have_count(0)
    town.served.work()
    expect(town.own_rating(held).locator(MAIN)).to_contain_text("不满意")
    page = town.sees("handler", order, "不满意", "下一步：签收")
    expect(page.locator(STATE)).not_to_contain_text("办结")
    assert page.locator(".steps li").count() > 4, "what was done before is still there"
    page = town.open("handler", "")
    expect(page.locator("table.orders")).to_contain_text(order.number)


def test_what_is_overdue_goes_to_the_authority(town: Town) -> None:
    order, _ = town.order("自助机一直不能用。", named=True)
    town.lead(order, Act.VERIFY)
    town.at(24)

    def sweep() -> None:
        plan_escalations(now=clock(), limit=100)
        set_off_due(now=clock(), limit=100)

    town.served.elsewhere(sweep)
    page = town.sees("handler", order, "逾期", "督办", "向：同级政务服务管理部门")
    page.goto(town.served.console + "/console/notices/")
    expect(page.locator(MAIN)).to_contain_text(order.number)
    page = town.open("first", "escalations/")
    row = page.locator("table tr", has_text=order.number)
    expect(row).to_contain_text("督办")
    row.get_by_role("link").click()
    expect(page.locator("h1")).to_contain_text(order.number)
    page.goto(town.served.console + "/console/notices/")
    expect(page.locator(MAIN)).to_contain_text(order.number)


def test_nobody_learns_who_rated_anonymously_and_he_gets_his_answer(town: Town) -> None:
    order, held = town.order("流程太绕，跑了三个地方。", named=False)
    page = town.sees("handler", order, "匿名，不得查询或打听评价人", "2026年11月16日当周")
    body = page.inner_text("body")
    assert not [each for each in (NAME, PHONE, "2026年11月23日") if each in body.partition("办理记录")[0]]
    assert page.get_by_text("查看评价人的姓名").count() == 0
    assert page.locator(f"button[value={Act.CONTACT}]").count() == 0
    town.lead(order, Act.CLOSE)
    page = town.own_rating(held)
    expect(page.locator(".answer")).to_contain_text("增设一个窗口")
    expect(page.locator(MAIN)).to_contain_text(re.compile("匿名评价"))
