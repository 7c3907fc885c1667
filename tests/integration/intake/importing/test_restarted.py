"""Whatever ends an import before its file: run again it goes on, stores nothing twice, loses nothing, answers the same."""

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from haochaping.cli import import_occasions
from haochaping.foundation.clock import CN
from haochaping.foundation.clock import now as present
from tests.integration.intake.importing.conftest import Operator, Said, stored
from tests.integration.intake.importing.test_sample_files import rows_of
from tests.occasions import database_address
from tests.reporting import sample_lines

ROWS = 240
# Of every six rows: taken, taken, malformed, unknown, taken, and the first one of the six once more with a difference.
DUE = {"accepted": 120, "rejected": 40, "quarantined": 40, "conflicting": 40, "repeated": 0, "updated": 0}


def a_file(operator: Operator, name: str = "a.ndjson") -> Path:
    record = json.loads(sample_lines()[0])
    at = present().astimezone(CN) - timedelta(hours=1)
    record |= dict.fromkeys(("acceptDate", "serviceTime", "resultDate"), f"{at:%Y-%m-%d %H:%M:%S}")
    lines = []
    for number in range(ROWS):
        changes: dict[str, Any] = {"projectNo": f"R{number}"}
        match number % 6:
            case 2:
                changes["userProp"] = "8"
            case 3:
                changes["taskName"] = "不在事项库的事项"
            case 5:
                changes = {"projectNo": f"R{number - 5}", "projectName": "另一件事"}
        lines.append(json.dumps(record | changes, ensure_ascii=False))
    return operator.file(name, "\n".join(lines))


def journal(operator: Operator) -> Path:
    (found,) = (operator.data / "imports").glob("*/journal.ndjson")
    return found


def calls_audited() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditentry WHERE act = 'occasions.report'")
        number: int = cursor.fetchone()[0]
    return number


def is_whole(operator: Operator, said: Said, calls: int) -> None:
    """All that is to be there is there, once."""
    assert said.code == 3, said.beside
    assert said.answer["counts"] == DUE
    assert (stored(), stored("cases_quarantinedoccasion")) == (DUE["accepted"], DUE["quarantined"])
    assert calls_audited() == calls
    lines = [int(row["#line"]) for row in rows_of(Path(said.answer["error_file"]))]
    assert lines == [number + 1 for number in range(ROWS) if number % 6 in (2, 3, 5)]


def test_a_call_whose_answer_was_lost_is_not_stored_again(operator: Operator) -> None:
    """The database had committed, the journal had not: the audit trail knows."""
    file = a_file(operator)
    first = operator.types(file, "--call-rows", "60")
    Path(first.answer["error_file"]).unlink()
    whole = journal(operator).read_bytes().splitlines(keepends=True)
    assert len(whole) == 6
    journal(operator).write_bytes(b"".join(whole[:4]) + whole[4][:20])
    is_whole(operator, operator.types(file), calls=4)
    assert len(journal(operator).read_bytes().splitlines()) == 6


def test_a_file_that_is_done_is_not_done_again(operator: Operator) -> None:
    file = a_file(operator)
    first = operator.types(file, "--call-rows", "60")
    Path(first.answer["error_file"]).unlink()
    again = operator.types(file)
    assert "nothing is done again" in again.beside
    is_whole(operator, again, calls=4)
    anew = operator.types(file, "--again", "--errors", str(operator.folder / "b.csv"))
    assert anew.answer["counts"]["repeated"] == DUE["accepted"]


def test_a_file_that_changed_meanwhile_is_noticed(operator: Operator) -> None:
    file = a_file(operator)
    Path(operator.types(file, "--call-rows", "60").answer["error_file"]).unlink()
    lines = journal(operator).read_bytes().splitlines(keepends=True)
    journal(operator).write_bytes(b"".join(lines[:3]))
    with file.open("a") as more:
        more.write("\n{}")
    said = operator.types(file)
    assert (said.code, said.answer) == (1, {})
    assert "has changed since its import was broken off after row 120" in said.beside
    assert operator.types(file, "--again").answer["counts"]["rejected"] == DUE["rejected"] + 1
    assert len(list((operator.data / "imports").iterdir())) == 1


def _cut_off(statement: str) -> None:
    """Ends every connection to the database, after a statement that another one carries out."""
    address = database_address().rpartition("/")
    with psycopg.connect(f"{address[0]}/postgres?{address[2].partition('?')[2]}", autocommit=True) as server:
        server.execute(statement)
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [connection.settings_dict["NAME"]],
        )


def test_a_database_that_goes_away_is_waited_for(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    file, name = a_file(operator), connection.settings_dict["NAME"]
    tell = import_occasions._Import._tell
    cut = {60: "SELECT 1", 120: f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"}

    def cut_off(self: Any, done: int, total: int) -> None:
        tell(self, done, total)
        if statement := cut.pop(done, None):
            _cut_off(statement)

    monkeypatch.setattr(import_occasions._Import, "_tell", cut_off)
    try:
        said = operator.types(file, "--call-rows", "60", "--patience", "2")
    finally:
        _cut_off(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        connection.close()
    assert said.code == 4
    assert said.beside.count("trying again in 1 s") >= 2
    assert "120 rows are done and stay so" in said.beside
    is_whole(operator, operator.types(file), calls=4)


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """No file of this process grows beyond `room` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_loses_nothing(operator: Operator) -> None:
    """Once while the third call is kept, once while the error file is written: no half a file anywhere."""
    file = a_file(operator)
    with full_disk(70_000):
        said = operator.types(file, "--call-rows", "60")
    assert said.code == 4
    assert "It could not go on: File too large" in said.beside
    assert stored() > DUE["accepted"] // 4 * (journal(operator).read_bytes().count(b"\n") - 1)
    with full_disk(170_000):
        said = operator.types(file)
    assert said.code == 4
    assert [path.name for path in operator.folder.iterdir()] == ["a.ndjson"]
    is_whole(operator, operator.types(file), calls=4)
