"""`migrate`: an empty database becomes one that the door finds ready, by the key that systemd hands over."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from haochaping.foundation.keys import CREDENTIAL
from haochaping.intake.health import expected_migrations
from tests.occasions import database_address


@pytest.fixture
def empty(committed_db: None) -> Iterator[str]:
    """The address of a database with nothing in it."""
    address = database_address()
    with psycopg.connect(address, autocommit=True) as connection:
        name = f"{connection.info.dbname}_empty"
        connection.execute(f'CREATE DATABASE "{name}"')
        yield address.replace(f"/{connection.info.dbname}?", f"/{name}?")
        connection.execute(f'DROP DATABASE "{name}"')


def test_an_empty_database_is_made_ready_and_no_key_beside_the_one_handed_over(
    empty: str, tmp_path: Path
) -> None:
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / CREDENTIAL).write_bytes(base64.b64encode(b"k" * 32))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HAOCHAPING_")}
    environment |= {"DATABASE_URL": empty, "CREDENTIALS_DIRECTORY": str(tmp_path / "credentials")}
    command = [sys.executable, "-P", "-m", "haochaping.cli", "migrate", "--data", str(tmp_path / "data")]
    for _ in range(2):
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert (told.returncode, told.stdout) == (0, "The database is as this version needs it.\n"), (
            told.stderr
        )
    with psycopg.connect(empty) as connection:
        applied = set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
    assert expected_migrations() <= applied
    assert list((tmp_path / "data" / "keys").iterdir()) == []
