"""The fold loses nothing and counts nothing twice, whoever writes, folds or dies meanwhile."""

import itertools
import random
import threading
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models.base import ModelBase
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from haochaping.tallies import models
from haochaping.tallies.declared import (
    CHANNEL_MONTH,
    DECLARED,
    HALL_MONTH,
    ITEM_MONTH,
    ORGANISATION_MONTH,
    STAFF_SERVICES,
    TAG_MONTH,
    WINDOW_MONTH,
    Tally,
)
from haochaping.tallies.fragments import Fact, append
from haochaping.tallies.models import Change, OrganisationDay, OrganisationMonth
from haochaping.tallies.operations import LOCK, fold
from haochaping.tallies.queries import (
    counts_of,
    is_filled,
    organisation_day_counts,
    organisation_totals,
    pending_deltas,
    staff_month_counts,
)
from haochaping.tallies.rules import MEASURES, Counts
from tests.integration.tallies.connecting import other_connection

DAY = date(2026, 11, 23)

change = st.fixed_dictionaries(
    {
        "organisation_id": st.integers(1, 3),
        "day": st.sampled_from([DAY, DAY + timedelta(1), DAY + timedelta(2)]),
    },
    optional={measure: st.integers(-1, 3) for measure in MEASURES},
)


def summed(changes: list[dict[str, object]]) -> dict[int, Counts]:
    """What plain adding up gives."""
    totals: dict[int, Counts] = {}
    for entry in changes:
        own = Counts(**{name: int(str(value)) for name, value in entry.items() if name in MEASURES})
        key = int(str(entry["organisation_id"]))
        totals[key] = totals.get(key, Counts()) + own
    return totals


@pytest.mark.django_db
@budget(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(st.lists(change, min_size=1, max_size=6), st.integers(1, 5)), max_size=12))
def test_in_whatever_order_the_totals_are_the_raw_sums(steps: list[list[dict[str, object]] | int]) -> None:
    Change.objects.all().delete()
    OrganisationDay.objects.all().delete()
    OrganisationMonth.objects.all().delete()
    written: list[dict[str, object]] = []
    for step in steps:
        if isinstance(step, int):
            assert fold(limit=step) <= step
        else:
            Change.objects.bulk_create(Change(**entry) for entry in step)
            written.extend(step)
        assert organisation_totals() == summed(written)
    while fold(limit=3):
        pass
    assert pending_deltas() == 0
    assert organisation_totals() == summed(written)


@pytest.mark.parametrize("tally", DECLARED, ids=lambda tally: tally.table)
@pytest.mark.django_db
def test_what_is_declared_is_what_the_tables_hold(tally: Tally) -> None:
    columns = {
        model._meta.db_table: {field.column for field in model._meta.concrete_fields} - {None}
        for model in vars(models).values()
        if isinstance(model, ModelBase) and not model._meta.abstract
    }
    assert columns[tally.table] == {*tally.key, *tally.measures}
    assert tally.source.deltas in columns
    assert tuple(tally.source.measures) == tally.measures
    counts_of(tally)  # the statement is one that the database takes


@pytest.mark.django_db
def test_all_tallies_are_folded_by_one_fold() -> None:
    where = {"organisation_id": 1, "day": DAY, "hall_id": 2, "window_id": 3, "item_id": 4, "staff_id": 5}
    said = {"channel": 3, "named": False, "tags": [501, 502], "staff_level": 4}
    Change.objects.create(**where, occasions=7, times=2)
    Change.objects.create(**where, **said, n5=6)
    Change.objects.create(**where, d3=1)
    # Of the organisation that shares it there is no more than that.
    Change.objects.create(organisation_id=9, day=DAY, channel=3, named=False, tags=[501], n5=6)
    month, whole = DAY.replace(day=1), Counts(occasions=7, n5=6, d3=1)
    expected = {
        WINDOW_MONTH: {((3,), month): whole},
        HALL_MONTH: {((2,), month): whole},
        ITEM_MONTH: {((1, 4), month): whole},
        STAFF_SERVICES: {((5,), month): Counts(occasions=2, n5=1, d3=1)},
        CHANNEL_MONTH: {((1, 3, False), month): Counts(n5=6), ((9, 3, False), month): Counts(n5=6)},
        TAG_MONTH: {((whose, tag), month): Counts(n5=1) for whose, tag in ((1, 501), (1, 502), (9, 501))},
    }
    for folded in (0, 3, 1, 0):
        assert fold(limit=3 if folded else 0) == folded
        assert {tally: counts_of(tally) for tally in expected} == expected
        assert staff_month_counts() == {(5, month): Counts(n4=1, d3=1)}
        assert organisation_totals() == {1: whole, 9: Counts(n5=6)}
    assert pending_deltas() == 0
    assert staff_month_counts(from_month=DAY) == {}


EQUAL = """
CREATE TEMP TABLE told ON COMMIT DROP AS
SELECT 1 AS organisation_id, CASE WHEN i % 3 = 0 THEN '{2,3}'::int[] END AS shared_with, date '2026-11-23' AS service_day,
    4 AS hall_id, 5 AS window_id, 6 AS item_id, 7 AS staff_id, (i % 3)::smallint AS weight,
    (1 + i % 5)::smallint AS level, 3::smallint AS channel, i % 2 = 0 AS named,
    CASE WHEN i % 4 = 0 THEN '{11,12}'::smallint[] END AS tags, i % 7 = 0 AS gone
FROM generate_series(1, 420) AS i
"""


@pytest.mark.django_db
def test_equal_facts_in_one_change_add_up_to_the_same() -> None:
    facts = (
        Fact("told", "occasions"),
        Fact("told", "n", staff_level="level", tags="tags", rating=True),
        Fact("told", "n", -1, only="gone", staff_level="level", tags="tags", rating=True),
    )
    found = []
    with connection.cursor() as cursor:
        cursor.execute(EQUAL)
        for together in (False, True):
            cursor.execute(append(*facts, together=together))
            number = pending_deltas()
            assert fold(limit=10_000) == number
            found.append((number, {tally.table: counts_of(tally) for tally in DECLARED}))
            for tally in DECLARED:
                cursor.execute(f"DELETE FROM {tally.table}")  # noqa: S608  (a declared name)
    (each, alone), (few, together_) = found
    assert alone == together_
    assert alone[TAG_MONTH.table]
    assert few < each / 4


@pytest.mark.django_db
def test_what_is_taken_back_leaves_nothing() -> None:
    row = {"organisation_id": 1, "day": DAY, "staff_id": 5, "item_id": 4, "channel": 3, "named": True}
    for sign in (1, -1):
        Change.objects.create(**row, tags=[501], staff_level=4, times=sign, n5=6 * sign)
        fold(limit=1)
    assert set(counts_of(TAG_MONTH).values()) == set(counts_of(STAFF_SERVICES).values()) == {Counts()}
    assert set(staff_month_counts().values()) == set(organisation_totals().values()) == {Counts()}


@pytest.mark.django_db
def test_totals_are_those_of_the_days_asked_for() -> None:
    for number in range(4):
        Change.objects.create(organisation_id=1, day=DAY + timedelta(number), occasions=1, n5=1)
    fold(limit=2)
    assert organisation_totals(from_day=DAY + timedelta(1), to_day=DAY + timedelta(2)) == {
        1: Counts(occasions=2, n5=2)
    }
    assert organisation_totals(to_day=DAY) == {1: Counts(occasions=1, n5=1)}
    assert organisation_day_counts(from_day=DAY, to_day=DAY) == {(1, DAY): Counts(occasions=1, n5=1)}
    assert organisation_totals(from_day=DAY + timedelta(9)) == {}


@pytest.mark.django_db
def test_any_span_is_its_days_whether_read_by_the_month_or_by_the_day() -> None:
    begin = date(2026, 11, 28)
    days = [begin + timedelta(number) for number in range(70)]  # to 5 February
    for number, day in enumerate(days):
        Change.objects.create(organisation_id=1, day=day, occasions=1 + number, n5=1)
    fold(limit=50)
    asked = (
        None,
        begin,
        date(2026, 11, 30),
        date(2026, 12, 1),
        date(2026, 12, 2),
        date(2026, 12, 31),
        days[-1],
    )
    for first, last in itertools.product(asked, asked):
        within = [
            1 + number
            for number, day in enumerate(days)
            if (first is None or day >= first) and (last is None or day <= last)
        ]
        expected = {1: Counts(occasions=sum(within), n5=len(within))} if within else {}
        assert organisation_totals(from_day=first, to_day=last) == expected, (first, last)


@pytest.mark.django_db
def test_months_are_the_days_added_up_and_read_for_whole_months() -> None:
    december = date(2026, 12, 1)
    for day in (DAY, DAY + timedelta(1), december):
        Change.objects.create(organisation_id=1, day=day, occasions=1, n5=1)
    fold(limit=2)
    november = organisation_totals(from_day=date(2026, 11, 1), to_day=date(2026, 11, 30))
    assert november == {1: Counts(occasions=2, n5=2)}
    fold(limit=2)
    assert counts_of(ORGANISATION_MONTH) == {
        ((1,), DAY.replace(day=1)): Counts(occasions=2, n5=2),
        ((1,), december): Counts(occasions=1, n5=1),
    }
    OrganisationMonth.objects.filter(month=december).delete()  # by hand: whole months are read there
    assert organisation_totals() == {1: Counts(occasions=2, n5=2)}
    assert organisation_totals(to_day=december) == {1: Counts(occasions=3, n5=3)}


@pytest.mark.django_db
def test_a_tally_declared_later_is_filled_before_anybody_reads_it() -> None:
    OrganisationDay.objects.create(organisation_id=1, day=DAY, **dict.fromkeys(MEASURES, 0) | {"n5": 7})
    Change.objects.create(organisation_id=1, day=DAY, n5=1)
    assert not is_filled(ORGANISATION_MONTH)
    assert organisation_totals() == {1: Counts(n5=8)}  # by the day
    fold(limit=10)
    assert is_filled(ORGANISATION_MONTH)
    assert counts_of(ORGANISATION_MONTH) == {((1,), DAY.replace(day=1)): Counts(n5=8)}
    assert organisation_totals() == {1: Counts(n5=8)}


def test_many_writers_and_folders_at_once_lose_nothing(committed_db: None) -> None:
    writers, rows = 4, 120
    done = threading.Event()
    failures: list[BaseException] = []
    seen: list[int] = []

    def guarded(work: object) -> None:
        try:
            assert callable(work)
            work()
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    def write() -> None:
        chance = random.Random(7)
        for _ in range(rows):
            Change.objects.create(organisation_id=chance.randint(1, 4), day=DAY, occasions=1, n5=1)

    def fold_on() -> None:
        while not done.is_set():
            fold(limit=chance_limit)

    def look() -> None:
        while not done.is_set():
            seen.append(sum(counts.n5 for counts in organisation_totals().values()))

    chance_limit = 17
    busy = [threading.Thread(target=guarded, args=(work,)) for work in (fold_on, fold_on, look)]
    writing = [threading.Thread(target=guarded, args=(write,)) for _ in range(writers)]
    for thread in [*busy, *writing]:
        thread.start()
    for thread in writing:
        thread.join()
    done.set()
    for thread in busy:
        thread.join()
    assert failures == []
    while fold(limit=1000):
        pass
    total = sum(organisation_totals().values(), Counts())
    assert (total.occasions, total.n5) == (writers * rows, writers * rows)
    assert seen == sorted(seen)  # no reader ever saw a row twice or not at all
    assert OrganisationDay.objects.count() == 4


def test_only_one_folds_at_a_time(committed_db: None) -> None:
    Change.objects.create(organisation_id=1, day=DAY, occasions=1)
    with other_connection() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        assert fold(limit=10) == 0
        other.rollback()
        assert fold(limit=10) == 1


def fold_and_lose_the_server(limit: int) -> None:
    assert fold(limit=limit) == limit
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def test_killed_in_the_middle_nothing_has_happened(committed_db: None) -> None:
    for _ in range(5):
        Change.objects.create(organisation_id=1, day=DAY, occasions=1)
    before = organisation_totals()
    with pytest.raises(OperationalError), transaction.atomic():
        fold_and_lose_the_server(3)
    connection.close()
    assert pending_deltas() == 5
    assert OrganisationDay.objects.count() == 0
    assert organisation_totals() == before
