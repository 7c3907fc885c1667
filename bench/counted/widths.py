"""Bytes on the disk of what the interface takes in: an occasion with its key, and what the vault has of its applicant, with
its share of the phrases that records have in common.
"""

import asyncio
from typing import TYPE_CHECKING, Final

from bench.occasions import A_CALL, CITY, apart, bodies
from haochaping.cli.figures import Figure
from haochaping.cli.intake_services import intake_services
from haochaping.foundation.clock import now

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

_CALLS: Final = 4
# What is kept of each, and how many bytes at most.
_KEPT: Final = (
    ("an occasion with its key", ("cases_serviceoccasion", "cases_occasionkey"), 350),
    ("its applicant in the vault", ("identity_vaultrecord", "identity_phrase"), 400),
)


def widths(cursor: "CursorWrapper") -> list[Figure]:
    """Of forty thousand records of a city in four calls, judged, sealed and stored as they come in; before any others."""
    from haochaping.registry.operations import import_registry

    import_registry(directory=CITY, now=now(), actor="bench")
    with asyncio.Runner() as runner, intake_services(runner) as services:
        for body in bodies(services, "width", _CALLS):
            runner.run(apart(services, body, "width"))
    return [_width(cursor, *each) for each in _KEPT]


def _width(cursor: "CursorWrapper", name: str, tables: tuple[str, ...], most: int) -> Figure:
    total = 0
    for table in tables:
        cursor.execute("SELECT pg_total_relation_size(%s)", [table])
        total += cursor.fetchone()[0]
    width = total // (_CALLS * A_CALL)
    return Figure(name, width, "bytes", goal=f"value <= {most}", goal_met=width <= most)
