"""`import registry` as a script and a person meet it: exit code, JSON, words."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from haochaping.cli import import_registry as command
from haochaping.cli.database import spoken
from haochaping.registry.operations import ImportRefused, import_registry
from haochaping.starter.progress import StartError
from tests.occasions import database_address

Run = Callable[..., tuple[int, dict[str, Any]]]

MISTAKES_OF_ALL_SORTS = [
    ("divisions", "53010,少一位区,530100,county,,,"),
    ("divisions", "530192,怪级别区,530100,district,,,"),
    ("divisions", "530195,没有止日,530100,county,,,530102"),
    ("divisions", "530196,自己继任,530100,county,,2020-12-31,530196"),
    ("divisions", "530197,继任已撤,530100,county,,2020-12-31,530122"),
    ("divisions", "530198,自己上级,530198,county,,,"),
    ("divisions", "530102,五华区,530100,county,,,"),
    ("divisions", "530115,晋宁区,530100,county,2018-01-01,,"),
    ("organisations", "11532216MB3585447B,校验位,530100,department,,"),
    ("organisations", "11532216mb3585447a,小写,530100,department,,"),
    ("halls", "H1,在旧县,530122,2017-01-01,"),
    ("halls", "H2,月份,530100,2026-13-01,"),
    ("halls", "H5,倒置,530100,2026-02-01,2026-01-31"),
    ("halls", "H 6,空格,530100,,"),
    ("halls", "H7,缺一格,530100,"),
    ("windows", "W1,无大厅,H999,11532216MB3585447A,,"),
    ("windows", "W3,,H530100,11535863MB36169043,,"),
    ("windows", f"W4,{'名' * 201},H530100,11535863MB36169043,,"),
    ("items", "X,Y,短,07,11532216MB3585447A,即办件,,"),
]


@pytest.fixture
def run(committed_db: None) -> Run:
    """The command on the tests' database. That a command brings its own server up is shown where that is tested."""

    def command(*words: str) -> tuple[int, dict[str, Any]]:
        done = subprocess.run(
            [sys.executable, "-m", "haochaping.cli", "import", "registry", *words, "--json"],
            env={**os.environ, "DATABASE_URL": database_address(), "PYTHONPATH": "src"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    return command


def test_a_refusal_ends_with_1_and_a_success_with_0(folder, run: Run) -> None:
    good = folder.text("halls")
    row = folder.replace("halls", "H530102,五华区政务服务中心,530102", "H530102,五华区政务服务中心,530109")
    code, said = run(str(folder.path))
    assert (code, said["ok"]) == (1, False)
    (problem,) = said["problems"]
    assert (problem["file"], problem["row"], problem["column"]) == ("halls.csv", row, "division")
    assert (problem["value"], problem["code"]) == ("530109", "reference")
    folder.write("halls", good)
    code, said = run(str(folder.path))
    assert (code, said["ok"], said["edition"]) == (0, True, 1)
    assert said["files"]["halls.csv"]["new"] == 15


@pytest.mark.django_db
def test_a_person_reads_each_problem_in_one_line(folder, now) -> None:
    row = folder.add("staff", 'S1,"换\x1b[31m\n行",11532216MB3585447A,,,')
    with pytest.raises(ImportRefused) as caught:
        import_registry(directory=folder.path, now=now, actor="test")
    (line,) = [command.told(one) for one in caught.value.problems]
    assert line.startswith(f"staff.csv:{row}:name “换")
    assert line.isprintable()


@pytest.mark.django_db
def test_a_person_reads_what_became_of_the_files(folder, now) -> None:
    import_registry(directory=folder.path, now=now, actor="test")
    row = folder.replace("halls", "H530102,五华区政务服务中心", "H530102,五华区为民中心")
    folder.replace("staff", "S530100000,周勇超,11532216MB3585447A,W530100000,,\n", "")
    lines = command.summary(import_registry(directory=folder.path, now=now, actor="test", dry_run=True))
    assert lines[0] == "试运行：什么也没有写入。"
    assert "halls.csv: 新增 0（其中更名 0），更正 1，终止 0，未变 14" in lines
    assert f"  halls.csv:{row} H530102 name: “五华区政务服务中心” → “五华区为民中心”" in lines
    assert lines[-3:-1] == ["文件中已没有、登记库中保留 1 项：", "  staff.csv S530100000"]


@pytest.mark.django_db
def test_whatever_is_wrong_can_be_read_in_english(folder, now) -> None:
    for name, row in MISTAKES_OF_ALL_SORTS:
        folder.add(name, row)
    folder.write("staff", folder.text("staff").replace(",", ";"))
    with translation.override("en"), pytest.raises(ImportRefused) as caught:
        import_registry(directory=folder.path, now=now, actor="test")
    # Both codes of the item are too short, and the columns of one file stand apart by semicolons.
    assert len(caught.value.problems) == len(MISTAKES_OF_ALL_SORTS) + 2
    assert str(
        caught.value
    ) == f"Nothing was imported: {len(caught.value.problems)} problems were found. " + (
        "Please correct them all and import again."
    )
    for one in caught.value.problems:
        assert f"{one.reason}{one.remedy}".replace("“", "").replace("”", "").isascii(), one
    with translation.override("en"):
        (told,) = [command.told(one) for one in caught.value.problems if one.code == "circle"]
    assert told.endswith("; leave it empty at the top.")


def test_rooms_answer_a_command_in_the_language_that_is_wished(folder, run: Run, monkeypatch) -> None:
    folder.add("halls", "H 1,空格,530100,,")
    monkeypatch.setenv("HAOCHAPING_LANG", "en")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    code, said = run(str(folder.path))
    assert code == 1
    assert said["problems"][0]["reason"] == "the code has characters that are not allowed, or more than 40"
    monkeypatch.setenv("HAOCHAPING_LANG", "fr")
    with pytest.raises(StartError, match="HAOCHAPING_LANG is fr; it may be zh-hans or en"):
        spoken()
    monkeypatch.delenv("HAOCHAPING_LANG")
    assert spoken() == "zh-hans"
