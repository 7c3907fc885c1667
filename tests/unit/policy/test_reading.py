"""Reading values by their shape: exact kinds, nothing converted in silence."""

from datetime import date, time
from decimal import Decimal

import pytest

from haochaping.policy.reading import WRONG, Reader, nearest, shown
from haochaping.policy.shapes import kind_of


@pytest.mark.parametrize(
    ("hint", "raw", "read"),
    [
        (str, " 第七条 ", "第七条"),
        (int, 5, 5),
        (Decimal, 5, Decimal(5)),
        (Decimal, Decimal("9.50"), Decimal("9.50")),
        (bool, True, True),
        (date, date(2020, 6, 2), date(2020, 6, 2)),
        (time, time(17), time(17)),
        (tuple[str, ...], ["x", "y"], ("x", "y")),
    ],
)
def test_each_kind_is_read_as_it_is(hint: object, raw: object, read: object) -> None:
    reader = Reader("f")
    found = reader.value(kind_of(hint), raw, "k")
    assert (found, type(found), reader.mistakes) == (read, type(read), [])


@pytest.mark.parametrize(
    ("hint", "raw", "problem"),
    [
        (str, 7, "expected a text, found 7"),
        (str, " ", "must not be empty"),
        (int, True, "expected a whole number, found true"),
        (int, Decimal("5.0"), "expected a whole number, found 5.0"),
        (Decimal, True, "expected a number, found true"),
        (Decimal, "9.5", "expected a number, found '9.5'"),
        (Decimal, Decimal("NaN"), "expected a number, found NaN"),
        (Decimal, Decimal("Infinity"), "expected a number, found Infinity"),
        (bool, 1, "expected true or false, found 1"),
        (date, "2020-06-02", "expected a date such as 2020-06-02, found '2020-06-02'"),
        (time, {}, "expected a time such as 17:00:00, found a table"),
        (tuple[str, ...], [], "expected a list of at least one entry"),
        (tuple[str, ...], {}, "expected a list, found a table"),
        (tuple[int, ...], [1, "x"], "expected a whole number, found 'x'"),
    ],
)
def test_what_is_of_another_kind_is_told(hint: object, raw: object, problem: str) -> None:
    reader = Reader("f")
    assert reader.value(kind_of(hint), raw, "k") is WRONG
    assert [each.problem for each in reader.mistakes] == [problem]


def test_the_nearest_name_or_all_of_them() -> None:
    assert nearest("artcle", ["article", "from"]) == "did you mean 'article'?"
    assert nearest("zzz", ["b", "a"]) == "known are a, b"
    assert shown([1]) == "a list"
