"""`bench` and `drill` in their short forms, as a script calls them: a table, rows, and an end that tells."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from haochaping.cli.main import main
from haochaping.cli.trials import trials
from haochaping.starter.programs import CHOICE

KEYS = {"name", "value", "unit", "reference", "ratio", "goal", "goal_met"}


def ran(
    *words: str, seconds: int = 240, postgres: str = "", place: str = ""
) -> "subprocess.CompletedProcess[str]":
    """The command as a script runs it; `postgres`: "system" or "wheel", else whichever comes first. `place`: the folder for
    what it makes for a while."""
    own = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HAOCHAPING_DATA")
    }
    return subprocess.run(
        [sys.executable, "-m", "haochaping.cli", *words],
        env=own | ({CHOICE: postgres} if postgres else {}) | ({"TMPDIR": place} if place else {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


def rows(file: Path) -> dict[str, dict[str, Any]]:
    found = json.loads(file.read_text(encoding="utf-8"))
    assert all(set(row) == KEYS for row in found)
    return {row["name"]: row for row in found}


def test_nothing_is_lost_when_an_import_is_killed(tmp_path: Path) -> None:
    done = ran("drill", "kill_import", "--quick", "--json", str(tmp_path / "rows.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    found = rows(tmp_path / "rows.json")
    assert (found["kills"]["value"], found["rows"]["value"]) == (2, 1_600)
    assert {row["value"] for row in found.values() if row["goal"] == "value = 0"} == {0}


def test_no_call_is_lost_or_half_when_door_or_database_are_killed(tmp_path: Path) -> None:
    done = ran("drill", "kill_bulk", "--quick", "--json", str(tmp_path / "rows.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    found = rows(tmp_path / "rows.json")
    assert found["kills"]["value"] == 5
    assert found["not answered for a kill"]["value"] > 0
    assert {row["value"] for row in found.values() if row["goal"] == "value = 0"} == {0}


def test_guessed_tokens_open_nothing_and_reach_no_table(tmp_path: Path) -> None:
    done = ran("drill", "guesses", "--quick", "--json", str(tmp_path / "rows.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    found = rows(tmp_path / "rows.json")
    assert found["guessed tokens refused alike"]["value"] >= 5_000
    assert found["occasions looked at for them"]["value"] == 0
    assert found["occasions looked at for it"]["value"] > 0


def test_no_altered_or_repeated_request_is_accepted(tmp_path: Path) -> None:
    done = ran("drill", "signatures", "--quick", "--json", str(tmp_path / "rows.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    found = rows(tmp_path / "rows.json")
    assert found["altered"]["value"] + found["repeated"]["value"] >= 1_000
    assert found["altered and accepted"]["value"] == found["repeated and accepted"]["value"] == 0
    assert found["requests as signed, accepted"]["value"] == 50


def test_orders_stay_sound_whoever_acts_at_once(tmp_path: Path) -> None:
    done = ran("drill", "loop", "--quick", "--json", str(tmp_path / "rows.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    found = rows(tmp_path / "rows.json")
    assert found["orders played with"]["value"] == 10
    assert {row["value"] for row in found.values() if row["goal"] == "value = 0"} == {0}


def test_intake_is_measured_beside_its_yardstick(tmp_path: Path) -> None:
    """How fast it is depends on the machine; that it was measured does not."""
    done = ran("bench", "intake", "--quick", "--json", str(tmp_path / "rows.json"))
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = rows(tmp_path / "rows.json")
    for ratings in ("ratings by form", "ratings by device", "ratings by Django's ORM"):
        assert float(found[ratings]["value"]) > 0
        assert found[ratings]["reference"] == found["yardstick"]["value"]
    missed = [name for name, row in found.items() if row["goal_met"] is False]
    assert (missed == []) is (done.returncode == 0)
    assert all(name in done.stdout for name in found)


@pytest.mark.parametrize(("command", "name"), [("bench", "intake"), ("drill", "kill_door")])
def test_help_names_the_trials_and_nothing_else(
    command: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    shown = capsys.readouterr().out
    assert name in shown
    assert "__init__" not in shown
    folder = {"bench": "bench", "drill": "drills"}[command]
    assert all(words.endswith(".") for words in trials(folder).values())


def test_what_could_not_run_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bench.intake.find_programs", lambda: None)
    assert main(["bench", "intake", "--quick"]) == 2
    said = capsys.readouterr()
    assert "could not run: pgbench was not found" in said.err
    assert said.out == ""
