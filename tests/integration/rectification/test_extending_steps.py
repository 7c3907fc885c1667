"""More time for another step than the rectification, where the rules lay it down: asked, granted, refused, by silence."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed
from haochaping.rectification.models import OrderDeadline, WorkOrder
from haochaping.rectification.operations import lapse
from haochaping.rectification.queries import order as view
from haochaping.rectification.states import Act
from tests.escalations import OURS, decided
from tests.orders import City, do_act, make_official, open_order

# Five working days to verify, two more by the authority of the same level, asked for in time, decided within one.
RULES = (
    OURS.partition("[[escalations]]")[0]
    + """
[[steps]]
key = "verification"
from = 2026-10-01
document = "d"
article = "第五条"
value = { limit = { n = 5, unit = "workday", after = "opening", count_first = false } }
[[extensions]]
key = "verification"
from = 2026-10-01
document = "d"
article = "第六条"
[extensions.value]
times = 1
limit = { n = 2, unit = "workday", after = "due", count_first = false }
granted_by = "same_level_authority"
decided = { n = 1, unit = "workday", after = "extension_request", count_first = false }
silence = "granted"
needs = ["reason"]
[[steps]]
key = "answer"
from = 2026-10-01
document = "d"
article = "第七条"
value = { limit = { n = 10, unit = "workday", after = "opening", count_first = false } }
[[steps]]
key = "approval"
from = 2026-10-01
document = "d"
article = "第九条"
value = { second_person = true, limit = { n = 2, unit = "workday", after = "rectification", count_first = false } }
[[extensions]]
key = "approval"
from = 2026-10-01
document = "d"
article = "第九条"
value = { needs = ["date"] }
[[extensions]]
key = "answer"
from = 2026-10-01
document = "d"
article = "第八条"
value = { needs = ["date"] }
"""
)
WHY = "要调取的录像还没有送到。"
CLAUSE = "《关于差评工单催办的决定（示例）》第六条"


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 11 if day > 22 else 12, day, hour, tzinfo=CN)


@pytest.fixture(autouse=True)
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with decided(tmp_path, monkeypatch, RULES) as path:
        yield path


@pytest.fixture
def handler(city: City) -> UUID:
    return make_official(city.police, at(23), "handler")


@pytest.fixture
def officer(city: City) -> UUID:
    return make_official(city.authority, at(23), "officer", Role.AUTHORITY_OFFICER)


@pytest.fixture
def order(city: City, handler: UUID) -> WorkOrder:
    """Opened on Monday 23 November, to be verified until the 30th."""
    found = do_act(open_order(city, at(23)), Act.TAKE, handler, at(23))
    assert due(found) == at(1, 0)
    return found


def due(order: WorkOrder, step: str = "verification") -> datetime | None:
    return OrderDeadline.objects.values_list("due_at", flat=True).get(order=order, step=step)


def test_asked_for_the_step_and_granted_by_the_body(
    city: City, order: WorkOrder, handler: UUID, officer: UUID
) -> None:
    (offer,) = (
        each
        for each in view(official_id=handler, order_id=order.id, now=at(24)).offers
        if each.act is Act.ASK_EXTENSION
    )
    assert offer.steps == ("verification", "answer")
    order = do_act(order, Act.ASK_EXTENSION, handler, at(24), WHY, step="verification")
    waits = OrderDeadline.objects.get(order=order, step="extension")
    assert (waits.organisation_id, waits.due_at, waits.clause) == (city.authority, at(26, 0), CLAUSE)
    with pytest.raises(Conflict) as twice:
        do_act(order, Act.ASK_EXTENSION, handler, at(24), WHY, step="answer", until="2026-12-30")
    assert twice.value.code == "waits"
    with pytest.raises(NotAllowed):
        do_act(order, Act.GRANT_EXTENSION, handler, at(24))
    order = do_act(order, Act.GRANT_EXTENSION, officer, at(24))
    assert due(order) == at(3, 0)
    assert AuditEntry.objects.get(act="order.grant_extension").clause == CLAUSE
    with pytest.raises(Invalid) as often:
        do_act(order, Act.ASK_EXTENSION, handler, at(25), WHY, step="verification")
    assert [problem.field for problem in often.value.problems] == ["step"]
    said = view(official_id=handler, order_id=order.id, now=at(25)).history[-1].said
    assert said == {"step": "verification"}


def test_refused_it_ends_when_it_did_and_silence_grants(
    order: WorkOrder, handler: UUID, officer: UUID, city: City
) -> None:
    order = do_act(order, Act.ASK_EXTENSION, handler, at(24), WHY, step="verification")
    order = do_act(order, Act.REFUSE_EXTENSION, officer, at(24), "录像今天可以送到。")
    assert due(order) == at(1, 0)
    order = do_act(order, Act.ASK_EXTENSION, handler, at(24), WHY, step="verification")
    assert lapse(now=at(25, 23), limit=10) == 0
    assert lapse(now=at(26, 0), limit=10) == 1
    assert lapse(now=at(26, 0), limit=10) == 0
    assert due(order) == at(3, 0)
    assert AuditEntry.objects.get(act="order.grant_extension").actor == "system"


def test_what_is_done_meanwhile_needs_no_more_time(order: WorkOrder, handler: UUID, officer: UUID) -> None:
    order = do_act(order, Act.ASK_EXTENSION, handler, at(24), WHY, step="verification")
    order = do_act(order, Act.VERIFY, handler, at(24), "情况属实。", finding="true")
    assert not OrderDeadline.objects.filter(order=order, step="extension").exists()
    with pytest.raises(Conflict) as nothing:
        do_act(order, Act.GRANT_EXTENSION, officer, at(24))
    assert nothing.value.code == "not_asked"
    assert lapse(now=at(27), limit=10) == 0


def test_where_nobody_grants_it_the_reason_and_the_date_are_enough(order: WorkOrder, handler: UUID) -> None:
    before = due(order, "answer")
    with pytest.raises(Invalid, match="日期"):
        do_act(order, Act.ASK_EXTENSION, handler, at(24), WHY, step="answer")
    order = do_act(order, Act.ASK_EXTENSION, handler, at(24), WHY, step="answer", until="2026-12-15")
    assert (before, due(order, "answer")) == (at(8, 0), at(16, 0))


def test_too_late_is_too_late(order: WorkOrder, handler: UUID) -> None:
    with pytest.raises(Invalid) as late:
        do_act(order, Act.ASK_EXTENSION, handler, at(1), WHY, step="verification")
    assert [problem.field for problem in late.value.problems] == ["step"]


def test_who_wrote_the_answer_does_not_approve_it_whoever_asked_for_more_time_between(
    order: WorkOrder, handler: UUID, city: City
) -> None:
    colleague = make_official(city.police, at(23), "colleague")
    for act, text in (
        (Act.VERIFY, "情况属实。"),
        (Act.RECTIFY, "已改。"),
        (Act.ANSWER, "我们已经增设一个窗口。"),
    ):
        said = {"finding": "true"} if act is Act.VERIFY else {}
        order = do_act(order, act, handler, at(24), text, **said)
    order = do_act(order, Act.ASK_EXTENSION, colleague, at(24), WHY, step="approval", until="2026-11-30")
    with pytest.raises(NotAllowed) as himself:
        do_act(order, Act.APPROVE, handler, at(25))
    assert himself.value.code == "same_person"
    assert do_act(order, Act.APPROVE, colleague, at(25)).state == "answered"
