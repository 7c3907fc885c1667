"""How the tests meet a change.

A change inside a function is put into the functions of a fork, with all tests collected before. What runs while modules
are imported or tests collected was done by then: such a change gets a fork from before, which imports the changed
module through a hook. In both the tests run in the same order, the first failure ends it.
"""

import gc
import os
import pickle
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from itertools import pairwise
from pathlib import Path
from types import CodeType, FunctionType
from typing import Generic, TypeVar

import hypothesis
import pytest
from coverage import Coverage

from drills.mutation.forks import ForkBroken, forked

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = (
    *(
        "-c",
        os.devnull,
        f"--rootdir={ROOT}",
        f"--confcutdir={ROOT / 'tests/unit'}",
        "--import-mode=importlib",
    ),
    *("-o", "pythonpath=. src", "-p", "no:cacheprovider", "-p", "no:terminal", "-s", "--maxfail=1"),
    "--assert=plain",  # nobody reads why a test failed
)
ROOMS = ("haochaping.policy", "haochaping.foundation")

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Change:
    """A module with one change in it, compiled; `tests` are those that are to meet it, in this order."""

    module: str
    path: str
    code: CodeType
    tests: Sequence[str]


@dataclass(slots=True)
class Reach:
    """Which tests run which line and how long each test takes; `early` runs outside of any test."""

    lines: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    early: set[tuple[str, int]] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=dict)
    failed: tuple[str, ...] = ()

    def order(self, path: str, lines: range, *, ahead: str) -> list[str]:
        """The tests to meet a change of these lines: those that run one of them, the quickest first, then the others of
        their files, which may use what a fixture or a cache has kept of it. All tests, those of the file `ahead` first,
        where the lines are run at import.
        """
        touching = {test for line in lines for test in self.lines.get((path, line), ())}
        files = {test.partition("::")[0] for test in touching}
        every = self.is_early(path, lines)
        chosen = [test for test in self.seconds if every or test.partition("::")[0] in files]
        return sorted(
            chosen, key=lambda test: (test not in touching, not test.startswith(ahead), self.seconds[test])
        )

    def is_early(self, path: str, lines: range) -> bool:
        return any((path, line) in self.early for line in lines)


def prepare() -> None:
    """Makes this process one whose forks import the rooms anew and run their tests the same way each time."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    hypothesis.settings.register_profile(
        "drill",
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("drill")
    for name in [name for name in sys.modules if name.startswith(ROOMS)]:
        del sys.modules[name]


def reach(tests: Sequence[str], source: Path) -> Reach:
    """What one run of the tests touches in `source`. Raises ForkBroken when a test fails without any change."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "reach"

        def watched(watch: _Watch) -> bool:
            watch.cover.start()
            code = pytest.main([*ARGUMENTS, *tests], plugins=[watch])
            watch.cover.stop()
            kept.write_bytes(pickle.dumps(watch.seen()))
            return code != pytest.ExitCode.OK

        watch = _Watch(Coverage(data_file=None, config_file=False, source=[str(source)]))
        ((_, failed),) = forked([watch], watched, at_once=1)
        found: Reach = pickle.loads(kept.read_bytes())  # noqa: S301 - our own fork wrote it just now
    if failed:
        raise ForkBroken(f"without any change fails: {', '.join(found.failed) or 'the collecting of tests'}")
    return found


class _Watch:
    """A plugin that notes the time and the lines of each test."""

    def __init__(self, cover: Coverage) -> None:
        self.cover = cover
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.cover.switch_context(item.nodeid)
        begun = time.perf_counter()
        done = yield
        self.seconds[item.nodeid] = time.perf_counter() - begun
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def seen(self) -> Reach:
        seen, data = Reach(seconds=self.seconds, failed=tuple(self.failed)), self.cover.get_data()
        for path in data.measured_files():
            for line, tests in data.contexts_by_lineno(path).items():
                seen.lines[path, line] = [test for test in tests if test]
                if "" in tests:
                    seen.early.add((path, line))
        return seen


class _Loop:
    """A plugin that puts `work` in the place of pytest's own loop over the collected tests."""

    def __init__(self, work: Callable[[pytest.Session], None]) -> None:
        self.work = work

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.work(session)
        return True


class Meeting(Generic[Item]):
    """Lets the tests meet changes, each in a fork. `change` makes one of an item, inside the fork.

    `early` and then `late` tell of each item whether a test failed; they raise ForkBroken when one fails without any
    change.
    """

    def __init__(self, tests: Sequence[str], change: Callable[[Item], Change], at_once: int) -> None:
        self.tests = tests
        self.change = change
        self.at_once = at_once

    def early(self, items: Sequence[Item], tell: Callable[[Item, bool], None]) -> None:
        """Each change is imported with its module."""

        def meet(item: Item | None) -> bool:
            order: Sequence[str] | None = None
            if item is not None:
                change = self.change(item)
                order = change.tests
                sys.meta_path.insert(0, _Finder(change))
            return (
                pytest.main([*ARGUMENTS, *self.tests], plugins=[_Loop(lambda session: _run(session, order))])
                != 0
            )

        self._meet(items, meet, tell)

    def late(self, items: Sequence[Item], tell: Callable[[Item, bool], None]) -> None:
        """The tests are collected in this process, and each change is put into what they have imported."""

        def meet_all(session: pytest.Session) -> None:
            def meet(item: Item | None) -> bool:
                order: Sequence[str] | None = None
                if item is not None:
                    change = self.change(item)
                    order = change.tests
                    _put_in(change)
                _run(session, order)
                return session.testsfailed > 0

            self._meet(items, meet, tell)

        if pytest.main([*ARGUMENTS, *self.tests], plugins=[_Loop(meet_all)]) != pytest.ExitCode.OK:
            raise ForkBroken("the tests could not be collected, or a fork could not do its work")

    def _meet(
        self, items: Sequence[Item], meet: Callable[[Item | None], bool], tell: Callable[[Item, bool], None]
    ) -> None:
        for item, failed in forked([None, *items], meet, self.at_once):
            if item is not None:
                tell(item, failed)
            elif failed:
                raise ForkBroken("a test fails without any change")


def _run(session: pytest.Session, order: Sequence[str] | None) -> None:
    """These of the collected tests (None: all) until one fails; none when they could not all be collected."""
    items = session.items
    if order is not None:
        by_name = {item.nodeid: item for item in items}
        items = [by_name[test] for test in order if test in by_name]
    for item, following in pairwise([*items, None]):
        if session.testsfailed:
            return
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def _put_in(change: Change) -> None:
    """Gives the functions of the module the code that they have with the change."""
    codes = {(code.co_qualname, code.co_firstlineno): code for code in _functions(change.code)}
    put = 0
    gc.unfreeze()  # else they are not among the objects
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__module__ == change.module:
            code = codes.get((each.__code__.co_qualname, each.__code__.co_firstlineno))
            if code is not None and code != each.__code__:
                each.__code__ = code
                put += 1
    if not put:
        raise ForkBroken(f"no function of {change.module} has the change in it")


def _functions(code: CodeType) -> Iterator[CodeType]:
    """Those defined in a module and in its classes; those inside of functions come with them."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            if "<locals>" not in each.co_qualname:
                yield from _functions(each)


class _Finder(MetaPathFinder, SourceFileLoader):
    """Finds the changed module, and loads it."""

    def __init__(self, change: Change) -> None:
        SourceFileLoader.__init__(self, change.module, change.path)
        self.change = change

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        if fullname != self.change.module:
            return None
        return spec_from_file_location(fullname, self.change.path, loader=self)

    def get_code(self, _: str) -> CodeType:
        return self.change.code
