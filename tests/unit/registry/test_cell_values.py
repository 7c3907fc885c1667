"""What one cell may hold."""

import re
from datetime import date
from typing import get_args

import pytest

from haochaping.policy.limits import Word
from haochaping.policy.shapes import Matching
from haochaping.registry.importing import values
from haochaping.registry.rules import name_key


@pytest.mark.parametrize("value", ["11532216MB3585447A", "11535863MB36169043", "91110000600037341L"])
def test_a_credit_code_with_its_check_character_is_taken(value: str) -> None:
    assert values.credit_code(value) is None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("11532216MB3585447B", "check_character"),
        ("1153221OMB3585447A", "check_character"),
        ("11532216MB3585447", "form"),
        ("11532216-MB3585447A", "form"),
        ("11532216mb3585447a", "form"),
        ("１1532216MB3585447A", "form"),
    ],
)
def test_any_other_credit_code_is_not(value: str, code: str) -> None:
    fault = values.credit_code(value)
    assert fault is not None
    assert fault.code == code


@pytest.mark.parametrize(
    "value", ["hrss", "a" * 40, "tax_2", "a" * 41, "2tax", "HRSS", "_tax", "人社", "a-b"]
)
def test_a_line_is_named_as_rules_name_it(value: str) -> None:
    (form,) = (each for each in get_args(Word) if isinstance(each, Matching))
    assert (values.word(value) is None) == bool(re.fullmatch(form.pattern, value))


@pytest.mark.parametrize(
    "value", ["2026-02-29", "2026-2-1", "20260201", "2026-W05-1", "2026/02/01", "２０２６-02-01", "今天"]
)
def test_only_a_real_day_in_one_form_is_a_date(value: str) -> None:
    assert values.parse_day(value) is None
    assert values.day(value) is not None


def test_a_leap_day_is_a_date() -> None:
    assert values.parse_day("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "value",
    ["53010", "5301020", "５30102", "53010a", "030102", "530102000000", "53010200100", "030102001000"],
)
def test_a_division_code_is_six_digits_or_twelve(value: str) -> None:
    assert values.division_code(value) is not None
    assert values.division_code("530102") is None
    assert values.division_code("530102001000") is None
    assert values.division_code("530102001203") is None


@pytest.mark.parametrize("value", ["窗口", "a b", "x" * 41, "W1\u200b"])
def test_a_code_of_ones_own_is_plain(value: str) -> None:
    assert values.own_code(value) is not None


@pytest.mark.parametrize("value", ["换\n行", "制\t表", "空\x00", "零宽\u200b"])
def test_a_name_has_no_invisible_characters(value: str) -> None:
    fault = values.text(100)(value)
    assert fault is not None
    assert fault.code == "characters"


def test_a_name_may_have_minority_points_brackets_and_wide_blanks() -> None:
    assert values.text(100)("禄劝彝族苗族自治县(东区)阿依古丽·买买提\u3000") is None


def test_common_names_are_put_in_the_order_of_pinyin() -> None:
    assert sorted(["市场局", "公安局", "民政局", "教育局"], key=name_key) == [
        "公安局",
        "教育局",
        "民政局",
        "市场局",
    ]


@pytest.mark.parametrize("hanzi", ["㐂", "𠮷", "𰻝", "\U000323af", "\U0003347b"])
def test_a_name_may_have_every_hanzi_those_that_python_does_not_know_too(hanzi: str) -> None:
    assert values.text(100)(hanzi) is None
