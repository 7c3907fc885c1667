"""A simulated city of two years, and what is in it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from haochaping.cli import demo
from haochaping.cli.simulate import simulate_city
from haochaping.publication.proof import Difference, reconcile
from haochaping.registry.operations import import_registry
from haochaping.simulation.operations import Report
from haochaping.simulation.runs import Asked
from tests.conftest import empty_database
from tests.occasions import database_address

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TWO_YEARS = Asked(ratings=20_000, seed=7, shape="guangdong", days=730)


@dataclass(frozen=True)
class Lived:
    """What a city told of itself, what proves its tallies, and its services, each with what became of it."""

    report: Report
    differences: tuple[Difference, ...]
    services: list[dict[str, Any]]
    pending: int


_SERVICES = """
SELECT o.id, o.service_at, o.service_day, o.organisation_id, o.item_id, o.window_id, o.place, o.late,
    to_timestamp(('x' || left(replace(o.id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) AS reported_at,
    r.level, r.channel, r.named, r.tags, r.text, r.origin, r.received_at, d.level AS silence, w.id IS NOT NULL AS waits,
    c.number IS NOT NULL AS receipt, t.rating_id IS NOT NULL AS traced
FROM cases_serviceoccasion AS o
LEFT JOIN ratings_rating AS r ON r.occasion_id = o.id LEFT JOIN ratings_defaultrating AS d ON d.id = o.id
LEFT JOIN cases_waiting AS w ON w.id = o.id LEFT JOIN ratings_receipt AS c ON c.rating_id = r.id
LEFT JOIN ratings_trace AS t ON t.rating_id = r.id
ORDER BY o.id
"""


def rows(statement: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.fixture(scope="session")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Lived:
    """Made once and asked once; the database is empty again when the tests look at it."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("DATABASE_URL", database_address())
        try:
            import_registry(directory=demo.CITY, now=NOW, actor="test")
            report = simulate_city(TWO_YEARS, now=NOW)
            differences = reconcile(now=NOW)
            (pending,) = rows("SELECT count(*)::int AS number FROM tallies_change")
            found = Lived(report, differences, rows(_SERVICES), pending["number"])
        finally:
            empty_database()
            connection.close()
    return found
