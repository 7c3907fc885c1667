"""The drills of faults in their short forms: what its server is part of against the system's PostgreSQL and against the
wheel's, what happens before it once."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from haochaping.starter.programs import CHOICE, find_programs
from tests.integration.cli.test_trials import ran, rows

# A machine that does much else takes long to make a database and to start a door; nothing here is a matter of time.
SECONDS = 900
FAULTS = ("full_disk", "kill_door", "frozen_database", "races", "sweep", "migration_under_load")
# The wheel's, because all other tests speak to the system's.
BEFORE_IT = ("cut_answers", "rolling_restart")
RUNS = [
    *((name, server) for name in FAULTS for server in ("system", "wheel")),
    *((name, "wheel") for name in BEFORE_IT),
    ("due", "system"),
]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder through which the account of root's PostgreSQL may pass."""
    made = Path(tempfile.mkdtemp(prefix="hcp-faults-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.mark.parametrize(("name", "server"), RUNS)
def test_nothing_is_lost_doubled_or_refused(name: str, server: str, tmp_path: Path, place: Path) -> None:
    said = ("drill", name, "--quick", "--json", str(tmp_path / "rows.json"))
    done = ran(*said, seconds=SECONDS, postgres=server, place=str(place))
    assert done.returncode == 0, done.stdout + done.stderr
    programs = find_programs(environment={CHOICE: server})
    assert programs is not None
    assert f"on PostgreSQL {programs.major}" in done.stderr
    found = rows(tmp_path / "rows.json")
    assert all(row["goal_met"] for row in found.values() if row["goal"])
    assert sum(row["goal"] == "value = 0" for row in found.values()) >= 4
    head, *lines = done.stdout.splitlines()
    assert head.split() == ["name", "value", "unit", "reference", "ratio", "goal", "met"]
    assert len(lines) == len(found)
    assert not [*place.iterdir()], "something was left behind"
