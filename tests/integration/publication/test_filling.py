"""A tally that is declared when much has been counted already is filled from the rows before anybody reads it."""

from datetime import date, datetime, timedelta

import pytest

from haochaping.foundation.clock import local_day
from haochaping.publication import recount
from haochaping.publication.proof import reconcile
from haochaping.publication.recount import fill_next
from haochaping.tallies.declared import FROM_ROWS, TAG_MONTH, WINDOW_MONTH
from haochaping.tallies.models import Change, ChannelMonth, Filled, Portion, TagMonth, WindowMonth
from haochaping.tallies.operations import fold
from haochaping.tallies.queries import NotFilled, channel_totals, is_filled, tag_totals, totals_of
from haochaping.tallies.rules import Counts
from tests.integration.publication.test_proof import rated, served, silent

BEFORE = timedelta(days=40)


def count(day: date, **measures: object) -> None:
    by = {"organisation_id": 7, "day": day, "item_id": 3, "channel": 3, "named": False}
    Change.objects.create(**by | measures)


@pytest.fixture
def counted(committed_db: None, now: datetime) -> None:
    """A month ago and now, as before the tallies were declared; the last rating waits to be folded."""
    for at in (now - BEFORE, now):
        rated(served(at), 1, at, tags=[101, 102])
        silent(served(at), at)
        count(local_day(at), occasions=2, n1=1, tags=[101, 102])
        count(local_day(at), d3=1)
    fold(limit=100)
    rated(served(now), 5, now)
    count(local_day(now), occasions=1, n5=1)
    for model in (Filled, ChannelMonth, TagMonth, WindowMonth):
        model.objects.all().delete()


@pytest.mark.usefixtures("counted")
def test_it_is_filled_month_by_month_and_read_only_then(now: datetime) -> None:
    with pytest.raises(NotFilled):
        channel_totals()
    fold(limit=1)  # what is folded meanwhile is put in place of by what the rows say
    filled = 0
    while fill_next(now=now):
        filled += 1
    assert filled == 3 * len(FROM_ROWS)  # two months each, and the word that none is left
    assert channel_totals() == {(7, 3): Counts(n1=2, n5=1)}
    assert tag_totals(from_month=local_day(now).replace(day=1)) == {
        (7, 101): Counts(n1=1),
        (7, 102): Counts(n1=1),
    }
    assert reconcile(now=now) == ()
    fold(limit=100)
    assert reconcile(now=now) == ()
    assert fill_next(now=now) == 0


@pytest.mark.usefixtures("counted")
def test_killed_in_the_middle_of_a_month_that_month_is_filled_again(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fill_next(now=now) == 1
    kept = list(Portion.objects.values_list("tally", "month"))

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(recount, "fill", killed)
        with pytest.raises(KeyboardInterrupt):
            fill_next(now=now)
    assert list(Portion.objects.values_list("tally", "month")) == kept
    count(local_day(now), n5=1)
    rated(served(now), 5, now)
    count(local_day(now), occasions=1)
    while fill_next(now=now):
        fold(limit=1)
    assert is_filled(TAG_MONTH)
    assert totals_of(WINDOW_MONTH) == {}
    assert reconcile(now=now) == ()
