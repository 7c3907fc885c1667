"""An operator at the terminal, with the registry of Kunming and a client that reports for everybody."""

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from haochaping.accounts.operations.clients import create_client
from haochaping.cli.main import main
from haochaping.registry.operations import import_registry
from tests.occasions import database_address
from tests.reporting import AUTHORITY, REGISTRY

# As in test_sample: after the last reception for which the sample's verdicts hold.
RECEPTION = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a command: its exit code, its JSON ({} when it gave none), and what it told the person."""

    code: int
    answer: dict[str, Any]
    beside: str


@dataclass(frozen=True, slots=True)
class Operator:
    """`folder` is where the files lie, `data` the data directory, `key` that of the client."""

    folder: Path
    data: Path
    key: str
    capsys: pytest.CaptureFixture[str]

    def types(self, file: Path, *words: str) -> Said:
        self.capsys.readouterr()
        typed = ["import", "occasions", str(file), "--client", self.key, "--data", str(self.data), "--json"]
        code = main([*typed, *words])
        said = self.capsys.readouterr()
        return Said(code, json.loads(said.out) if said.out else {}, said.err)

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


@pytest.fixture
def operator(
    committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Operator:
    data, folder = tmp_path / "var", tmp_path / "stick"
    (data / "keys").mkdir(parents=True)
    folder.mkdir()
    shutil.copy(Path(os.environ["HAOCHAPING_DATA"]) / "keys" / "master.key", data / "keys")
    monkeypatch.setenv("DATABASE_URL", database_address())
    monkeypatch.setenv("HAOCHAPING_DATA", str(data))
    import_registry(directory=REGISTRY, now=RECEPTION, actor="test")
    issued = create_client(organisation=AUTHORITY, rights=["report"], actor="test", now=RECEPTION)
    return Operator(folder, data, issued.key, capsys)


@pytest.fixture
def at_reception(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody's clock stands at the reception."""
    monkeypatch.setattr("haochaping.foundation.clock.now", lambda: RECEPTION)


def dump() -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" AS t ORDER BY 1')  # noqa: S608
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def stored(table: str = "cases_occasionversion") -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        number: int = cursor.fetchone()[0]
    return number
