"""One self-test from beginning to end."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection

from haochaping.accounts.operations.keys import IssuedKey
from haochaping.cases.token import ForgedToken, mint, read
from haochaping.foundation.errors import Conflict
from haochaping.foundation.keys import key_for
from haochaping.oversight.operations.alarms import LOCK
from haochaping.oversight.operations.selftest import conclude
from haochaping.oversight.watching import Cell, Outcome, Step, Way, cells
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.queries import rating_for_order
from haochaping.rectification.queries import numbers_of_orders
from haochaping.registry import trial
from haochaping.registry.queries import organisation_id_by_credit_code
from haochaping.simulation.selftest import ground, ways
from haochaping.simulation.selftest.calling import Door, Failed
from haochaping.simulation.selftest.occasions import Open, report, served_on
from haochaping.tallies.queries import organisation_day_counts
from haochaping.tallies.rules import Counts

# Seconds: until a door that is being started answers, until it has read the new ground, until an order is there.
STARTING: Final = 60
_READ_ANEW: Final = 5
_ORDERS: Final = 30


@dataclass(slots=True)
class _Walk:
    """The state of one run. `counted`: the tally before the rating; `rated`: whose work order is still to be seen."""

    door: Door
    key: IssuedKey
    organisation: int
    day: date
    labels: Mapping[int, str]
    bad: frozenset[int]
    clock: Callable[[], datetime]
    counted: Counts = field(default_factory=Counts)
    rated: dict[Cell, tuple[UUID, ways.Receipt]] = field(default_factory=dict)


def self_test(
    *,
    address: str,
    rulebook: Rulebook,
    clock: Callable[[], datetime],
    actor: str,
    tell: bool,
    pause: Callable[[float], None] = time.sleep,
    patience: int = _ORDERS,
    starting: int = STARTING,
) -> UUID:
    """Rates everything that `cells` names at this address, keeps what came of it, and gives the run's id.

    `clock` gives the instant of each act, `pause` waits so many seconds, `patience` is how long an order may take and
    `starting` a door that is being started. Raises Conflict while another self-test runs, ValueError for what is no address.
    """
    with _alone():
        started_at = clock()
        door = Door(address, pause=pause)
        new = ground.prepare(now=started_at)
        door.wait(starting)
        if new:
            pause(_READ_ANEW)
        with ground.key(now=started_at) as key:
            outcomes = _walked(door, key, rulebook, clock, pause, patience)
        return conclude(
            outcomes=outcomes,
            address=door.address,
            started_at=started_at,
            now=clock(),
            actor=actor,
            tell=tell,
        )


@contextmanager
def _alone() -> Iterator[None]:
    """One self-test at a time: each counts what the tally gained by its own rating."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        row = cursor.fetchone()
        if row is None or not row[0]:
            raise Conflict("selftest_runs", "Another self-test runs at this moment. Wait until it is over.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _walked(
    door: Door,
    key: IssuedKey,
    rulebook: Rulebook,
    clock: Callable[[], datetime],
    pause: Callable[[float], None],
    patience: int,
) -> list[Outcome]:
    now = clock()
    rules = rulebook.profile(trial.DIVISION, served_on(now))
    organisation = organisation_id_by_credit_code(trial.ORGANISATION) or 0
    walk = _Walk(door, key, organisation, served_on(now), rules.labels, rules.bad_levels, clock)
    try:
        places = report(door, key, cells(), now=now)
    except Failed as failed:
        return [Outcome(cell, Step.REPORT, failed.reason) for cell in cells()]
    found = {cell: _outcome(walk, cell, place) for cell, place in places.items()}
    for cell, reason in _without_order(walk, pause, patience).items():
        found[cell] = Outcome(cell, Step.ORDER, reason)
    return list(found.values())


def _outcome(walk: _Walk, cell: Cell, reported: Open | Failed) -> Outcome:
    """All steps of a cell but the order, which takes its time."""
    step = Step.REPORT
    try:
        if isinstance(reported, Failed):
            raise reported
        occasion, token = _token(reported.path, cell.channel)
        hidden: dict[str, str] = {}
        if ways.has_page(cell.way):
            step = Step.PAGE
            hidden = ways.open_page(walk.door, f"/r/{token}")
        step = Step.RATE
        walk.counted = _counts(walk)
        receipt = _rated(walk, cell, reported, token, hidden)
        step = Step.STORED
        _check_stored(walk, cell, occasion)
        step = Step.TALLY
        _check_counted(walk, cell)
        step = Step.RECEIPT
        if f">{walk.labels[cell.level]}<" not in ways.follow(walk.door, receipt):
            raise Failed("level not shown")
    except Failed as failed:
        return Outcome(cell, step, failed.reason)
    if cell.level in walk.bad:
        walk.rated[cell] = occasion, receipt
    return Outcome(cell)


def _token(path: str, channel: int) -> tuple[UUID, str]:
    """The occasion of a rating address, and its token for the channel that is tested."""
    key = key_for("rating token")
    try:
        given = read(path.rpartition("/")[2], key)
    except ForgedToken:
        raise Failed("no rating address") from None
    return given.occasion_id, mint(given.occasion_id, channel, key)


def _rated(walk: _Walk, cell: Cell, place: Open, token: str, hidden: Mapping[str, str]) -> ways.Receipt:
    match cell.way:
        case Way.FORM:
            return ways.by_form(walk.door, f"/r/{token}", hidden, cell)
        case Way.DEVICE:
            return ways.by_device(walk.door, token, cell)
        case Way.CLIENT:
            path = f"/api/v1/ratings/{token}"
            return ways.by_client(walk.door, path, {}, cell, key=walk.key, now=walk.clock())
        case Way.NUMBER:
            about = {"projectNo": place.project_no, "serviceNumber": place.service_number}
            return ways.by_client(walk.door, "/api/v1/ratings", about, cell, key=walk.key, now=walk.clock())


def _check_stored(walk: _Walk, cell: Cell, occasion: UUID) -> None:
    kept = rating_for_order([occasion])
    if not kept:
        raise Failed("not stored")
    (rating,) = kept
    if rating.level != cell.level:
        raise Failed(f"stored as level {rating.level}")
    if rating.channel != cell.channel:
        raise Failed(f"stored as channel {rating.channel}")
    if rating.organisation_id != walk.organisation:
        raise Failed("stored for another organisation")


def _check_counted(walk: _Walk, cell: Cell) -> None:
    """Exactly this one more, under its level and no other."""
    now = _counts(walk)
    gained = {level: getattr(now, f"n{level}") - getattr(walk.counted, f"n{level}") for level in range(1, 6)}
    if gained != {level: int(level == cell.level) for level in range(1, 6)}:
        raise Failed(
            "counted " + " ".join(f"n{level}:{number:+d}" for level, number in gained.items() if number)
        )


def _counts(walk: _Walk) -> Counts:
    counts = organisation_day_counts(from_day=walk.day, to_day=walk.day)
    return counts.get((walk.organisation, walk.day), Counts())


def _without_order(walk: _Walk, pause: Callable[[float], None], patience: int) -> dict[Cell, str]:
    """The bad ones whose order is not there in time, or not on their receipt's page, and why."""
    subjects = [occasion for occasion, _ in walk.rated.values()]
    numbers = numbers_of_orders(subjects)
    for _ in range(patience):
        if len(numbers) == len(subjects):
            break
        pause(1)
        numbers = numbers_of_orders(subjects)
    found: dict[Cell, str] = {}
    for cell, (occasion, receipt) in walk.rated.items():
        try:
            if occasion not in numbers:
                raise Failed("no work order")
            if numbers[occasion] not in ways.follow(walk.door, receipt):
                raise Failed("work order not shown")
        except Failed as failed:
            found[cell] = failed.reason
    return found
