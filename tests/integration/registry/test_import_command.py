"""`import registry` as a script and a person meet it: exit code, JSON, words."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from haochaping.cli import import_registry as command
from haochaping.registry.operations import ImportRefused, import_registry


def run(*words: str, data: Path) -> tuple[int, dict[str, object]]:
    """A command with a database of its own: neither the tests' server nor their keys."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HAOCHAPING_DATA")
    }
    done = subprocess.run(
        [sys.executable, "-m", "haochaping.cli", "import", "registry", *words, "--json", "--data", str(data)],
        env={**environment, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.fixture
def data() -> Iterator[Path]:
    """A data directory that root's PostgreSQL, which runs under another account, can enter."""
    with tempfile.TemporaryDirectory(prefix="hcp-test-") as place:
        Path(place).chmod(0o711)
        yield Path(place) / "var"


def test_a_refusal_ends_with_1_and_a_success_with_0(folder, data: Path) -> None:
    good = folder.text("halls")
    row = folder.replace("halls", "H530102,五华区政务服务中心,530102", "H530102,五华区政务服务中心,530109")
    code, said = run(str(folder.path), data=data)
    assert (code, said["ok"]) == (1, False)
    (problem,) = said["problems"]
    assert (problem["file"], problem["row"], problem["column"]) == ("halls.csv", row, "division")
    assert (problem["value"], problem["code"]) == ("530109", "reference")
    folder.write("halls", good)
    code, said = run(str(folder.path), data=data)
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
    assert "halls.csv: 新增 0，更正 1，终止 0，未变 14" in lines
    assert f"halls.csv:{row} H530102 name: “五华区政务服务中心” → “五华区为民中心”" in lines
    assert "staff.csv: 文件中已没有、登记库中保留 1 个: S530100000" in lines
