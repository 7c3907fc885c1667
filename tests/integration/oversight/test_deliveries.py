"""Notices that do not arrive: an alarm, once, until one arrives."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.template import Context, Template

from haochaping.foundation.errors import Refused
from haochaping.jobs.minutely import notices as job
from haochaping.notices.models import Notice
from haochaping.notices.operations import outbox
from haochaping.notices.states import Channel
from haochaping.oversight.models import Alarm
from haochaping.oversight.operations.deliveries import watch_deliveries
from haochaping.oversight.queries import watch
from tests.notices import put_notice

pytestmark = pytest.mark.django_db

OFFICIAL = UUID(int=7)
MINUTE = timedelta(minutes=1)


def failed(now: datetime, channel: Channel) -> None:
    put_notice(OFFICIAL, now, channel=channel)
    taken = outbox.take(channel=channel, now=now)
    assert taken is not None
    outbox.not_sent(taken, error="SMTP 550 recipient", now=now, for_good=True)


def test_the_alarm_is_on_until_one_arrives(now: datetime) -> None:
    watch_deliveries(now=now, tell=True)
    assert not Alarm.objects.exists()
    failed(now, Channel.EMAIL)
    assert watch_deliveries(now=now, tell=True).raised == 1
    assert watch_deliveries(now=now + MINUTE, tell=True).raised == 0
    failed(now + MINUTE, Channel.SMS)
    watch_deliveries(now=now + MINUTE, tell=True)
    assert {(each.kind, each.channel) for each in watch.watch().on} == {("notices", 1), ("notices", 2)}
    assert watch.alarms_on()["notices"] == 2
    assert Notice.objects.filter(channel="alarm").count() == 2
    put_notice(OFFICIAL, now + 2 * MINUTE)
    taken = outbox.take(channel=Channel.EMAIL, now=now + 2 * MINUTE)
    assert taken is not None
    outbox.sent(taken, now=now + 2 * MINUTE)
    assert watch_deliveries(now=now + 2 * MINUTE, tell=False).ended == 1
    assert {each.channel for each in watch.watch().on} == {2}


def test_the_alarm_says_which_way(now: datetime) -> None:
    failed(now, Channel.SMS)
    watch_deliveries(now=now, tell=False)
    words = Template('{% include "console/watch_alarm.html" %}').render(
        Context({"alarm": watch.watch().on[0]})
    )
    assert words.strip() == "短信通知发送失败，收件人没有收到"


def test_the_job_complains_of_settings_and_watches_all_the_same(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed(now, Channel.EMAIL)
    monkeypatch.setenv("HAOCHAPING_SMS_URL", "https://sms.example.cn/")
    monkeypatch.delenv("HAOCHAPING_SMS_SECRET", raising=False)
    with pytest.raises(Refused, match="HAOCHAPING_SMS_SECRET"):
        job.run(now=now)
    assert watch.alarms_on()["notices"] == 1
    monkeypatch.delenv("HAOCHAPING_SMS_URL")
    assert job.run(now=now) == 0
