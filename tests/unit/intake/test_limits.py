"""Buckets of calls and records: what is let in, what is not, and from when on again."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from haochaping.accounts.clients import Allowance, allowance
from haochaping.intake.limits import Limited, Limits
from haochaping.intake.refusals import too_much

A, B = UUID(int=1), UUID(int=2)
SMALL = Allowance(calls=2, calls_burst=4, records=10, records_burst=20)


@pytest.fixture
def clock() -> list[float]:
    return [1000.0]


@pytest.fixture
def limits(clock: list[float]) -> Limits:
    return Limits(lambda: clock[0])


def refused(act: Callable[[], None]) -> tuple[str, int]:
    with pytest.raises(Limited) as told:
        act()
    return told.value.code, told.value.wait


def calls(limits: Limits, client: UUID, number: int, allowed: Allowance = SMALL) -> None:
    for _ in range(number):
        limits.check(client, allowed)
        limits.call(client, allowed)


def test_a_burst_and_then_so_many_a_second(limits: Limits, clock: list[float]) -> None:
    calls(limits, A, 4)
    assert refused(lambda: limits.check(A, SMALL)) == ("limit_calls", 1)
    calls(limits, B, 4)
    clock[0] += 0.5
    calls(limits, A, 1)
    assert refused(lambda: limits.check(A, SMALL)) == ("limit_calls", 1)
    clock[0] += 3600
    calls(limits, A, 4)
    assert refused(lambda: limits.check(A, SMALL)) == ("limit_calls", 1)


def test_a_large_call_is_let_in_and_waited_for(limits: Limits, clock: list[float]) -> None:
    limits.check(A, SMALL)
    limits.records(A, SMALL, 10_000)
    # 9,980 beyond the burst, and one more for the next record.
    assert refused(lambda: limits.check(A, SMALL)) == ("limit_records", 999)
    clock[0] += 998
    assert refused(lambda: limits.check(A, SMALL)) == ("limit_records", 1)
    clock[0] += 1
    limits.check(A, SMALL)


def test_asking_takes_nothing(limits: Limits) -> None:
    for _ in range(100):
        limits.check(A, SMALL)
    calls(limits, A, 4)


def test_other_limits_hold_from_the_next_call_on(limits: Limits, clock: list[float]) -> None:
    calls(limits, A, 4)
    more = Allowance(calls=100, calls_burst=100)
    assert refused(lambda: limits.check(A, more)) == ("limit_calls", 1)
    clock[0] += 1
    calls(limits, A, 100, more)
    less = Allowance(calls=1, calls_burst=1)
    clock[0] += 60
    calls(limits, A, 1, less)
    assert refused(lambda: limits.check(A, less)) == ("limit_calls", 1)


def test_a_clock_that_goes_back_gives_nothing(limits: Limits, clock: list[float]) -> None:
    calls(limits, A, 4)
    clock[0] -= 100
    assert refused(lambda: limits.check(A, SMALL)) == ("limit_calls", 1)


def test_what_is_not_laid_down_is_the_products_own() -> None:
    own = Allowance()
    assert allowance(None, None, None, None) == own
    assert allowance(7, None, None, 8) == Allowance(7, own.calls_burst, own.records, 8)
    # One full call is never too much at once.
    assert own.records_burst >= 10_000


def test_the_answer_says_what_and_until_when() -> None:
    response = too_much(Limited("records", 10, 20, 90), datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    assert response.status == 429
    assert ("Retry-After", "90") in response.headers
    error = json.loads(response.body)["error"]
    assert error["code"] == "limit_records"
    assert error["limit"] == {"kind": "records", "perSecond": 10, "burst": 20}
    assert error["retryAt"] == "2026-11-23 10:01:30"
    assert "10条" in error["message"]
    assert "2026-11-23 10:01:30" in error["message"]
