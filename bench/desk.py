"""Milliseconds and queries of the console's pages at 20,000 open orders and 12.5 million ratings.

HAOCHAPING_BENCH_RATINGS and HAOCHAPING_BENCH_ORDERS are other numbers of ratings and of open orders.
"""

import os
import time
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from statistics import median, quantiles
from typing import TYPE_CHECKING, Final
from uuid import UUID

from bench.filling.desks import Patterns, Sizes, fill
from haochaping.cli import demo
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.cli.stage import HOST, stage
from haochaping.foundation.clock import now
from haochaping.starter.progress import Say

if TYPE_CHECKING:
    from django.test import Client

MOST_QUERIES: Final = 30
MOST_MS: Final = 300
ROUNDS, QUICK_ROUNDS = 40, 5
# Closed orders beside each open one.
CLOSED: Final = 9
HANDLER: Final = "11532216MB3585447A"  # the city's police
LISTS: Final[Mapping[str, str]] = {
    "desk": "/console/",
    "desk, all that is open": "/console/?show=open",
    "desk, narrowed": "/console/?show=open&due=soon&named=yes&type=07&contested=no",
    "desk, closed": "/console/?show=closed",
    "ledger": "/console/ledger/",
    "escalations": "/console/escalations/",
    "revisits": "/console/revisits/",
}


def run(*, quick: bool, say: Say) -> list[Figure]:
    """The whole, or 20,000 ratings and 2,000 orders with times that are told and not judged."""
    ratings = int(os.environ.get("HAOCHAPING_BENCH_RATINGS", 20_000 if quick else 12_500_000))
    orders = int(os.environ.get("HAOCHAPING_BENCH_ORDERS", 2_000 if quick else 20_000))
    with stage(say):
        from haochaping.registry.operations import import_registry

        import_registry(directory=demo.CITY, now=now(), actor="bench")
        people, patterns, pages = _few()
        closed = min(orders * CLOSED, max(ratings - orders - 100, 0))
        _filled(Sizes(ratings, orders, closed), patterns, say)
        rounds = QUICK_ROUNDS if quick else ROUNDS
        figures: list[Figure] = []
        for who, official in people.items():
            client = _browser(official)
            mine = {**LISTS, **pages}
            if who == "officer":
                mine |= {"objections": "/console/objections/"}
            for name, path in mine.items():
                say(f"looking at {name} as {who}")
                figures += _looked_at(f"{name}, {who}", client, path, rounds, judged=not quick)
        return figures


def _few() -> tuple[dict[str, UUID], Patterns, dict[str, str]]:
    """The officials, a row of each kind, and the pages of single orders: contested, with more time asked for, closed."""
    from haochaping.accounts.rules import Role
    from haochaping.oversight.models import Revisit
    from haochaping.oversight.revisiting import Terms
    from haochaping.rectification.states import Act
    from haochaping.registry import queries as registry
    from tests.objections import put_objection
    from tests.orders import City, lead_to, make_official, open_order

    at = now()
    known = {each.credit_code: each for each in registry.organisations(at.date())}
    authority, police = known[demo.AUTHORITY], known[HANDLER]
    item = registry.items_of(police.id, at.date())[0]
    city = City(
        police.division_id,
        authority.id,
        police.id,
        next(each.id for each in known.values() if each.id not in (authority.id, police.id)),
        min(number for number, code in registry.item_codes(range(100_000)).items() if code == item.code),
    )
    people = {
        "handler": make_official(police.id, at, "handler"),
        "officer": make_official(authority.id, at, "officer", Role.AUTHORITY_OFFICER),
    }
    contested, verified, closed = (open_order(city, at, named=True) for _ in range(3))
    lead_to(contested, Act.VERIFY, people["handler"], at)
    objection = put_objection(contested, at, body=authority.id)
    lead_to(verified, Act.VERIFY, people["handler"], at)
    lead_to(closed, Act.CLOSE, people["handler"], at)
    revisit = Revisit.objects.create(
        id=closed.id,
        order_id=closed.id,
        number=closed.number,
        organisation_id=police.id,
        body="handling_unit",
        occasion="answered",
        conductors=[police.id],
        terms=[Terms("a", "bad", "", "1", None, (), "handling_unit", (), None, (), "", "").kept()],
        arisen_at=at - timedelta(days=1),
        state="due",
    )
    patterns = Patterns(contested.subject_id, contested.id, objection.id, revisit.id, people["handler"])
    pages = {"order, contested": contested, "order, verified": verified, "order, closed": closed}
    return people, patterns, {name: f"/console/orders/{each.id}/" for name, each in pages.items()}


def _filled(sizes: Sizes, patterns: Patterns, say: Say) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        fill(cursor, sizes, patterns, now=now(), say=say)
        cursor.execute("SELECT count(*) FROM rectification_workorder WHERE state <> 'closed'")
        found = cursor.fetchone()[0]
    if found < sizes.open:
        raise CouldNotRun(f"{found} orders are open, not {sizes.open}")


def _browser(official: UUID) -> "Client":
    from django.test import Client

    from haochaping.accounts.models import Official

    client = Client(HTTP_HOST=HOST)
    client.force_login(Official.objects.get(id=official))
    return client


def _looked_at(name: str, client: "Client", path: str, rounds: int, *, judged: bool) -> list[Figure]:
    """Milliseconds within Django, from the request to the whole page, after two looks that warm up; the reference is what of
    them was this process's own processor time. Raises CouldNotRun."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    # Now: the next request empties the list that it is read from.
    queries = len(asked)
    if answer.status_code != 200 or not queries:
        raise CouldNotRun(f"{path} was answered {answer.status_code} after {queries} queries")
    client.get(path)
    taken, processor = [], time.process_time()
    for _ in range(rounds):
        begin = time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - begin) * 1000)
    own = (time.process_time() - processor) * 1000 / rounds
    late = quantiles(taken, n=20)[-1]
    goal = f"value <= {MOST_MS}" if judged else ""
    return [
        Figure(
            f"{name}: median",
            _tenths(median(taken)),
            "ms",
            _tenths(own),
            _tenths(median(taken) / own),
        ),
        Figure(f"{name}: p95", _tenths(late), "ms", goal=goal, goal_met=late <= MOST_MS if judged else None),
        Figure(
            f"{name}: queries",
            queries,
            "queries",
            goal=f"value <= {MOST_QUERIES}",
            goal_met=queries <= MOST_QUERIES,
        ),
    ]


def _tenths(milliseconds: float) -> Decimal:
    return Decimal(milliseconds).quantize(Decimal("0.1"))
