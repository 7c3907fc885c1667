"""`./haochaping rules ...`: what is printed, and the exit code."""

import json
from pathlib import Path

import pytest

from haochaping.cli.main import main

CODE = "115301020000000000"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    folder = tmp_path / "jurisdictions" / "ours"
    folder.mkdir(parents=True)
    (folder / "profile.toml").write_text('[jurisdiction]\nname = "x"\n', encoding="utf-8")
    return tmp_path


def test_check_of_the_shipped_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check"]) == 0
    assert capsys.readouterr().err == "no mistakes\n"


def test_check_tells_every_mistake(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check", str(broken)]) == 1
    told = capsys.readouterr()
    assert "jurisdictions/ours/profile.toml:1: jurisdiction.layer: is missing" in told.out
    assert "jurisdictions/ours/profile.toml:1: jurisdiction.applies_to: is missing" in told.out
    assert told.err == "2 mistake(s)\n"


def test_check_of_the_operators_rules_and_of_what_cannot_be_read(
    broken: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(broken))
    assert main(["rules", "check"]) == 1
    assert capsys.readouterr().err == "2 mistake(s)\n"
    assert main(["rules", "check", "x" * 300]) == 2
    assert "cannot be read (File name too long)" in capsys.readouterr().err


def test_check_of_nothing_and_of_a_lonely_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check", str(tmp_path / "none")]) == 2
    (tmp_path / "a.toml").write_text("")
    assert main(["rules", "check", str(tmp_path / "a.toml")]) == 1
    assert "stands in no directory of rules" in capsys.readouterr().out


def test_explain_without_a_database_says_what_it_took_for_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    empty = ["--data", str(tmp_path / "none")]
    assert main(["rules", "explain", "--organisation", CODE, "--on", "2026-11-23", *empty]) == 0
    told = capsys.readouterr().out
    assert "    区划：530102 —— 信用代码第3至8位（登记管理机关所在地）\n" in told
    assert f"    机构：{CODE} —— 命令行\n" in told
    assert "\n昆明市（kunming） 2026-11-23 版本" in told
    assert not (tmp_path / "none").exists()


def test_explain_tells_every_fact_that_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    facts = {
        "--division": "530102", "--department": "hrss", "--hall": "H1", "--place": "own_hall", "--item": "X1",
        "--item-type": "permit", "--channel": "qr", "--case-type": "promised", "--form": "batch",
        "--stage": "acceptance", "--rater": "person", "--subject": "staff", "--level": "2", "--named": "no",
        "--class": "simple", "--finding": "upheld",
    }  # fmt: skip
    typed = [word for pair in facts.items() for word in pair]
    assert main(["rules", "explain", "--organisation", CODE, "--no-registry", *typed]) == 0
    asked = capsys.readouterr().out.partition("\n\n")[0].splitlines()
    assert asked == [
        "所问办件：",
        "    区划：530102 —— 命令行",
        f"    机构：{CODE} —— 命令行",
        "    部门类别：hrss —— 命令行",
        "    大厅：H1 —— 命令行",
        "    办理场所：部门自设大厅（own_hall） —— 命令行",
        "    事项：X1 —— 命令行",
        "    事项类型：行政许可（permit） —— 命令行",
        "    渠道：二维码（qr） —— 命令行",
        "    办件类型：承诺件（promised） —— 命令行",
        "    办件形式：批量办件（batch） —— 命令行",
        "    环节：受理（acceptance） —— 命令行",
        "    评价人：自然人（person） —— 命令行",
        "    对象：工作人员（staff） —— 命令行",
        "    等次：2 —— 命令行",
        "    实名：否 —— 命令行",
        "    差评类别：simple —— 命令行",
        "    核实结论：属实（upheld） —— 命令行",
    ]


@pytest.mark.parametrize(
    ("asked", "code", "problem"),
    [
        ([], 2, "--organisation CODE or --division CODE"),
        (["--organisation", "1"], 2, "no credit code"),
        (["--division", "1"], 2, "6 or 12 digits"),
        (["--division", "530102", "--on", "yesterday"], 2, "write it as 2026-11-23"),
    ],
)
def test_explain_says_what_is_wrong(
    asked: list[str], code: int, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "explain", *asked]) == code
    assert problem in capsys.readouterr().err


def test_diff_of_two_places_and_of_two_days(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "diff", "kunming@2026-01-01", "110101@2026-01-01"]) == 1
    told = capsys.readouterr().out
    assert "评价期限（window）\n  - 昆明市：自接受服务之日的次日起5个工作日内 —— 《昆明市" in told
    assert "  + 全国：未规定" in told
    assert main(["rules", "diff", "2020-06-01", "kunming@2020-06-02"]) == 1
    told = capsys.readouterr().out
    assert "  - 昆明市 2020-06-01：未规定\n  + 昆明市 2020-06-02：" in told
    assert main(["rules", "diff", "kunming", "530102"]) == 0
    assert capsys.readouterr().err == "no difference\n"


@pytest.mark.parametrize(
    ("one", "other", "problem"),
    [
        ("kunmin", "kunming", "no jurisdiction is named kunmin; did you mean 'kunming'?"),
        ("xyz", "kunming", "no jurisdiction is named xyz; known are guangdong-2019, kunming"),
        ("2020-01-01", "2021-01-01", "two days and no place"),
        ("5301", "kunming", "6 or 12 digits"),
    ],
)
def test_diff_says_what_is_wrong(
    one: str, other: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "diff", one, other]) == 2
    assert problem in capsys.readouterr().err


@pytest.mark.parametrize("asked", [["explain", "--division", "530102"], ["diff", "kunming", "110101"]])
def test_rules_that_cannot_be_loaded_are_told_and_nothing_is_half_loaded(
    asked: list[str], broken: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(broken))
    assert main(["rules", *asked]) in (1, 2)
    told = capsys.readouterr()
    assert told.out == ""
    assert "nothing is half-loaded" in told.err
    assert "jurisdiction.layer" in told.err


def test_the_schema_is_printed_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert main(["rules", "schema", "--output", str(tmp_path / "s.json")]) == 0
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) == printed
    key = printed["properties"]["steps"]["items"]["properties"]["key"]
    assert key["anyOf"][0]["enum"][:2] == ["invitation", "dispatch"]
