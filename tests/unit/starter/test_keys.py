"""Keys are made once, privately, and never anew over data that need them."""

import base64
from pathlib import Path

import pytest

from haochaping.starter.keys import DATABASE, MASTER, ensure_database_password, ensure_keys
from haochaping.starter.progress import StartError


def test_the_master_key_is_32_bytes_that_only_its_owner_can_read(tmp_path: Path) -> None:
    ensure_keys(tmp_path, needed_by=None)
    path = tmp_path / MASTER
    assert len(base64.b64decode(path.read_text())) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == [MASTER]


def test_a_second_start_keeps_the_key(tmp_path: Path) -> None:
    ensure_keys(tmp_path, needed_by=None)
    first = (tmp_path / MASTER).read_text()
    ensure_keys(tmp_path, needed_by="what is in the database")
    ensure_keys(tmp_path, needed_by=None)
    assert (tmp_path / MASTER).read_text() == first


def test_two_data_directories_have_different_keys(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        ensure_keys(tmp_path / name, needed_by=None)
    assert (tmp_path / "one" / MASTER).read_text() != (tmp_path / "two" / MASTER).read_text()


def test_a_lost_key_is_an_error_that_names_key_and_data(tmp_path: Path) -> None:
    with pytest.raises(StartError) as caught:
        ensure_database_password(tmp_path, needed_by="the database of 2026")
    assert str(tmp_path / DATABASE) in str(caught.value)
    assert "the database of 2026" in str(caught.value)
    assert not (tmp_path / DATABASE).exists()
