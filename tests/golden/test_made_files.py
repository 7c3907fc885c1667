"""Files that are made from the code are as the code makes them today.

To accept what has changed: `HAOCHAPING_ACCEPT=1 pytest tests/golden`.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from haochaping.intake.api import ROUTES
from haochaping.intake.openapi import description
from haochaping.policy.format_tables import tables
from haochaping.policy.schema import scenario_schema, schema

ROOT = Path(__file__).resolve().parents[2]
ACCEPT = os.environ.get("HAOCHAPING_ACCEPT") == "1"
MARK = "<!-- made by haochaping.policy.format_tables -->\n"


def test_the_tables_of_the_format_are_those_of_the_shapes() -> None:
    path = ROOT / "docs" / "rules-format.md"
    head, found, written = path.read_text(encoding="utf-8").partition(MARK)
    made = tables() + "\n"
    if ACCEPT:
        path.write_text(head + MARK + made, encoding="utf-8")
        written = made
    assert found
    assert written == made


@pytest.mark.parametrize(("file", "make"), [("profile", schema), ("scenario", scenario_schema)])
def test_the_json_schema_is_that_of_the_shapes(file: str, make: Callable[[], dict[str, Any]]) -> None:
    assert_current(ROOT / "rules" / f"{file}.schema.json", make())


def test_the_description_of_the_interface_is_that_of_the_routes() -> None:
    assert_current(ROOT / "docs" / "openapi.json", description(ROUTES))


def assert_current(path: Path, made: object) -> None:
    text = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    if ACCEPT:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
