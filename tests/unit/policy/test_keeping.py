"""A running process takes changed rules whole, or stays with the last good set and says so."""

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from haochaping.policy import last_good, rule_files
from haochaping.policy.keeping import RulesKeeper, in_force, keeper, one_edition
from haochaping.policy.occasions import Occasion
from haochaping.policy.rule_files import RuleDirs, version_of_files
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.sources import RULES_DIR, RulesError

ON = date(2026, 11, 23)
OURS = """
[jurisdiction]
name = "运行单位"
layer = "operator"
applies_to = ["530100"]
[documents.d]
title = "运行单位决定"
[[window]]
from = 2021-01-01
document = "d"
article = "第一条"
value = { n = %s, unit = "workday", after = "service", count_first = false }
"""
NOTICE = """
year = 2027
[documents.notice]
title = "通知（示例）"
[[holidays]]
name = "元旦"
from = 2027-01-01
to = 2027-01-03
document = "notice"
"""


class Operator:
    """The operator's directory of rules, and what a process says of it."""

    def __init__(self, root: Path, caplog: pytest.LogCaptureFixture) -> None:
        self.root, self._log = root, caplog

    @property
    def profile(self) -> Path:
        return self.root / "jurisdictions" / "ours" / "profile.toml"

    @property
    def notice(self) -> Path:
        return self.root / "calendars" / "CN" / "2027.toml"

    def write(self, days: object, path: Path | None = None) -> None:
        """Replaces a file as a careful editor does."""
        target = path or self.profile
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(".part")
        part.write_text(OURS % days if path is None else str(days), encoding="utf-8")
        part.replace(target)

    def said(self) -> list[str]:
        """What was logged since this was asked last."""
        said = [record.getMessage() for record in self._log.records]
        self._log.clear()
        return said


@pytest.fixture
def operator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[Operator]:
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("HAOCHAPING_DATA", str(data))
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path / "ours"))
    caplog.set_level(logging.INFO)
    keeper.cache_clear()
    made = Operator(tmp_path / "ours", caplog)
    made.write(30)
    yield made
    keeper.cache_clear()


def days(kept: RulesKeeper) -> int | None:
    window = kept.current().rulebook.rules(Occasion("530102"), ON).window
    return window.value.n if window else None


def test_a_changed_file_is_in_force_at_the_next_look_and_its_version_is_told(operator: Operator) -> None:
    kept = RulesKeeper()
    before = kept.current()
    assert (days(kept), kept.look(), operator.said()) == (30, False, [])
    operator.write(31)
    assert days(kept) == 30
    assert kept.look()
    assert days(kept) == 31
    after = kept.current()
    assert after.version == version_of_files(RuleDirs.of_environment()) != before.version
    assert operator.said() == [
        f"the rules have changed: version {after.version} is in force, before it was {before.version}"
    ]
    assert (
        before.rulebook.rules(Occasion("530102"), ON).window
        != after.rulebook.rules(Occasion("530102"), ON).window
    )
    assert RulesKeeper().current().version == after.version


def test_what_cannot_be_used_leaves_the_last_good_set_and_is_told_once(operator: Operator) -> None:
    kept = RulesKeeper()
    version = kept.current().version
    operator.write('"many"')
    assert [kept.look() for _ in range(4)] == [False] * 4
    assert days(kept) == 30
    (mistake,) = kept.current().mistakes
    place = "jurisdictions/ours/profile.toml:12: window[0].value.n: expected a whole number, found 'many'"
    assert str(mistake) == place
    assert kept.current().version == version
    assert operator.said() == [
        f"rules not loaded, the last good set (version {version}) stays in force: {place}"
    ]
    operator.write("0.5")
    kept.look()
    assert len(operator.said()) == 1, "another mistake is told as well"
    operator.write(30)
    assert kept.look()
    assert kept.current().mistakes == ()
    assert operator.said() == [f"the rules can be used again: version {version} is still in force"]
    operator.write(29)
    assert kept.look()
    assert days(kept) == 29


def broken_in_the_middle(operator: Operator) -> None:
    text = operator.profile.read_bytes()
    operator.profile.write_bytes(text[: len(text) // 2])


def taken_away(operator: Operator) -> None:
    operator.profile.unlink()


def directory_taken_away(operator: Operator) -> None:
    shutil.rmtree(operator.root)


def unreadable(operator: Operator) -> None:
    operator.profile.unlink()
    operator.profile.symlink_to(operator.profile)


def unreadable_folder(operator: Operator) -> None:
    shutil.rmtree(operator.root / "jurisdictions")
    (operator.root / "jurisdictions").symlink_to("jurisdictions")


def no_folder(operator: Operator) -> None:
    shutil.rmtree(operator.root / "jurisdictions")
    (operator.root / "jurisdictions").write_text("")


def a_pipe(operator: Operator) -> None:
    operator.profile.unlink()
    os.mkfifo(operator.profile)


def no_text(operator: Operator) -> None:
    operator.profile.write_bytes((OURS % 30).encode("gb18030"))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (broken_in_the_middle, "is not valid TOML"),
        (taken_away, "cannot be read (No such file or directory)"),
        (directory_taken_away, "is no directory; expected one of rules, as HAOCHAPING_RULES_DIR names it"),
        (unreadable, "cannot be read (Too many levels of symbolic links)"),
        (unreadable_folder, "cannot be read (Too many levels of symbolic links)"),
        (no_folder, "cannot be read (Not a directory)"),
        (a_pipe, "is no file"),
        (no_text, "is not UTF-8 text"),
    ],
)
def test_whatever_happens_to_the_files_the_last_good_set_stays(
    operator: Operator, harm: Callable[[Operator], None], said: str
) -> None:
    kept = RulesKeeper()
    version = kept.current().version
    harm(operator)
    for _ in range(3):
        assert not kept.look()
    assert (days(kept), kept.current().version) == (30, version)
    (told,) = operator.said()
    assert said in told
    started = RulesKeeper()
    assert days(started) == 30, "a process that starts now begins with the last good set"
    assert said in str(started.current().mistakes[0])
    assert len(operator.said()) == 1
    shutil.rmtree(operator.root, ignore_errors=True)
    operator.write(12)
    assert kept.look()
    assert started.look()
    assert days(kept) == days(started) == 12
    assert kept.current().mistakes == started.current().mistakes == ()


def test_a_start_without_anything_that_was_ever_good_tells_every_mistake(operator: Operator) -> None:
    operator.write('"many"')
    operator.write("year = 2028", operator.notice)
    with pytest.raises(RulesError) as caught:
        RulesKeeper()
    told = [each.file for each in caught.value.mistakes]
    assert told == ["jurisdictions/ours/profile.toml"] + ["calendars/CN/2027.toml"] * 3


def test_a_year_that_was_known_is_not_forgotten_with_its_file(operator: Operator) -> None:
    kept = RulesKeeper()
    operator.write(NOTICE, operator.notice)
    assert kept.look()
    assert 2027 in kept.current().rulebook.calendar.years
    operator.notice.unlink()
    operator.said()
    assert not kept.look()
    assert "calendars/CN/2027.toml: is gone; put it back" in operator.said()[0]
    started = RulesKeeper()
    assert {2027} < kept.current().rulebook.calendar.years == started.current().rulebook.calendar.years
    operator.write(NOTICE, operator.notice)
    assert kept.look()
    assert started.look()


def test_another_directory_is_another_set(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = RulesKeeper()
    operator.write(NOTICE, operator.notice)
    kept.look()
    monkeypatch.delenv("HAOCHAPING_RULES_DIR")
    assert kept.look(every=3600)
    assert days(kept) == 5
    assert 2027 not in kept.current().rulebook.calendar.years


def test_a_write_that_leaves_no_trace_in_time_is_found_all_the_same(operator: Operator) -> None:
    """Within one tick of the file system's clock a second write changes neither size nor time."""
    kept = RulesKeeper()
    stamp = operator.profile.stat()
    operator.profile.write_text(OURS % 31, encoding="utf-8")
    os.utime(operator.profile, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    kept._stamps = rule_files.stamps(RuleDirs.of_environment())  # as if it had been within the tick
    assert kept.look()
    assert days(kept) == 31


def test_what_is_replaced_while_it_is_read_waits_for_the_next_look(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = RulesKeeper()
    read = Rulebook.of

    def slow(dirs: RuleDirs) -> Rulebook:
        found = read(dirs)
        monkeypatch.setattr(Rulebook, "of", read)
        operator.write(33)
        return found

    monkeypatch.setattr(Rulebook, "of", slow)
    operator.write(32)
    assert not kept.look()
    assert (days(kept), operator.said()) == (30, [])
    assert kept.look()
    assert days(kept) == 33


def test_what_was_written_without_a_trace_while_it_was_read_is_found_as_well(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = RulesKeeper()
    read = Rulebook.of

    def write_unseen(n: int) -> None:
        operator.write(n)
        kept._stamps = rule_files.stamps(RuleDirs.of_environment())

    def slow(dirs: RuleDirs) -> Rulebook:
        found = read(dirs)
        monkeypatch.setattr(Rulebook, "of", read)
        write_unseen(32)
        return found

    write_unseen(31)
    monkeypatch.setattr(Rulebook, "of", slow)
    assert not kept.look()
    assert kept.look()
    assert days(kept) == 32


def test_it_looks_no_oftener_than_it_is_asked_to(operator: Operator) -> None:
    at = [100.0]
    kept = RulesKeeper(timer=lambda: at[0])
    operator.write(31)
    at[0] += 0.9
    assert not kept.look(every=1.0)
    at[0] = 101.0
    assert kept.look(every=1.0)


def test_a_request_keeps_its_edition_to_the_end(operator: Operator) -> None:
    with one_edition() as edition:
        operator.write(31)
        with one_edition(every=0.0) as inner:
            assert in_force() is inner
            assert inner.version != edition.version
        assert in_force() is edition
        assert keeper().current() is inner
    assert in_force() is inner


def test_threads_that_look_at_once_see_whole_sets_only(operator: Operator) -> None:
    kept = RulesKeeper()
    seen: set[tuple[str, int | None]] = set()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            kept.look()
            edition = kept.current()
            window = edition.rulebook.rules(Occasion("530102"), ON).window
            seen.add((edition.version, window.value.n if window else None))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(40, 50):
        operator.write(n)
    stop.set()
    for thread in threads:
        thread.join()
    kept.look()
    assert days(kept) == 49
    assert len({version for version, _ in seen}) == len(seen)
    assert {n for _, n in seen} <= {30, *range(40, 50)}


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


def test_a_fault_of_ours_on_a_file_leaves_the_last_good_set(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = RulesKeeper()

    def fault(dirs: RuleDirs) -> Rulebook:
        raise ZeroDivisionError

    monkeypatch.setattr(Rulebook, "of", fault)
    operator.write(31)
    assert not kept.look()
    assert (days(kept), [str(each) for each in kept.current().mistakes]) == (
        30,
        ["rules: cannot be read (ZeroDivisionError)"],
    )


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
