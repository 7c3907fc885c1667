"""Questions are read from what was typed, and small groups are found."""

from datetime import date

import pytest

from haochaping.analysis.asked import as_text, question_of
from haochaping.analysis.proving import spans
from haochaping.analysis.questions import Dimension, Question, statement
from haochaping.analysis.rules import withheld
from haochaping.analysis.sets import DEFAULTS, OCCASIONS, ORDERS, RATINGS, SETS
from haochaping.foundation.errors import Invalid


def test_a_question_is_read() -> None:
    asked = question_of(
        ["window", "", "level"],
        {"hall": "5", "named": "yes", "origin": "device", "month": "2026-10", "tag": " "},
        first="2026-01",
        last="2026-11",
    )
    assert asked.by == (Dimension.WINDOW, Dimension.LEVEL)
    assert asked.where == {
        Dimension.HALL: 5,
        Dimension.NAMED: True,
        Dimension.ORIGIN: "device",
        Dimension.MONTH: date(2026, 10, 1),
    }
    assert (asked.first, asked.last) == (date(2026, 1, 1), date(2026, 11, 1))
    assert {each.value: as_text(value) for each, value in asked.where.items()} == {
        "hall": "5",
        "named": "yes",
        "origin": "device",
        "month": "2026-10",
    }


@pytest.mark.parametrize(
    ("by", "where", "months", "fields"),
    [
        (["colour"], {}, ("", ""), ["by"]),
        ([], {"colour": "1"}, ("", ""), ["colour"]),
        ([], {"level": "1 OR 1=1"}, ("", ""), ["level"]),
        ([], {"hall": "9" * 10}, ("", ""), ["hall"]),
        ([], {"hall": "²"}, ("", ""), ["hall"]),
        ([], {"origin": "system"}, ("", ""), ["origin"]),
        ([], {"default": "true"}, ("", ""), ["default"]),
        ([], {}, ("2026-13", "x"), ["first", "last"]),
        ([], {}, ("2026-02", "2026-01"), ["last"]),
        (["hall", "window", "item", "level"], {}, ("", ""), ["by"]),
    ],
)
def test_what_is_none_is_refused(
    by: list[str], where: dict[str, str], months: tuple[str, str], fields: list[str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        question_of(by, where, first=months[0], last=months[1])
    assert [problem.field for problem in refusal.value.problems] == fields


@pytest.mark.parametrize(
    ("by", "where", "sets"),
    [
        ("item", "month", SETS),
        ("hall", "weekday", (RATINGS, DEFAULTS, OCCASIONS)),
        ("level", "window", (RATINGS, DEFAULTS)),
        ("default", "item", (RATINGS, DEFAULTS)),
        ("tag", "channel", (RATINGS, ORDERS)),
        ("hour", "item", (RATINGS,)),
        ("level", "origin", (RATINGS,)),
    ],
)
def test_only_sets_that_know_all_that_is_asked_are_counted(
    by: str, where: str, sets: tuple[object, ...]
) -> None:
    assert Question((Dimension(by),), {Dimension(where): 1}).sets == sets


def test_values_never_stand_in_the_statement() -> None:
    asked = Question((Dimension.HOUR,), {Dimension.ORIGIN: "x'; DROP"})
    said, values = statement(asked, {each: [] for each in SETS}, [7], [9])
    assert "DROP" not in said
    assert values == [[9], [7], "x'; DROP"]


@pytest.mark.parametrize(
    ("rated", "closed"),
    [
        ({"a": 5, "b": 0}, set()),
        ({"a": 4, "b": 5, "c": 9}, {"a", "b"}),
        ({"a": 4, "b": 1, "c": 9}, {"a", "b"}),
        ({"a": 1}, {"a"}),
        ({"a": 1, "b": 0, "c": 100}, {"a", "c"}),
    ],
)
def test_small_groups_and_what_would_give_them_away(rated: dict[str, int], closed: set[str]) -> None:
    assert withheld(rated) == closed


def test_the_proof_looks_at_every_day_there_is() -> None:
    assert list(spans([])) == [(None, None)]
    assert list(spans([date(2026, 12, 1), date(2026, 10, 1)])) == [
        (None, date(2026, 9, 30)),
        (date(2026, 10, 1), date(2026, 10, 31)),
        (date(2026, 11, 1), date(2026, 11, 30)),
        (date(2026, 12, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), None),
    ]
