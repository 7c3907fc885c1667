"""Reading values by their shape: exact kinds, nothing converted in silence."""

from datetime import date, time
from decimal import Decimal

import pytest

from haochaping.policy.reading import WRONG, Reader, nearest, shown, word_hint
from haochaping.policy.redress import Step
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
        (Decimal, "9.5", "expected a number, found '9.5'; write 9.5, without quotes"),
        (Decimal, "40%", "expected a number, found '40%'; write 0.4, without quotes"),
        (Decimal, "-12.5％", "expected a number, found '-12.5％'; write -0.125, without quotes"),
        (Decimal, "多", "expected a number, found '多'"),
        (int, "5", "expected a whole number, found '5'; write 5, without quotes"),
        (int, "5%", "expected a whole number, found '5%'"),
        (Decimal, Decimal("NaN"), "expected a number, found NaN"),
        (Decimal, Decimal("Infinity"), "expected a number, found Infinity"),
        (bool, 1, "expected true or false, found 1"),
        (
            date,
            "2020-06-02",
            "expected a date such as 2020-06-02, found '2020-06-02'; write 2020-06-02, without quotes",
        ),
        (date, "2020年", "expected a date such as 2020-06-02, found '2020年'"),
        (
            time,
            "17:00:00",
            "expected a time such as 17:00:00, found '17:00:00'; write 17:00:00, without quotes",
        ),
        (time, {}, "expected a time such as 17:00:00, found a table"),
        (tuple[str, ...], [], "expected a list of at least one entry"),
        (tuple[str, ...], {}, "expected a list, found a table"),
        (tuple[str, ...], "大厅", "expected a list, found '大厅'; write [\"大厅\"]"),
        (tuple[int, ...], 1, "expected a list, found 1; write [1]"),
        (tuple[str, ...], 950100, "expected a list, found 950100"),
        (tuple[int, ...], True, "expected a list, found true"),
        (tuple[int, ...], [1, "x"], "expected a whole number, found 'x'"),
    ],
)
def test_what_is_of_another_kind_is_told(hint: object, raw: object, problem: str) -> None:
    reader = Reader("f")
    assert reader.value(kind_of(hint), raw, "k") is WRONG
    assert [each.problem for each in reader.mistakes] == [problem]


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("workdays", "; did you mean 'workday'?"),
        ("个工作日", "; did you mean 'workday'?"),
        ("工作日", "; did you mean 'workday' (个工作日)?"),
        ("作日", "; did you mean 'workday' (个工作日)?"),
        ("自然日", "; did you mean 'calendar_day' (日)?"),
        ("二十个工作小时", "; did you mean 'working_hour' (工作小时)?"),
        ("return", "; did you mean 'return'?"),
        ("钟", ""),
    ],
)
def test_a_word_as_the_regulation_has_it(written: str, hint: str) -> None:
    words = {
        "working_hour": "工作小时",
        "hour": "小时",
        "workday": "个工作日",
        "calendar_day": "日",
        "workdays_in_all": "全部个工作日",
        "return_": "退回",
    }
    assert word_hint(written, words) == hint


def test_a_key_that_belongs_one_table_deeper() -> None:
    reader = Reader("f")
    reader.value(kind_of(Step), {"n": 1, "after": "opening", "limits": 2}, "steps[0].value")
    assert [(each.key, each.problem) for each in reader.mistakes] == [
        ("steps[0].value.n", "unknown key here; it belongs into `limit = { … }`"),
        ("steps[0].value.after", "unknown key here; it belongs into `limit = { … }`"),
        ("steps[0].value.limits", "unknown key; did you mean 'limit'?"),
    ]


def test_the_nearest_name_or_all_of_them() -> None:
    assert nearest("artcle", ["article", "from"]) == "did you mean 'article'?"
    assert nearest("zzz", ["b", "a"]) == "known are a, b"
    assert shown([1]) == "a list"
