"""Changes the rules' code in one place at a time: the unit tests must notice each change."""

import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path

from haochaping.cli.figures import CouldNotRun, Figure
from haochaping.starter.progress import Say

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "haochaping"
# Tables of words and documentation made from them: there is nothing in them to compute.
TABLES = frozenset({"vocabulary.py", "format_tables.py", "schema.py", "__init__.py"})
TESTS = ("tests/unit/policy", "tests/unit/foundation/test_workdays.py")
NEEDED = ("rules", "docs", "tests/golden", "tests/data", "tests/unit/policy", "tests/unit/foundation")
QUICK = 30
GOAL = Decimal("0.95")
SLOWEST = 90  # seconds; a mutant that never ends is killed
SEED = 20261123

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where, what the line was, what was changed into what; its number in the file."""

    file: str
    line: int
    text: str
    mutation: str
    index: int
    variant: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.mutation}: {self.text}"


def run(*, quick: bool, say: Say) -> list[Figure]:
    """Every mutant, or a sample of 30 that is the same each time."""
    every = [mutant for path in _files() for mutant in mutants(path)]
    equal = equivalents()
    candidates = [each for each in every if (each.file, each.text, each.mutation) not in equal]
    chosen = candidates
    if quick:
        chosen = random.Random(SEED).sample(candidates, QUICK)  # noqa: S311 - which ones, not a secret
    say(f"{len(every)} mutants, {len(every) - len(candidates)} equivalent; running {len(chosen)}")
    with tempfile.TemporaryDirectory() as folder:
        places = [_prepared(Path(folder) / str(n)) for n in range(os.cpu_count() or 1)]
        if _killed(places[0], None):
            raise CouldNotRun("the tests fail without any mutant")
        survivors = _run(chosen, places, say)
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


def _run(chosen: Sequence[Mutant], places: Sequence[Path], say: Say) -> list[Mutant]:
    shares = [chosen[n :: len(places)] for n in range(len(places))]

    def work(place: Path, share: Sequence[Mutant]) -> list[Mutant]:
        survived = []
        for mutant in share:
            if not _killed(place, mutant):
                say(f"survived  {mutant}")
                survived.append(mutant)
        return survived

    with ThreadPoolExecutor(len(places)) as pool:
        return [mutant for found in pool.map(work, places, shares) for mutant in found]


def _files() -> list[Path]:
    policy = sorted(path for path in (SOURCE / "policy").glob("*.py") if path.name not in TABLES)
    return [*policy, SOURCE / "foundation" / "workdays.py"]


def equivalents() -> set[tuple[str, str, str]]:
    """Those listed by hand, each with its reason."""
    content = tomllib.loads((ROOT / "drills" / "equivalents.toml").read_text(encoding="utf-8"))
    listed = content.get("equivalent", [])
    for each in listed:
        if not each.get("reason"):
            raise CouldNotRun(f"an equivalent without a reason: {each}")
    return {(each["file"], each["line"], each["mutation"]) for each in listed}


def _prepared(place: Path) -> Path:
    """A small copy of the product: the pure rooms, their tests, the rules."""
    for room in ("policy", "foundation"):
        shutil.copytree(
            SOURCE / room, place / "src/haochaping" / room, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(SOURCE / "__init__.py", place / "src/haochaping/__init__.py")
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("tests", "tests/unit"):
        (place / folder / "__init__.py").touch()
    (place / "pytest.ini").write_text(
        "[pytest]\naddopts = -q -x -p no:django -p no:cacheprovider\n", encoding="utf-8"
    )
    return place


def _killed(place: Path, mutant: Mutant | None) -> bool:
    """Whether a test fails with the mutant, or does not come to an end."""
    target = original = None
    if mutant is not None:
        target = place / "src/haochaping" / mutant.file
        original = target.read_bytes()
        target.write_text(_changed(original.decode(), mutant), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{place / 'src'}:{place}", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *_tests(place, mutant)],
            cwd=place,
            env=environment,
            capture_output=True,
            timeout=SLOWEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        if target is not None and original is not None:
            target.write_bytes(original)
    if mutant is None and done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace")[-2000:])
    return done.returncode != 0


def _tests(place: Path, mutant: Mutant | None) -> list[str]:
    """All tests, those first that name the changed module."""
    files = sorted((place / TESTS[0]).glob("test_*.py")) + [place / each for each in TESTS[1:]]
    module = Path(mutant.file).stem if mutant else ""
    files.sort(key=lambda path: f".{module} " not in path.read_text(encoding="utf-8"))
    return [str(path.relative_to(place)) for path in files]


def mutants(path: Path) -> Iterator[Mutant]:
    """Every change of one file, in the order of its lines."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for index, node in enumerate(_places(ast.parse(text))):
        for variant in range(_variants(node)):
            mutation = _CHANGES[type(node)](deepcopy(node), variant)
            if mutation:
                line = getattr(node, "lineno", 1)
                file = path.relative_to(SOURCE).as_posix()
                yield Mutant(file, line, lines[line - 1].strip(), mutation, index, variant)


def _changed(original: str, mutant: Mutant) -> str:
    tree = ast.parse(original)
    node = next(islice(_places(tree), mutant.index, None))
    _CHANGES[type(node)](node, mutant.variant)
    return ast.unparse(tree)


def _places(tree: ast.AST) -> Iterator[ast.AST]:
    """What can be changed; annotations, decorators and docstrings compute nothing."""
    for node in ast.iter_child_nodes(tree):
        inner: list[ast.AST]
        if isinstance(node, ast.AnnAssign):
            inner = [node.value] if node.value is not None else []
        elif isinstance(node, ast.FunctionDef):
            inner = [*node.args.defaults, *(each for each in node.args.kw_defaults if each), *node.body]
        elif isinstance(node, ast.ClassDef):
            inner = list(node.body)
        else:
            if type(node) in _CHANGES:
                yield node
            yield from _places(node)
            continue
        for each in inner:
            if type(each) in _CHANGES:
                yield each
            yield from _places(each)


def _variants(node: ast.AST) -> int:
    return len(node.ops) if isinstance(node, ast.Compare) else 1


def _compare(node: ast.Compare, variant: int) -> str:
    old = type(node.ops[variant])
    node.ops[variant] = _COMPARED[old]()
    return f"{old.__name__} -> {_COMPARED[old].__name__}"


def _binary(node: ast.BinOp, _: int) -> str:
    old = type(node.op)
    if old not in _COMPUTED:
        return ""
    node.op = _COMPUTED[old]()
    return f"{old.__name__} -> {_COMPUTED[old].__name__}"


def _boolean(node: ast.BoolOp, _: int) -> str:
    old = type(node.op)
    node.op = ast.Or() if old is ast.And else ast.And()
    return f"{old.__name__} -> {type(node.op).__name__}"


def _negated(node: ast.UnaryOp, _: int) -> str:
    old = type(node.op)
    if old is ast.Not:
        node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)
        return "Not -> dropped"
    if old is ast.USub:
        node.op = ast.UAdd()
        return "USub -> UAdd"
    return ""


def _constant(node: ast.Constant, _: int) -> str:
    if isinstance(node.value, bool):
        node.value = not node.value
        return f"{not node.value} -> {node.value}"
    if isinstance(node.value, int):
        node.value += 1
        return f"{node.value - 1} -> {node.value}"
    return ""


def _call(node: ast.Call, _: int) -> str:
    if isinstance(node.func, ast.Name) and node.func.id in _CALLED:
        old, node.func.id = node.func.id, _CALLED[node.func.id]
        return f"{old} -> {node.func.id}"
    return ""


def _chosen(node: ast.IfExp, _: int) -> str:
    node.body, node.orelse = node.orelse, node.body
    return "if -> else"


_CHANGES: dict[type[ast.AST], Callable[..., str]] = {
    ast.Compare: _compare,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _negated,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.IfExp: _chosen,
}
