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
from haochaping.scoring.countable import asks_apart, external_names, not_countable


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
        (Part(measure="count", of=("ratings",), only=Filter(named=True)), {}),
        (Part(measure="count", of=("unrated",), only=Filter(named=True)), {"scores.mine": "named"}),
        (
            Part(
                measure="good_rate", counts_defaults=False, only=Filter(channels=("web",), places=("online",))
            ),
            {"scores.mine": "places"},
        ),
        (Part(measure="count", of=("orders",), only=Filter(named=True, classes=("simple",))), {}),
        (Part(measure="rectification_rate", only=Filter(named=True)), {}),
        (Part(measure="rectification_rate", only=Filter(places=("online",))), {"scores.mine": "places"}),
    ],
)
def test_a_fact_by_which_nothing_is_counted_is_named(part: Part, lacking: dict[str, str]) -> None:
    assert not_countable(profile(part)) == lacking


def test_by_channel_and_name_only_organisations_are_counted_and_only_by_the_month() -> None:
    part = Part(measure="good_rate", counts_defaults=False, only=Filter(channels=("web",)))
    plain = Part(measure="good_rate", counts_defaults=False)
    assert asks_apart(profile(part))
    assert not asks_apart(profile(plain))
    assert not_countable(profile(part)) == {}
    assert not_countable(profile(part), months=False) == {"scores.mine": "channels"}
    of_staff = replace(profile(part), scores={"mine": SimpleNamespace(value=Score((part,), of=("staff",)))})
    assert not_countable(of_staff) == {"scores.mine": "channels"}


def test_values_from_outside_are_known_by_name() -> None:
    assert external_names(profile(Part(measure="external", external="third_party"))) == {"third_party"}
