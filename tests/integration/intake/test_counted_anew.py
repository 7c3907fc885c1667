"""What the door counted is counted anew by the same function, whatever it depends on; what is unsettled sets nothing off."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from django.db import connection

from haochaping.cases.claims import take_due
from haochaping.cases.operations import recount_waiting
from haochaping.foundation.clock import CN
from haochaping.foundation.workdays import CalendarYear
from haochaping.policy.calendars import calendar_of
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.operations import recount_after_defaults
from tests.integration.intake.town import Town, days, rules, write_rules
from tests.occasions import database_address

MakeTown = Callable[[str], Awaitable[Town]]

SHAPES = {
    "hours from the service": days(48, "hour"),
    "calendar days that roll": days(12, "calendar_day")[:-2] + ', roll = "next_workday" }',
    "months from acceptance": days(2, "month", "acceptance"),
    "working days from the result": days(5, after="result"),
    "from the delivery, of a day that ends at five": days(7, after="delivery")[:-2] + ", cutoff = 17:00:00 }",
    "the end of the month": '{ n = 0, unit = "month_end", after = "service" }',
    "bounded": days(5, after="result")[:-2] + f", cap = {days(9, 'calendar_day')} }}",
}
LOCAL = '{ name = "示例节", off = [2026-11-26], works = [2026-11-28] }\nkey = "fair"'


@pytest.mark.parametrize("shape", SHAPES)
async def test_every_shape_is_counted_anew_as_it_was_counted(make_town: MakeTown, shape: str) -> None:
    """By item, place, case type and hall; with local days off."""
    elsewhere = f'{days(3)}\nonly = {{ case_types = ["promised"] }}'
    silence = f"{{ level = 4, limit = {days(9)} }}"
    online = f'{{ level = 5, limit = {SHAPES[shape]} }}\nonly = {{ places = ["online"] }}'
    town = await make_town(
        rules(
            window=SHAPES[shape],
            window__2=elsewhere,
            default=silence,
            default__2=online,
            after_default=f"{{ allowed = true, limit = {days(2, after='default')} }}",
            local_days=LOCAL,
        )
    )
    town.at(11, 25)
    dates = {"proStatus": "3", "resultDate": "2026-11-24 18:00:00", "deliveryDate": "2026-11-24 18:30:00"}
    for place in "12":
        for kind in "12":
            for known in ({}, dates):
                await town.report(town.served(11, 24, proChannel=place, projectType=kind, **known))

    async def rows() -> list[dict[str, Any]]:
        return [
            dict(row) for row in await town.citizen.database.fetch("SELECT * FROM cases_waiting ORDER BY id")
        ]

    def recount() -> int:
        return sum(each.number for each in recount_waiting(rulebook=Rulebook.load(), now=town.citizen.now))

    counted = await rows()
    assert len(counted) == 8
    assert len({(row["window_at"], row["default_at"]) for row in counted}) > 1
    assert await town.django(recount) == 0
    await town.citizen.database.execute(
        "UPDATE cases_waiting SET window_at = window_at + interval '1 day', silence_level = 1, default_at = NULL,"
        " after_at = NULL, window_provisional = NOT window_provisional"
    )
    assert await town.django(recount) > 0
    assert await rows() == counted
    assert await town.django(recount) == 0


def settled() -> Rulebook:
    """With a notice for 2027 that lays down nothing but Saturdays and Sundays, and New Year's Day."""
    known = Rulebook.load()
    given = CalendarYear(2027, frozenset({date(2027, 1, 1)}), frozenset())
    return Rulebook(known.jurisdictions, calendar_of([*known.calendar._given, given]))


async def test_an_unsettled_window_lets_silence_count(make_town: MakeTown) -> None:
    """Five working days from 23 December touch days that next year's notice may move; three calendar days do not."""
    silence = f"{{ level = 4, limit = {days(3, 'calendar_day')} }}"
    town = await make_town(rules(window=days(5), default=silence))
    town.at(12, 23)
    path = await town.report(town.served(12, 23))
    assert path is not None
    row = await town.waiting(path)
    assert row is not None
    assert (row["window_provisional"], row["default_provisional"]) == (True, False)
    town.at(12, 27, 0)
    assert await town.sweep() == 1
    assert not await town.opens(path)
    assert await town.counts() == {"occasions": 1, "d4": 1}


async def test_an_unsettled_default_waits_for_the_notice_behind_a_closed_window(make_town: MakeTown) -> None:
    silence = f"{{ level = 4, limit = {days(5)} }}"
    town = await make_town(rules(window=days(3, "calendar_day"), default=silence))
    town.at(12, 23)
    path = await town.report(town.served(12, 23))
    assert path is not None
    row = await town.waiting(path)
    assert row is not None
    assert (row["window_provisional"], row["default_provisional"]) == (False, True)
    town.at(12, 27, 0)
    assert not await town.opens(path)
    town.at(12, 31, 12)
    assert await town.sweep() == 0
    moved = await town.django(lambda: recount_waiting(rulebook=settled(), now=town.citizen.now))
    # 24, 25, 28, 29, 30 December, settled now.
    assert [(each.kind, each.old_provisional, each.new, each.new_provisional) for each in moved] == [
        ("default", True, datetime(2026, 12, 31, tzinfo=CN), False)
    ]
    assert await town.sweep() == 1
    assert await town.counts() == {"occasions": 1, "d4": 1}


async def test_until_when_a_rating_may_follow_a_default_is_settled_too(make_town: MakeTown) -> None:
    after = f"{{ allowed = true, limit = {days(3, after='default')} }}"
    default = f"{{ level = 4, limit = {days(5, 'calendar_day')} }}"
    town = await make_town(rules(window=None, default=default, after_default=after))
    town.at(12, 23)
    path = await town.report(town.served(12, 23))
    assert path is not None
    town.at(12, 29, 0)
    assert await town.sweep() == 1
    row = await town.citizen.database.fetchrow("SELECT * FROM ratings_defaultrating")
    # 30 and 31 December, and New Year's Day as a weekday that nobody has settled.
    assert (row["after_at"], row["after_provisional"]) == (datetime(2027, 1, 2, tzinfo=CN), True)
    town.at(12, 31)
    town.sender.now[0] = town.citizen.now = datetime(2027, 1, 5, 10, tzinfo=CN)
    assert await town.opens(path)
    now = town.citizen.now
    moved = await town.django(lambda: recount_after_defaults(rulebook=settled(), now=now))
    assert [(each.kind, each.number, each.old, each.new) for each in moved] == [
        ("after_default", 1, datetime(2027, 1, 2, tzinfo=CN), datetime(2027, 1, 5, tzinfo=CN))
    ]
    assert await town.django(lambda: recount_after_defaults(rulebook=settled(), now=now)) == ()
    assert not await town.opens(path)
    assert (await town.rate(path)).status == 410


async def test_what_decided_is_stored_with_what_it_decided(make_town: MakeTown) -> None:
    """Window and default of one rule, the rating judged by a later one."""
    town = await make_town(rules(window=days(5), default=f"{{ level = 4, limit = {days(5)} }}"))
    town.at(11, 23)
    rated, silent = await town.report(town.served(11, 23)), await town.report(town.served(11, 23))
    assert rated is not None
    first = await town.citizen.database.fetchval("SELECT DISTINCT profile FROM cases_serviceoccasion")
    write_rules(
        town.rules_dir,
        rules(window=days(5), default=f"{{ level = 4, limit = {days(6)} }}", bad_needs_reason="true"),
    )
    assert town.sender.services.rules.look()
    assert (await town.rate(rated)).status == 201
    later = await town.citizen.database.fetchval(
        "SELECT label FROM ratings_rating JOIN ratings_ruleset ON code = ruleset"
    )
    assert first.startswith("example@")
    assert later.startswith("example@")
    assert later != first
    # Nothing moved yet: what is stored was decided by the first rule.
    assert await town.citizen.database.fetchval("SELECT DISTINCT profile FROM cases_serviceoccasion") == first
    moved = await town.django(lambda: recount_waiting(rulebook=Rulebook.load(), now=town.citizen.now))
    assert [(each.kind, each.number) for each in moved] == [("default", 1)]
    town.at(12, 2, 0)
    await town.sweep()
    assert await town.citizen.database.fetchval("SELECT profile FROM ratings_defaultrating") == later
    assert silent is not None


async def test_what_a_citizen_takes_meanwhile_is_left_to_him(make_town: MakeTown) -> None:
    """He has the claim when the recount comes to it: it waits, and stores nothing for what is gone."""
    town = await make_town(rules(window=days(5), default=None))
    town.at(11, 23)
    path, other = await town.report(town.served(11, 23)), await town.report(town.served(11, 23))
    assert path is not None
    assert other is not None
    await town.citizen.database.execute("UPDATE cases_waiting SET window_at = window_at + interval '1 day'")
    rater = await asyncpg.connect(database_address())
    async with rater.transaction():
        await rater.execute("DELETE FROM cases_waiting WHERE id = $1", (await town.waiting(path) or {})["id"])
        now = town.citizen.now
        recount = asyncio.create_task(town.django(lambda: recount_waiting(rulebook=Rulebook.load(), now=now)))
        while not await town.citizen.database.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            assert not recount.done()
            await asyncio.sleep(0.01)
    await rater.close()
    assert [each.number for each in await recount] == [1]
    assert await town.waiting(path) is None
    row = await town.waiting(other)
    assert row is not None
    assert row["window_at"] == datetime(2026, 12, 1, tzinfo=CN)


def test_the_sweep_looks_at_nothing_but_what_is_due(committed_db: None, now: datetime) -> None:
    """Both of its lists come from a partial index on the instant that is due."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO cases_waiting (id, window_at, default_at, silence_level, known_at)
            SELECT gen_random_uuid(), %s + n * interval '1 minute',
                   CASE WHEN n %% 2 = 0 THEN %s + n * interval '1 minute' END, CASE WHEN n %% 2 = 0 THEN 3 END, %s
            FROM generate_series(1, 20000) AS n
            """,
            [now, now, now],
        )
        cursor.execute("ANALYZE cases_waiting")
        taken = take_due(now="%(now)s", graced="%(now)s", limit="%(limit)s")
        cursor.execute(
            f"EXPLAIN WITH {taken} SELECT count(*) FROM due",  # noqa: S608  (our own statement)
            {"now": now + timedelta(minutes=20), "limit": 50_000},
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "waiting_default" in plan
    assert "waiting_window" in plan
    assert "Seq Scan on cases_waiting" not in plan
