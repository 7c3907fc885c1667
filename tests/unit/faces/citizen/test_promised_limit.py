"""What the page of thanks may promise: a limit that its sentence says rightly."""

from collections.abc import Callable
from datetime import date

import pytest

from haochaping.faces.citizen.language import catalogue
from haochaping.faces.citizen.thanks import UNITS, promised
from haochaping.policy.rulebook import Rulebook
from tests.unit.policy.conftest import load as load
from tests.unit.policy.samples import HEAD, entry


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ('n = 15, unit = "workday", after = "verification", count_first = false', True),
        ('n = 24, unit = "hour", after = "verification"', True),
        ('n = 24, unit = "hour", after = "verification", or_after = ["receipt"], whichever = "last"', False),
        ('n = 15, unit = "workday", after = "dispatch", count_first = false', False),
        ('n = 1, unit = "month_end", after = "verification"', False),
        ('n = 0, unit = "calendar_day", after = "verification"', False),
    ],
)
def test_only_so_long_after_verification_ispromised(
    load: Callable[..., Rulebook], limit: str, told: bool
) -> None:
    profile = load(sample=entry("rectification", f"value = {{ {limit} }}")).profile(
        "999100", date(2021, 6, 1)
    )
    assert (promised(profile) is not None) is told


def test_where_no_limit_is_laid_down_none_ispromised(load: Callable[..., Rulebook]) -> None:
    assert promised(load(sample=HEAD).profile("999100", date(2021, 6, 1))) is None


def test_every_unit_is_translated() -> None:
    words = catalogue("en").gettext
    assert [unit for unit in UNITS.values() if words(unit) == unit] == []
