"""Changes the rules' code in one place at a time: the unit tests must notice each change."""

import os
import random
import tomllib
from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from pathlib import Path

from drills.mutation.changes import Mutant, changed, mutants
from drills.mutation.forks import ForkBroken
from drills.mutation.meeting import Change, Meeting, prepare, reach
from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.starter.progress import Say

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "haochaping"
# Tables of words and documentation made from them: there is nothing in them to compute.
TABLES = frozenset({"vocabulary.py", "format_tables.py", "schema.py", "__init__.py"})
# What is declared and not computed (bounds, defaults) shows in the files that are made from the declarations.
MADE = "tests/golden/test_made_files.py"
TESTS = tuple(
    str(ROOT / each) for each in ("tests/unit/policy", "tests/unit/foundation/test_workdays.py", MADE)
)
QUICK = 30
TOLD = 200  # a line on the way for so many
GOAL = Decimal("0.95")
SEED = 20261123


def run(*, quick: bool, say: Say) -> list[Figure]:
    """Every mutant, or a sample of 30 that is the same each time."""
    every = [mutant for path in _files() for mutant in _mutants(path)]
    candidates = _without_equivalents(every)
    chosen = candidates
    if quick:
        chosen = random.Random(SEED).sample(candidates, QUICK)  # noqa: S311 - which ones, not a secret
    say(f"{len(every)} mutants, {len(every) - len(candidates)} equivalent; running {len(chosen)}")
    try:
        survivors = _survivors(chosen, say)
    except ForkBroken as error:
        raise CouldNotRun(str(error)) from error
    share = Decimal(len(chosen) - len(survivors)) / len(chosen)
    return [
        Figure("mutants", len(every), "mutants"),
        Figure("equivalent, by hand", len(every) - len(candidates), "mutants"),
        Figure("run", len(chosen), "mutants"),
        Figure("survived", len(survivors), "mutants"),
        Figure(
            "killed", round(share * 100, 1), "%", goal=f"value >= {GOAL * 100:.0f}", goal_met=share >= GOAL
        ),
    ]


def _files() -> list[Path]:
    policy = sorted(path for path in (SOURCE / "policy").glob("*.py") if path.name not in TABLES)
    return [*policy, SOURCE / "foundation" / "workdays.py"]


def _mutants(path: Path) -> list[Mutant]:
    return list(mutants(path.read_text(encoding="utf-8"), path.relative_to(SOURCE).as_posix()))


def _without_equivalents(every: Sequence[Mutant]) -> list[Mutant]:
    """Without those listed by hand, each with its reason."""
    content = tomllib.loads((ROOT / "drills" / "equivalents.toml").read_text(encoding="utf-8"))
    listed = {(each["file"], each["line"], each["mutation"]): each for each in content["equivalent"]}
    candidates = []
    unused = dict(listed)
    for mutant in every:
        key = (mutant.file, mutant.text, mutant.mutation)
        unused.pop(key, None)
        if key not in listed:
            candidates.append(mutant)
    for each in listed.values():
        if not each.get("reason"):
            raise CouldNotRun(f"an equivalent without a reason: {each}")
    if unused:
        raise CouldNotRun(f"equivalents of lines that are no more: {sorted(unused)}")
    return candidates


def _survivors(chosen: Sequence[Mutant], say: Say) -> list[Mutant]:
    """Those that no test notices. Raises ForkBroken when a test fails without any mutant."""
    prepare()
    touched = reach(TESTS, SOURCE)
    sources = {path: path.read_text(encoding="utf-8") for path in _files()}
    survivors = []

    def change(mutant: Mutant) -> Change:
        path = SOURCE / mutant.file
        module = ".".join(("haochaping", *Path(mutant.file).with_suffix("").parts))
        order = touched.order(str(path), mutant.lines, ahead=MADE)
        return Change(module, str(path), changed(sources[path], mutant, str(path)), order)

    done = count(1)

    def tell(mutant: Mutant, failed: bool) -> None:
        if not failed:
            say(f"survived  {mutant}")
            survivors.append(mutant)
        if (number := next(done)) % TOLD == 0:
            say(f"{number} of {len(chosen)}")

    early = [mutant for mutant in chosen if touched.is_early(str(SOURCE / mutant.file), mutant.lines)]
    meeting = Meeting(TESTS, change, at_once=os.cpu_count() or 1)
    meeting.early(early, tell)
    meeting.late([mutant for mutant in chosen if mutant not in early], tell)
    return survivors
