"""Of which step a rule of the page is."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from haochaping.faces.console.rule_sheet import sheet
from haochaping.policy.rulebook import Occasion, Rulebook

HEAD = """
[jurisdiction]
name = "示例市"
layer = "city"
applies_to = ["999100"]
[documents.d]
title = "示例办法"
"""


def entry(dimension: str, key: str, value: str) -> str:
    """One entry of a keyed dimension, each by an article of its own."""
    cited = f'from = 2020-01-01\ndocument = "d"\narticle = "{dimension} {key}"\n'
    return f'[[{dimension}]]\nkey = "{key}"\n{cited}value = {value}\n'


def titles(rulebook: Rulebook) -> Iterator[tuple[str, ...]]:
    for group in sheet(rulebook, Occasion("999100"), date(2020, 6, 1)).groups:
        for rule in group.rules:
            yield from (each.titles for each in rule.entries)


@pytest.mark.parametrize(
    ("key", "value", "title"),
    [
        ("contact", "{}", "联系评价人"),
        ("own_meeting", '{ label = "会商" }', "会商"),
        ("own_meeting", "{}", "own_meeting"),
    ],
)
def test_a_step_is_named_by_its_words(tmp_path: Path, key: str, value: str, title: str) -> None:
    profile = tmp_path / "jurisdictions" / "sample" / "profile.toml"
    profile.parent.mkdir(parents=True)
    duty = entry("responsibility", key, '{ by = "government" }')
    profile.write_text(HEAD + entry("steps", key, value) + duty, encoding="utf-8")
    assert list(titles(Rulebook.load(tmp_path))) == [(title,), (title,)]
