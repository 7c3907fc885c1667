"""The door's statements look each row up by its key, also by a plan that was made when their tables were empty or unknown.

Joins that PostgreSQL chose read whole tables then: 500 µs a rating instead of 60 until somebody analysed them.
"""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from haochaping.intake.statement import STORE_RATINGS
from haochaping.intake.writer import PLANNING
from haochaping.ratings.fragments import OPEN_OCCASIONS

GROWING = ("cases_waiting", "cases_serviceoccasion", "ratings_rating", "ratings_defaultrating")
STATEMENTS = {
    "storing": (STORE_RATINGS, "bytea, text, timestamptz", r"''::bytea, 'a', now()"),
    "asking": (OPEN_OCCASIONS, "bytea, text", r"''::bytea, '1'"),
}

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.mark.parametrize("name", STATEMENTS)
@pytest.mark.parametrize("analysed", [False, True])
async def test_each_row_is_looked_up_by_its_key(
    database: asyncpg.Connection, name: str, analysed: bool
) -> None:
    statement, types, values = STATEMENTS[name]
    if analysed:
        await database.execute(f"ANALYZE {', '.join(GROWING)}")
    for setting, value in PLANNING.items():
        await database.execute(f"SET {setting} = {value}")
    await database.execute(f"PREPARE looked_at ({types}) AS {statement}")
    plan = json.loads(await database.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE looked_at ({values})"))

    reads = [node for node in nodes(plan[0]["Plan"]) if reads_table(node)]

    assert len(reads) >= len(GROWING) - (name == "asking")
    assert [node for node in reads if " = " not in node.get("Index Cond", "")] == []


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def reads_table(node: dict[str, Any]) -> bool:
    """A bitmap's index is named, its table is not: by the name of the index both are found."""
    where = node.get("Index Name", node.get("Relation Name", ""))
    return (
        "Scan" in node["Node Type"] and node["Node Type"] != "Bitmap Heap Scan" and where.startswith(GROWING)
    )
