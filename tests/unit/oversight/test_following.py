"""What the rules set off when a report of pressure was found to be so, and until when they want something done."""

from datetime import date, datetime
from pathlib import Path

from haochaping.foundation.clock import CN
from haochaping.oversight.following import Consequence, consequences, wanted
from haochaping.oversight.states import Matter
from haochaping.policy.profile import Profile
from haochaping.policy.rule_files import RuleDirs
from haochaping.policy.rulebook import Rulebook
from tests.escalations import OURS

DECIDED = datetime(2026, 11, 23, 10, tzinfo=CN)
ENTRY = """
[[escalations]]
key = "{key}"
from = 2026-10-01
document = "d"
article = "第九条"
value = {{ on = "{on}", action = "{action}"{more} }}
"""
WITHIN = ', to = "same_level_authority", limit = {{ n = {n}, unit = "workday", after = "decision", count_first = false }}'


def profile(folder: Path, text: str = "") -> Profile:
    """The rules of Kunming with these of an operator on top."""
    path = folder / "jurisdictions" / "ours" / "profile.toml"
    path.parent.mkdir(parents=True)
    path.write_text(OURS.partition("[[escalations]]")[0] + text, "utf-8")
    return Rulebook.of(RuleDirs.tried(folder)).profile("530100", date(2026, 11, 23))


def test_by_the_rules_of_kunming_whoever_retaliates_is_held_to_account_and_no_limit_is_laid_down(
    tmp_path: Path,
) -> None:
    rules = profile(tmp_path)
    (one,) = consequences(rules, [Matter.RETALIATION, Matter.PRESSED])
    assert (one.action, one.to, one.clause.endswith("第十一条")) == ("accountability", "", True)
    assert len(consequences(rules, [Matter.RETALIATION, Matter.FABRICATION])) == 2
    assert consequences(rules, [Matter.PRESSED, Matter.CHANGE, Matter.OBSTRUCTION]) == ()
    assert wanted(rules, list(Matter), {"decision": DECIDED}) is None


def test_a_limit_that_somebody_lays_down_runs_from_its_event_and_the_first_end_counts(tmp_path: Path) -> None:
    text = ENTRY.format(key="a", on="retaliation", action="report", more=WITHIN.format(n=5))
    text += ENTRY.format(key="b", on="retaliation", action="discipline", more=WITHIN.format(n=3))
    text += ENTRY.format(key="c", on="retaliation", action="criticism", more=", times = 2")
    rules = profile(tmp_path, text)
    assert wanted(rules, [Matter.RETALIATION], {}) is None
    found = wanted(rules, [Matter.RETALIATION], {"decision": DECIDED})
    assert found is not None
    assert (found.due.last_day, found.due.provisional) == (date(2026, 11, 26), False)
    assert wanted(rules, [Matter.FABRICATION], {"decision": DECIDED}) is None
    said = consequences(rules, [Matter.RETALIATION])
    assert {each.action for each in said} == {"report", "discipline", "accountability"}, (
        "not what comes twice"
    )
    assert all(isinstance(each, Consequence) and each.clause for each in said)
