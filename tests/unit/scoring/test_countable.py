"""What nobody counts is not worked out: nought is not what happened."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from haochaping.policy.listed import ListRule
from haochaping.policy.measures import Filter
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scores import Part, Score
from haochaping.scoring.countable import external_names, not_countable


def profile(part: Part) -> Any:
    found = Rulebook.load().profile("530100", date(2026, 1, 1))
    return replace(
        found,
        scores={"mine": SimpleNamespace(value=Score((part,)))},
        lists={"open": SimpleNamespace(value=ListRule(label="名单"))},
    )


@pytest.mark.parametrize(
    ("part", "lacking"),
    [
        (Part(measure="participation", counts_defaults=False), {}),
        (
            Part(measure="participation", counts_defaults=False, only=Filter(channels=("web",))),
            {"scores.mine": "channels"},
        ),
        (Part(measure="count", of=("ratings",), only=Filter(named=True)), {"scores.mine": "named"}),
        (Part(measure="count", of=("orders",), only=Filter(named=True, classes=("simple",))), {}),
        (Part(measure="rectification_rate", only=Filter(named=True)), {}),
        (Part(measure="rectification_rate", only=Filter(places=("online",))), {"scores.mine": "places"}),
    ],
)
def test_a_fact_by_which_nothing_is_counted_is_named(part: Part, lacking: dict[str, str]) -> None:
    assert not_countable(profile(part)) == lacking


def test_values_from_outside_are_known_by_name() -> None:
    assert external_names(profile(Part(measure="external", external="third_party"))) == {"third_party"}
