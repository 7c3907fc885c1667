"""The form is owed within the days that the rules lay down; that it went, or that a result was uploaded, is on record."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.cases.models import ServiceOccasion
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict, NotAllowed
from haochaping.foundation.form_templates import Kind
from haochaping.foundation.workdays import due_instant
from haochaping.rectification.models import OrderDeadline, WorkOrder
from haochaping.rectification.operations import open_orders, rederive_deadlines
from haochaping.rectification.operations.answered import answered_order
from haochaping.rectification.operations.forming import Wanted, make_forms
from haochaping.rectification.queries import order as order_view
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import Act, State
from haochaping.registry.models import OrganisationRecord
from tests.orders import City, do_act, lead_to, make_city, make_official, open_order, rate_badly
from tests.unit.rectification.test_report_form import words_of

SHANDONG = ("370000", "370100", "370102")
PLAN = "《全省人力资源社会保障系统建立政务服务“好差评”制度工作方案》"
DAY = timedelta(days=1)


@pytest.fixture
def bureau(db: None) -> City:
    """A department of the line of human resources, whose own hall served."""
    city = make_city(SHANDONG)
    OrganisationRecord.objects.filter(organisation=city.police).update(department="hrss")
    return city


@pytest.fixture
def order(bureau: City, now: datetime) -> WorkOrder:
    subject = rate_badly(bureau, now)
    ServiceOccasion.objects.update(place="own_hall")
    assert open_orders(now=now, limit=10) == 1
    return WorkOrder.objects.get(subject_id=subject)


@pytest.fixture
def handler(bureau: City, now: datetime) -> UUID:
    return make_official(bureau.police, now, "handler")


@pytest.fixture
def officer(bureau: City, now: datetime) -> UUID:
    return make_official(bureau.authority, now, "officer", Role.AUTHORITY_OFFICER)


def limit(order: WorkOrder, step: str = "report") -> OrderDeadline | None:
    return OrderDeadline.objects.filter(order=order, step=step).first()


def test_given_the_rectification_on_monday_the_form_is_due_on_saturday(
    order: WorkOrder, handler: UUID, now: datetime, bureau: City
) -> None:
    """Shandong HRSS 二（二）: 整改完成后5日内, calendar days, its own day not counted; 23 November 2026 is a Monday."""
    lead_to(order, Act.VERIFY, handler, now)
    assert limit(order) is None
    do_act(order, Act.RECTIFY, handler, now, "已增设一个窗口。")
    owed = limit(order)
    assert owed is not None
    assert (owed.due_at, owed.organisation_id, owed.met_at) == (
        due_instant(date(2026, 11, 28)),
        bureau.police,
        None,
    )
    assert owed.clause == f"{PLAN}二（二）"


def test_it_is_reported_once_at_any_time_after_the_rectification_and_changes_nothing_else(
    order: WorkOrder, handler: UUID, now: datetime
) -> None:
    lead_to(order, Act.RECTIFY, handler, now)
    offered = {each.act for each in order_view(official_id=handler, order_id=order.id, now=now).offers}
    assert offered == {Act.ANSWER, Act.REPORT}
    do_act(order, Act.ANSWER, handler, now, "您反映的等候时间过长属实，我们已增设一个窗口。")
    do_act(order, Act.CLOSE, handler, now)
    closed_at, answer = order.closed_at, order.answer
    later = now + 6 * DAY
    do_act(order, Act.REPORT, handler, later, "书面报送")
    assert (order.state, order.closed_at, order.answer) == (State.CLOSED, closed_at, answer)
    met = limit(order)
    assert met is not None
    assert met.met_at == later
    step = order.steps.latest("revision")
    assert (step.act, step.note, step.clause) == ("report", "书面报送", f"{PLAN}二（二）")
    assert AuditEntry.objects.filter(act="order.report", subject=f"order:{order.number}").count() == 1
    found = answered_order(order.id, rulebook=rulebook())
    assert found is not None
    assert found.answered_at == now, "a report is no answer"
    with pytest.raises(Conflict) as refused:
        do_act(order, Act.REPORT, handler, later)
    assert refused.value.code == "done"


def test_a_report_of_an_answered_order_leaves_the_answer_alone(
    order: WorkOrder, handler: UUID, now: datetime
) -> None:
    lead_to(order, Act.ANSWER, handler, now)
    answer = order.answer
    do_act(order, Act.REPORT, handler, now + DAY, "已报送，文号12")
    assert (order.state, order.answer) == (State.ANSWERED, answer)
    do_act(order, Act.CLOSE, handler, now + DAY)
    assert order.state == State.CLOSED


def test_what_is_still_owed_of_a_closed_order_is_counted_anew_by_a_notice(
    order: WorkOrder, handler: UUID, now: datetime
) -> None:
    lead_to(order, Act.CLOSE, handler, now)
    OrderDeadline.objects.filter(order=order, step="report").update(due_at=due_instant(date(2026, 11, 1)))
    assert rederive_deadlines(rulebook=rulebook(), now=now, actor="test") == 1
    owed = limit(order)
    assert owed is not None
    assert owed.due_at == due_instant(date(2026, 11, 28))


def test_the_form_says_where_it_goes_until_when_and_what_was_explained(
    order: WorkOrder, handler: UUID, now: datetime
) -> None:
    do_act(order, Act.TAKE, handler, now)
    do_act(order, Act.VERIFY, handler, now, "已向窗口了解情况。", finding="no_basis")
    do_act(order, Act.EXPLAIN, handler, now, "您要求当场补发，现行规定没有这样的依据。")
    do_act(order, Act.RECTIFY, handler, now, "已把规定贴在窗口。")
    wanted = Wanted(Kind.WORD)
    made = make_forms(order_ids=[order.id], wanted=wanted, official_id=handler, now=now)
    said = words_of(made.content)
    for words in (
        "缺乏法定依据",
        "解释说明：您要求当场补发，现行规定没有这样的依据。",
        f"报送政务服务管理办公室（行风办）（{PLAN}二（二））",
        "2026年11月28日",
        "已把规定贴在窗口。",
    ):
        assert words in said, words
    assert made.name == f"{order.number}.docx"


def test_that_it_was_uploaded_says_the_authority(
    order: WorkOrder, handler: UUID, officer: UUID, now: datetime
) -> None:
    """Shandong HRSS 二（四）: no limit is laid down, so that none runs."""
    lead_to(order, Act.ANSWER, handler, now)
    with pytest.raises(NotAllowed):
        do_act(order, Act.UPLOAD, handler, now)
    do_act(order, Act.UPLOAD, officer, now, "随日报上传")
    assert order.state == State.ANSWERED
    assert limit(order, "upload") is None
    assert order.steps.latest("revision").clause == f"{PLAN}二（四）"
    with pytest.raises(Conflict):
        do_act(order, Act.UPLOAD, officer, now)


def test_where_the_rules_ask_for_no_form_none_is_owed(db: None) -> None:
    now, city = datetime(2026, 11, 23, 10, tzinfo=CN), make_city()
    official = make_official(city.police, now, "kunming")
    order = lead_to(open_order(city, now), Act.RECTIFY, official, now)
    assert limit(order) is None
    with pytest.raises(Conflict) as refused:
        do_act(order, Act.REPORT, official, now)
    assert refused.value.code == "not_laid_down"
