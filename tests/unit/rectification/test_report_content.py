"""What the form says of an order's history, in the words of the plan."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from haochaping.foundation.clock import CN
from haochaping.rectification.course.history import StepView
from haochaping.rectification.course.offers import LimitView
from haochaping.rectification.queries import OrderRow, OrderView
from haochaping.rectification.rated import Rated
from haochaping.rectification.report_form.content import Told, content
from haochaping.rectification.report_form.fields import BESIDE, FIELDS
from haochaping.rectification.rules import Clock, ClockKind
from haochaping.rectification.states import Act, State, Verdict

AT = datetime(2026, 11, 23, 10, tzinfo=CN)
NOTHING = Told((), (), None, date(2026, 12, 1))
ROW = OrderRow(
    id=UUID(int=1),
    number="CP1",
    organisation_id=1,
    organisation="昆明市公安局",
    credit_code="11532216MB3585447A",
    item="",
    item_code="",
    week=date(2026, 11, 16),
    named=False,
    state=State.VERIFIED,
    clock=Clock(ClockKind.RUNNING),
    next_act=Act.RECTIFY,
    exclusion="",
    rated=None,
)
VIEW = OrderView(
    row=ROW,
    about_staff=False,
    tags=(),
    text="",
    additions=(),
    by_rater=(),
    verdict=None,
    set_off=None,
    finding="",
    answer="",
    history=(),
    revision=0,
    may_handle=False,
    may_see_contact=False,
)


def step(act: Act, note: str = "", **said: str) -> StepView:
    return StepView(act, "赵敏（handler）", AT, note, "第十二条", said)


def of(*history: StepView, told: Told = NOTHING, **changed: object) -> dict[str, object]:
    return content(replace(VIEW, history=history, **changed), told)  # type: ignore[arg-type]


def test_of_an_order_of_which_nothing_is_known_every_field_is_there() -> None:
    said = of()
    assert said.keys() == set(FIELDS)
    assert [name for name, value in said.items() if value and name not in BESIDE] == [
        "title",
        "order",
        "organisation",
        "rated",
        "week",
        "manner",
        "standing",
    ]
    assert (said["rater"], said["standing"], said["week"]) == (
        "匿名，不得查询",
        "待整改",
        "2026年11月16日当周",
    )


def test_requests_for_more_time_with_what_was_decided() -> None:
    said = of(
        step(Act.ASK_EXTENSION, "等材料", until="2026-12-10", step="verification", waits="yes"),
        step(Act.GRANT_EXTENSION, step="verification"),
        step(Act.ASK_EXTENSION, "要会签", until="2027-01-10"),
        step(Act.REFUSE_EXTENSION, "材料已齐"),
        step(Act.PLAN, "换设备", until="2026-12-20"),
    )
    assert said["extension"] == (
        "说明理由和期限（核实），2026年11月23日：等材料（到2026年12月10日）\n"
        "批准延期（核实），2026年11月23日\n"
        "说明理由和期限，2026年11月23日：要会签（到2027年1月10日）\n"
        "不批准延期，2026年11月23日：材料已齐"
    )
    assert said["plan"] == "换设备（到2026年12月20日）"


def test_who_did_what_and_what_waits_for_a_second_person_is_no_answer() -> None:
    by_rule = replace(step(Act.VERIFY, finding="true"), by_rule=True)
    drafted = (by_rule, step(Act.RECTIFY, "已增设窗口"), step(Act.ANSWER, "草稿"))
    said = of(*drafted, finding="true", reasonable=False)
    assert (said["verified_by"], said["finding"], said["reasonable"]) == ("系统按规定", "属实", "不合理")
    assert (said["measures"], said["answer"], said["answered_by"]) == ("已增设窗口", "", "")
    given = of(*drafted, step(Act.APPROVE), answer="草稿", verdict=Verdict.UNSATISFIED)
    assert (given["answer"], given["answered_by"], given["approved_by"], given["verdict"]) == (
        "草稿",
        "赵敏（handler）",
        "赵敏（handler）",
        "不满意",
    )
    assert given["clauses"] == ["核实：第十二条", "整改：第十二条", "答复：第十二条", "审核：第十二条"]


def test_what_was_rated_and_where_the_limit_of_the_form_stands() -> None:
    assert of(row=replace(ROW, rated=Rated("window", "户籍窗口")))["rated"] == "窗口：户籍窗口"
    assert of(about_staff=True)["rated"] == "工作人员的服务"
    assert of(row=replace(ROW, exclusion="voided"))["standing"] == "异议成立，评价不计入，工单撤销"
    last = Clock(ClockKind.RUNNING, 3, date(2026, 11, 28), provisional=True)
    assert of(limits=(LimitView("report", last, "", None, still=False),))["report_due"] == (
        "2026年11月28日（推定）"
    )
    assert of(limits=(LimitView("report", None, "", None, still=True),))["report_due"] == "期限中止"


def test_each_attempt_to_reach_the_rater() -> None:
    said = of(
        step(Act.CONTACT, "改日再打", means="telephone", reached="no"),
        step(Act.CONTACT, means="visit", reached="yes"),
    )
    assert said["contacts"] == [
        "2026年11月23日，人工电话，没有联系上。改日再打",
        "2026年11月23日，上门，已联系上。",
    ]
