"""A rating that is changed, added to, or given again after a decision."""

from collections.abc import Callable
from pathlib import Path

import pytest

from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scenario import run
from haochaping.policy.scenario_file import read_scenario

HEAD = """
[jurisdiction]
name = "示例市"
layer = "city"
applies_to = ["999100"]
[documents.d]
title = "示例办法"
"""
LEVELS = (
    "["
    + ", ".join(f'{{ level = {n}, label = "{n}", bad = {str(n < 3).lower()} }}' for n in range(1, 6))
    + "]"
)
BOTH = {
    "levels": LEVELS,
    "supplement": '{ adds = ["level"], counts = "replaces" }',
    "follow_up": '{ adds = ["text"], counts = "no" }',
    "voiding": '{ grounds = ["mistaken"], effect = "rate_again" }',
}
STORY = """
title = "示例"
cites = ["第一条"]
now = 2020-03-01
[[occasions]]
name = "甲"
division = "999100"
service = 2020-01-02 10:00:00
[[expect]]
occasion = "甲"
article = "第一条"
"""


@pytest.mark.parametrize(
    ("direction", "acts", "event", "answers", "level"),
    [
        ("up", (2, "correction", 4), "", ["采纳", "采纳"], 4),
        ("up", (4, "correction", 2), "", ["采纳", "只可上调"], 4),
        ("down", (4, "correction", 2), "", ["采纳", "采纳"], 2),
        ("down", (2, "correction", 4), "", ["采纳", "只可下调"], 2),
        ("any", (3, "supplement", 5), "", ["采纳", "采纳"], 5),
        ("any", (3, "follow_up", 5), "", ["采纳", "采纳"], 3),
        ("any", (1, "rating", 5), "mistaken", ["采纳", "采纳"], 5),
        ("any", (1, "rating", 5), "malicious", ["采纳", "已评价，不再重复计"], 1),
    ],
)
def test_changes(
    tmp_path: Path,
    load: Callable[..., Rulebook],
    direction: str,
    acts: tuple[int, str, int],
    event: str,
    answers: list[str],
    level: int,
) -> None:
    first, kind, second = acts
    values = {**BOTH, "correction": f'{{ direction = "{direction}" }}'}
    rules = HEAD + "".join(
        f'[[{name}]]\nfrom = 2020-01-01\ndocument = "d"\narticle = "第一条"\nvalue = {value}\n'
        for name, value in values.items()
    )
    story = STORY + f"ratings = {answers}\nlevel = {level}\n"
    for day, each, word in ((3, first, "rating"), (9, second, kind)):
        story += f'[[ratings]]\nat = 2020-01-0{day}\nlevel = {each}\nkind = "{word}"\n'
    if event:
        story += f'[[events]]\nevent = "decision"\nat = 2020-01-05\noutcome = "upheld"\nground = "{event}"\n'
    path = tmp_path / "s.toml"
    path.write_text(story, encoding="utf-8")
    assert list(run(read_scenario(path), load(example=rules)).differences) == []
