"""Channels, hot tags and the share of ratings through the rated themselves: by the day, with nobody given away."""

from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import local_day
from haochaping.publication.operations.breakdowns import freeze_breakdown
from haochaping.publication.queries.breakdown import WHOLE, breakdown
from haochaping.tallies.declared import CHANNEL_MONTH, TAG_MONTH
from haochaping.tallies.models import Change, Filled
from tests.orders import City, make_city, rate_badly

DAY = date(2026, 10, 6)


def say(organisation: int, channel: int, level: str, tags: list[int], number: int, day: date = DAY) -> None:
    Change.objects.create(
        organisation_id=organisation,
        day=day,
        channel=channel,
        named=False,
        tags=tags,
        times=number,
        **{level: number},
    )


def put_parts(city: City, now: datetime) -> None:
    """Ratings by channel and tag in a city and its county, and the tallies called filled."""
    for tally in (CHANNEL_MONTH, TAG_MONTH):
        Filled.objects.get_or_create(pk=tally.table, defaults={"filled_at": now})
    say(city.police, 1, "n5", [510], 40)
    say(city.police, 3, "n1", [111, 112], 30)
    say(city.county, 1, "n5", [510], 30)
    say(city.county, 3, "n4", [], 3)
    say(city.county, 2, "n4", [], 2)
    freeze_breakdown(now=now)


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch, now: datetime) -> City:
    monkeypatch.setattr("haochaping.faces.portal.channels.now", lambda: now)
    cache.clear()
    return make_city()


def test_nothing_is_frozen_before_the_tallies_are_filled(city: City, now: datetime) -> None:
    Filled.objects.filter(pk__in=[CHANNEL_MONTH.table, TAG_MONTH.table]).delete()
    assert not freeze_breakdown(now=now)
    assert breakdown(now=now) is None
    assert "还没有公布" in Client().get("/channels").content.decode()


def test_channels_and_tags_are_frozen_once_a_day(city: City, now: datetime) -> None:
    put_parts(city, now)
    assert not freeze_breakdown(now=now)
    say(city.police, 1, "n1", [], 9)
    found = breakdown(now=now)
    assert found is not None
    whole = next(each for each in found.places if each.code == WHOLE)
    assert [(each.code, each.counts and each.counts.rated) for each in whole.channels] == [
        (1, 70),
        (2, None),
        (3, None),
    ]
    assert [(each.code, each.counts and each.counts.good) for each in whole.praise] == [(510, 70)]
    assert [each.code for each in whole.blame] == [111, 112]
    tomorrow = now + timedelta(days=1)
    assert freeze_breakdown(now=tomorrow)
    later = breakdown(now=tomorrow)
    assert later is not None
    assert next(each.counts for each in later.places[0].channels if each.code == 1).rated == 79  # type: ignore[union-attr]
    assert AuditEntry.objects.filter(act="publication.breakdown_frozen").count() == 2


def test_a_small_cell_of_a_division_is_hidden_and_none_follows(city: City, now: datetime) -> None:
    put_parts(city, now)
    found = breakdown(now=now)
    assert found is not None
    county = next(each for each in found.places if each.name == "五华区")
    # 3 and 2 by two channels of the county: small, and told by no total.
    assert {each.code: each.counts for each in county.channels if each.code != 1} == {2: None, 3: None}
    page = Client().get("/channels?division=530102").content.decode()
    assert page.count("暂不公开</td>") == 2
    assert Client().get("/channels?division=1").status_code == 404


def test_ratings_through_the_rated_themselves_are_told_as_a_share(city: City, now: datetime) -> None:
    for number in range(20):
        rate_badly(city, now - timedelta(days=1), origin="client_of_rated" if number < 5 else "citizen")
    rate_badly(city, now, origin="client_of_rated")
    put_parts(city, now)
    found = breakdown(now=now)
    assert found is not None
    assert (found.last, found.first) == (
        local_day(now) - timedelta(days=1),
        local_day(now) - timedelta(days=30),
    )
    assert found.through == (5, 20)
    assert "25.00%" in Client().get("/channels").content.decode()
