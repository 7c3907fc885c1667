"""Ratings by static codes that find the case which their rater named: each counted exactly once, nothing guessed."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import local_day
from haochaping.oversight.operations.retention import WAYS
from haochaping.policy.keeping import one_edition
from haochaping.publication.proof import reconcile
from haochaping.ratings.models import Match, NamedCase
from haochaping.ratings.operations import Voided, give_up_named_cases, match_named_cases, restore, void
from haochaping.ratings.queries.static_codes import named_counts
from haochaping.ratings.states import Settled, VoidEffect
from tests.integration.faces.citizen.holder import Holder
from tests.integration.faces.citizen.person import Citizen, receipt
from tests.integration.intake.redress import Rater
from tests.integration.intake.test_static_codes import form, path_of
from tests.integration.intake.town import Town, days, rules
from tests.markup import Page

MakeTown = Callable[[str], Awaitable[Town]]
WINDOW = "W530102060"
SILENCE = f"{{ level = 4, limit = {days(5)} }}"
CORRECTION = """[[correction]]
from = 2020-01-01
document = "d"
article = "第三条"
value = { limit = { n = 240, unit = "hour", after = "rating" }, counts = "last" }
"""


@pytest.fixture
async def town(make_town: MakeTown) -> Town:
    """Served is on Monday 23 November at half past nine; silence counts after five working days."""
    made = await make_town(rules(window=days(5), default=SILENCE) + CORRECTION)
    made.at(11, 23)
    return made


def served(town: Town, day: int = 23, **changes: Any) -> dict[str, Any]:
    return town.served(11, day, windowNo=WINDOW, **changes)


async def name(town: Town, number: str, *, by: Citizen | None = None, **said: Any) -> tuple[str, str]:
    """Rates the window and names a case; the receipt."""
    person = by or replace(town.citizen, now=town.citizen.now)
    answer = await person.post(path_of(town, "window", WINDOW), form(projectNo=number, **said))
    assert answer.status == 201
    return receipt(answer)


def other(town: Town, name: str) -> Citizen:
    return replace(town.citizen, headers={"user-agent": name})


async def match(town: Town) -> int:
    """What the hourly job does now."""

    def work() -> int:
        with one_edition(every=0):
            return match_named_cases(now=town.citizen.now)

    return await town.django(work)


async def settled(town: Town) -> list[str]:
    return await town.django(lambda: sorted(NamedCase.objects.values_list("outcome", flat=True)))


async def agrees(town: Town) -> None:
    assert await town.django(lambda: reconcile(now=town.citizen.now)) == ()


async def test_it_counts_for_the_service_once_the_day_is_over(town: Town) -> None:
    record = served(town)
    link = await town.report(record)
    assert link is not None
    await name(town, f" {record['projectNo'].lower()} ")
    kept = await town.citizen.database.fetchval("SELECT number FROM ratings_namedcase")
    assert record["projectNo"].encode() not in kept.encode()
    assert await match(town) == 0
    assert await town.opens(link)
    town.at(11, 24, hour=0, minute=59)
    assert await match(town) == 0
    town.at(11, 24, hour=1, minute=7)
    assert await match(town) == 1
    assert await town.counts() == {"occasions": 1, "n4": 1}
    assert not await town.opens(link)
    assert (await town.rate(link)).status == 410
    assert await town.waiting(link) is None
    assert await settled(town) == ["matched"]
    assert await town.citizen.database.fetchval("SELECT number FROM ratings_namedcase") == ""
    assert await match(town) == 0
    town.at(12, 1)
    assert await town.sweep() == 0
    await agrees(town)

    def noted() -> tuple[list[object], bool]:
        entries = AuditEntry.objects.filter(act="ratings.match")
        copied = Match.objects.get()
        return [each.detail for each in entries], copied.staff_id is not None and copied.item_id is not None

    assert await town.django(noted) == ([{"matched": 1}], True)


async def test_what_is_reported_later_is_found_later(town: Town) -> None:
    record = served(town)
    await name(town, record["projectNo"])
    town.at(11, 24, hour=2)
    assert await match(town) == 0
    assert await town.report(record) is not None
    assert await match(town) == 0  # it was looked for just now
    town.at(11, 24, hour=4)
    assert await match(town) == 1
    assert await town.counts() == {"occasions": 1, "n4": 1}
    await agrees(town)


async def test_received_in_time_it_beats_the_default(town: Town) -> None:
    record = served(town)
    await town.report(record)
    await name(town, record["projectNo"], satisfaction="5")
    town.at(12, 1)
    assert await town.sweep() == 1
    assert await town.counts() == {"occasions": 1, "d4": 1}
    assert await match(town) == 1
    assert await town.counts() == {"occasions": 1, "n5": 1}
    await agrees(town)


async def test_who_rated_by_his_own_link_was_first(town: Town) -> None:
    record = served(town)
    link = await town.report(record)
    assert link is not None
    await name(town, record["projectNo"], satisfaction="3")
    assert (await town.rate(link, 5)).status == 201
    town.at(11, 24, hour=2)
    assert await match(town) == 0
    assert await settled(town) == ["taken"]
    assert await town.counts() == {"occasions": 1, "n5": 1}
    await agrees(town)


async def test_a_service_at_another_window_or_day_is_another(town: Town) -> None:
    moved, elsewhen = served(town), served(town, 20)
    await town.report(moved)
    await town.report(elsewhen)
    await name(town, moved["projectNo"])
    await name(town, elsewhen["projectNo"], by=other(town, "二"))
    assert await town.report(moved | {"windowNo": "W530102061"}) is not None
    town.at(11, 24, hour=2)
    assert await match(town) == 0
    assert await settled(town) == ["", ""]
    assert set(await town.counts()) == {"occasions"}


async def test_nothing_is_guessed(town: Town) -> None:
    """One device with two cases, two devices with one, a number that means two services: all stay apart."""
    first, second, third = (served(town) for _ in range(3))
    again = third | {"serviceNumber": "2"}
    for record in (first, second, third, again):
        await town.report(record)
    await name(town, first["projectNo"])
    await name(town, second["projectNo"])
    await name(town, second["projectNo"], by=other(town, "二"))
    await name(town, third["projectNo"], by=other(town, "三"))
    town.at(11, 24, hour=2)
    assert await match(town) == 0
    assert await settled(town) == ["several"] * 4
    assert set(await town.counts()) == {"occasions"}


async def test_the_same_twice_is_counted_once(town: Town) -> None:
    record = served(town)
    await town.report(record)
    await name(town, record["projectNo"])
    await name(town, record["projectNo"])
    town.at(11, 24, hour=2)
    assert await match(town) == 1
    assert await settled(town) == ["matched", "taken"]
    assert await town.counts() == {"occasions": 1, "n4": 1}
    await agrees(town)


async def test_the_rules_of_the_service_must_take_it(make_town: MakeTown) -> None:
    """Where an item's bad rating needs a name, a nameless one of the window does not count for it."""
    named = """[[naming]]
from = 2020-01-01
document = "d"
article = "第四条"
only = { subjects = ["item"] }
value = { encouraged = true, anonymous = true, conditional = true }
"""
    town = await make_town(rules(window=days(5)) + named)
    town.at(11, 23)
    bad, good = served(town), served(town)
    for record in (bad, good):
        await town.report(record)
    await name(town, bad["projectNo"], satisfaction="1", writingEvaluation="无人在岗")
    await name(town, good["projectNo"], by=other(town, "二"))
    town.at(11, 24, hour=2)
    assert await match(town) == 1
    assert await settled(town) == ["matched", "unfit"]
    assert await town.counts() == {"occasions": 2, "n4": 1}
    await agrees(town)


async def test_where_the_default_stays_it_stands_beside_it(make_town: MakeTown) -> None:
    an_hour = f"{{ level = 4, limit = {days(1, 'hour')} }}"
    beside = "{ allowed = true, replaces = false }"
    town = await make_town(rules(window=None, default=an_hour, after_default=beside))
    town.at(11, 23, hour=10)
    record = served(town)
    assert await town.report(record) is not None
    town.at(11, 23, hour=11)
    await name(town, record["projectNo"], satisfaction="5")
    town.at(11, 24, hour=2)
    assert await match(town) == 1
    assert await town.django(lambda: Match.objects.get().beside)
    assert await town.counts() == {"occasions": 1, "d4": 1}
    await agrees(town)


@pytest.mark.parametrize("first", ["correction", "match"])
async def test_a_correction_counts_whichever_comes_first(town: Town, first: str) -> None:
    record = served(town)
    await town.report(record)
    number, secret = await name(town, record["projectNo"], satisfaction="4")
    town.at(11, 24, hour=2)

    async def correct() -> None:
        holder = Holder(town.citizen, uuid.uuid4(), number, secret)
        answer = await holder.act("correction", satisfaction="5", evalDetail=[], writingEvaluation="")
        assert answer.status == 201

    if first == "correction":
        await correct()
        assert await match(town) == 1
    else:
        assert await match(town) == 1
        await correct()
    assert await town.counts() == {"occasions": 1, "n5": 1}
    await agrees(town)


async def decide(town: Town, effect: VoidEffect) -> None:
    """Two persons decide of the one rating that there is."""

    def work() -> None:
        rating = NamedCase.objects.get().rating_id
        persons = {"proposed_by": "a", "confirmed_by": "b"}
        with transaction.atomic():
            if effect:
                decided = Voided(effect, None, "mistaken", "第十条", **persons)
                void(rating_id=rating, decided=decided, now=town.citizen.now)
            else:
                restore(rating_id=rating, clause="第十条", now=town.citizen.now, **persons)

    await town.django(work)


async def test_what_was_matched_is_counted_out_and_in_like_any_other(town: Town) -> None:
    record = served(town)
    await town.report(record)
    await name(town, record["projectNo"])
    town.at(11, 24, hour=2)
    assert await match(town) == 1
    await decide(town, VoidEffect.NOT_COUNTED)
    assert await town.counts() == {}
    await agrees(town)
    await decide(town, VoidEffect.COUNTED)
    assert await town.counts() == {"occasions": 1, "n4": 1}
    await agrees(town)


async def test_what_does_not_count_takes_no_claim(town: Town) -> None:
    record = served(town)
    link = await town.report(record)
    assert link is not None
    await name(town, record["projectNo"])
    await decide(town, VoidEffect.NOT_COUNTED)
    town.at(11, 24, hour=2)
    assert await match(town) == 0
    assert await settled(town) == ["voided"]
    assert await town.opens(link)
    await agrees(town)


async def test_all_at_once_leave_one_outcome_each(town: Town) -> None:
    """Door, sweep, match and the sender's correction race for twelve services on the last evening."""
    records = [served(town) for _ in range(12)]
    links = [await town.report(record) for record in records]
    for place, record in enumerate(records):
        await name(town, record["projectNo"], by=other(town, f"phone {place}"))
    town.at(11, 30, hour=23, minute=50)
    late = replace(town, citizen=replace(town.citizen))
    late.citizen.now = town.citizen.now
    rates = [late.rate(link, 5) for link in links[::2] if link]
    moves = [town.report(record | {"windowNo": "W530102061"}) for record in records[::3]]
    evening = town.citizen.now
    town.at(12, 1, hour=0, minute=1)
    town.sender.now[0] = (
        evening  # corrections come before the window is over, what they meet is another matter
    )
    await asyncio.gather(match(town), *rates, town.sweep(), *moves, match(town))
    counts = await town.counts()
    assert counts.pop("occasions") == 12
    assert (
        sum(counts.values()) + await town.citizen.database.fetchval("SELECT count(*) FROM cases_waiting")
        == 12
    )
    await agrees(town)


async def test_what_finds_nothing_is_given_up_and_counted(town: Town) -> None:
    secret = "别人不知道的编号1"
    held = await name(town, secret)
    back = await town.citizen.post("/receipt", dict(zip(("number", "secret"), held, strict=True)))
    assert secret in Page(back.body).text
    at = town.at(11, 24, hour=2)
    assert await match(town) == 0
    before = town.at(12, 20)

    def over() -> tuple[int, int, int]:
        way = WAYS["named_cases"]
        left = way.left(before, before)
        return (
            left,
            give_up_named_cases(received_before=before, now=before, limit=10),
            way.left(before, before),
        )

    assert await town.django(over) == (1, 1, 0)
    back = await town.citizen.post("/receipt", dict(zip(("number", "secret"), held, strict=True)))
    assert secret not in Page(back.body).text
    (whose,) = {
        row["organisation_id"] for row in await town.citizen.database.fetch("SELECT * FROM ratings_rating")
    }
    counts = await town.django(lambda: named_counts(days=60, organisations=[whose], now=before))
    none = await town.django(lambda: named_counts(days=60, organisations=[whose + 1], now=before))
    assert none.named == 0
    assert (counts.named, counts.waiting, counts.settled[Settled.UNMATCHED]) == (1, 0, 1)
    assert local_day(at).isoformat() == "2026-11-24"


async def test_the_page_asks_at_windows_only_and_says_what_is_wrong(town: Town) -> None:
    path = path_of(town, "window", WINDOW)
    page = Page((await town.citizen.get(path)).body)
    assert "办件编号" in page.text
    assert "projectNo" in {key for key, _ in page.fields} | {each.get("name") for _, each in page.tags}
    refused = await town.citizen.post(path, form(projectNo="9" * 101))
    assert refused.status == 422
    assert "超过100个字" in Page(refused.body).text
    assert b"9" * 101 in refused.body
    assert (await town.citizen.post(path, form(projectNo="1\u200b2"))).status == 422
    hall = path_of(town, "hall", "H530100")
    assert "办件编号" not in Page((await town.citizen.get(hall)).body).text
    assert (await town.citizen.post(hall, form(projectNo="T1"))).status == 201
    assert await settled(town) == []


async def test_a_number_that_was_altered_finds_nothing(town: Town) -> None:
    record = served(town)
    await town.report(record)
    await name(town, record["projectNo"])
    await town.citizen.database.execute("UPDATE ratings_namedcase SET number = number || 'AAAA'")
    town.at(11, 24, hour=2)
    assert await match(town) == 0
    assert await settled(town) == ["unmatched"]


@pytest.mark.parametrize("effect", ["unrated", "not_counted"])
async def test_taken_back_it_is_in_no_figure_of_the_service(make_town: MakeTown, effect: str) -> None:
    back = f'{{ allowed = true, limit = {days(9, "calendar_day", "rating")}, effect = "{effect}" }}'
    town = await make_town(rules(window=days(5), withdrawal=back))
    town.at(11, 23)
    before, after = served(town), served(town)
    link = await town.report(before)
    assert link is not None
    await town.report(after)
    receipts = [
        await name(town, each["projectNo"], by=other(town, each["projectNo"])) for each in (before, after)
    ]
    await Rater(town, *receipts[0]).post("withdrawal", confirmed="1")
    town.at(11, 24, hour=2)
    assert await match(town) == 1
    assert await settled(town) == ["matched", "withdrawn"]
    assert await town.opens(link), "what was taken back keeps nobody from rating"
    assert await town.counts() == {"occasions": 2, "n4": 1}
    assert (await Rater(town, *receipts[1]).post("withdrawal", confirmed="1")).status == 201
    assert await town.counts() == {"occasions": 2 if effect == "unrated" else 1}
    await agrees(town)
