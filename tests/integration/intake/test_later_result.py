"""A result, a delivery or a corrected window that comes later moves what is counted from it, in the call that reports it."""

import json
import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from haochaping.foundation.clock import CN
from haochaping.publication.proof import reconcile
from tests.integration.intake.town import Town, days, rules
from tests.reporting import expected, sample_lines

MakeTown = Callable[[str], Awaitable[Town]]
FROM_RESULT = rules(
    window=days(5, after="result"), default=f"{{ level = 4, limit = {days(7, 'calendar_day', 'result')} }}"
)
NEVER = (None, None)


def done(record: dict[str, Any], at: str) -> dict[str, Any]:
    return record | {"proStatus": "3", "resultDate": f"2026-{at} 16:00:00"}


def midnight(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=CN)


async def instants(town: Town, path: str) -> tuple[datetime | None, datetime | None]:
    """When the window closes, and when silence counts."""
    row = await town.waiting(path)
    assert row is not None
    return row["window_at"], row["default_at"]


async def test_nothing_runs_before_the_result_and_both_run_from_it(make_town: MakeTown) -> None:
    town = await make_town(FROM_RESULT)
    town.at(11, 23)
    record = town.served(11, 23)
    path = await town.report(record)
    assert path is not None
    assert await instants(town, path) == NEVER
    town.at(12, 20)
    assert await town.sweep() == 0
    assert await town.opens(path)
    # Friday 18 December: five working days end on the 25th, seven days too.
    assert await town.report(done(record, "12-18")) == path
    assert await instants(town, path) == (midnight(12, 26), midnight(12, 26))
    town.at(12, 25, 23, 59)
    assert await town.opens(path)
    town.at(12, 26, 0)
    assert not await town.opens(path)
    await town.sweep()
    assert await town.counts() == {"occasions": 1, "d4": 1}


async def test_the_result_belongs_to_the_case_whichever_occasion_brings_it(make_town: MakeTown) -> None:
    town = await make_town(FROM_RESULT)
    town.at(11, 23)
    first = town.served(11, 23)
    path = await town.report(first)
    second = first | {"serviceNumber": "2", "serviceName": "领取证件", "serviceTime": "2026-11-25 09:00:00"}
    town.at(11, 26)
    other = await town.report(done(second, "11-25"))
    assert path is not None
    assert other is not None
    assert await instants(town, path) == await instants(town, other) == (midnight(12, 3), midnight(12, 3))
    # And to what comes only afterwards.
    third = await town.report(first | {"serviceNumber": "3", "serviceName": "咨询"})
    assert third is not None
    assert await instants(town, third) == (midnight(12, 3), midnight(12, 3))


async def test_in_one_call_as_in_many(make_town: MakeTown) -> None:
    town = await make_town(FROM_RESULT)
    town.at(11, 26)
    first = town.served(11, 23)
    second = done(first | {"serviceNumber": "2", "serviceName": "领取证件"}, "11-25")
    results = await town.sender.report(first, second, done(first, "11-25"))
    assert [result["verdict"] for result in results] == ["accepted", "accepted", "updated"]
    rows = await town.citizen.database.fetch("SELECT window_at, default_at FROM cases_waiting")
    assert [tuple(row) for row in rows] == [(midnight(12, 3), midnight(12, 3))] * 2


@pytest.mark.parametrize("event", ["delivery", "notification"])
async def test_the_delivery_comes_after_the_result_and_is_its_notification(
    make_town: MakeTown, event: str
) -> None:
    town = await make_town(rules(window=days(1, "month", event), default=None))
    town.at(11, 27)
    record = town.served(11, 23)
    path = await town.report(record)
    assert path is not None
    assert await town.report(done(record, "11-25")) == path
    assert await instants(town, path) == NEVER
    delivered = done(record, "11-25") | {"deliveryDate": "2026-11-26 10:00:00"}
    assert await town.report(delivered) == path
    assert await instants(town, path) == (midnight(12, 27), None)
    conflicting = await town.sender.report(delivered | {"deliveryDate": "2026-11-25 10:00:00"})
    assert [(each["verdict"], [reason["field"] for reason in each["reasons"]]) for each in conflicting] == [
        ("conflicting", ["deliveryDate"])
    ]


@pytest.mark.parametrize("result_first", [False, True])
async def test_a_result_that_comes_after_its_window_is_late_in_either_order(
    make_town: MakeTown, result_first: bool
) -> None:
    town = await make_town(FROM_RESULT)
    record = town.served(11, 23)
    both = (record, done(record, "11-24"))
    town.at(12, 15)
    answers = await town.sender.report(*(both[::-1] if result_first else both))
    assert [each["verdict"] for each in answers] == (
        ["accepted", "conflicting"] if result_first else ["accepted", "updated"]
    )
    await town.sweep()
    assert await town.citizen.database.fetchval("SELECT count(*) FROM cases_waiting") == 0
    assert await town.citizen.database.fetchval("SELECT late FROM cases_serviceoccasion") is True
    assert await town.counts() == {"late": 1}
    assert await town.django(lambda: reconcile(now=town.citizen.now)) == ()


async def test_a_late_result_leaves_who_has_rated_in_peace(make_town: MakeTown) -> None:
    town = await make_town(FROM_RESULT)
    town.at(11, 23)
    rated, silent = town.served(11, 23), town.served(11, 23)
    paths = [await town.report(each) for each in (rated, silent)]
    assert paths[0] is not None
    assert paths[1] is not None
    town.at(12, 14)
    assert (await town.rate(paths[0])).status == 201
    before = await town.citizen.database.fetchval("SELECT ruleset FROM ratings_rating")
    assert before
    town.at(12, 15)
    # The answer is the same for both: it must not tell who was rated.
    assert [await town.report(done(each, "11-24")) for each in (rated, silent)] == paths
    assert [await town.report(done(each, "11-24")) for each in (rated, silent)] == paths
    assert [await town.opens(path) for path in paths if path] == [False, False]
    await town.sweep()
    assert await town.counts() == {"occasions": 1, "n5": 1, "late": 1}
    assert await town.citizen.database.fetchval("SELECT ruleset FROM ratings_rating") == before
    assert await town.django(lambda: reconcile(now=town.citizen.now)) == ()


async def test_what_was_reported_too_late_begins_anew_with_a_result_that_prolongs_it(
    make_town: MakeTown,
) -> None:
    """Five working days from the service, but not before three working days from the result are over."""
    floor = days(3, after="result")
    window = days(5)[:-2] + f", floor = {floor} }}"
    town = await make_town(rules(window=window, default=f"{{ level = 4, limit = {days(5)} }}"))
    record = town.served(11, 23)
    town.at(12, 15)
    assert await town.report(record) is None
    assert await town.counts() == {"late": 1}
    path = await town.report(done(record, "12-14"))
    assert path is not None
    assert await town.report(record) == path
    # The default of 30 November was over before anybody could rate: it is never taken.
    assert await instants(town, path) == (midnight(12, 18), None)
    assert await town.counts() == {"occasions": 1}
    assert await town.opens(path)
    town.at(12, 18)
    await town.sweep()
    assert await town.counts() == {"occasions": 1}
    assert not await town.opens(path)
    assert await town.django(lambda: reconcile(now=town.citizen.now)) == ()


async def test_a_default_that_was_over_before_the_report_is_never_taken(make_town: MakeTown) -> None:
    town = await make_town(
        rules(window=days(20), default=f"{{ level = 4, limit = {days(3)} }}", after_default=None)
    )
    town.at(12, 1)
    path = await town.report(town.served(11, 23))
    assert path is not None
    assert await instants(town, path) == (midnight(12, 22), None)
    assert await town.sweep() == 0
    assert await town.opens(path)


async def test_a_default_from_the_result_comes_behind_a_window_that_closed_before(
    make_town: MakeTown,
) -> None:
    """Reported in time: the window had its days, and silence its own."""
    default = f"{{ level = 4, limit = {days(7, 'calendar_day', 'result')} }}"
    town = await make_town(rules(window=days(5), default=default))
    town.at(11, 23)
    record = town.served(11, 23)
    path = await town.report(record)
    assert path is not None
    town.at(12, 5)
    assert await town.sweep() == 0
    assert not await town.opens(path)
    assert await town.report(done(record, "12-04")) == path
    assert await instants(town, path) == (midnight(12, 1), midnight(12, 12))
    assert not await town.opens(path)
    town.at(12, 12, 0)
    assert await town.sweep() == 1
    assert await town.counts() == {"occasions": 1, "d4": 1}


async def test_a_corrected_window_brings_the_rules_of_its_hall(make_town: MakeTown) -> None:
    elsewhere = f'{days(9)}\nonly = {{ halls = ["H530100"] }}'
    town = await make_town(rules(window=days(5), window__2=elsewhere, default=None))
    town.at(11, 23)
    record = town.served(11, 23)
    path = await town.report(record)
    assert path is not None
    assert await instants(town, path) == (midnight(12, 1), None)
    before = await town.citizen.database.fetchval("SELECT profile FROM cases_serviceoccasion")
    assert await town.report(record | {"windowNo": "W530100000"}) == path
    assert await instants(town, path) == (midnight(12, 5), None)
    assert await town.citizen.database.fetchval("SELECT profile FROM cases_serviceoccasion") != before


async def test_a_result_that_moves_nothing_leaves_the_row_alone(make_town: MakeTown) -> None:
    """Kunming counts from the service: the default of an unswept night stays due."""
    town = await make_town(rules(ratable="true"))
    town.at(11, 23)
    record = town.served(11, 23)
    path = await town.report(record)
    assert path is not None
    before = await town.waiting(path)
    town.at(12, 2)
    await town.report(done(record, "12-01"))
    assert await town.waiting(path) == before
    await town.sweep()
    assert await town.counts() == {"occasions": 1, "d3": 1}


async def test_an_earlier_acceptance_moves_what_runs_from_it(make_town: MakeTown) -> None:
    town = await make_town(rules(window=days(5, after="acceptance"), default=None))
    town.at(11, 25)
    first = town.served(11, 25)
    path = await town.report(first)
    assert path is not None
    assert await instants(town, path) == (midnight(12, 3), None)
    await town.report(first | {"serviceNumber": "2", "acceptDate": "2026-11-23 09:00:00"})
    assert await instants(town, path) == (midnight(12, 1), None)


@pytest.mark.parametrize("seed", range(2))
async def test_another_order_ends_with_the_same_instants_and_the_same_late_ones(
    make_town: MakeTown, seed: int
) -> None:
    """The sample, under rules that count from result and acceptance; contents that truly conflict are left out."""
    accepted = f'{days(50, "calendar_day", "acceptance")}\nonly = {{ places = ["online"] }}'
    default = f"{{ level = 4, limit = {days(45, 'calendar_day', 'result')} }}"
    window = days(40, "calendar_day", "result")
    town = await make_town(rules(window=window, window__2=accepted, default=default))
    town.at(11, 25)
    pairs = list(zip(sample_lines(), expected(), strict=True))
    disputed = {json.loads(line)["projectNo"] for line, due in pairs if due == ("conflicting", "projectName")}
    lines = [
        line for line, due in pairs if due[0] == "rejected" or json.loads(line)["projectNo"] not in disputed
    ]

    async def state() -> list[Any]:
        rows = await town.citizen.database.fetch(
            "SELECT c.project_no, c.status, c.accepted_at, c.result_at, o.service_number, o.late, w.window_at, "
            "w.default_at, w.silence_level FROM cases_case c JOIN cases_serviceoccasion o ON o.case_id = c.id "
            "LEFT JOIN cases_waiting w ON coalesce(w.subject_id, w.id) = o.id "
            "ORDER BY c.project_no, o.service_number"
        )
        return [tuple(row) for row in rows] + sorted((await town.counts()).items())

    await town.sender.report(*lines)
    due = await state()
    assert len({row[5:8] for row in due if len(row) > 5}) > 5
    await town.citizen.database.execute(
        "TRUNCATE cases_case, cases_serviceoccasion, cases_occasionkey, cases_occasionversion, cases_waiting, "
        "cases_ratingunit, cases_quarantinedoccasion, identity_vaultrecord, tallies_change CASCADE"
    )
    random.Random(seed).shuffle(lines)
    for begin in range(0, len(lines), 150):
        await town.sender.report(*lines[begin : begin + 150])
    assert await state() == due
    assert await town.django(lambda: reconcile(now=town.citizen.now)) == ()
