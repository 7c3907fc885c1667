"""Keys change by command: the files, the vault and what is told of them agree at every step."""

import asyncio
import io
import json
import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from haochaping.cli.key_files import succeed
from haochaping.cli.main import main
from haochaping.foundation.keys import read_ring
from haochaping.identity.fragments import SELECT_SEALED_RECORDS
from haochaping.identity.models import DataKey, VaultRecord
from haochaping.identity.operations import begin_rekeying, reveal
from haochaping.identity.vault import Vault
from tests.occasions import database_address
from tests.orders import put_person

ROWS = [UUID(int=number) for number in range(1, 6)]


@pytest.fixture
def data(committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Path:
    """A data directory with the keys of this run, and people in the vault."""
    (tmp_path / "keys").mkdir()
    shutil.copy(Path(os.environ["HAOCHAPING_DATA"]) / "keys" / "master.key", tmp_path / "keys")
    monkeypatch.setenv("HAOCHAPING_DATA", str(tmp_path))
    for number, row in enumerate(ROWS):
        put_person(row, now, name=f"李小{number}", phone=f"1381234567{number}")
    return tmp_path


def typed(data: Path, *words: str) -> int:
    return main([*words, "--data", str(data)])


def status(data: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert typed(data, "keys", "status", "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_new_master_key_takes_over_and_the_old_one_is_kept(
    data: Path, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    before = read_ring()
    assert typed(data, "keys", "rotate-master") == 0
    after = read_ring()
    assert after.current != before.current
    assert after.retired == (before.current,)
    assert after.root() == before.root()
    for path in (data / "keys").rglob("*.key"):
        assert path.stat().st_mode & 0o777 == 0o600
    assert {key.wrapped_by for key in DataKey.objects.all()} == {after.current.fingerprint}
    assert reveal(record_id=ROWS[0], actor="test", purpose="核实", now=now).name == "李小0"
    found = status(data, capsys)
    assert (found["master"], found["retired"]) == (after.current.fingerprint, [before.current.fingerprint])
    assert typed(data, "keys", "status") == 0
    assert "Nothing hangs on the retired master key" in capsys.readouterr().out


async def test_a_running_process_reads_on_through_every_change(data: Path, now: datetime) -> None:
    running, connection = Vault(), await asyncpg.connect(database_address())

    async def read() -> str:
        (row,) = await connection.fetch(SELECT_SEALED_RECORDS, ROWS[:1])
        running.learn(row["key_id"], row["wrapped"], row["wrapped_by"])
        return running.open(row["record"], row=ROWS[0], column="record", key_id=row["key_id"])

    try:
        assert await read() == "{}"
        for words in (("keys", "rotate-master"), ("keys", "rekey"), ("keys", "rotate-master")):
            assert await asyncio.to_thread(typed, data, *words) == 0
            assert await read() == "{}"
            await running.prepare(connection, now)
            async with connection.transaction():
                keys = await running.hold(connection, now)
            assert running.seal("李", row=ROWS[0], column="name", key_id=keys.data)
        assert len(read_ring().retired) == 2
    finally:
        await connection.close()


def test_a_change_that_broke_off_is_finished_not_begun_again(
    data: Path, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    half = succeed(data / "keys", read_ring())
    assert reveal(record_id=ROWS[0], actor="test", purpose="核实", now=now).name == "李小0"
    assert typed(data, "keys", "status") == 0
    assert "run `./haochaping keys rotate-master`" in capsys.readouterr().out
    assert typed(data, "keys", "rotate-master") == 0
    assert read_ring() == half
    assert {key.wrapped_by for key in DataKey.objects.all()} == {half.current.fingerprint}


def test_a_lost_master_key_is_named_and_nothing_changes(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    DataKey.objects.update(wrapped_by="0123456789abcdef")
    before = read_ring()
    assert typed(data, "keys", "rotate-master") == 1
    assert "0123456789abcdef is not at hand" in capsys.readouterr().err
    assert read_ring() == before


def test_rekeying_leaves_no_row_on_old_keys(
    data: Path, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(data, "keys", "rekey", "--batch", "2") == 0
    assert "2 old keys destroyed, 0 left." in capsys.readouterr().out
    found = status(data, capsys)
    assert found["left"] == 0
    assert [(key["kind"], key["generation"], key["rows"]) for key in found["keys"]] == [
        ("data", 2, 5),
        ("index", 2, 5),
    ]
    begin_rekeying(actor="test", now=now)
    assert status(data, capsys)["left"] == 5
    assert typed(data, "keys", "status") == 0
    assert "5 rows hang on old keys" in capsys.readouterr().out
    assert typed(data, "keys", "rekey") == 0
    assert status(data, capsys)["left"] == 0


def test_a_row_that_does_not_open_is_named_and_fails_the_command(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    VaultRecord.objects.filter(pk=ROWS[2]).update(name=b"0" * 40)
    assert typed(data, "keys", "rekey") == 1
    said = capsys.readouterr().out
    assert "0 old keys destroyed, 2 left." in said
    assert f"The row {ROWS[2]} could not be opened" in said
    assert status(data, capsys)["left"] == 1


def test_a_person_is_found_by_what_stands_on_standard_input(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("+86 138-1234-5673\n"))
    assert typed(data, "people", "find", "--by", "phone", "--purpose", "本人查询", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "found": [{"record_id": str(ROWS[3]), "name": "李**", "document": ""}]
    }
    monkeypatch.setattr("sys.stdin", io.StringIO("王五\n"))
    assert typed(data, "people", "find", "--by", "name", "--purpose", "本人查询") == 0
    assert "0 found" in capsys.readouterr().err


def test_a_key_for_the_environment_is_read_from_there(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = read_ring().root()
    texts = []
    for words in (("keys", "new"), ("keys", "new", "--successor")):
        assert typed(data, *words) == 0
        texts.append(capsys.readouterr().out.strip())
    fresh, successor = (read_ring({"HAOCHAPING_MASTER_KEY": text}) for text in texts)
    assert successor.root() == root
    assert fresh.root() != root
    assert (
        len({fresh.current.fingerprint, successor.current.fingerprint, read_ring().current.fingerprint}) == 3
    )
