"""The description of the interface, as the command gives it."""

import json
from pathlib import Path

import pytest

from haochaping.cli.main import main


def test_the_description_is_printed_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["api", "schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert main(["api", "schema", "--output", str(tmp_path / "s.json")]) == 0
    assert json.loads((tmp_path / "s.json").read_text(encoding="utf-8")) == printed
    assert printed["openapi"] == "3.1.0"
    assert "/api/v1/openapi.json" in printed["paths"]
