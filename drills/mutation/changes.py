"""What is changed in a source file: one operator, number or condition at a time."""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from types import CodeType

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
# These have changes of their own: the condition around them is not turned round a second time.
_CHANGED_INSIDE = (ast.Compare, ast.BoolOp, ast.UnaryOp)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a file: its line, what the line was, what was changed into what; `lines` are those of the statement
    around it, `index` and `variant` its place in the syntax tree."""

    file: str
    line: int
    text: str
    mutation: str
    lines: range
    index: int
    variant: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.mutation}: {self.text}"


def mutants(source: str, file: str) -> Iterator[Mutant]:
    """Every change of one file, in the order of its syntax tree."""
    lines = source.splitlines()
    for index, (node, statement) in enumerate(_places(ast.parse(source))):
        for variant in range(_variants(node)):
            mutation = _CHANGES[type(node)](deepcopy(node), variant)
            if mutation:
                line = node.test.lineno if isinstance(node, ast.If | ast.While) else node.lineno
                span = range(statement.lineno, max(_head_end(statement), line) + 1)
                yield Mutant(file, line, lines[line - 1].strip(), mutation, span, index, variant)


def changed(source: str, mutant: Mutant, path: str) -> CodeType:
    """The file with the change in it, compiled; every line keeps its number."""
    tree = ast.parse(source)
    node, _ = next(islice(_places(tree), mutant.index, None))
    _CHANGES[type(node)](node, mutant.variant)
    return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)


def _places(
    tree: ast.AST, statement: ast.stmt | None = None
) -> Iterator[tuple[ast.expr | ast.stmt, ast.stmt]]:
    """What can be changed, and the statement it is in. Types, decorators and docstrings compute nothing."""
    for node in _computing(tree):
        within = node if isinstance(node, ast.stmt) else statement
        if type(node) in _CHANGES and within is not None:
            yield node, within
        yield from _places(node, within)


def _computing(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.AnnAssign):
        return iter([*_annotated(node.annotation), *([node.value] if node.value is not None else [])])
    if isinstance(node, ast.FunctionDef):
        return iter([*node.args.defaults, *(each for each in node.args.kw_defaults if each), *node.body])
    if isinstance(node, ast.ClassDef):
        return iter(node.body)
    return ast.iter_child_nodes(node)


def _annotated(annotation: ast.expr) -> list[ast.expr]:
    """What stands in `Annotated[...]` beside the type: the bounds of a value, which are read from there."""
    if isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple):
        return annotation.slice.elts[1:] if ast.unparse(annotation.value) == "Annotated" else []
    return []


def _head_end(statement: ast.stmt) -> int:
    """The last line of a statement before those of the statements in it."""
    body = getattr(statement, "body", None)
    if not body:
        return statement.lineno if isinstance(statement, ast.Match) else statement.end_lineno or 0
    return max(statement.lineno, body[0].lineno - 1)


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


def _condition(node: ast.If | ast.While, _: int) -> str:
    if isinstance(node.test, _CHANGED_INSIDE):
        return ""
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return "condition -> not"


_CHANGES: dict[type[ast.AST], Callable[..., str]] = {
    ast.Compare: _compare,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _negated,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.IfExp: _chosen,
    ast.If: _condition,
    ast.While: _condition,
}
