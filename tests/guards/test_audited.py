"""Whatever somebody does in a room is in the audit trail: every operation that is told who acts reaches `audit.record`.

Read from the source: calls are followed by name, through all rooms. That a row stands outside of its transaction is refused
by `record` itself.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.guards.floors import SOURCE

# How an operation is told who acts.
WHO = {"actor", "official_id", "administrator_id"}
PACKAGE = "haochaping."
RECORD = "audit.operations.record"
# Parts of an act: called by one, in its transaction, and by nobody else; or no act at all. Each with its reason.
PARTS = {
    "accounts.operations.sessions.make_room": "part of signing in",
    "accounts.operations.sessions.end_all": "part of what ends sessions",
    "accounts.operations.second_factor.offer": "keeps nothing",
    "accounts.operations.second_factor.opened": "keeps nothing",
    "accounts.operations.posts.managed": "asks who may be managed",
    "notices.operations.looked.tell_auditors": "part of a look at who somebody is",
    "rectification.operations.contact.reveal_rater": "part of a look at who somebody is",
    "scoring.operations.reach.divisions_of": "asks whose authority it is",
    "rectification.operations.answered.rated_himself": "asks whose case it is",
    "rectification.operations.reach.order_for": "locks the order for an act",
    "rectification.operations.excluding.exclude": "part of confirming that a rating does not count",
    "rectification.operations.excluding.reinstate": "part of confirming that it counts again",
    "rectification.operations.objection_acts.decider": "asks who may decide",
    "rectification.operations.objection_acts.speaker": "asks who may object",
    "rectification.operations.objection_acts.names_of": "asks who may object",
    "rectification.operations.objection_acts.is_rated": "asks who may object",
    "rectification.operations.objection_acts.may_take_back": "asks who may take back",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield name_of(path), ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def called(function: ast.FunctionDef, module: str, imported: dict[str, str]) -> set[str]:
    """Whole names of what a function names: its own module's and imported ones, and what it takes of an imported module."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            found.add(imported.get(node.id, f"{module}.{node.id}"))
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and (base := imported.get(node.value.id))
        ):
            found.add(f"{base}.{node.attr}")
    return found


def imports_of(tree: ast.Module) -> dict[str, str]:
    """Name → whole name of what it stands for, of our own rooms."""
    return {
        alias.asname or alias.name: f"{node.module.removeprefix(PACKAGE)}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(PACKAGE)
        for alias in node.names
    }


def acts_of_somebody(trees: list[tuple[str, ast.Module]]) -> set[str]:
    """Operations that are told who acts."""
    return {
        f"{module}.{node.name}"
        for module, tree in trees
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and ".operations" in f".{module}"
        and not node.name.startswith("_")
        and {each.arg for each in (*node.args.args, *node.args.kwonlyargs)} & WHO
    }


def in_one_transaction(trees: list[tuple[str, ast.Module]]) -> set[str]:
    """Functions all of which is one transaction, so that their row and whatever else they keep stand or fall together."""
    return {
        f"{module}.{node.name}"
        for module, tree in trees
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and any(map(_begins_one, (*node.decorator_list, *_only(node))))
    }


def _only(function: ast.FunctionDef) -> list[ast.expr]:
    """What a function enters that does nothing outside of it but to say what it is for."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    inside = body[0] if len(body) == 1 else None
    return [each.context_expr for each in inside.items] if isinstance(inside, ast.With) else []


def _begins_one(entered: ast.expr) -> bool:
    return ast.unparse(entered).startswith("transaction.atomic")


def silent(trees: list[tuple[str, ast.Module]]) -> set[str]:
    """Operations that are told who acts and lead to no row."""
    leads: dict[str, set[str]] = {}
    for module, tree in trees:
        imported = imports_of(tree)
        # What a room hands on under its own name.
        leads.update({f"{module}.{name}": {target} for name, target in imported.items()})
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                leads[f"{module}.{node.name}"] = called(node, module, imported)
    return {name for name in acts_of_somebody(trees) if not reaches(name, leads)}


def reaches(name: str, leads: dict[str, set[str]]) -> bool:
    seen: set[str] = set()
    ahead = {name}
    while ahead:
        if RECORD in ahead:
            return True
        seen |= ahead
        ahead = set().union(*(leads.get(each, set()) for each in ahead)) - seen
    return False


def test_every_act_of_somebody_leads_to_a_row() -> None:
    trees = list(modules())
    assert len(trees) > 100
    assert silent(trees) - PARTS.keys() == set()


def test_the_parts_are_there() -> None:
    known = {
        f"{module}.{node.name}"
        for module, tree in modules()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    assert PARTS.keys() - known == set()


def test_the_guard_sees_an_act_without_a_row() -> None:
    source = (
        "from haochaping.audit.operations import record as note\n"
        "def told(*, official_id): _inner()\n"
        "def _inner(): note()\n"
        "def untold(*, official_id): other.record()\n"
    )
    assert silent([("room.operations.acting", ast.parse(source))]) == {"room.operations.acting.untold"}
