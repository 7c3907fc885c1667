"""Rules of a reported occasion are asked for in one place, by all four days: nobody else asks the rulebook itself."""

import re

from tests.guards.floors import SOURCE

ASKED = re.compile(r"\b(?:rulebook|book)(?:\(\))?\.(?:rules|stack)\(")
# Where the occasion comes from; and who shows or compares the rules of an occasion that somebody typed.
MAY = {"cases/facts.py", "cli/rules_asking.py", "faces/console/rule_sheet.py"}


def test_who_asks_for_rules_asks_for_them_through_the_occasion() -> None:
    asking = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if path.parts[-2] != "policy" and ASKED.search(path.read_text("utf-8"))
    }
    assert asking == MAY
