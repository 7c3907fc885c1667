"""The outbox: whoever takes a notice has it for a while, and what became of it is kept once, whoever else was slow."""

import threading
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from haochaping.audit.models import AuditEntry
from haochaping.notices.models import Notice
from haochaping.notices.operations import outbox
from haochaping.notices.queries.outbox import outbox as standing
from haochaping.notices.queries.outbox import troubled
from haochaping.notices.rules import ATTEMPTS, LEASE, TROUBLE, id_of, pause
from haochaping.notices.states import Channel, State, Withheld
from tests.notices import put_notice

SECOND = timedelta(seconds=1)
OFFICIAL = UUID(int=7)


def taken(now: datetime, channel: Channel = Channel.EMAIL) -> outbox.Taken:
    found = outbox.take(channel=channel, now=now)
    assert found is not None
    return found


@pytest.mark.django_db
def test_what_is_taken_is_nobody_elses_until_the_lease_is_over(now: datetime) -> None:
    notice = put_notice(OFFICIAL, now)
    put_notice(OFFICIAL, now, channel="sms")
    first = taken(now)
    assert (first.id, first.attempt, first.last) == (notice.id, 1, False)
    assert outbox.take(channel=Channel.EMAIL, now=now + LEASE - SECOND) is None
    again = taken(now + LEASE)  # who took it first was killed
    assert (again.id, again.attempt) == (notice.id, 2)


@pytest.mark.django_db
def test_who_comes_back_after_his_lease_changes_nothing_but_that_it_arrived(now: datetime) -> None:
    notice = put_notice(OFFICIAL, now)
    slow, other = taken(now), taken(now + LEASE)
    outbox.not_sent(slow, error="TimeoutError", now=now + LEASE + SECOND)
    notice.refresh_from_db()
    assert (notice.last_error, notice.due_at) == ("", now + LEASE + LEASE)
    outbox.sent(slow, now=now + LEASE + SECOND)
    outbox.sent(other, now=now + LEASE + 2 * SECOND)
    notice.refresh_from_db()
    assert (notice.state, notice.ended_at) == (State.SENT, now + LEASE + SECOND)
    outbox.not_sent(other, error="late", now=now + LEASE + 3 * SECOND)
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == (State.SENT, "")
    assert AuditEntry.objects.filter(act="notice.told").count() == 1


@pytest.mark.django_db
def test_what_fails_is_tried_later_and_later_and_given_up_on_record(now: datetime) -> None:
    notice, at = put_notice(OFFICIAL, now), now
    for attempt in range(1, ATTEMPTS + 1):
        one = taken(at)
        assert (one.attempt, one.last) == (attempt, attempt == ATTEMPTS)
        outbox.not_sent(one, error="ConnectionRefusedError", now=at)
        notice.refresh_from_db()
        at = at + pause(attempt) if attempt < ATTEMPTS else at
        assert notice.due_at == at or notice.state == State.GIVEN_UP
    assert notice.state == State.GIVEN_UP
    assert outbox.take(channel=Channel.EMAIL, now=at + timedelta(days=9)) is None
    entry = AuditEntry.objects.get(act="notice.told")
    assert (entry.result, entry.detail["error"]) == ("given up", "ConnectionRefusedError")


@pytest.mark.django_db
def test_what_nobody_will_ever_take_is_given_up_at_once(now: datetime) -> None:
    notice = put_notice(OFFICIAL, now)
    outbox.not_sent(taken(now), error="SMTP 550 recipient", now=now, for_good=True)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == (State.GIVEN_UP, 1)


@pytest.mark.django_db
def test_a_text_message_is_not_tried_again_at_night(now: datetime) -> None:
    evening = now.replace(hour=11, minute=59, second=30)  # 19:59:30 in Shanghai
    notice = put_notice(OFFICIAL, evening, channel="sms")
    outbox.not_sent(taken(evening, Channel.SMS), error="HTTP 503", now=evening)
    notice.refresh_from_db()
    assert notice.due_at == now.replace(hour=0, minute=0) + timedelta(days=1)


@pytest.mark.django_db
def test_what_is_not_to_go_out_is_withheld_with_its_reason(now: datetime) -> None:
    mine, other = put_notice(OFFICIAL, now), put_notice(OFFICIAL, now)
    gone = put_notice(OFFICIAL, now, channel="sms")
    outbox.withhold(taken(now), reason=Withheld.NO_ADDRESS, now=now)
    assert outbox.withhold_all(channel=Channel.EMAIL, reason=Withheld.DEMO, now=now) == 1
    assert outbox.withhold_all(channel=Channel.EMAIL, reason=Withheld.DEMO, now=now) == 0
    reasons = {
        row.last_error for row in Notice.objects.filter(id__in=[mine.id, other.id], state=State.WITHHELD)
    }
    assert reasons == {"no_address", "demo"}
    gone.refresh_from_db()
    assert gone.state == State.WAITING
    found = standing(since=now)
    assert found.counts[Channel.EMAIL] == {"waiting": 0, "sent": 0, "given_up": 0, "withheld": 2}
    assert {row.reason for row in found.rows} == {"no_address", "demo", ""}


@pytest.mark.django_db
def test_a_way_is_in_trouble_while_nothing_arrives_by_it(now: datetime) -> None:
    put_notice(OFFICIAL, now)
    at = now
    for _ in range(TROUBLE):
        assert troubled() == {}
        last = at
        one = taken(at)
        outbox.not_sent(one, error="HTTP 500", now=at)
        at += pause(one.attempt)
    assert troubled() == {Channel.EMAIL: last}
    put_notice(OFFICIAL, at)
    outbox.sent(taken(at), now=at)
    assert troubled() == {}


@pytest.mark.django_db
def test_what_is_given_up_is_trouble_until_another_arrives(now: datetime) -> None:
    put_notice(OFFICIAL, now)
    outbox.not_sent(taken(now), error="SMTP 550 recipient", now=now, for_good=True)
    assert troubled() == {Channel.EMAIL: now}
    put_notice(OFFICIAL, now + SECOND)
    outbox.sent(taken(now + SECOND), now=now + SECOND)
    assert troubled() == {}


def test_workers_at_once_share_the_outbox_out(committed_db: None, now: datetime) -> None:
    ids = {put_notice(OFFICIAL, now).id for _ in range(24)}
    found: list[UUID] = []

    def work() -> None:
        try:
            while (one := outbox.take(channel=Channel.EMAIL, now=now)) is not None:
                found.append(one.id)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    # One that is locked just then is passed over: what is left is there for the next round, and nothing came twice.
    while (one := outbox.take(channel=Channel.EMAIL, now=now)) is not None:
        found.append(one.id)
    assert sorted(found) == sorted(ids)


@pytest.mark.django_db
def test_an_alarm_has_no_official_and_is_known_by_its_number(now: datetime) -> None:
    number = uuid4()
    outbox.put_out_alarm(number=number, body="{}", now=now)
    found = taken(now, Channel.ALARM)
    assert (found.id, found.official_id, found.body) == (id_of(f"alarm:{number}", "alarm", None), None, "{}")
