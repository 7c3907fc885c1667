"""A running process takes changed rules whole, or stays with the last good set and says so."""

import os
import shutil
import threading
from collections.abc import Callable

import pytest

from haochaping.policy import rule_files
from haochaping.policy.keeping import RulesKeeper, in_force, keeper, one_edition
from haochaping.policy.occasions import Occasion
from haochaping.policy.rule_files import RuleDirs, version_of_files
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.sources import RulesError
from tests.unit.policy.changing import NOTICE, ON, OURS, Operator, broken_in_the_middle, days


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
