"""A thousand people scan their slips within ten seconds while the console is busy: all get the page."""

import http.client
import itertools
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import asyncpg
import uvloop

from bench.rating import load
from haochaping.cases.token import mint
from haochaping.cli.figures import Figure
from haochaping.cli.stage import HOST, Stage, stage
from haochaping.foundation.clock import now
from haochaping.foundation.keys import key_for
from haochaping.simulation.backlog import open_occasions
from haochaping.starter.progress import Say

QR_CODE = 3
PHONES = 200
OFFICIALS = 8
A_SECOND = 100
# Rendered by Django, with the session's table behind the second one.
CONSOLE = ("/console/login/", "/console/orders/")
PAGE = (200, b'name="submission"')


def run(*, quick: bool, say: Say) -> list[Figure]:
    """1,000 scans in 10 s, or 200 in 2 s, on 200 connections; eight officials ask for one page after the other."""
    scans = 200 if quick else 1000
    with stage(say) as set_up:
        ids = uvloop.run(_prepare(set_up, scans))
        set_up.start_everything()
        requests = [load.get(f"/r/{mint(each, QR_CODE, key_for('rating token'))}") for each in ids]
        with _busy_console(set_up.port) as seen:
            told = load.drive(set_up.port, requests, expect=PAGE, connections=PHONES, rate=A_SECOND)
    wrong = sum(number for status, number in seen.items() if status >= 500 and status != 503)
    return [
        Figure("scans answered with the form", len(told.each), "pages", goal_met=len(told.each) == scans),
        Figure("within", Decimal(told.seconds).quantize(Decimal("0.1")), "s"),
        Figure("p99 of a scan", Decimal(told.percentile(0.99)).quantize(Decimal("0.1")), "ms"),
        Figure("console pages meanwhile", seen.total(), "pages", goal="value > 0", goal_met=seen.total() > 0),
        Figure("of them broken", wrong, "pages", goal="value = 0", goal_met=wrong == 0),
    ]


async def _prepare(set_up: Stage, scans: int) -> list[uuid.UUID]:
    connection = await asyncpg.connect(set_up.dsn)
    try:
        return await open_occasions(connection, count=scans, now=now())
    finally:
        await connection.close()


@contextmanager
def _busy_console(number: int) -> Iterator[Counter[int]]:
    """Officials at work for as long as the block lasts; their answers by status."""
    seen: Counter[int] = Counter()
    over = threading.Event()

    def official() -> None:
        connection = http.client.HTTPConnection(HOST, number, timeout=30)
        for path in itertools.cycle(CONSOLE):
            if over.is_set():
                return
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            seen[answer.status] += 1

    officials = [threading.Thread(target=official, daemon=True) for _ in range(OFFICIALS)]
    for each in officials:
        each.start()
    try:
        yield seen
    finally:
        over.set()
        for each in officials:
            each.join(30)
