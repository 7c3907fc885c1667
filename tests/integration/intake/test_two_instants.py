"""The window closes, silence counts: two instants, each laid down or not, from the signed report to the tallies."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from haochaping.foundation.clock import CN
from haochaping.publication.proof import reconcile
from tests.integration.faces.citizen.person import receipt
from tests.integration.intake.town import Town, days, rules

MakeTown = Callable[[str], Awaitable[Town]]
FIVE, TEN = days(5), days(10)
# Served on Monday 23 November: five working days end on the 30th, ten on 7 December.
PROBES = ((11, 30), (12, 1), (12, 7), (12, 8), (12, 11), (12, 12), (12, 30))


def silence(limit: str) -> str:
    return f"{{ level = 4, limit = {limit} }}"


THREE_DAYS_LATER = f"{{ allowed = true, limit = {days(3, 'calendar_day', 'default')} }}"
FOR_EVER = "{ allowed = true }"
# Window, default, what may follow it; on which of the probes it may be rated.
CASES = {
    "neither": (None, None, None, "1111111"),
    "a window and no default": (FIVE, None, None, "1000000"),
    "a default and no window": (None, silence(FIVE), None, "1000000"),
    "a default that a rating may follow for ever": (None, silence(FIVE), FOR_EVER, "1111111"),
    # The default falls on 8 December: 9, 10, 11.
    "a default that a rating may follow for three days": (
        None,
        silence(TEN),
        THREE_DAYS_LATER,
        "1111100",
    ),
    "a window longer than the default": (TEN, silence(FIVE), None, "1000000"),
    "a window longer than the default, which a rating may follow": (TEN, silence(FIVE), FOR_EVER, "1111111"),
    "a default longer than the window": (FIVE, silence(TEN), None, "1000000"),
    "a default longer than the window, after which it opens again": (
        FIVE,
        silence(TEN),
        THREE_DAYS_LATER,
        "1001100",
    ),
    "both at once, as in Kunming": (FIVE, silence(FIVE), "{ allowed = false }", "1000000"),
}


# Where a rating may follow a default, it matters whether the default is recorded yet.
SWEPT = [(case, True) for case in CASES]
AWAY = [(case, False) for case in CASES if CASES[case][2] == THREE_DAYS_LATER or "which" in case]


@pytest.mark.parametrize(("case", "swept"), SWEPT + AWAY)
async def test_each_instant_works_by_itself(make_town: MakeTown, case: str, swept: bool) -> None:
    """An occasion for each day on which somebody tries, on the page and by the interface in turn; all others stay silent."""
    window, default, after, expected = CASES[case]
    town = await make_town(rules(window=window, default=default, after_default=after))
    town.at(11, 23)
    paths = [await town.report(town.served(11, 23)) for _ in PROBES]
    watched = await town.report(town.served(11, 23))
    assert watched is not None
    opened, rated = "", ""
    for number, (path, (month, day)) in enumerate(zip(paths, PROBES, strict=True)):
        town.at(month, day)
        if swept:
            await town.sweep()
        assert path is not None
        opened += str(int(await town.opens(watched)))
        answer = await (town.rate if number % 2 else town.rate_by_api)(path)
        assert answer.status in (201, 410), answer.body
        rated += str(int(answer.status == 201))
    assert (opened, rated) == (expected, expected)
    await town.sweep()
    given = expected.count("1")
    silent = {"d4": len(PROBES) + 1 - given} if default else {}
    assert await town.counts() == {"occasions": len(PROBES) + 1, "n5": given} | silent
    assert await town.django(lambda: reconcile(now=town.citizen.now)) == ()
    left = 0 if window or default else len(PROBES) + 1 - given
    assert await town.citizen.database.fetchval("SELECT count(*) FROM cases_waiting") == left


BESIDE = "{ allowed = true, replaces = false }"


@pytest.mark.parametrize("swept", [True, False], ids=["swept", "worker away"])
async def test_a_rating_beside_a_default_that_stays_is_kept_and_not_counted(
    make_town: MakeTown, swept: bool
) -> None:
    town = await make_town(rules(window=None, default=silence(FIVE), after_default=BESIDE))
    town.at(11, 23)
    paths = [await town.report(town.served(11, 23)) for _ in range(3)]
    assert all(paths)
    town.at(11, 24)
    assert (await town.rate(str(paths[0]))).status == 201
    town.at(12, 20)
    if swept:
        await town.sweep()
    assert await town.opens(str(paths[1]))
    created = await town.rate(str(paths[1]), level=1)
    assert created.status == 201
    assert (await town.rate_by_api(str(paths[1]))).status == 410
    assert not await town.opens(str(paths[1]))
    await town.sweep()
    assert await town.counts() == {"occasions": 3, "n5": 1, "d4": 2}
    assert await town.django(lambda: reconcile(now=town.citizen.now)) == ()
    rows = await town.citizen.database.fetch(
        "SELECT level, beside_default FROM ratings_rating ORDER BY level"
    )
    assert [tuple(row) for row in rows] == [(1, True), (5, False)]
    assert await town.citizen.database.fetchval("SELECT count(*) FROM rectification_badrating") == 1
    number, secret = receipt(created)
    assert len(number) > 10
    assert len(secret) > 10


async def test_a_rating_takes_the_defaults_place_with_its_receipt_and_its_order(make_town: MakeTown) -> None:
    town = await make_town(rules(window=None, default=silence(FIVE), after_default=FOR_EVER))
    town.at(11, 23)
    path = await town.report(town.served(11, 23))
    assert path is not None
    town.at(12, 1, 0)
    await town.sweep()
    assert await town.counts() == {"occasions": 1, "d4": 1}
    town.at(12, 20)
    created = await town.rate(path, level=1)
    assert created.status == 201
    assert (await town.rate_by_api(path)).status == 410
    assert await town.counts() == {"occasions": 1, "n1": 1}
    default = await town.citizen.database.fetchrow("SELECT * FROM ratings_defaultrating")
    assert (default["due_at"], default["superseded_at"]) == (
        datetime(2026, 12, 1, tzinfo=CN),
        town.citizen.now,
    )
    assert await town.citizen.database.fetchval("SELECT count(*) FROM rectification_badrating") == 1
