"""Every scenario under rules/scenarios comes out as a lawyer wrote it down, and differences are shown."""

from collections.abc import Callable
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
        "shandong-hrss",
        "shanxi",
        "tianjin",
        "guangdong-2019",
        "teaching-mingzhou",
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


RULES = """
[jurisdiction]
name = "示例市"
layer = "city"
applies_to = ["999100"]
[documents.d]
title = "示例办法"
[[scores]]
key = "rise"
from = 2020-01-01
document = "d"
article = "第一条"
value = { parts = [{ measure = "participation", counts_defaults = false, compared = "previous" }] }
[[scores]]
key = "twice"
from = 2020-01-01
document = "d"
article = "第二条"
value = { parts = [{ measure = "scores", score = "rise", times = 2 }] }
[[lists]]
key = "falling"
from = 2020-01-01
document = "d"
article = "第三条"
value = { label = "退步名单", measure = "scores", score = "rise", under = 0, periods = 2 }
"""
FIGURES = """
title = "示例"
cites = ["第一条"]
now = 2021-01-01
where = { division = "999100" }
"""
EXPECTED = """
[[expect]]
score = "rise"
unit = "甲"
article = "第一条"
points = -0.2
[[expect]]
score = "twice"
unit = "甲"
article = "第二条"
points = -0.4
rank = 2
[[expect]]
score = "twice"
unit = "乙"
article = "第二条"
points = 0.2
rank = 1
[[expect]]
list = "falling"
article = "第三条"
named = ["甲"]
"""


def test_periods_are_compared_and_scores_are_made_of_scores(
    tmp_path: Path, load: Callable[..., Rulebook]
) -> None:
    path = tmp_path / "s.toml"
    given = "".join(
        f'[[figures]]\nunit = "{unit}"\nperiod = "{period}"\ncounts = {{ occasions = 10, level_5 = {rated} }}\n'
        for period, figures in (("一", (9, 3)), ("二", (7, 2)), ("三", (5, 3)))
        for unit, rated in zip("甲乙", figures, strict=True)
    )
    path.write_text(FIGURES + given + EXPECTED, encoding="utf-8")
    assert list(run(read_scenario(path), load(example=RULES)).differences) == []
