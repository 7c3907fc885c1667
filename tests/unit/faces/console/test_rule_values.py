"""Values of rules set out to be read: every one of every profile, and the shapes that need care."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from haochaping.faces.console.rule_values import Names, Shown, shown, together
from haochaping.policy.bands import Band
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scores import Part, Score
from haochaping.policy.values import Value

BOOK = Rulebook.load()
NAMES = Names(levels={5: "很好", 4: "好", 2: "差"}, scores={"quarter": "季度得分", "final": "最终得分"})
ALL = [
    pytest.param(name, value, id=f"{each.key}-{name}-{value.key}-{index}")
    for each in BOOK.jurisdictions
    for name, values in each.values.items()
    for index, value in enumerate(values)
]


def words(value: Shown) -> Iterator[str]:
    yield value.text
    for word, inner in value.rows:
        yield word
        yield from words(inner)
    for inner in value.items:
        yield from words(inner)


def value_of(jurisdiction: str, dimension: str, key: str = "") -> Value[Any]:
    found = next(each for each in BOOK.jurisdictions if each.key == jurisdiction)
    return next(each for each in found.values[dimension] if each.key == key)


@pytest.mark.parametrize(("name", "value"), ALL)
def test_every_value_is_words_and_none_of_them_is_a_word_of_the_files(name: str, value: Value[Any]) -> None:
    said = shown(name, value, NAMES)
    assert (bool(said.text), bool(said.rows), bool(said.items)).count(True) == 1
    found = " ".join(words(said))
    # What is entered from outside and classes of bad ratings go by the names that the operator gave them.
    assert set(re.findall(r"[a-z_]{3,}", found)) <= {"third_party", "simple", "general", "complex"}
    assert not re.search(r"None|Decimal|True|False|【", found)


def test_a_limit_says_whether_its_first_day_counts() -> None:
    review = shown("window", value_of("kunming", "window"), NAMES)
    assert review == Shown("自接受服务之日的次日起5个工作日内，当日不计入")


def test_a_level_is_called_by_its_words() -> None:
    default = shown("default", value_of("teaching-mingzhou", "default"), NAMES)
    assert default.rows[0] == ("等次", Shown("好"))


def test_a_share_is_per_cent_and_a_number_is_not() -> None:
    revisit = dict(shown("revisits", value_of("kunming", "revisits", "named_bad"), NAMES).rows)
    assert revisit["比例"] == Shown("100%")
    parts = dict(shown("scores", value_of("kunming", "scores", "final"), NAMES).rows)["组成"].items
    assert [dict(part.rows)["分档"].text for part in parts] == [
        "95%及以上：3分；80%及以上：1分；0%及以上：0分",
        "9.5及以上：7分；8及以上：5分；6及以上：3分；0及以上：0分",
    ]


@pytest.mark.parametrize(
    ("measure", "placed", "first"),
    [
        ("bad_rate", None, "高于200%：0分"),
        ("bad_rate", "rank", "高于2：0分"),
        ("bad_rate", "share", "高于200%：0分"),
        ("mean_points", None, "高于2：0分"),
        ("mean_points", "share_before", "高于200%：0分"),
    ],
)
def test_a_place_is_no_share_unless_it_is_told_as_one(measure: str, placed: str | None, first: str) -> None:
    bands = (Band(above=Decimal(2), points=Decimal(0)), Band(points=Decimal(1)))
    part = Part(measure, counts_defaults=False, placed=placed, bands=bands)
    said = replace(value_of("kunming", "scores", "final"), value=Score((part,)))
    ((_, parts),) = shown("scores", said, NAMES).rows
    (rows,) = parts.items or (parts,)
    assert dict(rows.rows)["分档"].text.startswith(first)


def test_nothing_applies_is_said_in_words() -> None:
    absent = [param.values for param in ALL if param.values[1].absent]  # type: ignore[union-attr]
    assert absent
    for name, value in absent:
        assert shown(str(name), value, NAMES) == Shown("明文规定不适用")  # type: ignore[arg-type]


def test_hours_and_days_are_written_as_people_write_them() -> None:
    hours = shown("office_hours", value_of("teaching-mingzhou", "office_hours"), NAMES)
    assert hours.items[0].rows == (("开始", Shown("09:00")), ("结束", Shown("12:00")))
    duty = dict(shown("duties", value_of("kunming", "duties", "bulletin"), NAMES).rows)
    assert duty["首次"] == Shown("2020年7月1日")


def test_values_of_one_clause_that_differ_in_one_word_are_one_sentence() -> None:
    one, other = Shown(rows=(("问题", Shown("质量")),)), Shown(rows=(("问题", Shown("效率")),))
    assert together([one, other]) == Shown(rows=(("问题", Shown("质量、效率")),))
    apart = Shown(rows=(("范围", Shown("大厅")),))
    assert together([one, apart]) == Shown(items=(one, apart))
    assert together([one]) == one
