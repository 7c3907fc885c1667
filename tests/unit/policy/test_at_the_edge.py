"""What keys say against each other, at the value at which it begins and at the one before."""

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from haochaping.policy.adoption import Adoption
from haochaping.policy.bands import Band, Bounds, Knot, PerStep
from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.entries import Provenance
from haochaping.policy.listed import ListRule
from haochaping.policy.measures import Condition, Measured, Rounding
from haochaping.policy.publicity import DatedDuty, LocalDays, OfficeHours, YearDay
from haochaping.policy.reading import WRONG, Reader
from haochaping.policy.scores import Cap, Minimum, Part, Score, Tie, best
from haochaping.policy.shapes import kind_of
from haochaping.policy.voice import LevelEntry, Points
from tests.unit.policy.scored import D

DAY, NEXT, BEFORE = date(2021, 1, 1), date(2021, 1, 2), date(2020, 12, 31)
CITED: dict[str, Any] = {"document": "d", "article": "第一条"}
RATE: dict[str, Any] = {"measure": "bad_rate", "counts_defaults": False}


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        (Provenance(DAY, **CITED), []),
        (Provenance(DAY, to=NEXT, **CITED), []),
        (Provenance(DAY, to=DAY, **CITED), ["to"]),
        (Provenance(DAY, checked_until=DAY, **CITED), []),
        (Provenance(DAY, checked_until=BEFORE, **CITED), ["checked_until"]),
        (Provenance(DAY, seen_through="d"), []),
        (Provenance(DAY, document="d"), ["article"]),
        (Provenance(DAY, article="第一条"), ["document"]),
        (Adoption("national", DAY, "d", "第一条", to=NEXT), []),
        (Adoption("national", DAY, "d", "第一条", to=DAY), ["to"]),
        (OfficeHours(time(9), time(9, 0, 1)), []),
        (OfficeHours(time(9), time(9)), ["to"]),
        (DatedDuty("通报", "quarter", first=DAY, last=DAY), []),
        (DatedDuty("通报", "quarter", first=DAY, last=BEFORE), ["last"]),
        (DatedDuty("通报", "year", on=YearDay(1, 31)), []),
        (DatedDuty("通报", "once", on=YearDay(1, 31), first=DAY), []),
        (DatedDuty("通报", "quarter", on=YearDay(1, 31)), ["on"]),
        (LocalDays("节", off=(DAY,), works=(NEXT,)), []),
        (LocalDays("节", works=(DAY,)), []),
        (LocalDays("节", off=(DAY,), works=(DAY,)), ["works[0]"]),
        (ListRule(label="红榜", out_of=3, periods=3), []),
        (ListRule(label="红榜", out_of=2, periods=3), ["out_of"]),
        (ListRule(label="红榜", rank="first", n=1, **RATE), []),
        (ListRule(label="红榜", rank="first", n=1, share=D("0.1"), **RATE), ["n"]),
        (ListRule(label="红榜", rank="first", **RATE), ["n"]),
        (ListRule(label="红榜", rank="first", n=1), ["measure"]),
        (ListRule(label="红榜", from_=D(1)), ["measure"]),
        (ListRule(label="红榜", **RATE), ["from"]),
        (ListRule(label="红榜", rank="last", n=1, better="lower", **RATE), []),
        (Part(**RATE, least=D(1), most=D(1)), []),
        (Part(**RATE, least=D(2), most=D(1)), ["least"]),
        (Part(**RATE, linear=(Knot(D(0), D(0)), Knot(D(1), D(1)))), []),
        (Part(**RATE, linear=(Knot(D(0), D(0)), Knot(D(0), D(1)))), ["linear[1].at"]),
        (
            Part(**RATE, linear=(Knot(D(0), D(0)), Knot(D(2), D(1)), Knot(D(1), D(1)))),
            ["linear[2].at"],
        ),
        (Part(**RATE, per=PerStep(D(1), D(1))), []),
        (Part(**RATE, per=PerStep(D(0), D(1))), ["per.step"]),
        (Part(**RATE, points=D(1)), ["measure"]),
        (Part(points=D(0)), []),
        (Part(**RATE, times=D(1), per=PerStep(D(1), D(1))), ["times"]),
        (Part(points=D(1), times=D(2)), ["times"]),
        (Condition(**RATE, from_=D(0)), []),
        (Condition(**RATE), ["from"]),
        (Condition(from_=D(0)), ["measure"]),
        (Cap(**RATE, from_=D(0), most=D(0)), []),
        (Cap(**RATE, from_=D(0), least=D(0)), []),
        (Cap(**RATE, from_=D(0)), ["most"]),
        (Bounds(from_=D(0), up_to=D(1)), []),
        (Bounds(from_=D(0), above=D(0)), ["above"]),
        (Bounds(up_to=D(0), under=D(0)), ["under"]),
        (Measured("scores", score="a", how="least"), ["how"]),
        (Measured("scores", score="a", how="least", below="window"), []),
        (Measured("scores", score="a", how="least", each="month"), []),
        (Measured("scores", score="a", below="window", each="month"), ["each"]),
        (Measured("scores", score="a", below="window", weigh_by="orders"), ["weigh_by"]),
        (Measured("scores", score="a", below="window", weigh_by="orders", how="weighted"), []),
        (Measured("unrated_rate", relative=True), ["relative"]),
        (Measured("unrated_rate", relative=True, compared="previous"), []),
        (Measured("unrated_rate", better="lower"), ["better"]),
        (Tie("unrated_rate", better="lower"), []),
        (Measured("unrated_rate", better="lower", placed="rank"), []),
    ],
)
def test_what_is_said_against_itself(said: Any, keys: Sequence[str]) -> None:
    assert [key for key, _ in said.mistakes()] == keys


def test_the_knot_before_is_named() -> None:
    knots = tuple(Knot(D(at), D(0)) for at in (0, 2, 1))
    assert list(Part(**RATE, linear=knots).mistakes()) == [("linear[2].at", "1 is not above 2")]


def test_the_best_of_parts_is_known_where_they_are_added_up() -> None:
    parts = (Part(points=D(3)), Part(points=D(7)))
    assert best(Part(parts=parts)) == 10
    assert best(Part(parts=parts, combine="most")) is None
    assert best(Part(parts=parts, combine="most", most=D(8))) == 8


@pytest.mark.parametrize(
    ("parts", "total", "keys"),
    [
        ((Part(points=D(3)), Part(points=D(7))), D(10), []),
        ((Part(points=D(3)), Part(points=D(7))), D(9), ["total"]),
        # What weighs nothing adds nothing; what is taken off has no highest.
        ((Part(points=D(3)), Part(points=D(7), weight=D(0))), D(3), []),
        ((Part(points=D(3)), Part(points=D(7), weight=D(0))), D(10), ["total"]),
        ((Part(points=D(3)), Part(points=D(7), weight=D(-1))), D(10), []),
    ],
)
def test_the_highest_score_is_what_the_parts_add_up_to(
    parts: tuple[Part, ...], total: Any, keys: Sequence[str]
) -> None:
    assert [key for key, _ in Score(parts, total=total).mistakes()] == keys


@pytest.mark.parametrize(
    ("said", "most"),
    [
        ({"per": PerStep(D(1), D(-2), start=D(9))}, D(9)),
        ({"per": PerStep(D(1), D(0), start=D(9))}, D(9)),
        ({"per": PerStep(D(1), D(1), start=D(9))}, None),
        ({"per": PerStep(D(1), D(1), start=D(9)), "most": D(12)}, D(12)),
        ({"linear": (Knot(D(0), D(5)), Knot(D(1), D(0)))}, D(5)),
        ({"linear": (Knot(D(0), D(5)), Knot(D(1), D(0))), "most": D(4)}, D(4)),
        ({"bands": (Band(D(0), points=D(5)),), "most": D(6)}, D(5)),
        ({"times": D(100)}, None),
    ],
)
def test_the_most_points_of_a_part(said: dict[str, Any], most: Any) -> None:
    assert best(Part(**RATE, **said)) == most


@pytest.mark.parametrize(
    ("bands", "keys"),
    [
        ((Band(D("0.9"), points=D(2)), Band(D(0), points=D(1))), []),
        ((Band(D("0.9"), points=D(2)), Band(points=D(1))), []),
        ((Band(points=D(2)), Band(D(0), points=D(1))), ["bands[0].from"]),
        ((Band(D("0.9"), points=D(2)), Band(D("0.1"), points=D(1))), ["bands"]),
        ((Band(D("0.9"), points=D(2)), Band(D("0.9"), points=D(1)), Band(D(0), points=D(0))), ["bands[1].from"]),
        ((Band(D(0), up_to=D(1), points=D(2)),), []),
        ((Band(D(0), up_to=D(0), points=D(2)),), ["bands[0].up_to"]),
        # The lower one ends where the higher one begins: once, neither twice nor never.
        ((Band(D("0.9"), points=D(2)), Band(D(0), under=D("0.9"), points=D(1))), []),
        ((Band(above=D("0.9"), points=D(2)), Band(D(0), up_to=D("0.9"), points=D(1))), []),
        ((Band(D("0.9"), points=D(2)), Band(D(0), up_to=D("0.9"), points=D(1))), ["bands[1].up_to"]),
        ((Band(above=D("0.9"), points=D(2)), Band(D(0), under=D("0.9"), points=D(1))), ["bands[1].under"]),
        ((Band(D("0.9"), points=D(2)), Band(D(0), up_to=D("0.8"), points=D(1))), ["bands[1].up_to"]),
        ((Band(D("0.9"), points=D(2)), Band(D(0), under=D("0.95"), points=D(1))), ["bands[1].under"]),
    ],
)  # fmt: skip
def test_bands_leave_no_value_out_and_hold_none_twice(bands: tuple[Band, ...], keys: Sequence[str]) -> None:
    assert [key for key, _ in Part(**RATE, bands=bands).mistakes()] == keys


def test_office_hours_may_follow_each_other_at_once() -> None:
    checks = DIMENSIONS["office_hours"].checks
    morning = OfficeHours(time(9), time(12))
    assert list(checks((morning, OfficeHours(time(12), time(17))))) == []
    assert [key for key, _ in checks((morning, OfficeHours(time(11, 59), time(17))))] == ["[1].from"]
    first, then, last = OfficeHours(time(8), time(10)), morning, OfficeHours(time(11), time(17))
    assert [key for key, _ in checks((first, then, last))] == ["[1].from", "[2].from"]


def test_a_level_is_good_or_bad_or_neither() -> None:
    checks = DIMENSIONS["levels"].checks
    for bad, good, keys in (
        (True, True, ["[0].good"]),
        (True, False, []),
        (True, None, []),
        (False, True, []),
        (False, False, []),
    ):
        assert [key for key, _ in checks((LevelEntry(3, "基本满意", bad, good),))] == keys
    assert [key for key, _ in checks((LevelEntry(3, "a", True), LevelEntry(3, "b", True)))] == ["[1].level"]
    assert [key for key, _ in DIMENSIONS["points"].checks((Points(3, D(1)), Points(3, D(2))))] == [
        "[1].level"
    ]


@pytest.mark.parametrize(
    ("raw", "fine"),
    [
        (Decimal("1e15"), True),
        (Decimal("1e16"), False),
        (Decimal("1e-15"), True),
        (Decimal("1e-16"), False),
        (Decimal("0e99"), True),
    ],
)
def test_numbers_of_at_most_15_digits(raw: Decimal, fine: bool) -> None:
    assert (Reader("f").value(kind_of(Decimal), raw, "k") is not WRONG) is fine


def test_both_ends_of_a_range_belong_to_it() -> None:
    for places, fine in ((-1, False), (0, True), (12, True), (13, False)):
        assert (Reader("f").table(Rounding, {"places": places}, "k") is not WRONG) is fine
    for n, fine in ((0, False), (1, True), (10**9, True)):
        found = Reader("f").table(Minimum, {"count": "ratings", "n": n}, "k")
        assert (found is not WRONG) is fine


def test_an_adoption_holds_from_its_first_day_until_before_its_last() -> None:
    found = Adoption("national", date(2021, 1, 1), "d", "一", to=date(2022, 1, 1))
    days = [date(2020, 12, 31), date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1)]
    assert [found.holds(day) for day in days] == [False, True, True, False]
    assert Adoption("national", date(2021, 1, 1), "d", "一").holds(date(2099, 1, 1))
