"""Cases of several occasions and stages, batches, joint and theme cases, consultations: rated as the profile counts them."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from haochaping.foundation.clock import CN
from haochaping.publication.proof import reconcile
from haochaping.ratings.models import DefaultRating, Rating
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import open_orders
from tests.integration.intake.town import Town, days, rules
from tests.occasions import database_address

MakeTown = Callable[[str], Awaitable[Town]]
SILENCE = f"{{ level = 4, limit = {days(5)} }}"
OTHER = "11539436MB36597916"


def for_forms(value: str, *forms: str) -> str:
    """A value that is written for these forms of cases."""
    return f"{value}\nonly = {{ forms = [{', '.join(map(repr, forms))}] }}".replace("'", '"')


def rated_once(value: str = '{ per = "case" }', **more: str | None) -> str:
    return rules(**{"window": days(5), "default": SILENCE, "frequency": value, **more})


def occasion(record: dict[str, Any], number: int, at: str, **changes: str) -> dict[str, Any]:
    return record | {"serviceNumber": str(number), "serviceTime": f"2026-11-{at}:00"} | changes


async def balanced(town: Town) -> bool:
    return await town.django(lambda: reconcile(now=town.citizen.now)) == ()


async def closes(town: Town, path: str | None) -> str:
    row = await town.waiting(path or "")
    return f"{row['window_at'].astimezone(CN):%m-%d}" if row else ""


async def test_one_errand_one_rating_whichever_occasion_brings_the_address(make_town: MakeTown) -> None:
    """The latest service stands for the case: it is shown, its window counts, it is rated."""
    town = await make_town(rated_once())
    town.at(11, 25)
    first = town.served(11, 23, serviceName="申请")
    path = await town.report(first)
    assert await closes(town, path) == "12-01"
    later = occasion(first, 2, "25 09:00", serviceName="领取证件")
    assert await town.report(later) == await town.report(first) == path
    between = occasion(first, 3, "24 09:00", serviceName="补正")
    assert await town.report(between) == path
    assert await closes(town, path) == "12-03"
    assert "领取证件" in (await town.citizen.get(path or "")).body.decode()
    assert await town.counts() == {"occasions": 1}
    assert (await town.rate(path or "", 1)).status == 201
    # Another occasion of a case that was rated hands out the same address, which is over.
    assert await town.report(occasion(first, 4, "25 09:30")) == path
    assert (await town.rate(path or "")).status == 410
    town.at(12, 3)
    assert await town.sweep() == 0
    assert await town.counts() == {"occasions": 1, "n1": 1}
    assert await balanced(town)

    def ordered() -> tuple[UUID | None, str]:
        open_orders(now=town.citizen.now, limit=1)
        rating = Rating.objects.get()
        WorkOrder.objects.get(subject_id=rating.id)
        return rating.occasion_id, str(rating.service_day)

    number = "SELECT id FROM cases_serviceoccasion WHERE service_number = 2"
    assert await town.django(ordered) == (await town.citizen.database.fetchval(number), "2026-11-25")


async def test_silence_counts_once_and_a_later_rating_takes_its_place(make_town: MakeTown) -> None:
    after = f"{{ allowed = true, limit = {days(5, after='default')} }}"
    batch = for_forms('{ per = "case", counted = "each" }', "batch")
    town = await make_town(rated_once(batch, after_default=after))
    town.at(11, 25)
    told = {"caseForm": "2", "groupNo": "B1", "groupSize": "12"}
    paths = {await town.report(town.served(11, day, **told)) for day in (23, 24, 25)}
    (path,) = paths
    assert await town.counts() == {"occasions": 12}
    town.at(12, 3)
    assert await town.sweep() == 1
    assert await town.counts() == {"occasions": 12, "d4": 12}
    assert await town.django(lambda: DefaultRating.objects.get().service_day.day) == 25
    assert await town.opens(path or "")
    assert (await town.rate(path or "", 5)).status == 201
    assert await town.counts() == {"occasions": 12, "n5": 12}
    assert await balanced(town)


@pytest.mark.parametrize(
    ("counted", "told", "weight"),
    [
        ('counted = "each"', {"groupSize": "7"}, 7),
        ('counted = "each"', {}, 2),  # so many cases were reported
        ('counted = "once"', {"groupSize": "7"}, 1),
        ("counted_per = 3", {"groupSize": "7"}, 3),
    ],
)
async def test_a_batch_counts_once_or_by_its_cases(
    make_town: MakeTown, counted: str, told: dict[str, str], weight: int
) -> None:
    """One occasion of the batch is its occasions of one number; what is not told to be a batch is none."""
    town = await make_town(rated_once(for_forms(f'{{ per = "occasion", {counted} }}', "batch")))
    town.at(11, 25)
    batch = {"caseForm": "2", "groupNo": "B1", **told}
    one, two = town.served(11, 24, **batch), town.served(11, 25, **batch)
    path = await town.report(one)
    assert await town.report(two) == path
    assert await town.counts() == {"occasions": weight}
    assert await town.report(occasion(two, 2, "25 09:40")) != path
    assert await town.report(town.served(11, 25, groupNo="B1")) != path
    assert (await town.rate(path or "", 5)).status == 201
    assert (await town.counts())["n5"] == weight
    assert await balanced(town)


async def test_a_theme_counts_for_all_who_took_part(make_town: MakeTown) -> None:
    town = await make_town(
        rated_once(for_forms('{ per = "case", overall = true, counted_for = "all" }', "theme"))
    )
    town.at(11, 25)
    theme = {"caseForm": "4", "groupNo": "YJS1"}
    path = await town.report(town.served(11, 25, groupRole="2", **theme))
    whole = town.served(11, 23, groupRole="1", serviceName="一件事", **theme)
    assert await town.report(whole | {"deptCode": OTHER}) == path
    assert "一件事" in (await town.citizen.get(path or "")).body.decode()
    assert (await town.rate(path or "", 5)).status == 201
    each = await town.citizen.database.fetch(
        "SELECT organisation_id, sum(occasions)::int AS n, sum(n5)::int AS n5, min(day) AS day FROM tallies_change"
        " GROUP BY organisation_id HAVING sum(n5) > 0"
    )
    assert [(row["n"], row["n5"], row["day"].day) for row in each] == [(1, 1, 23)] * 2
    assert await balanced(town)


async def test_stages_parts_and_what_is_not_rated(make_town: MakeTown) -> None:
    """Who has no address is told why, again and again; nothing waits for it and it is counted nowhere."""
    town = await make_town(
        rated_once(
            '{ per = "stage", stages = ["acceptance", "delivery"], overall = true }\nonly = { forms = ["single"] }',
            frequency__2=for_forms('{ per = "part" }', "joint"),
            ratable=for_forms("false", "consultation"),
            window__2=f'{days(2)}\nonly = {{ stages = ["delivery"] }}',
        )
    )
    town.at(11, 25)
    staged = town.served(11, 23, caseForm="1")
    stages = {
        number: occasion(staged, number, "25 09:00", serviceStage=str(stage))
        for number, stage in enumerate((3, 4, 6, 7, 3), start=1)
    }
    part = town.served(11, 25, caseForm="3", groupNo="L1", groupRole="2")
    whole = town.served(11, 25, caseForm="3", groupNo="L1", groupRole="1")
    asked = town.served(11, 25, caseForm="5")
    untold = occasion(staged, 9, "25 09:00")
    records = [*stages.values(), part, occasion(part, 2, "25 09:10"), whole, asked, untold]
    told = await town.sender.report(*records)
    assert [[reason["code"] for reason in each["reasons"]] for each in told] == [
        [], ["stage_not_rated"], [], [], [], [], [], ["rated_by_parts"], ["not_ratable"], []
    ]  # fmt: skip
    urls = [each["url"] for each in told]
    assert [bool(url) for url in urls] == [not each["reasons"] for each in told]
    # The second acceptance and the part's second occasion have the address of the first.
    assert (urls[4], urls[6]) == (urls[0], urls[5])
    assert len({url for url in urls if url}) == 5
    again = await town.sender.report(*records)
    assert [(each["url"], each["reasons"]) for each in again] == [
        (each["url"], each["reasons"]) for each in told
    ]
    assert await town.counts() == {"occasions": 5}
    assert [await closes(town, urls[place]) for place in (0, 2)] == ["12-03", "11-28"]
    town.at(12, 4)
    assert await town.sweep() == 5
    assert await balanced(town)


async def test_a_unit_that_came_too_late_begins_anew_with_a_later_service(make_town: MakeTown) -> None:
    town = await make_town(rated_once())
    town.at(11, 25)
    first = town.served(11, 10)
    assert await town.report(first) is None
    assert await town.counts() == {"late": 1}
    path = await town.report(occasion(first, 2, "24 09:00"))
    assert path
    assert await town.report(first) == path
    assert await town.report(occasion(first, 3, "11 09:00")) == path
    assert await town.counts() == {"occasions": 1}
    assert await balanced(town)


def everything(town: Town) -> list[dict[str, Any]]:
    """Cases of several occasions, one of them too late; a batch and a theme over several cases; a joint case."""
    plain, old = town.served(11, 20), town.served(11, 9)
    batch = [
        town.served(11, day, caseForm="2", groupNo="B1", groupSize=n) for day, n in ((23, "5"), (24, "6"))
    ]
    theme = [
        town.served(11, day, caseForm="4", groupNo="Y1", groupRole=role)
        for day, role in ((24, "2"), (20, "1"))
    ]
    theme[0]["deptCode"] = OTHER
    joint = [
        town.served(11, day, caseForm="3", groupNo="L1", groupRole=role)
        for day, role in ((24, "2"), (23, "1"))
    ]
    return [
        plain,
        occasion(plain, 2, "24 09:00"),
        occasion(plain, 3, "23 09:00", proStatus="3", resultDate="2026-11-24 09:30:00"),
        old,
        occasion(old, 2, "12 09:00"),
        *batch,
        *theme,
        *joint,
    ]


async def state(town: Town) -> tuple[Any, ...]:
    """What is stored, without the ids that each run makes anew."""
    rows = await town.citizen.database.fetch(
        """SELECT c.project_no, o.service_number, o.weight, o.shared_with, o.late, o.offered, o.unratable, o.profile,
                  w.window_at, w.default_at, (SELECT count(*) FROM cases_serviceoccasion m WHERE m.unit_id = o.unit_id)
           FROM cases_serviceoccasion o JOIN cases_case c ON c.id = o.case_id
           LEFT JOIN cases_waiting w ON coalesce(w.subject_id, w.id) = o.id
           ORDER BY 1, 2"""
    )
    counts = await town.citizen.database.fetch(
        "SELECT organisation_id, day, sum(occasions), sum(late) FROM tallies_change GROUP BY 1, 2 "
        "HAVING sum(occasions) <> 0 OR sum(late) <> 0 ORDER BY 1, 2"
    )
    return [tuple(row) for row in rows], [tuple(row) for row in counts]


async def test_the_order_of_the_reports_makes_no_difference(make_town: MakeTown) -> None:
    """In one call and in many, twice, in any order: the same occasions stand for the same units, and count the same."""
    town = await make_town(
        rated_once(
            frequency__2=for_forms(
                '{ per = "case", counted = "each", counted_for = "all" }', "batch", "theme"
            ),
            frequency__3=for_forms('{ per = "part", overall = true }', "joint"),
        )
    )
    town.at(11, 25)
    records, chance, seen = everything(town), random.Random(5), []
    for turn in range(6):
        if turn:
            chance.shuffle(records)
            await town.citizen.database.execute(
                "TRUNCATE cases_case, cases_serviceoccasion, cases_occasionkey, cases_occasionversion, cases_waiting,"
                " cases_ratingunit, tallies_change"
            )
        for call in [records] if turn % 3 == 0 else [[each] for each in records]:
            await town.sender.report(*call)
        again = await town.sender.report(*records)
        assert {each["verdict"] for each in again} <= {"repeated", "conflicting"}
        seen.append(await state(town))
        assert await balanced(town)
    assert all(each == seen[0] for each in seen[1:])
    rows, counts = seen[0]
    assert len(rows) == 11
    assert sum(row[2] for row in rows if not row[4]) == 1 + 6 + 2 + 2
    assert sum(row[2] for row in counts) == 1 + 6 + 2 * 2 + 2


async def test_who_rates_meanwhile_keeps_what_he_has_rated(make_town: MakeTown) -> None:
    """He has taken the claim when a later occasion is reported: the report waits for him, and moves nothing any more."""
    town = await make_town(rated_once())
    town.at(11, 25)
    first = town.served(11, 23)
    path = await town.report(first)
    rater = await asyncpg.connect(database_address())
    try:
        transaction = rater.transaction()
        await transaction.start()
        row = await rater.fetchrow("DELETE FROM cases_waiting RETURNING id, subject_id")
        report = asyncio.create_task(town.report(occasion(first, 2, "24 09:00")))
        await asyncio.sleep(0.3)
        assert not report.done()
        await transaction.commit()
    finally:
        await rater.close()
    assert await report == path
    assert row is not None
    stands = await town.citizen.database.fetch("SELECT id FROM cases_serviceoccasion WHERE weight > 0")
    assert [each["id"] for each in stands] == [row["id"]]
    assert await town.waiting(path or "") is None


async def test_our_own_fields_are_judged_like_the_others(make_town: MakeTown) -> None:
    town = await make_town(rated_once())
    town.at(11, 25)
    wrong = {"caseForm": "9", "serviceStage": "受理", "groupRole": "3", "groupSize": "0"}
    (result,) = await town.sender.report(town.served(11, 25, **wrong))
    assert result["verdict"] == "rejected"
    assert {(each["field"], each["code"]) for each in result["reasons"]} == {
        ("caseForm", "unknown_code"),
        ("serviceStage", "unknown_code"),
        ("groupRole", "unknown_code"),
        ("groupSize", "group_size"),
        ("groupNo", "required_with_role"),
    }
