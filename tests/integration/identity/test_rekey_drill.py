"""2,000 rows get new keys while others read and write, through a kill -9; the full drill does it with a million."""

from pathlib import Path

from tests.integration.cli.test_trials import ran, rows


def test_nothing_is_lost_when_rekeying_is_killed(tmp_path: Path) -> None:
    done = ran("drill", "rekey", "--quick", "--json", str(tmp_path / "rows.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    found = rows(tmp_path / "rows.json")
    assert found["kills"]["value"] == 1
    assert {row["value"] for row in found.values() if row["goal"] == "value = 0"} == {0}
