"""Alarms: on once, off when all is well, acknowledged with a note; and ratings that stop to come."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.foundation.ids import new_id
from haochaping.foundation.workdays import WorkCalendar
from haochaping.notices.models import Notice
from haochaping.oversight.models import Alarm
from haochaping.oversight.operations.alarms import acknowledge
from haochaping.oversight.operations.arrivals import watch_arrivals
from haochaping.oversight.operations.selftest import conclude
from haochaping.oversight.queries import watch
from haochaping.oversight.watching import Outcome, Step, cells
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.models import Rating
from haochaping.registry import models as registry
from haochaping.registry import trial
from haochaping.registry.operations import lay_trial_ground
from tests.orders import make_city, make_official

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
CALENDAR: WorkCalendar = Rulebook.load().calendar


def concluded(now: datetime, *failing: int, tell: bool = True) -> None:
    """A self-test in which all ratings of these levels could not be submitted."""
    outcomes = [
        Outcome(cell, Step.RATE, "HTTP 500") if cell.level in failing else Outcome(cell) for cell in cells()
    ]
    conclude(outcomes=outcomes, address="http://door", started_at=now, now=now, actor="test", tell=tell)


def ratings(days: Iterable[date], number: int, *, channel: int, level: int, **other: object) -> None:
    """So many each day at noon."""
    rows = []
    for day in days:
        at = datetime.combine(day, time(12), CN)
        for _ in range(number):
            values: dict[str, object] = {"origin": "citizen", "organisation_id": 1} | other
            rows.append(
                Rating(
                    id=new_id(at),
                    level=level,
                    channel=channel,
                    named=False,
                    norm_version=2,
                    received_at=at,
                    submission=uuid4().bytes,
                    service_day=day,
                    division_id=1,
                    profile="kunming",
                    **values,
                )
            )
    Rating.objects.bulk_create(rows)


def watched(now: datetime) -> tuple[int, int]:
    turned = watch_arrivals(calendar=CALENDAR, now=now, tell=True)
    return turned.raised, turned.ended


def test_an_alarm_is_one_from_its_first_failure_to_the_end(now: datetime) -> None:
    concluded(now)
    kinds = (
        *("selftest", "arrivals", "notices", "retention", "evidence"),
        *("export", "tallies", "publications"),
    )
    assert watch.alarms_on() == dict.fromkeys(kinds, 0)
    concluded(now + HOUR, 1)
    concluded(now + 2 * HOUR, 1, 2)
    on = watch.watch().on
    assert {alarm.since for alarm in on if alarm.level == 1} == {now + HOUR}
    assert {alarm.since for alarm in on if alarm.level == 2} == {now + 2 * HOUR}
    concluded(now + 3 * HOUR, 2)
    assert {alarm.level for alarm in watch.watch().on} == {2}
    assert {alarm.ended_at for alarm in watch.watch().ended} == {now + 3 * HOUR}
    concluded(now + 4 * HOUR)
    assert watch.watch().on == ()
    concluded(now + 5 * HOUR, 1)
    assert {alarm.since for alarm in watch.watch().on} == {now + 5 * HOUR}  # another one
    events = [
        notice.body.split('"event": "')[1].split('"')[0] for notice in Notice.objects.order_by("created_at")
    ]
    assert events == ["raised", "raised", "ended", "ended", "raised"]
    assert AuditEntry.objects.filter(act="oversight.selftest").count() == 6


def test_nothing_is_put_out_where_nobody_is_to_be_told(now: datetime) -> None:
    concluded(now, 1, tell=False)
    assert Alarm.objects.exists()
    assert not Notice.objects.exists()


def test_an_officer_of_the_authority_acknowledges_once_with_a_note(now: datetime) -> None:
    city = make_city()
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    handler = make_official(city.police, now, "handler")
    concluded(now, 1)
    alarm = watch.watch().on[0].id

    def said(by: object = officer, note: str = "已通知运维", which: object = alarm) -> None:
        acknowledge(alarms=[which], official_id=by, note=note, now=now)  # type: ignore[arg-type,list-item]

    with pytest.raises(NotAllowed):
        said(handler)
    with pytest.raises(Invalid):
        said(note="  ")
    with pytest.raises(Invalid):
        said(note="长" * 501)
    with pytest.raises(NotFound):
        said(which=new_id(now))
    before = watch.unacknowledged()
    said()
    assert watch.unacknowledged() == before - 1
    with pytest.raises(Conflict):
        said()
    (shown,) = [each for each in watch.watch().on if each.id == alarm]
    assert (shown.acknowledged_at, shown.note) == (now, "已通知运维")
    entry = AuditEntry.objects.get(act="alarm.acknowledge")
    assert (entry.actor, entry.detail) == ("official:officer", {"alarms": [str(alarm)]})
    rest = [each.id for each in watch.watch().on]
    assert acknowledge(alarms=rest, official_id=officer, note="已通知", now=now) == len(rest) - 1
    assert watch.unacknowledged() == 0
    concluded(now + HOUR)
    with pytest.raises(Conflict):
        said(which=watch.watch().ended[0].id)


def test_ratings_that_stop_raise_an_alarm_and_end_it_when_they_come_again(now: datetime) -> None:
    today = local_day(now)
    weeks = [today - timedelta(days=each) for each in range(1, 57)]
    older = [day for day in weeks if day < today - timedelta(days=14)]
    ratings(weeks, 12, channel=3, level=5)
    ratings(older, 2, channel=3, level=1)
    ratings(older, 3, channel=4, level=4)
    # What is no real rating hides nothing.
    lay_trial_ground(now=now, actor="test")
    tested = registry.Organisation.objects.get(credit_code=trial.ORGANISATION).pk
    ratings(weeks[:5], 5, channel=3, level=1, organisation_id=tested)
    ratings(weeks[:5], 5, channel=4, level=4, origin="simulation")
    assert watched(now) == (2, 0)
    on = watch.watch().on
    assert {(alarm.kind, alarm.channel, alarm.level) for alarm in on} == {
        ("arrivals", 3, 1),
        ("arrivals", 4, None),
    }
    assert {local_day(alarm.since) for alarm in on} == {older[0] + timedelta(days=1)}
    assert watched(now) == (0, 0)
    # What came before has long been forgotten: still nothing comes.
    assert watched(now + timedelta(days=60)) == (0, 0)
    assert len(watch.watch().on) == 2
    ratings([today], 1, channel=3, level=1)
    assert watched(now + timedelta(days=1)) == (0, 1)
    assert [alarm.channel for alarm in watch.watch().on] == [4]


def test_what_goes_on_as_before_raises_nothing(now: datetime) -> None:
    days = [local_day(now) - timedelta(days=each) for each in range(1, 57)]
    ratings(days, 5, channel=2, level=4)
    ratings(days[::9], 1, channel=2, level=2)
    assert watched(now) == (0, 0)


def test_an_operators_thresholds_are_those_that_count(
    now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [local_day(now) - timedelta(days=each) for each in range(1, 57)]
    ratings(days[4:], 3, channel=4, level=5)
    assert watched(now) == (0, 0)
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path))
    order = '[documents.order]\ntitle = "监测规定"\nissuer = "某局"\nissued = 2026-11-01\n'
    entry = "[[thresholds]]\nfrom = 2026-11-01\none_in = 1_000\nlooked_back = 56\nleast_workdays = 1\n"
    (tmp_path / "watching.toml").write_text(
        f'{order}{entry}document = "order"\narticle = "第二条"\n', "utf-8"
    )
    assert watched(now) == (1, 0)
    assert AuditEntry.objects.get(act="oversight.arrivals").clause == "《监测规定》第二条"
