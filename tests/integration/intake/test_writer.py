"""The writer against a real PostgreSQL: nothing is told before the commit, nothing is stored twice or
lost.
"""

import asyncio
import uuid
from datetime import datetime, timedelta

import asyncpg
import pytest
from django.db import connection as django_connection

from haochaping.foundation.clock import now as clock_now
from haochaping.intake.writer import Kind, Submission, Writer
from haochaping.ratings.operations import default_due
from haochaping.ratings.receipt import kept_secret, kept_submission, read_number
from haochaping.ratings.wording import opened_text
from tests.integration.intake.writing import KEYS, deltas, submission
from tests.occasions import SERVICE_DAY, add_occasion, database_address, said

pytestmark = pytest.mark.usefixtures("committed_db")


async def sweep_one(database: asyncpg.Connection, occasion: uuid.UUID, now: datetime) -> bool:
    """What the default sweep does to one occasion, in its own transaction."""
    async with database.transaction():
        due_at = await database.fetchval(
            "DELETE FROM cases_waiting WHERE id = $1 AND default_at <= $2 RETURNING default_at", occasion, now
        )
        if due_at is None:
            return False
        await database.execute(
            """INSERT INTO ratings_defaultrating (id, level, due_at, in_time_until, defaulted_at, service_day,
               division_id, organisation_id, profile) VALUES ($1, 3, $2, $2, $3, $4, 53, 530, 'kunming')""",
            occasion,
            due_at,
            now,
            SERVICE_DAY,
        )
        await database.execute(
            "INSERT INTO tallies_change (organisation_id, day, d3) VALUES (530, $1, 1)", SERVICE_DAY
        )
        await asyncio.sleep(0)
        return True


async def test_a_bad_rating_leaves_everything_that_follows_from_it(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    occasion = await add_occasion(database, now, due_at=now + timedelta(days=1))
    given = Submission(
        occasion_id=occasion,
        content=said(2, text="等了很久\n没有人", tags=(210, 211)),
        profile="kunming@1",
        channel=3,
        received_at=now,
        address=b"a" * 32,
        elapsed_ms=4200,
    )

    outcome = await writer.submit(given)

    assert outcome.kind is Kind.CREATED
    rating = await database.fetchrow("SELECT * FROM ratings_rating")
    assert (rating["id"], rating["occasion_id"], rating["level"]) == (occasion, occasion, 2)
    assert (rating["tags"], rating["channel"]) == ([210, 211], 3)
    assert "没有人" not in rating["text"]
    assert opened_text(rating["text"], occasion) == "等了很久\n没有人"
    assert (rating["organisation_id"], rating["window_id"], rating["item_id"]) == (530, 8, 10)
    assert (rating["service_day"], rating["received_at"]) == (SERVICE_DAY, now)
    rules = await database.fetchval("SELECT label FROM ratings_ruleset WHERE code = $1", rating["ruleset"])
    assert (rules, rating["profile"]) == ("kunming@1", None)
    assert (rating["origin"], rating["named"], rating["norm_version"]) == (None, False, 2)
    receipt = await database.fetchrow("SELECT * FROM ratings_receipt")
    assert receipt["number"] == read_number(outcome.receipt.number)
    assert receipt["secret"] == kept_secret(outcome.receipt.number, outcome.receipt.secret, KEYS)
    trace = await database.fetchrow("SELECT * FROM ratings_trace")
    assert (trace["address"], trace["device"], trace["elapsed_ms"]) == (b"a" * 32, None, 4200)
    assert trace["kept_until"] == (now + timedelta(days=190)).date()
    assert await database.fetchval("SELECT rating_id FROM rectification_badrating") == occasion
    assert await deltas(database) == {"n1": 0, "n2": 1, "n3": 0, "n4": 0, "n5": 0, "d3": 0}
    assert await database.fetchval("SELECT count(*) FROM cases_waiting") == 0


async def test_the_same_submission_gets_its_receipt_again_and_any_other_is_gone(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    occasion = await add_occasion(database, now)
    first = submission(occasion, now, submission=b"1" * 16)

    created = await writer.submit(first)
    again = await writer.submit(submission(occasion, now, level=1, submission=b"1" * 16))
    other = await writer.submit(submission(occasion, now, submission=b"2" * 16))

    assert (created.kind, again.kind, other.kind) == (Kind.CREATED, Kind.SAME, Kind.GONE)
    assert again.receipt == created.receipt
    assert other.receipt is None
    assert await database.fetchval("SELECT level FROM ratings_rating") == 5
    assert await database.fetchval("SELECT count(*) FROM rectification_badrating") == 0


async def test_a_submission_stored_by_a_door_of_before_is_known_again(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    occasion = await add_occasion(database, now)
    first = submission(occasion, now, submission=b"1" * 16)
    created = await writer.submit(first)
    whole = kept_submission(occasion, b"1" * 16, KEYS)
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await database.execute(
            "UPDATE ratings_rating SET submission = $1, tags = '{}', origin = 'citizen'", whole
        )

    again = await writer.submit(first)
    other = await writer.submit(submission(occasion, now, submission=b"2" * 16))

    assert len(whole) == 32
    assert (again.kind, again.receipt, other.kind) == (Kind.SAME, created.receipt, Kind.GONE)


async def test_what_was_acknowledged_survives_a_crash_whatever_the_servers_default_is(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    assert await database.fetchval("SHOW synchronous_commit") == "off"  # this server's default
    await writer.submit(submission(await add_occasion(database, now), now))
    connection = writer._connection
    assert connection is not None
    assert await connection.fetchval("SHOW synchronous_commit") == "on"


async def test_a_provisional_deadline_closes_nothing(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    past = now - timedelta(days=2)
    open_still = await add_occasion(database, now, due_at=past, provisional=True)
    closed = await add_occasion(database, now, due_at=past)

    outcomes = [await writer.submit(submission(each, now)) for each in (open_still, closed)]

    assert [outcome.kind for outcome in outcomes] == [Kind.CREATED, Kind.GONE]
    assert await database.fetchval("SELECT array_agg(id) FROM ratings_rating") == [open_still]


async def test_a_submission_id_used_on_two_occasions_stores_both(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    occasions = [await add_occasion(database, now) for _ in range(2)]
    outcomes = await asyncio.gather(
        *(writer.submit(submission(each, now, submission=b"1" * 16)) for each in occasions)
    )
    assert [outcome.kind for outcome in outcomes] == [Kind.CREATED, Kind.CREATED]
    assert outcomes[0].receipt != outcomes[1].receipt


@pytest.mark.parametrize("processes", [1, 3])
async def test_two_hundred_at_once_for_one_occasion_store_exactly_one(
    database: asyncpg.Connection, now: datetime, processes: int
) -> None:
    occasion = await add_occasion(database, now)
    writers = [Writer(database_address(), keys=KEYS, now=clock_now) for _ in range(processes)]

    outcomes = await asyncio.gather(
        *(writers[n % processes].submit(submission(occasion, now, level=1 + n % 5)) for n in range(200))
    )

    kinds = [outcome.kind for outcome in outcomes]
    assert (kinds.count(Kind.CREATED), kinds.count(Kind.GONE)) == (1, 199)
    assert await database.fetchval("SELECT count(*) FROM ratings_rating") == 1
    assert sum((await deltas(database)).values()) == 1
    await asyncio.gather(*(each.close() for each in writers))


async def test_the_same_submission_two_hundred_times_at_once_is_created_once_and_known_otherwise(
    database: asyncpg.Connection, now: datetime
) -> None:
    occasion = await add_occasion(database, now)
    writers = [Writer(database_address(), keys=KEYS, now=clock_now) for _ in range(3)]
    same = submission(occasion, now)

    outcomes = await asyncio.gather(*(writers[n % 3].submit(same) for n in range(200)))

    kinds = [outcome.kind for outcome in outcomes]
    assert (kinds.count(Kind.CREATED), kinds.count(Kind.SAME)) == (1, 199)
    assert len({outcome.receipt for outcome in outcomes}) == 1
    await asyncio.gather(*(each.close() for each in writers))


async def test_in_time_and_too_late_part_at_the_due_instant(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    occasions = [await add_occasion(database, now, due_at=now) for _ in range(2)]
    late = await writer.submit(submission(occasions[0], now))
    in_time = await writer.submit(submission(occasions[1], now - timedelta(microseconds=1)))
    assert (late.kind, in_time.kind) == (Kind.GONE, Kind.CREATED)


async def test_what_never_waited_or_never_was_is_gone(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    reported_late = await add_occasion(database, now, waiting=False)
    for occasion in (reported_late, uuid.uuid4()):
        assert (await writer.submit(submission(occasion, now))).kind is Kind.GONE


async def test_a_rating_received_in_time_takes_the_default_back(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    occasion = await add_occasion(database, now, due_at=now)
    assert await sweep_one(database, occasion, now)

    late = await writer.submit(submission(occasion, now))
    in_time = await writer.submit(submission(occasion, now - timedelta(seconds=1), level=4))
    once_more = await writer.submit(submission(occasion, now - timedelta(seconds=2)))

    assert [each.kind for each in (late, in_time, once_more)] == [Kind.GONE, Kind.CREATED, Kind.GONE]
    assert await deltas(database) == {"n1": 0, "n2": 0, "n3": 0, "n4": 1, "n5": 0, "d3": 0}
    assert (
        await database.fetchval("SELECT count(*) FROM ratings_defaultrating WHERE superseded_at IS NOT NULL")
        == 1
    )


MOMENT = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("swept", [True, False])
@pytest.mark.parametrize(
    ("received", "kind"),
    [
        (-3 * HOUR - MOMENT, Kind.CREATED),
        # The window is closed, and silence has not counted yet.
        (-3 * HOUR, Kind.GONE),
        (-2 * HOUR - MOMENT, Kind.GONE),
        # It has, and a rating may follow for an hour.
        (-2 * HOUR, Kind.CREATED),
        (-HOUR - MOMENT, Kind.CREATED),
        (-HOUR, Kind.GONE),
    ],
)
async def test_in_time_before_the_window_and_behind_the_default_swept_or_not(
    writer: Writer,
    database: asyncpg.Connection,
    now: datetime,
    received: timedelta,
    kind: Kind,
    swept: bool,
) -> None:
    """What counts is when it was received, not when it comes to its commit."""
    instants = {
        "window_at": now - 3 * HOUR,
        "default_at": now - 2 * HOUR,
        "after_default": True,
        "after_at": now - HOUR,
    }
    occasion = await add_occasion(database, now, **instants)
    if swept:
        await asyncio.to_thread(_sweep, now)
        assert await deltas(database) == {"n1": 0, "n2": 0, "n3": 0, "n4": 0, "n5": 0, "d3": 1}
    assert (await writer.submit(submission(occasion, now + received))).kind is kind
    created = int(kind is Kind.CREATED)
    silent = int(swept and not created)
    assert await deltas(database) == {"n1": 0, "n2": 0, "n3": 0, "n4": 0, "n5": created, "d3": silent}
    again = await writer.submit(submission(occasion, now + received))
    assert again.kind is Kind.GONE


def _sweep(now: datetime) -> None:
    try:
        assert default_due(now=now) == 1
    finally:
        django_connection.close()


async def test_the_sweep_and_the_citizen_race_and_the_citizen_in_time_always_wins(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    occasions = [await add_occasion(database, now, due_at=now) for _ in range(300)]

    async def sweep() -> int:
        swept = 0
        for occasion in occasions:
            swept += await sweep_one(database, occasion, now)
        return swept

    async def rate() -> list[Kind]:
        kinds = []
        # From the other end: whoever is faster on this machine, the two meet.
        for start in range(0, len(occasions), 7):
            part = occasions[::-1][start : start + 7]
            given = (submission(each, now - timedelta(seconds=1)) for each in part)
            kinds += [outcome.kind for outcome in await asyncio.gather(*map(writer.submit, given))]
        return kinds

    swept, kinds = await asyncio.gather(sweep(), rate())

    assert kinds == [Kind.CREATED] * 300
    assert 0 < swept < 300, "the race did not take place"
    assert await deltas(database) == {"n1": 0, "n2": 0, "n3": 0, "n4": 0, "n5": 300, "d3": 0}
    superseded = await database.fetchval("SELECT count(superseded_at) FROM ratings_defaultrating")
    assert superseded == await database.fetchval("SELECT count(*) FROM ratings_defaultrating") == swept


async def test_the_real_sweep_races_too_and_every_occasion_counts_once(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    occasions = [await add_occasion(database, now, due_at=now) for _ in range(300)]

    def sweep() -> int:
        swept = 0
        for _ in range(400):
            swept += default_due(now=now, limit=3)
        django_connection.close()
        return swept

    async def rate() -> list[Kind]:
        kinds = []
        for n in range(0, len(occasions), 5):
            # One in five comes too late: silence counts for it unless nothing swept it yet.
            given = [
                submission(each, now - timedelta(seconds=1) if k else now)
                for k, each in enumerate(occasions[n : n + 5])
            ]
            kinds += [outcome.kind for outcome in await asyncio.gather(*map(writer.submit, given))]
        return kinds

    swept, kinds = await asyncio.gather(asyncio.to_thread(sweep), rate())

    assert (kinds.count(Kind.CREATED), kinds.count(Kind.GONE)) == (240, 60)
    assert swept >= 60
    assert await database.fetchval("SELECT count(*) FROM cases_waiting") == 0
    assert await deltas(database) == {"n1": 0, "n2": 0, "n3": 0, "n4": 0, "n5": 240, "d3": 60}
    superseded = await database.fetchval("SELECT count(superseded_at) FROM ratings_defaultrating")
    assert superseded == swept - 60


async def test_while_somebody_holds_the_claim_others_are_stored_and_then_it_is_decided(
    writer: Writer, database: asyncpg.Connection, now: datetime
) -> None:
    held, free = [await add_occasion(database, now, due_at=now) for _ in range(2)]
    correction = await asyncpg.connect(database_address())
    async with correction.transaction():
        await correction.execute("SELECT 1 FROM cases_waiting WHERE id = $1 FOR UPDATE", held)
        waits = asyncio.create_task(writer.submit(submission(held, now - timedelta(seconds=1))))
        stored = await writer.submit(submission(free, now - timedelta(seconds=1)))
        assert not waits.done()
    await correction.close()
    assert (stored.kind, (await waits).kind) == (Kind.CREATED, Kind.CREATED)
