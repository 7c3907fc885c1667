"""`rules explain` where there is a database: the registry tells what the organisation is, as of the day."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from haochaping.registry.operations import import_registry
from tests.occasions import database_address
from tests.reporting import REGISTRY

POLICE, ITEM = "11532216MB3585447A", "11532216MB3585447A075301000000001"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(committed_db: None, tmp_path: Path, now: datetime) -> Run:
    """Commands beside a registry that knows lines and kinds of halls."""
    files = tmp_path / "registry"
    shutil.copytree(REGISTRY, files)
    _describe(files / "organisations.csv", "department", {POLICE: "public_security"})
    _describe(files / "halls.csv", "kind", {"H530100": "government_hall"})
    import_registry(directory=files, now=now, actor="test")

    def command(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "haochaping.cli", *words],
            env={**os.environ, "DATABASE_URL": database_address(), "PYTHONPATH": "src"},
            capture_output=True,
            text=True,
            check=False,
        )

    return command


def _describe(file: Path, column: str, said: dict[str, str]) -> None:
    header, *rows = file.read_text("utf-8").splitlines()
    lines = [f"{row},{said.get(row.split(',')[0], '')}" for row in rows]
    file.write_text("\n".join([f"{header},{column}", *lines, ""]), "utf-8")


def explained(run: Run, *words: str) -> list[str]:
    """What the command says it asked for, line by line."""
    done = run("rules", "explain", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.partition("\n\n")[0].splitlines()


def test_the_registry_tells_what_is_not_typed(run: Run) -> None:
    told = explained(run, "--organisation", POLICE, "--hall", "H530100", "--item", ITEM, "--on", "2026-11-20")
    assert told[1:9] == [
        "    区划：530100 昆明市 —— 登记库",
        f"    机构：{POLICE} 昆明市公安局 —— 命令行",
        "    部门类别：public_security —— 登记库",
        "    大厅：H530100 昆明市政务服务中心 —— 命令行",
        "    办理场所：政务服务大厅（government_hall） —— 登记库",
        f"    事项：{ITEM} 户口迁移 —— 命令行",
        "    事项类型：行政确认（confirmation） —— 登记库",
        "    办件类型：即办件（instant） —— 登记库",
    ]
    assert told[9].startswith("    未知：渠道、")


def test_what_is_typed_goes_before_the_registry(run: Run) -> None:
    told = explained(run, "--organisation", POLICE, "--division", "530102", "--department", "tax")
    assert told[1:4] == [
        "    区划：530102 —— 命令行",
        f"    机构：{POLICE} 昆明市公安局 —— 命令行",
        "    部门类别：tax —— 命令行",
    ]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (["--organisation", "11532216MB3585447B"], "登记库中没有单位 11532216MB3585447B"),
        (["--organisation", POLICE, "--hall", "H9"], "登记库中没有大厅 H9"),
        (["--organisation", POLICE, "--item", ITEM[:31]], "登记库中没有事项"),
        (["--organisation", POLICE, "--on", "2018-12-31"], "在 2018-12-31 无效"),
    ],
)
def test_a_code_that_is_not_there_is_named(run: Run, asked: list[str], problem: str) -> None:
    done = run("rules", "explain", *asked)
    assert (done.returncode, done.stdout) == (1, "")
    assert problem in done.stderr


def test_the_registry_is_left_alone_where_that_is_wished(run: Run) -> None:
    told = explained(run, "--organisation", POLICE, "--hall", "H9", "--no-registry")
    assert told[1] == "    区划：532216 —— 信用代码第3至8位（登记管理机关所在地）"
