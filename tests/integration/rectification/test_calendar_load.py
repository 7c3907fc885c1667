"""A new year begins without its notice; the notice comes in, and every open deadline is counted by it."""

import os
from argparse import Namespace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.template.loader import render_to_string

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.cases.instants import Progress, derive
from haochaping.cases.models import Case, ServiceOccasion, Waiting
from haochaping.cases.operations import recount_waiting
from haochaping.cli.calendar_load import load_file, run, summary
from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.ids import new_id
from haochaping.jobs.daily import deadlines as nightly
from haochaping.policy.calendars import missing_year
from haochaping.policy.rule_files import RuleDirs, operator_dir
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.sources import RULES_DIR, RulesError
from haochaping.ratings.models import DefaultRating
from haochaping.ratings.operations import default_due
from haochaping.rectification.listing import DeskFilter, desk
from haochaping.rectification.models import OrderDeadline, WorkOrder
from haochaping.rectification.operations import rederive_deadlines
from haochaping.rectification.rulebook import rulebook as kept_rulebook
from haochaping.rectification.rules import ClockKind
from haochaping.rectification.states import Act
from tests.objections import People
from tests.objections import file as file_objection
from tests.orders import City, lead_to, make_official, open_order

NOTICE = """
year = 2027
[documents.notice]
title = "国务院办公厅关于2027年部分节假日安排的通知（示例）"
number = "示例〔2026〕1号"
[[holidays]]
name = "元旦"
from = 2027-01-01
to = 2027-01-03
makeup = [2026-12-27]
document = "notice"
"""
# Wednesday 23 December; five working days: 24, 25, 28, 29, 30 assumed; with the 27th worked: 24, 25, 27, 28, 29.
SERVED = date(2026, 12, 23)
NEW_YEAR = datetime(2027, 1, 1, 9, 0, tzinfo=CN)


@pytest.fixture
def notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The notice, and a data directory in which it is kept."""
    monkeypatch.delenv("HAOCHAPING_RULES_DIR", raising=False)
    _data(tmp_path / "data", monkeypatch)
    path = tmp_path / "2027.toml"
    path.write_text(NOTICE, encoding="utf-8")
    return path


def _data(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty data directory, with the keys of the one before."""
    data.mkdir()
    (data / "keys").symlink_to(Path(os.environ["HAOCHAPING_DATA"]) / "keys")
    monkeypatch.setenv("HAOCHAPING_DATA", str(data))


def wait_for_rating(city: City, day: date) -> Waiting:
    """An occasion that waits as the door left it, by the calendar of that time."""
    at = datetime(day.year, day.month, day.day, 10, tzinfo=CN)
    case = Case.objects.create(
        id=new_id(at), platform="test", project_no=f"N{new_id(at)}", status=2, accepted_at=at
    )
    occasion = ServiceOccasion.objects.create(
        id=new_id(at),
        case=case,
        service_number=1,
        service_name="受理",
        service_at=at,
        service_day=day,
        division_id=city.division,
        organisation_id=city.police,
        item_id=city.item,
        late=False,
        profile="kunming",
        version_id=new_id(at),
    )
    profile = Rulebook.load().profile("530100", day)
    instants = derive(profile, Progress(2, at).events(at), known_at=at)
    return Waiting.objects.create(id=occasion.id, known_at=at, **instants._asdict())


def both(waiting: Waiting) -> tuple[tuple[datetime | None, bool], tuple[datetime | None, bool]]:
    """Window and default."""
    return (
        (waiting.window_at, waiting.window_provisional),
        (waiting.default_at, waiting.default_provisional),
    )


def verified_order(city: City, at: datetime) -> tuple[WorkOrder, UUID]:
    handler = make_official(city.police, at, "handler", Role.ORGANISATION_HANDLER)
    return lead_to(open_order(city, at, service_day=SERVED), Act.VERIFY, handler, at), handler


def test_old_and_new_are_listed_kept_and_audited_once(city: City, notice: Path) -> None:
    waiting = wait_for_rating(city, SERVED)
    settled = wait_for_rating(city, date(2026, 12, 2))
    before = both(settled)
    assert both(waiting) == ((datetime(2026, 12, 31, tzinfo=CN), True),) * 2
    order, _ = verified_order(city, datetime(2026, 12, 24, 9, 0, tzinfo=CN))
    assert (order.due_at, order.due_provisional) == (datetime(2027, 1, 15, tzinfo=CN), True)

    tried = load_file(notice, now=NEW_YEAR, dry_run=True)
    waiting.refresh_from_db()
    assert waiting.window_provisional
    assert not AuditEntry.objects.filter(act="calendar.load").exists()

    found = load_file(notice, now=NEW_YEAR)
    assert found == tried
    told = summary(found, 2027, dry_run=False)
    assert told[0] == "评价期限 530100 2026-12-23 服务的1件：2026-12-30（推定） → 2026-12-29"
    assert told[1] == "默认评价 530100 2026-12-23 服务的1件：2026-12-30（推定） → 2026-12-29"
    # Assumed 25, 28 to 31 December, 1, 4 to 8, 11 to 14 January; by the notice the 27th is worked and the 1st is not.
    assert told[2] == f"整改期限 {order.number}：2027-01-14（推定） → 2027-01-14"
    for row in (waiting, settled, order):
        row.refresh_from_db()
    assert both(waiting) == ((datetime(2026, 12, 30, tzinfo=CN), False),) * 2
    assert both(settled) == before
    assert (order.due_at, order.due_provisional) == (datetime(2027, 1, 15, tzinfo=CN), False)
    entry = AuditEntry.objects.get(act="calendar.load")
    assert (entry.subject, entry.detail) == ("calendar:2027", {"instants": 2, "orders": 1})
    assert entry.clause == "《国务院办公厅关于2027年部分节假日安排的通知（示例）》示例〔2026〕1号"

    again = load_file(notice, now=NEW_YEAR)
    assert (again.occasions, again.orders, again.changed) == ((), (), False)
    (row,) = OrderDeadline.objects.filter(order=order)
    assert (row.step, row.due_at, row.provisional, row.was_at) == ("rectification", order.due_at, False, None)
    assert AuditEntry.objects.filter(act="calendar.load").count() == 1
    assert 2027 in Rulebook.load().calendar.years


def test_the_limit_of_an_objection_is_counted_anew_as_well(city: City, notice: Path) -> None:
    at = datetime(2026, 12, 24, 9, 0, tzinfo=CN)
    people = People(city, at)
    filed = file_objection(open_order(city, at, service_day=SERVED), people.handler, at)
    # Assumed 25, 28 to 31 December, 1, 4 to 7 January; with the 27th worked and the 1st off: the same last day.
    assert (filed.due_at, filed.due_provisional) == (datetime(2027, 1, 8, tzinfo=CN), True)
    found = load_file(notice, now=NEW_YEAR)
    assert [(each.number, each.new_provisional) for each in found.objections] == [(filed.order.number, False)]
    told = f"复核期限 {filed.order.number}：2027-01-07（推定） → 2027-01-07"
    assert told in summary(found, 2027, dry_run=False)
    filed.refresh_from_db()
    assert (filed.due_at, filed.due_provisional) == (datetime(2027, 1, 8, tzinfo=CN), False)
    assert load_file(notice, now=NEW_YEAR).objections == ()


def test_the_new_year_runs_without_its_notice(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _data(tmp_path / "data", monkeypatch)
    waiting = wait_for_rating(city, local_day(NEW_YEAR))
    assert waiting.window_provisional
    assert default_due(now=datetime(2027, 3, 1, tzinfo=UTC)) == 0
    assert not DefaultRating.objects.exists()
    assert Waiting.objects.filter(id=waiting.id).exists()
    order, handler = verified_order(city, NEW_YEAR)
    assert order.due_provisional
    (row,) = desk(official_id=handler, now=datetime(2027, 3, 1, tzinfo=UTC), filters=DeskFilter()).rows
    assert row.clock.kind is ClockKind.PROVISIONAL_OVER


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 11, 30), None),
        (date(2026, 12, 1), 2027),
        (date(2027, 1, 1), 2027),
        (date(2025, 12, 1), None),
    ],
)
def test_from_december_on_a_missing_year_is_an_alarm(today: date, missing: int | None) -> None:
    assert missing_year(Rulebook.load().calendar, today) == missing


def test_a_broken_notice_changes_nothing(city: City, notice: Path) -> None:
    waiting = wait_for_rating(city, SERVED)
    notice.write_text(NOTICE.replace("2027-01-03", "2026-12-31"), encoding="utf-8")
    with pytest.raises(RulesError, match=r"2027\.toml"):
        load_file(notice, now=NEW_YEAR)
    waiting.refresh_from_db()
    assert waiting.window_provisional


def test_a_refused_file_is_told_before_any_database_is_needed(
    notice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notice.write_text("year = 2028", encoding="utf-8")
    assert run(Namespace(file=notice, dry_run=False, json=False, replace=False)) == 1
    assert "is 2028, but the file is named 2027.toml" in capsys.readouterr().err


def test_the_desk_says_that_the_notice_is_missing() -> None:
    page = render_to_string("console/desk.html", {"missing_calendar": 2027, "desk": {}, "filters": {}})
    assert "2027年的节假日安排尚未载入" in page
    assert "尚未载入" not in render_to_string(
        "console/desk.html", {"missing_calendar": None, "desk": {}, "filters": {}}
    )


def test_what_was_counted_without_the_notice_is_counted_again_at_night(city: City, notice: Path) -> None:
    load_file(notice, now=NEW_YEAR)
    waiting = wait_for_rating(city, SERVED)
    assert not waiting.window_provisional
    before = {"window_at": datetime(2026, 12, 31, tzinfo=CN), "window_provisional": True}
    Waiting.objects.filter(id=waiting.id).update(**before)
    assert rederive_deadlines(rulebook=Rulebook.load(), now=NEW_YEAR, actor="system") == 1
    waiting.refresh_from_db()
    assert both(waiting) == ((datetime(2026, 12, 30, tzinfo=CN), False),) * 2
    assert rederive_deadlines(rulebook=Rulebook.load(), now=NEW_YEAR, actor="system") == 0
    assert AuditEntry.objects.get(act="calendar.rederive").detail == {"instants": 1, "orders": 0}


def rules_with(tmp_path: Path, extra: str) -> Rulebook:
    """The shipped rules, and a further rule for Kunming beside them."""
    folder = tmp_path / "more" / "jurisdictions" / "further"
    folder.mkdir(parents=True)
    head = '[jurisdiction]\nname = "示例"\nlayer = "operator"\napplies_to = ["530100"]\n'
    (folder / "profile.toml").write_text(
        head + '[documents.d]\ntitle = "示例规定"\n' + extra, encoding="utf-8"
    )
    return Rulebook.of(RuleDirs.with_operator((folder.parents[1],), operator_dir()))


def test_a_window_that_depends_on_more_than_the_day_is_counted_by_the_facts_that_are_kept(
    city: City, tmp_path: Path
) -> None:
    """Promised cases have nine working days from acceptance, and silence stands for 满意 after three."""
    waiting, other = wait_for_rating(city, date(2026, 12, 2)), wait_for_rating(city, date(2026, 12, 2))
    ServiceOccasion.objects.filter(id=waiting.id).update(case_type="promised", place="online")
    rules = """
[[window]]
from = 2020-06-02
document = "d"
article = "第一条"
only = { case_types = ["promised"] }
value = { n = 9, unit = "workday", after = "acceptance", count_first = false }
[[default]]
from = 2020-06-02
document = "d"
article = "第二条"
only = { places = ["online"] }
value = { level = 4, limit = { n = 3, unit = "workday", after = "service", count_first = false } }
"""
    moved = recount_waiting(rulebook=rules_with(tmp_path, rules), now=NEW_YEAR)
    assert [(each.kind, each.number, each.old, each.new) for each in moved] == [
        ("window", 1, datetime(2026, 12, 10, tzinfo=CN), datetime(2026, 12, 16, tzinfo=CN)),
        ("default", 1, datetime(2026, 12, 10, tzinfo=CN), datetime(2026, 12, 8, tzinfo=CN)),
    ]
    waiting.refresh_from_db()
    assert waiting.silence_level == 4
    assert ServiceOccasion.objects.get(id=waiting.id).profile.startswith("further@")
    assert ServiceOccasion.objects.get(id=other.id).profile == "kunming"


def test_an_order_is_counted_anew_by_the_rules_of_its_verification(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Article 1 of the further rule came into force between the service and the verification: it governs the step."""
    newer = """
[[rectification]]
from = 2026-11-20
document = "d"
article = "第一条"
value = { n = 7, unit = "workday", after = "verification", count_first = false }
"""
    rules = rules_with(tmp_path, newer)
    monkeypatch.setattr("haochaping.rectification.operations.acting.rulebook", lambda: rules)
    verified = datetime(2026, 11, 23, 9, 0, tzinfo=CN)
    handler = make_official(city.police, verified, "handler", Role.ORGANISATION_HANDLER)
    order = lead_to(open_order(city, verified, service_day=date(2026, 11, 19)), Act.VERIFY, handler, verified)
    assert order.due_at == datetime(2026, 12, 3, tzinfo=CN)
    assert rederive_deadlines(rulebook=rules, now=verified, actor="system") == 0
    order.refresh_from_db()
    assert order.due_at == datetime(2026, 12, 3, tzinfo=CN)


def test_a_worker_from_before_the_notice_moves_nothing_back(city: City, notice: Path) -> None:
    waiting = wait_for_rating(city, SERVED)
    kept_rulebook()  # read before the notice, as a running worker has
    load_file(notice, now=NEW_YEAR)
    assert nightly.run(now=NEW_YEAR) == 0
    waiting.refresh_from_db()
    assert both(waiting) == ((datetime(2026, 12, 30, tzinfo=CN), False),) * 2


# What is refused, and what is left when something breaks


def test_a_year_with_other_days_is_only_replaced_when_that_is_said(city: City, notice: Path) -> None:
    load_file(notice, now=NEW_YEAR)
    waiting = wait_for_rating(city, SERVED)
    notice.write_text(NOTICE.replace("[2026-12-27]", "[2026-12-26]"), encoding="utf-8")
    with pytest.raises(RulesError, match=r"2 day\(s\) in another way: 2026-12-26, 2026-12-27; look which"):
        load_file(notice, now=NEW_YEAR)
    assert load_file(notice, now=NEW_YEAR, replace=True).changed
    waiting.refresh_from_db()
    assert waiting.window_at == datetime(2026, 12, 30, tzinfo=CN)
    assert Rulebook.load().calendar.is_workday(date(2026, 12, 26))
    assert AuditEntry.objects.filter(act="calendar.load").count() == 2


def test_a_year_of_the_product_is_known(city: City, notice: Path) -> None:
    shipped = RULES_DIR / "calendars" / "CN" / "2026.toml"
    same = notice.with_name("2026.toml")
    same.write_bytes(shipped.read_bytes())
    found = load_file(same, now=NEW_YEAR)
    assert not found.changed
    assert summary(found, 2026, dry_run=False)[-1] == "2026年的工作日历先前已载入，内容相同，没有更改。"
    assert not (notice.parent / "data" / "rules").exists()
    same.write_text(same.read_text("utf-8").replace("to = 2026-01-03", "to = 2026-01-02"), encoding="utf-8")
    with pytest.raises(RulesError, match=r"2026 is in already.*: 2026-01-03; look which one"):
        load_file(same, now=NEW_YEAR)


def test_a_broken_year_is_mended_by_loading_it_again(city: City, notice: Path) -> None:
    load_file(notice, now=NEW_YEAR)
    kept = notice.parent / "data" / "rules" / "calendars" / "CN" / "2027.toml"
    kept.write_text(NOTICE[:50], encoding="utf-8")
    with pytest.raises(RulesError, match=r"calendars/CN/2027\.toml"):
        Rulebook.load()
    load_file(notice, now=NEW_YEAR)
    assert 2027 in Rulebook.load().calendar.years


def test_a_full_disk_moves_no_deadline_and_leaves_no_half_file(
    city: City, notice: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = wait_for_rating(city, SERVED)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RulesError, match=r"cannot be kept in .*No space left on device.*nothing has changed"):
        load_file(notice, now=NEW_YEAR)
    waiting.refresh_from_db()
    assert waiting.window_provisional
    assert list((notice.parent / "data" / "rules").rglob("*.*")) == []
    assert not AuditEntry.objects.filter(act="calendar.load").exists()


def test_a_file_that_was_kept_without_its_rows_is_made_whole_by_loading_it_again(
    city: City, notice: Path
) -> None:
    waiting = wait_for_rating(city, SERVED)
    kept = notice.parent / "data" / "rules" / "calendars" / "CN" / "2027.toml"
    kept.parent.mkdir(parents=True)
    kept.write_text(NOTICE, encoding="utf-8")  # as one leaves it who is killed before the commit
    assert load_file(notice, now=NEW_YEAR).changed
    waiting.refresh_from_db()
    assert not waiting.window_provisional
    assert AuditEntry.objects.filter(act="calendar.load").count() == 1
    assert not load_file(notice, now=NEW_YEAR).changed


def test_without_a_place_to_keep_it_nothing_is_counted(notice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HAOCHAPING_DATA")
    with pytest.raises(RulesError, match="set HAOCHAPING_DATA or HAOCHAPING_RULES_DIR"):
        load_file(notice, now=NEW_YEAR)
