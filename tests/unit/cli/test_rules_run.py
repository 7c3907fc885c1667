"""`rules run`: exit codes for people and for CI; what is printed."""

import argparse
import json
from pathlib import Path

import pytest

from haochaping.cli import rules_run
from haochaping.policy.sources import RULES_DIR

SCENARIO = RULES_DIR / "scenarios" / "kunming" / "07_silence.toml"


def called(*words: str) -> int:
    parser = argparse.ArgumentParser()
    rules_run.add_arguments(parser)
    return rules_run.run(parser.parse_args(list(words)))


def test_a_folder_is_run_and_told_with_clauses(capsys: pytest.CaptureFixture[str]) -> None:
    assert called(str(SCENARIO.parent)) == 0
    told = capsys.readouterr().out
    assert "window = 2020-06-17（《昆明市政务服务“好差评”实施办法》第七条）" in told
    assert "符合：4 项预期" in told


def test_a_difference_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s.toml"
    path.write_text(
        SCENARIO.read_text(encoding="utf-8").replace("level = 3\n", "level = 4\n", 1), encoding="utf-8"
    )
    assert called(str(path), "--quiet") == 1
    assert capsys.readouterr().out.splitlines()[1:] == ["不符 occasion 甲 level", "  - 预期 4", "  + 实得 3"]


def test_json_has_facts_and_differences(capsys: pytest.CaptureFixture[str]) -> None:
    assert called(str(SCENARIO), "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["differences"] == []
    assert told["facts"]["occasion 甲"]["window"] == "2020-06-17"
    assert told["facts"]["score final/本单位"]["points"] == "3"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = ", "is not valid TOML"),
        ("titel = 'x'", "did you mean 'title'?"),
        (
            "title='x'\ncites=['y']\nnow=2020-01-01\nwhere={division='110000'}\n[[expect]]\nduty='x'\narticle='y'",
            "",
        ),
    ],
)
def test_a_file_that_cannot_be_used_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    assert called(str(path)) == (2 if told else 1)
    assert told in capsys.readouterr().err


def test_an_empty_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(str(tmp_path)) == 2
    assert "holds no scenario" in capsys.readouterr().err


PROFILE = """
[jurisdiction]
name = "示例市"
layer = "city"
applies_to = ["999100"]
[documents.d]
title = "示例办法"
[[window]]
from = 2020-01-01
document = "d"
article = "第一条"
value = { n = 5, unit = "workday", after = "service", count_first = false }
"""
STORY = """
title = "示例"
cites = ["第一条"]
now = 2026-06-01
[[occasions]]
name = "甲"
division = "999100"
service = 2026-03-02 10:00:00
[[expect]]
occasion = "甲"
article = "第一条"
window = 2026-03-09
"""


@pytest.mark.parametrize(("layer", "bad"), [("city", True), ("national", False)])
def test_rules_that_are_tried_stand_on_the_shipped_ones_and_their_calendars(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], layer: str, bad: bool
) -> None:
    profile = tmp_path / "rules" / "jurisdictions" / "sample" / "profile.toml"
    profile.parent.mkdir(parents=True)
    profile.write_text(PROFILE.replace("city", layer), encoding="utf-8")
    path = tmp_path / "s.toml"
    rating = "[[ratings]]\nat = 2026-03-03\nlevel = 1\n"
    path.write_text(STORY + rating, encoding="utf-8")
    assert called(str(path), "--rules", str(tmp_path / "rules")) == 0
    told = capsys.readouterr().out
    assert "provisional" not in told
    # The levels are the country's, unless the directory has a country of its own.
    assert ("bad = 是" in told) is bad


def test_a_directory_of_rules_that_is_not_there_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(str(SCENARIO), "--rules", str(tmp_path / "none")) == 2
    assert "is no directory" in capsys.readouterr().err
