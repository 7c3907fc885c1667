"""Which PostgreSQL is taken: the system's when it is new enough, else the wheel's, or the one asked for."""

from pathlib import Path

import pytest

from haochaping.starter import programs
from haochaping.starter.programs import CHOICE, find_programs, system_has_postgres


def _installed(folder: Path, version: str) -> Path:
    """Programs that know nothing but their version, in a folder as Debian has it."""
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture(autouse=True)
def _nothing_else_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(programs, "SYSTEM_ROOT", tmp_path / "postgresql")


def test_found_in_the_path_through_links(tmp_path: Path) -> None:
    real = _installed(tmp_path / "real", "16.2 (Debian)")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "initdb").symlink_to(real / "initdb")
    found = find_programs(environment={"PATH": str(tmp_path / "bin")})
    assert found is not None
    assert (found.folder, found.major, found.source) == (real, 16, "system")


def test_the_newest_that_is_not_too_old(tmp_path: Path) -> None:
    for version in ("14", "15", "17"):
        _installed(tmp_path / "postgresql" / version / "bin", f"{version}.1")
    found = find_programs(environment={"PATH": ""})
    assert found is not None
    assert found.major == 17
    assert find_programs(major=14, environment={"PATH": "", CHOICE: "system"}) is None


def test_data_of_an_older_version_get_the_programs_of_that_version(tmp_path: Path) -> None:
    for version in ("15", "17"):
        _installed(tmp_path / "postgresql" / version / "bin", f"{version}.1")
    found = find_programs(major=15, environment={"PATH": ""})
    assert found is not None
    assert found.folder == tmp_path / "postgresql" / "15" / "bin"


def test_half_an_installation_is_none(tmp_path: Path) -> None:
    folder = _installed(tmp_path / "postgresql" / "16" / "bin", "16.1")
    (folder / "postgres").unlink()
    assert find_programs(environment={"PATH": "", CHOICE: "system"}) is None
    assert not system_has_postgres({"PATH": ""})


def test_the_wheel_is_needed_when_the_system_has_none_or_it_is_asked_for(tmp_path: Path) -> None:
    assert not system_has_postgres({"PATH": ""})
    _installed(tmp_path / "postgresql" / "16" / "bin", "16.1")
    assert system_has_postgres({"PATH": ""})
    assert not system_has_postgres({"PATH": "", CHOICE: "wheel"})
