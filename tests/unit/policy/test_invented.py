"""Regulations that are not ours: written as data from their texts alone, their days counted by hand."""

from pathlib import Path

import pytest

from haochaping.policy.checking import check
from haochaping.policy.rule_files import RuleDirs
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scenario import run
from haochaping.policy.scenario_file import read_scenario

INVENTED = Path(__file__).parents[2] / "data" / "invented"
SCENARIOS = sorted((INVENTED / "scenarios").rglob("*.toml"))


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook.of(RuleDirs.tried(INVENTED))


def test_they_hold_no_mistake() -> None:
    assert check(INVENTED) == ()


def test_each_of_them_has_scenarios() -> None:
    told = {path.parent.name for path in SCENARIOS}
    assert told == {path.name for path in (INVENTED / "jurisdictions").iterdir()}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_scenario_comes_out_as_counted_by_hand(rulebook: Rulebook, path: Path) -> None:
    assert run(read_scenario(path), rulebook).differences == ()
