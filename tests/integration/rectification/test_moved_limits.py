"""A notice on holidays comes in: each order whose limits it moves shows old and new date and the notice."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.template.loader import render_to_string

from haochaping.cli.calendar_load import load_file
from haochaping.foundation.clock import CN
from haochaping.jobs.daily import deadlines as nightly
from haochaping.policy.keeping import keeper
from haochaping.rectification.course.history import MovedView
from haochaping.rectification.models import OrderDeadline, WorkOrder
from haochaping.rectification.operations.calendar import notice_for
from haochaping.rectification.queries import order as view
from haochaping.rectification.states import Act, ClockMark
from tests.integration.rectification.test_calendar_load import NEW_YEAR, NOTICE, _data, verified_order
from tests.objections import People, file
from tests.orders import City, do_act, open_order

AT = datetime(2026, 12, 24, 9, 0, tzinfo=CN)
CLAUSE = "《国务院办公厅关于2027年部分节假日安排的通知（示例）》示例〔2026〕1号"


@pytest.fixture
def notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """One day off and none worked instead: what was counted over the first of January ends a working day later."""
    monkeypatch.delenv("HAOCHAPING_RULES_DIR", raising=False)
    _data(tmp_path / "data", monkeypatch)
    path = tmp_path / "2027.toml"
    path.write_text(NOTICE.replace("makeup = [2026-12-27]\n", ""), encoding="utf-8")
    yield path
    keeper.cache_clear()


def moves(order: WorkOrder, official: UUID) -> list[tuple[MovedView | None, str]]:
    found = view(official_id=official, order_id=order.id, now=NEW_YEAR).history
    return [(each.moved, each.clause) for each in found if each.moved]


def test_old_and_new_date_and_the_notice_stand_in_the_history(city: City, notice: Path) -> None:
    order, handler = verified_order(city, AT)
    revision = order.revision
    load_file(notice, now=NEW_YEAR, dry_run=True)
    assert moves(order, handler) == []
    load_file(notice, now=NEW_YEAR)
    moved = MovedView("rectification", date(2027, 1, 14), True, date(2027, 1, 15), False)
    assert moves(order, handler) == [(moved, CLAUSE)]
    step = view(official_id=handler, order_id=order.id, now=NEW_YEAR).history[-1]
    text = render_to_string("console/step_moved.html", {"step": step, "moved": step.moved})
    for words in ("期限重新计算", "原最后一日2027年1月14日（推定）", "现最后一日2027年1月15日", CLAUSE):
        assert words in " ".join(text.split()), words
    order.refresh_from_db()
    assert order.revision == revision + 1, "whoever has the page open is told that it is another now"
    load_file(notice, now=NEW_YEAR)
    assert len(moves(order, handler)) == 1, "the same again moves nothing"
    assert do_act(order, Act.RECTIFY, handler, NEW_YEAR, "已增设一个窗口。").state == "rectified"


def test_so_does_the_decision_on_an_objection_also_of_an_order_that_is_closed(
    city: City, notice: Path
) -> None:
    people = People(city, AT)
    order = open_order(city, AT)
    file(order, people.handler, AT)
    WorkOrder.objects.filter(id=order.id).update(state="closed", closed_at=AT)
    load_file(notice, now=NEW_YEAR)
    ((moved, clause),) = moves(order, people.handler)
    assert moved is not None
    assert (moved.step, moved.was, moved.until, clause) == (
        "decision",
        date(2027, 1, 7),
        date(2027, 1, 8),
        CLAUSE,
    )
    row = OrderDeadline.objects.get(order=order, step="decision")
    assert (row.provisional, row.due_at) == (False, datetime(2027, 1, 9, tzinfo=CN))


def test_what_a_process_without_the_notice_counted_is_moved_at_night_by_that_notice(
    city: City, notice: Path
) -> None:
    order, handler = verified_order(city, AT)
    before = OrderDeadline.objects.get(order=order)
    load_file(notice, now=NEW_YEAR)
    old = {"due_at": before.due_at, "provisional": True}
    OrderDeadline.objects.filter(order=order).update(**old)
    assert nightly.run(now=NEW_YEAR) == 1
    assert [clause for _, clause in moves(order, handler)] == [CLAUSE, CLAUSE]
    # What was settled before was moved by something else.
    OrderDeadline.objects.filter(order=order).update(due_at=before.due_at)
    assert nightly.run(now=NEW_YEAR) == 1
    assert moves(order, handler)[-1][1] == ""
    assert order.steps.filter(act=ClockMark.RECOUNTED).count() == 3


@pytest.mark.parametrize(
    ("due", "year"),
    [("2027-01-15", "2027"), ("2026-12-20", "2026"), ("2026-12-21", "2027"), ("2028-02-01", "")],
)
def test_the_notice_is_that_of_the_last_days_year(due: str, year: str) -> None:
    at = datetime.fromisoformat(due).replace(tzinfo=CN)
    assert notice_for(at, {2026: "2026", 2027: "2027"}) == year
