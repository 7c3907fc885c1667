"""Several act on one objection at once: one of them wins, nothing is done twice, and figures and rows agree."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection

from haochaping.accounts.rules import Role
from haochaping.foundation.errors import Refused
from haochaping.ratings.models import Voiding
from haochaping.rectification import operations
from haochaping.rectification.contests import State
from haochaping.rectification.models import Objection, ObjectionStep, WorkOrder
from haochaping.tallies.models import Change
from tests.objections import REFUSED, People, decide, file
from tests.orders import City, make_city, make_official, open_order


@pytest.fixture
def city(committed_db: None) -> City:
    return make_city()


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of each, in the order given: "done", or the code of the refusal."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            start.wait()
            act()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_confirmations_at_once_void_once(city: City, now: datetime) -> None:
    people = People(city, now)
    third = make_official(city.authority, now, "third", Role.AUTHORITY_OFFICER)
    order = open_order(city, now)
    filed = file(order, people.handler, now)
    decide(filed, people.first, now)

    def confirming(official: object) -> Callable[[], object]:
        return lambda: operations.confirm(
            objection_id=filed.id,
            official_id=official,  # type: ignore[arg-type]
            revision=2,
            now=now,
        )

    assert sorted(at_once(confirming(people.second), confirming(third))) == ["changed", "done"]
    assert Voiding.objects.count() == 1
    assert sum(delta.n1 for delta in Change.objects.all()) == -1
    assert WorkOrder.objects.get().exclusion == "voided"


def test_deciding_against_taking_back(city: City, now: datetime) -> None:
    people = People(city, now)
    for _ in range(4):
        order = open_order(city, now)
        filed = file(order, people.handler, now)
        found = at_once(
            lambda: decide(filed, people.first, now, REFUSED),  # noqa: B023  (called within the turn)
            lambda: operations.withdraw(objection_id=filed.id, official_id=people.handler, now=now),  # noqa: B023
        )
        filed.refresh_from_db()
        assert sorted(found) == ["changed", "done"]
        assert filed.state == (State.DECIDED if found[0] == "done" else State.WITHDRAWN)
        assert ObjectionStep.objects.filter(objection=filed).count() == 2


def test_filed_twice_at_once_is_filed_once(city: City, now: datetime) -> None:
    people = People(city, now)
    order = open_order(city, now)
    found = at_once(*(lambda: file(order, people.handler, now) for _ in range(3)))
    assert sorted(found) == ["done", "pending", "pending"]
    assert Objection.objects.count() == 1
