"""What a simulated city is drawn from: shares, days, sentences, the ways of orders. Without a database."""

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import sqrt
from random import Random
from uuid import UUID

import pytest

from haochaping.foundation.clock import CN, local_day
from haochaping.identity.masks import names_numbers
from haochaping.policy.keeping import in_force
from haochaping.policy.tags import Tags
from haochaping.simulation.comments import Said, comment
from haochaping.simulation.filling.drawing import TAG_BITS, tag_rows
from haochaping.simulation.marginals import LEVELS, bounds, names, parted, read, skewed
from haochaping.simulation.orders.calendar import later
from haochaping.simulation.orders.traits import traits
from haochaping.simulation.spread import pieces, portions

DRAWS = 20_000
WIDE = 4.5


def near(found: int, of: int, share: float) -> bool:
    return abs(found - of * share) <= WIDE * sqrt(of * share * (1 - share)) + 1


@pytest.mark.parametrize("name", names())
def test_every_shape_can_be_read_and_says_where_it_is_from(name: str) -> None:
    shape = read(name)
    assert all(
        getattr(shape, field).source
        for field in (
            "rated",
            "late",
            "named",
            "channels",
            "hours",
            "tags",
            "orders",
            "objections",
            "revisits",
        )
    )
    assert str(shape.levels["source"])
    bad = sum(shape.level_weights[level] for level in (1, 2))
    whole = sum(shape.level_weights.values())
    assert {"guangdong": (1275, 13_880_000), "tianjin": (10, 10_000), "demo": (4, 1000)}[name] == (bad, whole)


def test_channels_are_those_of_the_bulletin() -> None:
    channels = read("guangdong").channels
    # Ten thousands, of 13.88 million: web, local apps; halls by codes and devices; of the rest nothing is told.
    assert channels.online == {1: 574, 2: 250}
    assert (channels.hall[3] + channels.hall[4], channels.hall[5]) == (513, 51)
    assert sum((*channels.online.values(), *channels.hall.values())) == 1_388


def test_a_bound_is_as_exact_as_its_bits() -> None:
    found = bounds([("a", Decimal(1)), ("b", Decimal(2)), ("c", Decimal(0))], 16)
    assert found == [("a", 21845), ("b", 65536), ("c", 65536)]
    weights = skewed(3, Decimal(1))
    assert [round(each, 3) for each in weights] == [1, Decimal("0.5"), Decimal("0.333")]


def test_what_is_parted_is_whole() -> None:
    assert parted(10, [Decimal(1), Decimal(1), Decimal(1)]) == [4, 3, 3]
    assert parted(10, [Decimal(0), Decimal(0)]) == [0, 0]


def test_days_have_their_parts_and_portions_cut_nothing() -> None:
    calendar = in_force().rulebook.calendar
    found = pieces(read("guangdong"), calendar, occasions=5_000, first=date(2026, 9, 28), days=14)
    assert sum(each.count for each in found) == 5_000
    assert [each.first for each in found] == [sum(e.count for e in found[:n]) for n in range(len(found))]
    halls = Counter[date]()
    for each in found:
        if each.stream == 0:
            halls[each.day] += each.count
    # National Day, and a Saturday on which people worked instead.
    assert halls[date(2026, 10, 1)] == 0
    assert halls[date(2026, 10, 10)] > 0
    small = list(portions(found, at_once=600))
    assert all(sum(each.count for each in some) == 600 for some in small[:-1])
    numbers = [n for some in small for each in some for n in range(each.first, each.first + each.count)]
    assert numbers == list(range(5_000))


def test_tags_have_their_shares() -> None:
    shape, rows = read("guangdong"), tag_rows(read("guangdong"), Tags.load())
    for level in LEVELS:
        mine = [(slot, tags) for of, slot, tags in rows if of == level]
        assert [slot for slot, _ in mine] == list(range(1 << TAG_BITS))
        tagged = [tags for _, tags in mine if tags]
        assert abs(len(tagged) / len(mine) - float(shape.tags.share[level])) < 0.001
        ones = sum(len(tags) == 1 for tags in tagged) / len(tagged)
        assert abs(ones - 0.6) < 0.01
        counted = Counter(tag for tags in tagged for tag in tags)
        assert len(counted) == 8
        assert all(tag // 100 == level for tag in counted)


def test_comments_are_many_and_some_name_somebody() -> None:
    said = [
        comment(
            Random(number), Said(1 + number % 5, (209, 110), "户口迁移", bool(number % 2), number % 7 == 0)
        )
        for number in range(3_000)
    ]
    assert len(set(said)) > 2_000
    assert all(10 <= len(text) <= 200 and "{" not in text for text in said)
    assert any(names_numbers(text) for text in said)
    assert comment(Random(5), Said(5, (), "户口迁移", False, False)) == comment(
        Random(5), Said(5, (), "户口迁移", False, False)
    )


def test_orders_go_their_ways_as_often_as_declared() -> None:
    shape = read("guangdong")
    found = [traits(shape, 1, UUID(int=number)) for number in range(DRAWS)]
    assert near(sum(each.idle for each in found), DRAWS, float(shape.orders.idle))
    assert near(sum(each.extended for each in found), DRAWS, float(shape.orders.extended))
    assert near(sum(each.joint for each in found), DRAWS, float(shape.orders.joint))
    contested = [each.contested for each in found if each.contested]
    assert near(len(contested), DRAWS, float(shape.objections.share))
    outcomes, whole = Counter(contested), sum(shape.objections.outcomes.values())
    for outcome, weight in shape.objections.outcomes.items():
        assert near(outcomes[outcome], len(contested), weight / whole)
    assert found == [traits(shape, 1, UUID(int=number)) for number in range(DRAWS)]


def test_people_work_on_working_days_in_office_hours() -> None:
    calendar = in_force().rulebook.calendar
    before = datetime(2026, 9, 30, 16, 0, tzinfo=CN)
    at = later(before, Random(1), calendar, least=1, most=1)
    assert local_day(at) == date(2026, 10, 8)
    assert 9 <= at.astimezone(CN).hour < 16
    assert timedelta() < later(before, Random(2), calendar, least=0, most=0) - before < timedelta(hours=1)
