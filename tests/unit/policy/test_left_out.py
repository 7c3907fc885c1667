"""What a key, a fact or an argument means where it is left out."""

from typing import Any

import pytest

from haochaping.policy.measures import Condition
from haochaping.policy.needs import needs
from haochaping.policy.occasions import Occasion, Selector, facts_of, tier_of
from haochaping.policy.scores import Part, Score
from tests.unit.policy.scored import D


@pytest.mark.parametrize(
    ("division", "tier"),
    [
        ("000000", "country"),
        ("530000", "province"),
        ("530100", "city"),
        ("530102", "county"),
        ("530102001000", "township"),
        ("530102001002", "village"),
    ],
)
def test_each_width_of_a_code_is_a_tier_of_government(division: str, tier: str) -> None:
    assert tier_of(division) == tier
    assert Selector(tiers=(tier,)).fits(facts_of(Occasion(division)))


def test_a_rule_for_some_is_not_chosen_where_the_fact_is_not_known() -> None:
    facts = facts_of(Occasion("530102"))
    asking: list[dict[str, Any]] = [{"levels": (level,)} for level in range(1, 6)]
    asking += [{"named": said} for said in (True, False)]
    asking += [{key: ("x",)} for key in ("channels", "items", "forms", "classes", "findings", "departments")]
    assert not any(Selector(**each).fits(facts) for each in asking)


def test_a_score_needs_those_below_but_not_as_what_leads_back() -> None:
    below = Part("scores", score="window", below="window")
    own = Part("scores", score="city", when=(Condition(measure="listed", list="red", from_=D(1)),))
    assert needs(Score((below, own))) == ("scores.window", "scores.city", "lists.red")
    assert needs(Score((below, own)), of_its_own=True) == ("scores.city", "lists.red")
    each = Part("scores", score="city", each="month")
    assert needs(Score((each,)), of_its_own=True) == ()
