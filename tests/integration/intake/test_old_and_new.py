"""施行前已受理的，仍按原规定: a regulation changes, and every place that asks for rules asks by the right day of four."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from haochaping.audit.models import AuditEntry
from haochaping.cases.operations import recount_waiting
from haochaping.foundation.clock import CN
from haochaping.policy.keeping import one_edition
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import open_orders, rederive_deadlines
from haochaping.rectification.operations.governing import governed
from haochaping.rectification.states import Act
from tests.integration.intake.town import HEAD, Town, days, write_rules
from tests.orders import lead_to, make_official

MakeTown = Callable[[str], Awaitable[Town]]
OLD, NEW = ("2020-01-01", "2026-11-25"), ("2026-11-25", None)


def entry(name: str, value: str, since: str, until: str | None = None, article: str = "第一条") -> str:
    ends = f"to = {until}\n" if until else ""
    return f'[[{name}]]\nfrom = {since}\n{ends}document = "d"\narticle = "{article}"\nvalue = {value}\n'


def edition(span: tuple[str, str | None], n: int, level: int, deadline: int, *, reason: str) -> str:
    """What holds in a span of days: window and default after n working days, the limit of an order."""
    article = f"第{level}条"
    values = {
        "window": days(n),
        "default": f"{{ level = {level}, limit = {days(n)} }}",
        "rectification": days(deadline, after="verification"),
        "bad_needs_reason": reason,
    }
    return "".join(entry(name, value, *span, article) for name, value in values.items())


def in_words(said: str) -> str:
    return entry("transition", said, "2026-11-25", article="附则")


OLD_AND_NEW = HEAD + edition(OLD, 5, 4, 10, reason="false") + edition(NEW, 2, 5, 3, reason="true")
AS_ACCEPTED = in_words('{ substance = "acceptance_day", procedure = "acceptance_day" }')


def accepted(town: Town, day: int, served: int, **changes: Any) -> dict[str, Any]:
    """The record of a case that was accepted on that day of November, served on the other one."""
    return town.served(11, served, acceptDate=f"2026-11-{day} 09:00:00", **changes)


async def window(town: Town, path: str) -> str:
    """The day at whose beginning it closes."""
    row = await town.waiting(path)
    return f"{row['window_at'].astimezone(CN):%m-%d}" if row else ""


async def test_what_was_accepted_before_is_judged_by_the_old_rules_everywhere(make_town: MakeTown) -> None:
    town = await make_town(OLD_AND_NEW + AS_ACCEPTED)
    town.at(11, 26)
    served = [accepted(town, day, 26) for day in (24, 26, 24, 26, 24, 26)]
    paths = [await town.report(each) for each in served]
    old, new, old_bad, new_bad, *_ = (path or "" for path in paths)
    assert [await window(town, path) for path in (old, new)] == ["12-04", "12-01"]
    # Page and interface: only the new rules want a reason.
    assert ((await town.rate_by_api(new_bad, 1)).status, (await town.rate_by_api(old_bad, 1)).status) == (
        422,
        201,
    )
    assert (await town.rate(new_bad, 1)).status == 201
    # Sending it again, a night, a calendar: nothing moves.
    assert [await town.report(each) for each in served] == paths
    now = town.citizen.now
    assert await town.django(lambda: recount_waiting(rulebook=Rulebook.load(), now=now)) == ()
    town.at(12, 1)
    assert [await town.opens(path) for path in (old, new)] == [True, False]
    assert await town.sweep() == 2
    town.at(12, 4)
    assert await town.sweep() == 2
    assert await town.counts() == {"occasions": 6, "n1": 2, "d4": 2, "d5": 2}

    def orders() -> list[tuple[str, str]]:
        """The last working day of each limit, and the clause that was noted."""
        with one_edition(every=0):
            at = town.at(12, 1)
            open_orders(now=at, limit=10)
            found = []
            for order in WorkOrder.objects.all():
                handler = make_official(order.organisation_id, at, f"handler{order.number.lower()}")
                verified = lead_to(order, Act.VERIFY, handler, at)
                assert verified.due_at is not None
                found.append((f"{verified.due_at.astimezone(CN):%m-%d}", verified.due_clause))
            assert rederive_deadlines(rulebook=Rulebook.load(), now=at, actor="test") == 0
            return sorted(found)

    assert await town.django(orders) == [("12-05", "《示例办法》第5条"), ("12-16", "《示例办法》第4条")]
    assert await town.django(
        lambda: sorted(AuditEntry.objects.filter(act="ratings.default").values_list("clause", flat=True))
    ) == ["《示例办法》第4条", "《示例办法》第5条"]


@pytest.mark.parametrize("earlier_first", [False, True])
async def test_the_earliest_acceptance_that_is_told_is_that_of_the_case(
    make_town: MakeTown, earlier_first: bool
) -> None:
    """Two occasions of one case tell different days, in two calls, in either order, and in one call."""
    town = await make_town(OLD_AND_NEW + AS_ACCEPTED)
    town.at(11, 26)
    later = accepted(town, 26, 26)
    both = [later, later | {"serviceNumber": "2", "acceptDate": "2026-11-24 09:00:00"}]
    both = both[::-1] if earlier_first else both
    paths = [await town.report(each) for each in both]
    together = [each | {"projectNo": "TOGETHER"} for each in both]
    paths += [result["url"][-43:] for result in await town.sender.report(*together)]
    assert [await window(town, path or "") for path in paths] == ["12-04"] * 4
    assert (await town.rate_by_api(paths[0] or "", 1)).status == 201
    stored = await town.citizen.database.fetch("SELECT DISTINCT accepted_day FROM cases_serviceoccasion")
    assert [f"{row['accepted_day']}" for row in stored] == ["2026-11-24"]


# Accepted on the 20th, served on the 23rd, rated on the 24th, verified on the 25th: each day has its own number.
BY_DAY = {"acceptance_day": 10, "occasion_day": 11, "rating_day": 12, "step_day": 13}


def numbered(day: str) -> str:
    begins = ["2020-01-01", "2026-11-23", "2026-11-24", "2026-11-25", None]
    spans = zip(begins, begins[1:], BY_DAY.values(), strict=False)
    return (
        HEAD
        + "".join(
            entry("rectification", days(n, after="verification"), since or "", until)
            + entry("window", days(n), since or "", until)
            for since, until, n in spans
        )
        + entry("transition", f'{{ substance = "{day}", procedure = "{day}" }}', "2020-01-01")
    )


async def test_each_of_the_four_days_can_be_named(make_town: MakeTown) -> None:
    """One rating and one occasion that is still waited for, looked at under four regulations."""
    town = await make_town(numbered("occasion_day"))
    town.at(11, 23)
    rated, waiting = [await town.report(accepted(town, 20, 23)) for _ in range(2)]
    town.at(11, 24)
    assert (await town.rate(rated or "", 1)).status == 201
    at = town.at(11, 25)
    await town.django(lambda: open_orders(now=at, limit=1))

    def working_days(day: str) -> int:
        """Of the order's limit; and the window of what nobody has rated is counted anew."""
        write_rules(town.rules_dir, numbered(day))
        found = governed(WorkOrder.objects.get(), at=at, rulebook=Rulebook.load())
        recount_waiting(rulebook=Rulebook.load(), now=at)
        return found.rules.rectification.value.n if found and found.rules.rectification else 0

    found = {}
    for day in BY_DAY:
        limit = await town.django(lambda day=day: working_days(day))
        found[day] = limit, await window(town, waiting or "")
    # Of what is not rated yet the day of looking stands for that of the rating.
    assert found == {
        "acceptance_day": (10, "12-08"),
        "occasion_day": (11, "12-09"),
        "rating_day": (12, "12-11"),
        "step_day": (13, "12-11"),
    }
