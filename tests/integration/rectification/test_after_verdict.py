"""The rater is not satisfied with what was done: what the rules have that set off is done by the body that they name."""

from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict, NotAllowed
from haochaping.foundation.ids import new_id
from haochaping.notices.models import Notice
from haochaping.ratings.models import Verdict
from haochaping.rectification.escalated import escalations_of
from haochaping.rectification.escalations import GRACE
from haochaping.rectification.models import BadRating, OrderDeadline, WorkOrder
from haochaping.rectification.operations import count_times, open_orders, plan_escalations, set_off_due
from haochaping.rectification.operations.silence import wait_for_verdict
from haochaping.rectification.queries import order as view
from haochaping.rectification.states import Act, State
from tests.escalations import OURS, decided
from tests.orders import City, do_act, lead_to, make_official, make_superior, open_order

DAY = timedelta(days=1)
SAID = "整改没有到位，请重新整改。"
VERDICT = """
[[verdict]]
from = 2026-10-01
document = "d"
article = "第六条"
[verdict.value]
scale = [{{ key = "yes", label = "满意", satisfied = true }}, {{ key = "no", label = "不满意", satisfied = false }}]
limit = {{ n = 7, unit = "calendar_day", after = "answer", count_first = false }}
unsatisfied = "{}"
"""
STEP = """
[[steps]]
key = "{}"
from = 2026-10-01
document = "d"
article = "第七条"
value = {{ limit = {{ n = {}, unit = "workday", after = "{}", count_first = false }} }}
"""
RESPONSIBLE = """
[[responsibility]]
key = "supervision"
from = 2026-10-01
document = "d"
article = "第八条"
value = { by = "province_authority" }
"""
TALK = """
[[escalations]]
key = "talk"
from = 2026-10-01
document = "d"
article = "第九条"
value = { on = "unsatisfied", action = "talk", to = "same_level_authority", times = 2 }
"""
NEVER = "《关于差评工单催办的决定（示例）》"


@pytest.fixture
def by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Laying":
    return Laying(tmp_path, monkeypatch)


class Laying:
    """Lays rules down within a block: a verdict that sets this off, and more."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, patch

    def __call__(self, sets_off: str, *more: str) -> AbstractContextManager[Path]:
        text = OURS.partition("[[escalations]]")[0] + VERDICT.format(sets_off) + "".join(more)
        return decided(self.folder, self.patch, text)


def judged(order: WorkOrder, now: datetime, sets_off: str, *, answers: int = 1) -> WorkOrder:
    """The rater is not satisfied, as the door keeps it."""
    Verdict.objects.create(
        id=new_id(now),
        rating_id=order.subject_id,
        answers=answers,
        answer="no",
        satisfied=False,
        sets_off=sets_off,
        silent=False,
        received_at=now,
        submission=bytes([answers]) * 16,
        clause=f"{NEVER}第六条",
        profile="ours",
    )
    BadRating.objects.create(rating_id=order.subject_id, received_at=now)
    assert open_orders(now=now, limit=10) == 0
    order.refresh_from_db()
    return order


def sweep(now: datetime) -> int:
    plan_escalations(now=now, limit=100)
    count_times(now=now + GRACE, limit=100)
    return set_off_due(now=now + GRACE, limit=100).set_off


def midnight(after: datetime) -> datetime:
    return datetime.combine(after.astimezone(CN).date() + DAY, datetime.min.time(), CN)


@pytest.mark.parametrize("last", [Act.ANSWER, Act.CLOSE])
def test_supervision_has_its_owner_limit_and_clause_and_is_done_by_that_body_alone(
    by: Laying, city: City, handler: UUID, officer: UUID, now: datetime, last: Act
) -> None:
    above = make_official(make_superior(city), now, "above", Role.AUTHORITY_OFFICER)
    with by("supervise", STEP.format("supervision", 3, "verdict"), RESPONSIBLE):
        order = judged(lead_to(open_order(city, now), last, handler, now), now + DAY, "supervise")
        state, answer, closed = order.state, order.answer, order.closed_at
        limit = OrderDeadline.objects.get(order=order, step="supervision")
        # Three working days after Tuesday 24 November.
        assert (limit.due_at, limit.clause) == (datetime(2026, 11, 28, tzinfo=CN), f"{NEVER}第七条")
        seen = view(official_id=above, order_id=order.id, now=now + DAY)
        assert seen.follow_up is not None
        assert (seen.follow_up.set_off, seen.follow_up.organisation, seen.follow_up.done) == (
            "supervise",
            "省政务服务管理局",
            False,
        )
        assert {offer.act for offer in seen.offers} >= {Act.SUPERVISE, Act.REOPEN}
        assert Act.SUPERVISE not in {
            each.act for each in view(official_id=officer, order_id=order.id, now=now + DAY).offers
        }
        for who, code in ((handler, "not_handler"), (officer, "not_the_supervisor")):
            with pytest.raises(NotAllowed) as refused:
                do_act(order, Act.SUPERVISE, who, now + DAY, SAID)
            assert refused.value.code == code
        order = do_act(order, Act.SUPERVISE, above, now + 2 * DAY, "已经到现场复查，整改到位。")
        assert (order.state, order.answer, order.closed_at) == (state, answer, closed)
        assert order.silence_at is None, "he has said what he thinks"
        limit.refresh_from_db()
        assert limit.met_at == now + 2 * DAY
        assert AuditEntry.objects.get(act="order.supervise").clause == f"{NEVER}第六条"
        with pytest.raises(Conflict) as again:
            do_act(order, Act.REOPEN, above, now + 2 * DAY, SAID)
        assert again.value.code == "nothing_set_off"


def test_the_body_is_told_when_the_day_of_the_verdict_is_over_and_when_it_is_late(
    by: Laying, city: City, handler: UUID, officer: UUID, now: datetime
) -> None:
    overdue = OURS.partition("[[escalations]]")[2].split("[[escalations]]")[1]
    with by("supervise", STEP.format("supervision", 3, "verdict"), "[[escalations]]" + overdue):
        order = judged(lead_to(open_order(city, now), Act.CLOSE, handler, now), now + DAY, "supervise")
        assert sweep(now + DAY) == 0
        assert sweep(midnight(now + DAY)) == 1
        (told,) = escalations_of(order_id=order.id, now=now)
        assert (told.happened, told.action, told.body, told.step, told.last_day) == (
            "unsatisfied",
            "supervision",
            "same_level_authority",
            "",
            None,
        )
        assert Notice.objects.get(official_id=officer).superior
        assert sweep(datetime(2026, 11, 28, tzinfo=CN)) == 1
        late = Notice.objects.get(kind="overdue", official_id=officer)
        assert (late.step, late.superior, late.last_day) == ("supervision", False, date(2026, 11, 27))
        assert sweep(now + 30 * DAY) == 0


def test_reported_up_it_goes_to_the_level_above_which_can_have_it_set_right_anew_within_that_limit(
    by: Laying, city: City, handler: UUID, now: datetime
) -> None:
    above = make_official(make_superior(city), now, "above", Role.AUTHORITY_OFFICER)
    with by("escalate", STEP.format("rework", 5, "reopening")):
        order = judged(lead_to(open_order(city, now), Act.CLOSE, handler, now), now + DAY, "escalate")
        sweep(midnight(now + DAY))
        assert [(each.action, each.body) for each in escalations_of(order_id=order.id, now=now)] == [
            ("report", "level_above_authority")
        ]
        assert not OrderDeadline.objects.filter(order=order, step="supervision").exists(), "未规定"
        order = do_act(order, Act.REOPEN, above, now + 2 * DAY, SAID)
        assert (order.state, order.finding, order.answer, order.closed_at) == (State.OPENED, "", "", None)
        # Five working days after Wednesday 25 November, instead of the fifteen after the verification.
        due = datetime(2026, 12, 3, tzinfo=CN)
        assert order.due_at == due
        order = do_act(order, Act.TAKE, handler, now + 2 * DAY)
        order = do_act(order, Act.VERIFY, handler, now + 3 * DAY, "情况属实。", finding="true")
        assert dict(OrderDeadline.objects.filter(order=order).values_list("step", "due_at")) == {
            "rework": due
        }
        assert order.due_at == due
        order = do_act(order, Act.RECTIFY, handler, now + 3 * DAY, "已增设两个窗口。")
        assert OrderDeadline.objects.get(order=order, step="rework").met_at == now + 3 * DAY
        order = do_act(order, Act.ANSWER, handler, now + 3 * DAY, "我们已经增设两个窗口，请您监督。")
        wait_for_verdict(order)
        seen = view(official_id=above, order_id=order.id, now=now + 4 * DAY)
        assert seen.follow_up is not None
        assert seen.follow_up.done


def test_a_rework_after_the_rater_alone_has_its_own_limit_too(
    by: Laying, city: City, handler: UUID, now: datetime
) -> None:
    with by("reopen", STEP.format("rework", 5, "reopening")):
        order = judged(lead_to(open_order(city, now), Act.CLOSE, handler, now), now + DAY, "reopen")
        assert (order.state, order.due_at) == (State.OPENED, datetime(2026, 12, 2, tzinfo=CN))
        seen = view(official_id=handler, order_id=order.id, now=now + DAY)
        assert seen.follow_up is None, "nobody else is waited for"


def test_a_review_goes_to_who_can_do_it_and_what_happens_again_goes_further(
    by: Laying, city: City, handler: UUID, officer: UUID, now: datetime
) -> None:
    with by("review", TALK):
        order = judged(lead_to(open_order(city, now), Act.ANSWER, handler, now), now + DAY, "review")
        sweep(midnight(now + DAY))
        assert {each.action for each in escalations_of(order_id=order.id, now=now)} == {"named:复查"}
        order = do_act(order, Act.REOPEN, officer, now + DAY, SAID)
        for act, text in ((Act.TAKE, ""), (Act.VERIFY, "情况属实。"), (Act.RECTIFY, "已改。")):
            said = {"finding": "true"} if act is Act.VERIFY else {}
            order = do_act(order, act, handler, now + 2 * DAY, text, **said)
        order = do_act(order, Act.ANSWER, handler, now + 2 * DAY, "我们已经增设两个窗口，请您监督。")
        order = judged(order, now + 3 * DAY, "review", answers=2)
        sweep(midnight(now + 3 * DAY))
        actions = [each.action for each in escalations_of(order_id=order.id, now=now)]
        assert sorted(actions) == ["named:复查", "named:复查", "talk"]
        assert Act.REOPEN in {
            each.act for each in view(official_id=officer, order_id=order.id, now=now + 4 * DAY).offers
        }
