"""Coverage of Kunming: what was reported, rateable, connected on some days is no gap; everything else is one, by name."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from haochaping.accounts.operations.clients import create_client
from haochaping.cases.facts import ON_THE_SPOT, ONLINE
from haochaping.cases.models import SenderDay, ServiceOccasion
from haochaping.cli.main import main
from haochaping.foundation.ids import new_id
from haochaping.foundation.sheets.workbook_reading import Workbook
from haochaping.oversight.queries.coverage import coverage
from haochaping.oversight.rules import Coverage, Covered, Gap, Kind
from haochaping.ratings.models import Rating
from haochaping.registry import models as registry
from haochaping.registry import queries
from haochaping.registry.operations import import_registry
from tests.occasions import database_address
from tests.reporting import AUTHORITY, REGISTRY

BUREAU, HALL = "11532216MB3585447A", "H530100"
TODAY = date(2026, 11, 23)
DAYS = 30
FIRST = TODAY - timedelta(days=DAYS - 1)


@pytest.fixture
def kunming(db: None, now: datetime) -> Mapping[str, int]:
    """Ids of what the tests speak of."""
    import_registry(directory=REGISTRY, now=now, actor="test")
    window = registry.WindowRecord.objects.filter(organisation__credit_code=BUREAU, hall__code=HALL).order_by(
        "window__code"
    )[0]
    staff = registry.StaffRecord.objects.get(window_id=window.window_id)
    item = registry.ItemRecord.objects.filter(organisation_id=window.organisation_id).order_by(
        "item__handle_item"
    )[0]
    return {
        "division_id": registry.Division.objects.get(code="530100").id,
        "organisation_id": window.organisation_id,
        "hall_id": window.hall_id,
        "window_id": window.window_id,
        "staff_id": staff.staff_id,
        "item_id": item.item_id,
    }


def serve(subject: Mapping[str, int], day: date, now: datetime, **changes: Any) -> None:
    ServiceOccasion.objects.create(
        id=new_id(now),
        case_id=new_id(now),
        service_number=1,
        service_name="受理",
        service_at=now,
        service_day=day,
        profile="kunming",
        version_id=new_id(now),
        **{**subject, "late": False, **changes},
    )


def rate(subject: Mapping[str, int], day: date, channel: int, now: datetime) -> None:
    Rating.objects.create(
        id=new_id(now),
        level=5,
        channel=channel,
        origin="citizen",
        named=False,
        norm_version=2,
        received_at=now,
        submission=b"x",
        service_day=day,
        profile="kunming",
        **subject,
    )


def asked(*codes: str) -> Coverage:
    """Of these organisations; of all, if none is named."""
    every = {one.credit_code: one.id for one in queries.organisations(TODAY)}
    return coverage(organisations=[every[code] for code in codes or every], on=TODAY, days=DAYS)


def gaps(found: Coverage, kind: Kind) -> list[Gap]:
    return [gap for gap in found.gaps if gap.kind is kind]


def test_before_anything_is_reported_everything_is_a_gap_by_code_and_name(kunming) -> None:
    found = asked()
    assert {kind: (each.covered, each.total) for kind, each in found.totals.items()} == {
        Kind.ITEM: (0, 330),
        Kind.WINDOW: (0, 220),
        Kind.STAFF: (0, 220),
        Kind.HALL: (0, 15),
        Kind.CHANNEL: (0, 15 * 3 + 2 * len({gap.organisation_id for gap in gaps(found, Kind.ITEM)})),
        Kind.SENDER: (0, 0),
    }
    assert ("11532216MB3585447A075301000000001", "户口迁移") in {(gap.code, gap.name) for gap in found.gaps}
    assert len(found.gaps) == sum(each.missing for each in found.totals.values())
    # Halls are the authority's of their division.
    assert {gap.organisation_id for gap in gaps(found, Kind.HALL) if gap.code == HALL} == {
        queries.organisation_id_by_credit_code(AUTHORITY)
    }


def test_an_occasion_covers_item_window_staff_and_hall_on_its_day(kunming, now) -> None:
    serve(kunming, FIRST, now)
    found = asked()
    assert [found.totals[kind].covered for kind in (Kind.ITEM, Kind.WINDOW, Kind.STAFF, Kind.HALL)] == [
        1,
        1,
        1,
        1,
    ]
    of = {one.code: one for one in found.organisations}
    assert of[BUREAU].counts[Kind.ITEM].covered == of[AUTHORITY].counts[Kind.HALL].covered == 1
    alone = asked(AUTHORITY)
    assert HALL not in {gap.code for gap in gaps(alone, Kind.HALL)}
    assert asked(BUREAU).organisations[0].counts[Kind.WINDOW] == of[BUREAU].counts[Kind.WINDOW]


def test_what_was_served_on_other_days_covers_nothing(kunming, now) -> None:
    serve(kunming, FIRST - timedelta(days=1), now)
    serve(kunming, TODAY + timedelta(days=1), now)
    assert sum(each.covered for each in asked().totals.values()) == 0


def test_a_late_report_covers_the_item_but_was_never_rateable(kunming, now) -> None:
    serve(kunming, TODAY, now, late=True)
    found = asked()
    assert [found.totals[kind].covered for kind in (Kind.ITEM, Kind.WINDOW, Kind.STAFF, Kind.HALL)] == [
        1,
        0,
        0,
        0,
    ]


def test_a_channel_is_connected_by_a_rating(kunming, now) -> None:
    rate(kunming, TODAY, 2, now)
    rate(kunming, TODAY, 4, now)
    rate(kunming, FIRST - timedelta(days=1), 3, now)
    rate({**kunming, "hall_id": None, "window_id": None, "staff_id": None}, TODAY, 5, now)
    found = asked()
    assert found.totals[Kind.CHANNEL].covered == 2
    assert [gap.channel for gap in gaps(found, Kind.CHANNEL) if gap.code == BUREAU] == [1]
    assert [gap.channel for gap in gaps(found, Kind.CHANNEL) if gap.code == HALL] == [3, 5]


def test_a_silent_sender_is_a_gap_with_its_last_day(kunming, now) -> None:
    for platform, day in (("talks", TODAY), ("silent", TODAY - timedelta(days=7)), ("mute", None)):
        create_client(organisation=BUREAU, rights=["report"], actor="test", now=now, platform=platform)
        if day:
            numbers = dict.fromkeys(
                (
                    "calls",
                    "rejected",
                    "repeated",
                    "updated",
                    "conflicting",
                    "quarantined",
                    "accepted",
                    "late",
                ),
                1,
            )
            SenderDay.objects.create(platform=platform, day=day, **numbers)
    found = asked()
    assert found.totals[Kind.SENDER] == Covered(1, 3)
    assert [(gap.code, gap.last_day) for gap in gaps(found, Kind.SENDER)] == [
        ("mute", None),
        ("silent", TODAY - timedelta(days=7)),
    ]


def test_what_has_ended_by_the_day_is_asked_of_nobody(kunming) -> None:
    registry.WindowRecord.objects.filter(window_id=kunming["window_id"]).update(
        valid_to=TODAY - timedelta(days=1)
    )
    assert asked().totals[Kind.WINDOW].total == 219


def test_each_thing_can_be_looked_up_in_an_index_of_its_own(kunming) -> None:
    """To read all occasions for it is what a province could not bear. On tables as small as these it would be chosen."""
    from haochaping.cases.queries.coverage import _RATEABLE_STAFF, _RATEABLE_WINDOWS, _REPORTED_ITEMS
    from haochaping.ratings.queries import _CAME_THROUGH

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        span = [FIRST, TODAY]
        for statement, index in (
            (_REPORTED_ITEMS, "occasion_of_item"),
            (_RATEABLE_WINDOWS, "occasion_at_window"),
            (_RATEABLE_STAFF, "occasion_by_staff"),
        ):
            cursor.execute(f"EXPLAIN {statement}", [[1, 2], *span])
            assert index in str(cursor.fetchall())
        for column, channels, index in (
            ("hall_id", ON_THE_SPOT, "rating_on_the_spot"),
            ("organisation_id", ONLINE, "rating_came_online"),
        ):
            statement = _CAME_THROUGH.format(column=column, channels=list(channels))
            cursor.execute(f"EXPLAIN {statement}", [[1], *span])
            assert index in str(cursor.fetchall())


def test_the_command_tells_and_writes_everything(
    committed_db: None,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_address())
    import_registry(directory=REGISTRY, now=now, actor="test")
    file = tmp_path / "gaps.xlsx"
    asked = ["coverage", "--organisation", BUREAU, "--on", TODAY.isoformat(), "--days", "7"]
    assert main([*asked, "--output", str(file)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("2026-11-17 至 2026-11-23 的办件服务，1 个机构\n")
    assert "户口迁移" in said
    with Workbook(file) as workbook:
        assert workbook.sheets == ("覆盖缺口", "覆盖率")
        rows = [row.cells for row in workbook.rows("覆盖缺口")][1:]
    assert {row[0] for row in rows} == {BUREAU}
    assert ("事项", "11532216MB3585447A075301000000001", "户口迁移") in {row[2:5] for row in rows}
    assert main(["coverage", "--organisation", "X"]) == 1
    assert "no organisation X" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*asked, "--output", str(file)])
    assert "is there already" in capsys.readouterr().err
