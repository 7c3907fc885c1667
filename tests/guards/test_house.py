"""The walls of the house: the contracts hold, and each of them catches what it is there to catch."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards.floors import ROOT, SOURCE

VIOLATIONS = {
    "an import that goes up": ("audit/models.py", "import haochaping.ratings.states", "Imports go down only"),
    "tables that know operations": (
        "registry/models.py",
        "import haochaping.registry.operations",
        "Inside a room",
    ),
    "a pure room with Django": ("policy/rulebook.py", "import django.conf", "Pure rooms import no Django"),
    "a pure room with a database": ("foundation/clock.py", "import asyncpg", "Pure rooms import no Django"),
    "the door with Django": ("intake/writer.py", "import django.conf", "The door imports no Django"),
    "the door with Django round a corner": (
        "ratings/rules.py",
        "import django.conf",
        "The door imports no Django",
    ),
    "tables of another room": (
        "rectification/queries.py",
        "import haochaping.ratings.models",
        "tables of ratings",
    ),
    "the portal at a raw rating": (
        "faces/portal/views.py",
        "import haochaping.ratings.queries",
        "The portal sees",
    ),
    "a face at another": (
        "faces/portal/views.py",
        "import haochaping.faces.console.urls",
        "No face imports another",
    ),
    "a face that is not on the plan": ("faces/billboard/__init__.py", "", "No face imports another"),
    "a room that is not on the plan": ("basement/__init__.py", "", "Imports go down only"),
    "a circle": ("config/settings.py", "import haochaping.cli.main", "No circles"),
}


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=tree,
        env={"PYTHONPATH": str(tree / "src"), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(
        SOURCE, tmp_path / "src" / "haochaping", ignore=shutil.ignore_patterns("__pycache__", "static")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_stands(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("kind", VIOLATIONS)
def test_a_planted_violation_is_caught(copy: Path, kind: str) -> None:
    file, line, contract = VIOLATIONS[kind]
    path = copy / "src" / "haochaping" / file
    path.parent.mkdir(exist_ok=True)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{text}\n{line}\n", encoding="utf-8")
    if kind == "a circle":
        main = copy / "src" / "haochaping" / "cli" / "main.py"
        main.write_text(
            main.read_text(encoding="utf-8") + "\nimport haochaping.config.settings\n", encoding="utf-8"
        )
    result = lint(copy)
    assert result.returncode != 0
    said = result.stdout + result.stderr
    assert contract in said.split("Broken contracts")[-1], said


def test_the_tables_of_every_room_are_private(copy: Path) -> None:
    rooms = sorted(
        path.name for path in SOURCE.iterdir() if (path / "models.py").exists() or (path / "models").is_dir()
    )
    assert len(rooms) > 5
    command = copy / "src" / "haochaping" / "cli" / "client.py"
    planted = "".join(f"import haochaping.{room}.models\n" for room in rooms)
    command.write_text(planted + command.read_text(encoding="utf-8"), encoding="utf-8")
    said = lint(copy).stdout
    assert [room for room in rooms if f"The tables of {room} are private to {room} BROKEN" not in said] == []
