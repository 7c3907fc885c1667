"""What may be counted anew without the record: limits by the day of the service that are the same for every occasion."""

from collections.abc import Callable

import pytest

from haochaping.policy.limits import Limit, Span
from haochaping.policy.rulebook import Rulebook
from tests.unit.policy.samples import HEAD, WINDOW

NAMES = ("window", "default")
ONLINE = WINDOW + 'only = { channels = ["qr"] }\n'


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (Limit(5, "workday", after="service", count_first=False), True),
        (Limit(1, "month_end", after="service"), True),
        (Limit(5, "workday", after="result", count_first=False), False),
        (Limit(24, "hour", after="service"), False),
        (Limit(5, "workday", after="service", count_first=False, suspended_by=("objection",)), False),
        (
            Limit(
                5,
                "workday",
                after="service",
                count_first=False,
                cap=Span(9, "workday", after="result", count_first=False),
            ),
            False,
        ),
    ],
)
def test_the_day_of_the_service_decides_alone(limit: Limit, expected: bool) -> None:
    assert limit.by_day_of("service") is expected


def test_a_plain_window_is_the_same_for_all(load: Callable[..., Rulebook]) -> None:
    assert load(one=HEAD + WINDOW).same_for_all("999100", NAMES)


def test_a_window_for_some_is_not(load: Callable[..., Rulebook]) -> None:
    rulebook = load(one=HEAD + ONLINE)
    assert not rulebook.same_for_all("999101", NAMES)
    assert rulebook.same_for_all("999101", ("default",))
    assert rulebook.same_for_all("888800", NAMES)


def test_nor_is_one_of_a_line_that_governs_some(load: Callable[..., Rulebook]) -> None:
    head = HEAD.replace('"city"', '"department_line"').replace(
        '["999100"]\n', '["999100"]\nonly = { places = ["own_hall"] }\n'
    )
    rulebook = load(one=HEAD + WINDOW, line=head + WINDOW)
    assert not rulebook.same_for_all("999100", NAMES)


def test_the_shipped_window_of_kunming_is_the_same_for_all() -> None:
    assert Rulebook.load().same_for_all("530102", NAMES)
