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
from haochaping.scoring.countable import Picking, external_names, not_countable, picked


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
            {},
        ),
        (Part(measure="participation", counts_defaults=False, only=Filter(places=("own_hall",))), {}),
        (Part(measure="good_rate", counts_defaults=False, only=Filter(subjects=("staff",))), {}),
        (
            Part(measure="good_rate", counts_defaults=False, only=Filter(subjects=("hall",))),
            {"scores.mine": "subjects"},
        ),
        # `pf` knows no terminal of one's own: 5 is any other device in a hall.
        (
            Part(measure="good_rate", counts_defaults=False, only=Filter(channels=("web", "kiosk"))),
            {"scores.mine": "channels"},
        ),
        (
            Part(measure="count", of=("ratings",), only=Filter(classes=("simple",))),
            {"scores.mine": "classes"},
        ),
        (Part(measure="count", of=("orders",), only=Filter(named=True, classes=("simple",))), {}),
        (Part(measure="rectification_rate", only=Filter(named=True)), {}),
        (Part(measure="rectification_rate", only=Filter(places=("online",))), {"scores.mine": "places"}),
    ],
)
def test_a_fact_by_which_nothing_is_counted_is_named(part: Part, lacking: dict[str, str]) -> None:
    assert not_countable(profile(part)) == lacking


def test_of_whom_nothing_is_counted_no_score_is_worked_out() -> None:
    part = Part(measure="good_rate", counts_defaults=False)
    assert not_countable(of(part, "organisation", "platform")) == {"scores.mine": "of"}
    only_staff = Part(measure="good_rate", counts_defaults=False, only=Filter(subjects=("item",)))
    assert not_countable(of(only_staff, "organisation", "staff")) == {"scores.mine": "subjects"}


def test_what_is_to_be_counted_otherwise_than_anybody_counts_it_is_named() -> None:
    of_ratings, of_orders = (
        of(Part(measure=name, counts_defaults=False)) for name in ("good_rate", "rectification_rate")
    )
    named = not_countable(of_ratings, otherwise=frozenset({"repetition", "counting"}))
    assert named == {"scores.mine": "counting", "lists.open": "counting"}  # the list is of bad ratings
    assert "scores.mine" not in not_countable(of_orders, otherwise=frozenset({"counting"}))


def of(part: Part, *kinds: str) -> Any:
    return replace(profile(part), scores={"mine": SimpleNamespace(value=Score((part,), of=kinds))})


@pytest.mark.parametrize(
    ("only", "whose", "picking"),
    [
        ({"named": True}, "region", {"organisation": Picking(frozenset(), True, False, True)}),
        ({"named": True}, "staff", {"staff": Picking(frozenset(), True, False, False)}),
        # Tallies have no origin, by which alone paper is known.
        (
            {"channels": ("paper",)},
            "organisation",
            {"organisation": Picking(frozenset(), True, False, False)},
        ),
        (
            {"places": ("online",), "raters": ("person",)},
            "organisation",
            {"organisation": Picking(frozenset({"place", "rater"}), False, False, False)},
        ),
        (
            {"subjects": ("staff",)},
            "organisation",
            {"organisation": Picking(frozenset(), False, True, False)},
        ),
        ({"subjects": ("item",)}, "organisation", {}),
        ({}, "organisation", {}),
    ],
)
def test_by_what_ratings_are_picked_and_whether_tallies_tell_it(
    only: dict[str, Any], whose: str, picking: dict[str, Picking]
) -> None:
    part = Part(measure="good_rate", counts_defaults=False, only=Filter(**only) if only else None)
    assert picked(of(part, whose)) == picking


def test_values_from_outside_are_known_by_name() -> None:
    assert external_names(profile(Part(measure="external", external="third_party"))) == {"third_party"}
