"""The sample of four careless senders as files of every kind: each line gets the verdict that is due, and comes back."""

import csv
import gzip
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from haochaping.foundation.sheets.workbook_reading import Workbook
from haochaping.foundation.sheets.workbook_writing import write_workbook
from haochaping.foundation.sheets.writing import Column, Table
from tests.integration.intake.importing.conftest import Operator
from tests.reporting import expected, sample_lines

pytestmark = pytest.mark.usefixtures("at_reception")
DUE = list(expected())
HANDED_BACK = {"rejected", "quarantined", "conflicting"}


def records() -> list[dict[str, Any] | None]:
    """The sample's records; None where a table cannot hold what the line has."""
    found = []
    for line in sample_lines():
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        plain = isinstance(value, dict) and all(isinstance(each, str | int) for each in value.values())
        found.append(value if plain else None)
    return found


def table() -> tuple[list[str], list[list[str]], list[tuple[str, str]]]:
    """Header, rows and what is due, without the lines that no table can hold."""
    kept = [(record, due) for record, due in zip(records(), DUE, strict=True) if record is not None]
    names = list(dict.fromkeys(name for record, _ in kept for name in record))
    rows = [[str(record.get(name) or "") for name in names] for record, _ in kept]
    return names, rows, [due for _, due in kept]


def verdicts(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["verdict"] for row in csv.DictReader(file)]


def rows_of(path: Path) -> list[dict[str, str]]:
    """An error file, of whatever kind."""
    if path.suffix == ".ndjson" or path.suffix == ".json":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    with Workbook(path) as workbook:
        head, *rows = [list(map(str, row.cells)) for row in workbook.rows(workbook.sheets[0])]
    return [dict(zip(head, row, strict=False)) for row in rows]


def made(operator: Operator, kind: str) -> tuple[Path, list[tuple[str, str]]]:
    """The sample as a file of this kind, and what is due for each of its rows."""
    if kind == "ndjson":
        return operator.file("a.ndjson", "\n".join(sample_lines()) + "\n"), DUE
    names, rows, due = table()
    if kind == "json.gz":
        values = [dict(zip(names, row, strict=True)) for row in rows]
        return operator.file("a.json.gz", gzip.compress(json.dumps(values, indent=1).encode())), due
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([names, *rows])
        return operator.file("a.csv", text.getvalue().encode("gb18030")), due
    path = operator.folder / "a.xlsx"
    write_workbook(path, [Table("办件", [Column(name) for name in names], rows)])
    return path, due


@pytest.mark.parametrize("kind", ["ndjson", "json.gz", "csv", "xlsx"])
def test_every_line_gets_the_verdict_that_is_due(operator: Operator, kind: str) -> None:
    file, due = made(operator, kind)
    told = operator.folder / "verdicts.csv"
    said = operator.types(file, "--verdicts", str(told), "--call-rows", "100")
    assert said.code == 3, said.beside
    assert said.answer["counts"] == {**dict.fromkeys(said.answer["counts"], 0), **Counter(v for v, _ in due)}
    assert verdicts(told) == [verdict for verdict, _ in due]
    errors = rows_of(Path(said.answer["error_file"]))
    wrong = [(verdict, field) for verdict, field in due if verdict in HANDED_BACK]
    assert [each["#verdict"] for each in errors] == [verdict for verdict, _ in wrong]
    for each, (_, field) in zip(errors, wrong, strict=True):
        assert not field or field in each["#field"].split("; "), each
    assert ("read as GB18030" in said.beside) == (kind == "csv")
