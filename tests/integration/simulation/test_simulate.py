"""A simulated past is what a real city would leave, says that it is simulated, and stands once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import pytest
from django.db import IntegrityError, connection, transaction

from haochaping.cli import demo
from haochaping.cli.simulate import simulate_city
from haochaping.foundation.errors import Conflict, NotFound
from haochaping.publication.proof import reconcile
from haochaping.ratings.wording import opened_text
from haochaping.rectification.operations import act
from haochaping.registry.operations import import_registry
from haochaping.simulation import marginals, operations
from haochaping.simulation.marginals import read
from haochaping.simulation.operations import Report
from haochaping.simulation.orders.leading import lead
from haochaping.simulation.removal import facts, remove
from haochaping.simulation.runs import Asked
from haochaping.simulation.spread import portions
from haochaping.tallies.declared import DECLARED
from haochaping.tallies.queries import is_filled
from tests.conftest import empty_database
from tests.integration.simulation.conftest import rows
from tests.occasions import database_address
from tests.orders import make_city, make_superior, rate_badly

SMALL = Asked(ratings=60, seed=11)
# One in eight is bad, so that orders have something to tell.
ROUGH: dict[str, int | str] = {"5": 80, "4": 5, "3": 3, "2": 6, "1": 6}


@pytest.fixture
def city(committed_db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_address())
    rough = msgspec.structs.replace(read("demo"), levels=ROUGH)
    monkeypatch.setattr(marginals, "read", lambda name: rough if name == "demo" else read(name))
    import_registry(directory=demo.CITY, now=now, actor="test")


def said() -> list[dict[str, Any]]:
    """All ratings, with what they say: a text is sealed each time anew."""
    found = rows("SELECT * FROM ratings_rating ORDER BY id")
    return [{**each, "text": opened_text(each["text"], each["id"])} for each in found]


def histories() -> list[dict[str, Any]]:
    """How the orders went, by their ratings: their own numbers are drawn anew each time."""
    return rows("""
        SELECT o.subject_id, o.text, s.act, s.from_state, s.to_state, s.at, s.note, s.revision
        FROM rectification_workorder AS o JOIN rectification_orderstep AS s ON s.order_id = o.id
        ORDER BY o.subject_id, s.revision
    """)


def content(now: datetime, asked: Asked) -> tuple[Report, list[dict[str, Any]], list[dict[str, Any]]]:
    empty_database()
    import_registry(directory=demo.CITY, now=now, actor="test")
    report = simulate_city(asked, now=now)
    return report, said(), histories()


def test_the_same_seed_says_the_same_in_two_databases_and_another_something_else(
    city: None, now: datetime
) -> None:
    first, again = content(now, SMALL), content(now, SMALL)
    assert first == again
    assert len(first[1]) > 45
    assert len(first[2]) > 10
    other = content(now, replace(SMALL, seed=12))
    assert other[0].digest != first[0].digest
    assert not {each["id"] for each in other[1]} & {each["id"] for each in first[1]}


class Killed(Exception):
    pass


def killed_after(number: int, what: Callable[..., Any]) -> Callable[..., Any]:
    """What is called so often, and then no more."""
    left: Iterator[None] = iter([None] * number)

    def call(*given: Any, **more: Any) -> Any:
        for _ in left:
            return what(*given, **more)
        raise Killed

    return call


def test_killed_and_continued_it_is_the_same_city_without_doubles(
    city: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "portions", partial(portions, at_once=15))
    whole = content(now, SMALL)
    empty_database()
    import_registry(directory=demo.CITY, now=now, actor="test")
    with monkeypatch.context() as dying:
        dying.setattr(operations, "fill", killed_after(3, operations.fill))
        with pytest.raises(ExceptionGroup):
            simulate_city(SMALL, now=now)
    assert 0 < len(said()) < len(whole[1])
    with monkeypatch.context() as dying:
        dying.setattr("haochaping.simulation.orders.handling.act", killed_after(3, act))
        with pytest.raises(Killed):
            simulate_city(SMALL, now=now)
    report = simulate_city(SMALL, now=now)
    assert (report, said(), histories()) == whole
    assert reconcile(now=now) == ()


def test_a_city_stands_once(city: None, now: datetime) -> None:
    simulate_city(replace(SMALL, ratings=60), now=now)
    for asked in (replace(SMALL, ratings=60), SMALL):
        with pytest.raises(Conflict) as refused:
            simulate_city(asked, now=now)
        assert refused.value.code == "stands"


def test_what_was_begun_is_gone_on_with_by_the_same_words_alone(
    city: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(SMALL, ratings=60)
    with monkeypatch.context() as dying:
        dying.setattr(operations, "lead", killed_after(0, lead))
        with pytest.raises(Killed):
            simulate_city(small, now=now)
    with pytest.raises(Conflict):
        simulate_city(replace(small, seed=1), now=now)
    assert simulate_city(small, now=now).ratings == len(said())


def test_an_empty_registry_cannot_be_simulated(
    committed_db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_address())
    with pytest.raises(NotFound, match="import registry"):
        simulate_city(SMALL, now=now)


def test_nothing_is_simulated_beside_another_registry_or_real_ratings(city: None, now: datetime) -> None:
    empty_database()
    here = make_city()
    make_superior(here)
    with pytest.raises(Conflict) as refused:
        simulate_city(SMALL, now=now)
    assert refused.value.code == "not_demo"
    empty_database()
    rate_badly(make_city(), now)
    with pytest.raises(Conflict) as refused:
        simulate_city(SMALL, now=now)
    assert refused.value.code == "real"
    assert not rows("SELECT id FROM ratings_rating WHERE origin = 'simulation'")


def test_nobody_lives_tomorrow(city: None, now: datetime) -> None:
    with pytest.raises(Conflict) as refused:
        simulate_city(replace(SMALL, last=now.date()), now=now)
    assert refused.value.code == "future"
    with pytest.raises(NotFound, match="guangdong"):
        simulate_city(replace(SMALL, shape="atlantis"), now=now)


def test_it_runs_in_a_year_whose_holidays_are_not_known(city: None, now: datetime) -> None:
    later = now.replace(year=2027, month=3, day=1)
    report = simulate_city(replace(SMALL, ratings=60, last=date(2027, 2, 28)), now=later)
    assert report.ratings > 30
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_waiting WHERE default_provisional")
        assert cursor.fetchone()[0] > 0


def test_a_city_is_removed_whole_unless_anything_real_is_beside_it(city: None, now: datetime) -> None:
    with pytest.raises(NotFound):
        remove(now=now)
    simulate_city(replace(SMALL, ratings=40), now=now)
    left = {"registry_organisationrecord", "audit_auditentry", "accounts_official"}
    assert all(rows(f"SELECT FROM {table} LIMIT 1") for table in left)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET platform = 'real' WHERE id IN (SELECT id FROM cases_case LIMIT 1)"
        )
        with pytest.raises(Conflict) as refused:
            remove(now=now)
        assert refused.value.code == "real"
        cursor.execute("UPDATE cases_case SET platform = 'simulation'")
    remove(now=now + timedelta(seconds=1))
    assert not any(rows(f"SELECT FROM {table} LIMIT 1") for table in facts())
    assert all(rows(f"SELECT FROM {table} LIMIT 1") for table in left)
    assert all(map(is_filled, DECLARED))  # so that the figures of the next one are there at once
    # Another one may come, and what it says can be altered as little as before.
    simulate_city(replace(SMALL, ratings=20, seed=2), now=now + timedelta(seconds=2))
    with (
        pytest.raises(IntegrityError, match="may not be changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM ratings_rating")
