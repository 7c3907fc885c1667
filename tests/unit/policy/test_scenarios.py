"""Every scenario under rules/scenarios comes out as a lawyer wrote it down, and differences are shown."""

from pathlib import Path

import pytest

from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scenario import run
from haochaping.policy.scenario_file import read_scenario
from haochaping.policy.scenario_text import differences, lines
from haochaping.policy.sources import RULES_DIR, RulesError

SCENARIOS = sorted((RULES_DIR / "scenarios").rglob("*.toml"))
STORY = """
title = "示例"
cites = ["第七条"]
now = 2020-06-29 12:00:00
[where]
division = "530102"
[[occasions]]
name = "甲"
service = 2020-06-10 16:30:00
[[expect]]
occasion = "甲"
article = "第七条"
"""


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook.load(RULES_DIR)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_scenario_comes_out_as_expected(path: Path, rulebook: Rulebook) -> None:
    found = run(read_scenario(path), rulebook)
    assert "\n".join(differences(found)) == f"符合：{len(found.scenario.expected)} 项预期"


def test_every_regulation_has_scenarios() -> None:
    with_scenarios = {path.parent.name for path in SCENARIOS}
    assert with_scenarios >= {
        "kunming",
        "shandong_hrss",
        "shanxi",
        "tianjin",
        "guangdong_2019",
        "teaching_mingzhou",
    }


def test_a_difference_names_what_was_expected_and_what_was_found(tmp_path: Path, rulebook: Rulebook) -> None:
    path = tmp_path / "s.toml"
    path.write_text(STORY + "window = 2020-06-16\nlevle = 3\n", encoding="utf-8")
    told = list(differences(run(read_scenario(path), rulebook)))
    assert told[:3] == ["不符 occasion 甲 window", "  - 预期 2020-06-16", "  + 实得 2020-06-17"]
    assert told[3:] == [
        "不符 occasion 甲 levle",
        "  - 预期 3",
        "  + 实得 （没有）（did you mean 'level'?）",
    ]


def test_an_article_that_nothing_in_force_cites_is_a_difference(tmp_path: Path, rulebook: Rulebook) -> None:
    path = tmp_path / "s.toml"
    path.write_text(STORY.replace('article = "第七条"', 'article = "第九十九条"'), encoding="utf-8")
    (found,) = run(read_scenario(path), rulebook).differences
    assert (found.key, found.expected) == ("article", "第九十九条")


def test_the_whole_run_tells_each_clause(tmp_path: Path, rulebook: Rulebook) -> None:
    path = tmp_path / "s.toml"
    path.write_text(STORY, encoding="utf-8")
    told = list(lines(run(read_scenario(path), rulebook)))
    assert "  window = 2020-06-17（《昆明市政务服务“好差评”实施办法》第七条）" in told


def test_all_mistakes_of_a_file_are_named_at_once_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(
        STORY.replace('cites = ["第七条"]', "cites = []").replace("service =", "servce =")
        + '[[ratings]]\noccasion = "乙"\nat = 2020-06-11\nlevel = 6\n',
        encoding="utf-8",
    )
    with pytest.raises(RulesError) as refused:
        read_scenario(path)
    found = "\n".join(map(str, refused.value.mistakes))
    assert "occasions[0].servce" in found
    assert "did you mean 'service'?" in found
    assert "ratings[0].level: 6 is not between 1 and 5" in found
    assert "s.toml:3: cites" in found
