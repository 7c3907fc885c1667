"""The guide's worked example is the shipped profile, value for value."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.sources import RULES_DIR

GUIDE = (Path(__file__).parents[3] / "docs" / "rules-guide.md").read_text(encoding="utf-8")
EXAMPLES = [tomllib.loads(each) for each in re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)]
ENTRIES = [
    (dimension, entry)
    for example in EXAMPLES
    for dimension, entries in example.items()
    if dimension in DIMENSIONS
    for entry in entries
]


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    text = (RULES_DIR / "jurisdictions" / "kunming" / "profile.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@pytest.mark.parametrize(("dimension", "entry"), ENTRIES, ids=[dimension for dimension, _ in ENTRIES])
def test_each_value_shown_is_the_one_that_is_in_force(
    shipped: dict[str, Any], dimension: str, entry: dict[str, Any]
) -> None:
    assert entry in shipped[dimension]


def test_the_head_and_the_document_are_shown_as_they_are(shipped: dict[str, Any]) -> None:
    (head,) = (each for each in EXAMPLES if "jurisdiction" in each)
    assert head == {name: shipped[name] for name in ("jurisdiction", "documents")}


def test_every_article_of_the_measures_has_its_section() -> None:
    numerals = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]
    numerals += [f"十{each}" for each in numerals[:6]]
    sections = "".join(line for line in GUIDE.splitlines() if line.startswith("### "))
    assert [each for each in numerals if f"第{each}条" not in sections] == []


def test_the_table_names_every_dimension_a_text_can_reach() -> None:
    table = GUIDE.split("## 3. ")[1].split("## 4. ")[0]
    known = set(re.findall(r"`([a-z_]+)", table))
    # Questions are shown in the worked example; everything else has its words in the table.
    assert set(DIMENSIONS) - known == {"questions"}
