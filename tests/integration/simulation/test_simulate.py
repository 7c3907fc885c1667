"""A simulated past is what a real city would leave, and says that it is simulated."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from django.db import connection

from haochaping.cli import demo
from haochaping.cli.simulate import simulate_city
from haochaping.publication.proof import reconcile
from haochaping.ratings.wording import opened_text
from haochaping.registry.operations import import_registry
from haochaping.simulation.operations import Report
from tests.conftest import empty_database
from tests.occasions import database_address


def counted(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        (found,) = cursor.fetchone()
    return int(found)


@pytest.fixture
def city(committed_db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_address())
    import_registry(directory=demo.CITY, now=now, actor="test")


def test_the_report_is_what_the_tables_hold(city: None, now: datetime) -> None:
    report = simulate_city(ratings=600, seed=7, now=now)
    assert report.occasions == counted("SELECT count(*) FROM cases_serviceoccasion")
    assert report.ratings == counted("SELECT count(*) FROM ratings_rating WHERE origin = 'simulation'")
    assert report.ratings == counted("SELECT count(*) FROM ratings_rating")
    assert report.bad == report.orders == counted("SELECT count(*) FROM rectification_workorder")
    assert report.defaults == counted("SELECT count(*) FROM ratings_defaultrating")
    assert report.acts == counted("SELECT count(*) FROM rectification_orderstep")
    assert report.occasions > report.ratings > 500
    assert report.defaults > 20


def test_every_tally_of_it_is_proved_by_its_rows(city: None, now: datetime) -> None:
    simulate_city(ratings=300, seed=3, now=now)
    assert reconcile(now=now) == ()
    assert counted("SELECT count(*) FROM tallies_change") == 0
    assert counted("SELECT sum(occasions) FROM tallies_organisationday") == counted(
        "SELECT count(*) FROM cases_serviceoccasion"
    )


def test_no_name_of_the_simulated_lies_open(city: None, now: datetime) -> None:
    simulate_city(ratings=60, seed=5, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(v) FROM identity_vaultrecord v LIMIT 20")
        rows = [json.dumps(row) for (row,) in cursor.fetchall()]
    assert rows
    assert not any("有限公司" in row or '"mobile"' in row for row in rows)


def content(now: datetime, seed: int) -> tuple[Report, list[tuple[object, ...]], list[tuple[object, ...]]]:
    """What a simulation of this seed says in a database of its own: report, ratings, and how its orders went."""
    empty_database()
    import_registry(directory=demo.CITY, now=now, actor="test")
    report = simulate_city(ratings=300, seed=seed, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, text, level, tags, named, channel, received_at, organisation_id, window_id, staff_id, item_id "
            "FROM ratings_rating ORDER BY received_at, organisation_id, window_id, item_id, level"
        )
        # A text is sealed each time anew: what counts is what it says.
        ratings = [(opened_text(text, rating), *said) for rating, text, *said in cursor.fetchall()]
        cursor.execute("SELECT act, note, actor, at FROM rectification_orderstep ORDER BY at, act, note")
        return report, ratings, cursor.fetchall()


def test_the_same_seed_says_the_same_in_two_databases_and_another_something_else(
    city: None, now: datetime
) -> None:
    first, again, other = content(now, 11), content(now, 11), content(now, 12)
    assert first == again
    assert len(first[1]) > 250
    assert other[1] != first[1]


def test_an_empty_registry_cannot_be_simulated(committed_db: None, now: datetime) -> None:
    from haochaping.foundation.errors import NotFound

    with pytest.raises(NotFound, match="import registry"), asyncio.Runner():
        simulate_city(ratings=10, seed=1, now=now)


def test_it_still_runs_in_a_year_whose_holidays_are_not_known(city: None) -> None:
    report = simulate_city(ratings=60, seed=1, now=datetime(2027, 3, 1, 2, 0, tzinfo=UTC))
    assert report.ratings > 30
