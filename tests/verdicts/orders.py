"""The same lines in many orders, each as a platform of its own, through the intake into PostgreSQL; what stands then."""

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from haochaping.accounts.clients import Reach
from haochaping.foundation.ids import new_id
from haochaping.intake import bulk
from haochaping.intake.occasions import judge_and_store
from haochaping.intake.services import Services
from haochaping.intake.signature import Client
from tests.verdicts.oracle import Oracle, Registry

# All that is kept of cases and occasions but ids and the instants of reception, which are those of the call.
CASES: Final = (
    "SELECT project_no, status, accepted_at, result_at, delivered_at FROM cases_case WHERE platform = $1"
)
OCCASIONS: Final = """
SELECT k.project_no, k.service_number, v.digest, to_jsonb(w) - '{id,known_at,subject_id}'::text[] AS waiting,
  to_jsonb(o) - '{id,case_id,version_id,unit_id}'::text[] AS occasion, o.id, o.unit_id, w.subject_id
FROM cases_occasionkey k JOIN cases_serviceoccasion o ON o.id = k.occasion_id
JOIN cases_case c ON c.id = o.case_id AND c.platform = k.platform AND c.project_no = k.project_no
JOIN cases_occasionversion v ON v.id = coalesce(o.version_id, o.id) AND v.occasion_id = o.id
JOIN identity_vaultrecord r ON r.id = v.id
LEFT JOIN cases_waiting w ON w.id = coalesce(o.unit_id, o.id) WHERE k.platform = $1
"""

State = Mapping[tuple[Any, ...], tuple[Any, ...]]


@dataclass
class Orders:
    """What many orders of one stream came to. `compared` are the cases and occasions of one order, without those of the
    cases that are `disputed`."""

    orders: int = 0
    records: int = 0
    compared: int = 0
    disputed: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    # Records whose verdict was not the one due; cases or occasions that stand otherwise than in the first order.
    wrong: list[str] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)


def of_registry(folder: Path) -> Registry:
    """The oracle's copy of a registry's import files."""

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return Registry(rows("divisions"), rows("organisations"), rows("items"))


async def run(
    services: Services,
    lines: Sequence[bytes],
    new_oracle: Callable[[], Oracle],
    *,
    orders: int,
    name: str,
) -> Orders:
    """The lines as they are, then shuffled, each time cut into calls at random and judged beside an oracle of its own."""
    found = Orders()
    disputed = new_oracle().disputed(lines)
    found.disputed = len(disputed)
    first: State = {}
    for number in range(orders):
        random = Random(number)
        order = list(lines)
        if number:
            random.shuffle(order)
        client = Client(new_id(services.now()), "", 0, f"{name}-{number}", frozenset(), Reach.PLATFORM)
        oracle = new_oracle()
        for call in cut(random, order):
            await _judge(services, client, call, oracle, found)
        async with services.pool.acquire() as connection:
            state = await standing(connection, client.platform, disputed)
        found.orders += 1
        first = first or state
        found.compared = len(first)
        found.otherwise += [
            f"order {number}: {key}"
            for key in first.keys() | state.keys()
            if first.get(key) != state.get(key)
        ]
    return found


def cut(random: Random, lines: Sequence[bytes]) -> list[Sequence[bytes]]:
    """The lines in order, in one call or in many."""
    cuts = sorted(random.sample(range(1, len(lines)), min(random.choice((0, 0, 1, 3, 10)), len(lines) - 1)))
    return [lines[start:end] for start, end in zip([0, *cuts], [*cuts, len(lines)], strict=True)]


async def _judge(
    services: Services, client: Client, lines: Sequence[bytes], oracle: Oracle, found: Orders
) -> None:
    reported = bulk.read(b"\n".join(lines), "application/x-ndjson")
    judged = await judge_and_store(client, reported, services)
    for line, each in zip(lines, judged, strict=True):
        due, fields = oracle.verdict(line), {reason.field for reason in each.reasons}
        found.records += 1
        found.verdicts[each.verdict] += 1
        if each.verdict != due.verdict or not fields >= due.fields:
            found.wrong.append(f"{due.verdict} {sorted(due.fields)}, not {each.verdict} {sorted(fields)}")


async def standing(connection: Any, platform: str, left_out: set[str]) -> State:
    """Every case and occasion of the platform, as it stands; not those of the cases `left_out`."""
    cases = await connection.fetch(CASES, platform)
    occasions = await connection.fetch(OCCASIONS, platform)
    # Who stands for whom, and who belongs together, by number and not by id. Here: of a hundred thousand occasions the
    # database would look for each among all.
    keys = {row["id"]: (row["project_no"], row["service_number"]) for row in occasions}
    together: dict[Any, list[tuple[str, int]]] = {}
    for row in occasions:
        if row["unit_id"] is not None:
            together.setdefault(row["unit_id"], []).append(keys[row["id"]])
    return {
        ("case", row["project_no"]): tuple(row)[1:] for row in cases if row["project_no"] not in left_out
    } | {
        ("occasion", *keys[row["id"]]): (
            *(row["digest"], row["waiting"], row["occasion"], keys.get(row["subject_id"])),
            tuple(sorted(together.get(row["unit_id"], ()))),
        )
        for row in occasions
        if row["project_no"] not in left_out
    }
