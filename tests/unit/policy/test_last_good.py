"""The last good set of rules is kept for later starts, whole or not at all."""

import os
import shutil
from pathlib import Path

import pytest

from haochaping.policy import last_good
from haochaping.policy.keeping import RulesKeeper
from haochaping.policy.rule_files import RuleDirs
from haochaping.policy.sources import RULES_DIR
from tests.unit.policy.changing import NOTICE, Operator, broken_in_the_middle, days


def test_rules_that_cannot_be_kept_are_in_force_all_the_same(operator: Operator) -> None:
    kept = RulesKeeper()
    shutil.rmtree(operator.root.parent / "data")
    (operator.root.parent / "data").symlink_to("data")
    operator.write(31)
    assert kept.look()
    assert days(kept) == 31


def test_a_copy_that_cannot_be_written_is_told(operator: Operator) -> None:
    kept = RulesKeeper()
    copy = operator.root.parent / "data" / "rules-last-good.json"
    copy.unlink()
    copy.mkdir()
    operator.write(31)
    assert kept.look()
    assert days(kept) == 31
    assert operator.said()[1] == "the rules in force could not be kept for later starts: IsADirectoryError"


def test_all_files_are_kept_for_later_starts(operator: Operator) -> None:
    operator.write(NOTICE, operator.notice)
    operator.write(NOTICE.replace("2027", "2028"), operator.notice.with_name("2028.toml"))
    RulesKeeper()
    broken_in_the_middle(operator)
    started = RulesKeeper()
    assert {2027, 2028} < started.current().rulebook.calendar.years
    assert days(started) == 30


def test_what_is_no_longer_what_was_read_is_not_kept(operator: Operator) -> None:
    version = RulesKeeper().current().version
    copy = operator.root.parent / "data" / "rules-last-good.json"
    before = copy.read_bytes()
    operator.write(31)
    last_good.keep(RuleDirs.of_environment(), version)
    assert copy.read_bytes() == before


def test_a_new_file_is_readable_to_all_and_makes_its_folders(tmp_path: Path) -> None:
    target = tmp_path / "calendars" / "CN" / "2027.toml"
    last_good.replaced(target, b"new")
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o644)


def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "2027.toml"
    last_good.replaced(target, b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        last_good.replaced(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_without_a_data_directory_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HAOCHAPING_DATA", raising=False)
    monkeypatch.delenv("HAOCHAPING_RULES_DIR", raising=False)
    last_good.keep(RuleDirs((RULES_DIR,), (RULES_DIR,)), "any")
    assert last_good.kept_years() == frozenset()
    with last_good.kept() as kept:
        assert kept is None
