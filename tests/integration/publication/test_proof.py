"""The counts agree with the rows; where they do not, it is seen, said and kept."""

import logging
from argparse import Namespace
from contextlib import nullcontext
from datetime import date, datetime

import pytest

from haochaping.audit.models import AuditEntry
from haochaping.cases.models import Case, ServiceOccasion
from haochaping.cli import reconcile as command
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id
from haochaping.publication.proof import reconcile
from haochaping.ratings.models import DefaultRating, Rating
from haochaping.tallies.declared import ORGANISATION_DAY, ORGANISATION_MONTH, STAFF_SERVICES
from haochaping.tallies.models import Change, OrganisationDay, OrganisationMonth
from haochaping.tallies.operations import fold
from haochaping.tallies.queries import organisation_day_counts, staff_month_counts, totals_of
from haochaping.tallies.rules import Counts

WHERE = {"division_id": 1, "organisation_id": 7, "item_id": 3, "profile": "kunming"}


def served(now: datetime, *, late: bool = False, staff_id: int | None = None) -> ServiceOccasion:
    case = Case.objects.create(
        id=new_id(now), platform="p", project_no=str(new_id(now)), status=3, accepted_at=now
    )
    return ServiceOccasion.objects.create(
        id=new_id(now),
        case=case,
        service_number=1,
        service_name="受理",
        service_at=now,
        service_day=local_day(now),
        late=late,
        staff_id=staff_id,
        version_id=new_id(now),
        **WHERE,
    )


def rated(occasion: ServiceOccasion, level: int, now: datetime, **columns: object) -> None:
    Rating.objects.create(
        id=occasion.id,
        occasion_id=occasion.id,
        level=level,
        channel=3,
        origin="citizen",
        named=False,
        norm_version=2,
        received_at=now,
        submission=b"x",
        service_day=occasion.service_day,
        **WHERE,
        **columns,
    )


def silent(occasion: ServiceOccasion, now: datetime, *, superseded: bool = False, **other: int) -> None:
    DefaultRating.objects.create(
        id=occasion.id,
        level=3,
        due_at=now,
        in_time_until=now,
        defaulted_at=now,
        superseded_at=now if superseded else None,
        service_day=occasion.service_day,
        **WHERE,
        **other,
    )


def count(day: date, organisation: int = 7, **measures: int) -> None:
    """A change for what `rated` and `silent` leave."""
    Change.objects.create(
        **{"organisation_id": organisation, "day": day, "item_id": 3, "channel": 3, "named": False} | measures
    )


def test_counts_that_agree_and_one_that_does_not(
    committed_db: None, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    first, second, third, _ = served(now), served(now), served(now), served(now, late=True)
    rated(first, 1, now)
    silent(second, now)
    silent(third, now, superseded=True)
    rated(third, 5, now)
    day = local_day(now)
    count(day, occasions=3, late=1, n1=1, n5=1)
    fold(limit=10)
    count(day, d3=1)
    assert reconcile(now=now) == ()
    assert AuditEntry.objects.get().result == "equal"

    count(day, n5=1)
    with caplog.at_level(logging.ERROR):
        difference, month, item, channel = reconcile(now=now)
    assert [item.place, channel.place] == [
        "organisation 7, item 3/2026-11-01",
        "organisation 7, channel 3, named 0/2026-11-01",
    ]
    assert (month.tally, month.counted) == (ORGANISATION_MONTH, difference.counted)
    assert (difference.tally, difference.key, difference.begin) == (ORGANISATION_DAY, (7,), day)
    assert difference.counted == Counts(occasions=3, late=1, n1=1, n5=2, d3=1)
    assert difference.rows == Counts(occasions=3, late=1, n1=1, n5=1, d3=1)
    assert f"organisation 7/{day.isoformat()}" in caplog.text
    entries = AuditEntry.objects.filter(act="publication.reconciled")
    assert sorted(entry.result for entry in entries) == ["differs", "equal"]


def test_the_figures_of_staff_are_proved_by_their_rows_as_well(committed_db: None, now: datetime) -> None:
    first, second, third, fourth = (served(now, staff_id=9) for _ in range(4))
    rated(first, 1, now, staff_id=9, staff_level=5)
    rated(second, 5, now, staff_id=9)  # nobody asked about him
    silent(third, now, staff_id=9)
    silent(fourth, now, staff_id=9, superseded=True)
    day, month = local_day(now), local_day(now).replace(day=1)
    count(day, occasions=4, staff_id=9, times=4)
    count(day, n1=1, staff_id=9, staff_level=5)
    count(day, n5=1, staff_id=9)
    count(day, d3=1, staff_id=9)
    assert reconcile(now=now) == ()
    assert staff_month_counts() == {(9, month): Counts(n5=1, d3=1)}
    assert totals_of(STAFF_SERVICES) == {(9,): Counts(occasions=4, n1=1, n5=1, d3=1)}
    Change.objects.filter(staff_level=5).update(staff_level=4)
    fold(limit=10)
    (difference,) = reconcile(now=now)
    assert difference.place == f"staff 9/{month.isoformat()}"
    assert (difference.counted, difference.rows) == (Counts(n4=1, d3=1), Counts(n5=1, d3=1))


def test_what_differs_is_mended_when_asked(committed_db: None, now: datetime) -> None:
    rated(served(now), 1, now, staff_id=9, staff_level=2)
    day = local_day(now)
    count(day, n5=3)
    for _ in range(3):
        count(day, 8, n4=32_000)
    count(day, staff_id=9, staff_level=1)
    fold(limit=4)
    # Two days and what else is counted of these, a member of staff, and his services.
    found = sorted(each.tally.table.removeprefix("tallies_") for each in reconcile(now=now))
    assert found == [
        *("channelmonth", "channelmonth", "itemmonth", "itemmonth", "organisationday", "organisationday"),
        *("organisationmonth", "organisationmonth", "staffmonth", "staffservice"),
    ]
    assert len(reconcile(now=now, fix=True, actor="command")) == 10
    assert reconcile(now=now) == ()
    assert organisation_day_counts()[7, day] == Counts(occasions=1, n1=1)
    assert organisation_day_counts()[8, day] == Counts()
    assert staff_month_counts() == {(9, day.replace(day=1)): Counts(n2=1)}
    while fold(limit=100):
        pass
    assert reconcile(now=now) == ()
    mended = AuditEntry.objects.get(act="publication.mended")
    assert (mended.actor, mended.detail["differences"]) == ("command", 10)


@pytest.mark.parametrize("model", [OrganisationDay, OrganisationMonth])
def test_a_row_that_was_deleted_by_hand_is_told_and_put_back(
    committed_db: None, now: datetime, model: type[OrganisationDay | OrganisationMonth]
) -> None:
    rated(served(now), 4, now)
    day = local_day(now)
    count(day, occasions=1, n4=1)
    fold(limit=4)
    model.objects.all().delete()
    (difference,) = reconcile(now=now, fix=True)
    assert difference.tally.table == model._meta.db_table
    while fold(limit=100):
        pass
    assert reconcile(now=now) == ()
    assert OrganisationMonth.objects.get().n4 == OrganisationDay.objects.get().n4 == 1


def test_the_command_says_what_differs_and_mends_it(
    committed_db: None, now: datetime, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "connected", lambda _: nullcontext())
    Change.objects.create(organisation_id=7, day=local_day(now), staff_id=9, staff_level=1, times=2)

    def typed(**given: bool) -> tuple[int, str]:
        code = command.run(Namespace(**({"fix": False, "json": False} | given)))
        return code, capsys.readouterr().out

    code, out = typed()
    assert (code, "staff 9/2026-11-01：应增减 n1-2" in out, "加 --fix" in out) == (1, True, True)
    assert typed(json=True) == (
        1,
        '{"differences": 1, "rows": [{"place": "staff 9/2026-11-01", "lacking": "n1-2"}]}\n',
    )
    assert typed(fix=True)[0] == 0
    assert typed() == (0, "所有数量都与逐条记录一致。\n")


@pytest.mark.django_db
def test_it_wants_a_snapshot_of_its_own(now: datetime) -> None:
    from django.db import transaction

    with transaction.atomic(), pytest.raises(RuntimeError):
        reconcile(now=now)
