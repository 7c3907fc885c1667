"""The rules in force in a running process: looked at again while it works, swapped whole, never half-loaded."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from haochaping.policy import last_good
from haochaping.policy.rule_files import CALENDARS, RuleDirs, stamps, version_of_files
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.sources import Mistake, RulesError

_log = logging.getLogger(__name__)

# How old what a request or a job is judged by may be, in seconds.
EVERY: Final = 1.0


@dataclass(frozen=True, slots=True)
class Edition:
    """The rules in force. `version`: of what their files hold, the same wherever these files have been read.

    `mistakes`: why what the files say by now is not in force, and this last good set is; () when it is.
    """

    rulebook: Rulebook
    version: str
    mistakes: tuple[Mistake, ...] = ()


class RulesKeeper:
    """Holds one edition for a process and replaces it whole; whoever took one keeps it. Safe to share between threads.

    A process that starts while the files cannot be used begins with the last good set, which is kept in the data
    directory; where there is none, RulesError tells every mistake.
    """

    def __init__(self, *, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._turn = threading.Lock()
        self._looked = timer()
        self._dirs = RuleDirs.of_environment()
        self._stamps = stamps(self._dirs)
        self._sure = False
        self._read = version_of_files(self._dirs)
        self._edition = _first(self._dirs, self._read)

    def current(self) -> Edition:
        """The edition in force. Never waits."""
        return self._edition

    def look(self, *, every: float = 0.0) -> bool:
        """Reads the files if they are others than before; True when other rules are in force now.

        `every`: not again within so many seconds. What cannot be used is told in the log, once for each state of the
        files, and leaves the last good set in force. Raises nothing about the files.
        """
        dirs = RuleDirs.of_environment()
        if dirs == self._dirs and self._timer() < self._looked + every:
            return False
        with self._turn:
            self._looked = self._timer()
            found = stamps(dirs)
            if dirs == self._dirs and found == self._stamps and self._sure:
                return False
            # A file written twice within one tick of its clock has one stamp: only what a second look finds
            # unchanged need not be opened any more.
            self._sure = dirs == self._dirs and found == self._stamps
            moved = dirs != self._dirs
            self._dirs, self._stamps = dirs, found
            return self._changed(moved)

    def _changed(self, moved: bool) -> bool:
        version = version_of_files(self._dirs)
        if version == self._read and not moved:
            return False
        before = self._edition
        try:
            rulebook = _loaded(self._dirs, frozenset() if moved else before.rulebook.calendar.years)
        except RulesError as error:
            after = replace(before, mistakes=error.mistakes)
        except Exception as error:
            # A fault of ours on what nobody foresaw in a file must not stop a process that has good rules.
            _log.exception("rules cannot be read")
            after = replace(
                before, mistakes=(Mistake("rules", "", f"cannot be read ({type(error).__name__})"),)
            )
        else:
            after = Edition(rulebook, version)
        if version_of_files(self._dirs) != version:
            self._sure = False
            return False  # somebody is writing: the next look finds what he has written
        self._read, self._edition = version, after
        _tell(before, after)
        if after.mistakes:
            return False
        _keep(self._dirs, version)
        return True


def _first(dirs: RuleDirs, version: str) -> Edition:
    """What a process starts with. Raises RulesError where nothing can be used and nothing was kept."""
    try:
        edition = Edition(_loaded(dirs, last_good.kept_years()), version)
    except RulesError as error:
        with last_good.kept() as kept:
            if kept is None:
                raise
            edition = Edition(Rulebook.of(kept), version_of_files(kept), error.mistakes)
        _tell_refused(edition)
    else:
        _keep(dirs, version)
    return edition


def _loaded(dirs: RuleDirs, years: frozenset[int]) -> Rulebook:
    """A rulebook that still knows these years: what a notice has settled is not unsettled by a file that is lost."""
    rulebook = Rulebook.of(dirs)
    gone = sorted(years - rulebook.calendar.years)
    if gone:
        problem = "is gone; put it back or load the notice again: deadlines have been counted by it"
        raise RulesError.of([Mistake((CALENDARS / f"{year}.toml").as_posix(), "", problem) for year in gone])
    return rulebook


def _keep(dirs: RuleDirs, version: str) -> None:
    try:
        last_good.keep(dirs, version)
    except (OSError, RulesError) as problem:
        # They are in force all the same; only a process that starts later may miss them.
        _log.warning("the rules in force could not be kept for later starts: %s", type(problem).__name__)


def _tell(before: Edition, after: Edition) -> None:
    if after.mistakes:
        _tell_refused(after)
    elif before.version != after.version:
        _log.warning(
            "the rules have changed: version %s is in force, before it was %s", after.version, before.version
        )
    else:
        _log.warning("the rules can be used again: version %s is still in force", after.version)


def _tell_refused(edition: Edition) -> None:
    for mistake in edition.mistakes:
        _log.error(
            "rules not loaded, the last good set (version %s) stays in force: %s", edition.version, mistake
        )


@cache
def keeper() -> RulesKeeper:
    """The keeper of this process. Raises RulesError at the first call as `RulesKeeper` does."""
    return RulesKeeper()


_pinned: ContextVar[Edition | None] = ContextVar("rules of this request or job", default=None)


def in_force() -> Edition:
    """The edition of the request or job that is under way, else the one that the process holds. Raises RulesError
    where there has never been one."""
    return _pinned.get() or keeper().current()


@contextmanager
def one_edition(*, every: float | None = None) -> Iterator[Edition]:
    """Within the block everything is judged by one edition, the newest when it was entered."""
    keeper().look(every=EVERY if every is None else every)
    edition = keeper().current()
    token = _pinned.set(edition)
    try:
        yield edition
    finally:
        _pinned.reset(token)
