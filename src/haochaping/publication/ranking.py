"""What is published of a score run: figures, scores and ranks of organisations and regions, with what is withheld and
why. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from haochaping.publication.rules import MINIMUM, hidden
from haochaping.scoring.beside import VOLUMES
from haochaping.scoring.queries.runs import RunView, UnitView
from haochaping.scoring.record import own_cells
from haochaping.tallies.rules import Counts

KINDS: Final = ("region", "organisation")
# Whose figures are published by name only where a clause says so.
BY_NAME: Final = ("window", "staff")
COUNTS: Final = ("occasions", "ratings", "good", "bad", "defaults", "unrated")
SHARES: Final = (
    "good_active",
    "good_inclusive",
    "participation",
    "unrated_share",
    "default_share",
    "rectified_in_time",
    "revisit_satisfied",
    "overturned",
)
TOO_FEW: Final = "too_few"
WITH_TOTAL: Final = "complement"


def content(run: RunView, units: Iterable[UnitView], naming: Mapping[str, str]) -> dict[str, Any]:
    """`rows` of each kind, `withheld` with reasons, `scores` with labels and clauses, how much is `least`, and from how many
    ratings on the groups of about as many begin (`volumes`). `naming`: for each of BY_NAME the clause that wants it
    published by name, "" where none does, and then it is not.

    A unit with fewer ratings than `least` is named without figures, and so is the next smallest of its group where the
    total of the group would give it away.
    """
    everybody = list(units)
    kinds = (*KINDS, *(kind for kind in BY_NAME if naming.get(kind)))
    by_kind = {kind: [each for each in everybody if each.kind == kind] for kind in kinds}
    shown = [each for kind in kinds for each in by_kind[kind]]
    closed = _closed(shown)
    return {
        "rows": {kind: [_row(each, closed) for each in by_kind[kind]] for kind in kinds},
        "withheld": [
            {"kind": each.kind, "name": each.name, "why": closed[each.id]}
            for each in shown
            if each.id in closed
        ],
        "scores": {key: dict(score) for key, score in run.scores.items()},
        "uncounted": dict(run.uncounted),
        "least": MINIMUM,
        "volumes": list(VOLUMES),
        "naming": {kind: naming.get(kind) or None for kind in BY_NAME},
    }


def _closed(units: Sequence[UnitView]) -> dict[Any, str]:
    """Unit id → why its figures are withheld."""
    # A division's own organisations and the divisions in it together make up its total; the windows of an organisation
    # alone make up its own, and so do its members of staff.
    groups: dict[tuple[str, str], dict[Any, Counts]] = {}
    for each in units:
        whose = (each.of, each.kind if each.kind in BY_NAME else "")
        # Only the number of ratings is looked at, whatever their level.
        groups.setdefault(whose, {})[each.id] = Counts(n5=_ratings(each))
    found = {}
    for group in groups.values():
        for unit in hidden(group):
            found[unit] = TOO_FEW if group[unit].rated < MINIMUM else WITH_TOTAL
    return found


def _ratings(unit: UnitView) -> int:
    number: int = unit.beside["counts"].get("ratings", 0)
    return number


def _levels(unit: UnitView) -> list[int]:
    """How many ratings of each level, the best first."""
    cells = own_cells(unit.inputs)
    return [sum(cell["counts"].get(f"level_{level}", 0) for cell in cells) for level in range(5, 0, -1)]


def _row(unit: UnitView, closed: Mapping[Any, str]) -> dict[str, Any]:
    said: dict[str, Any] = {"name": unit.name, "ended": unit.ended}
    if unit.id in closed:
        return said
    beside = unit.beside
    said["counts"] = {name: beside["counts"][name] for name in COUNTS if name in beside["counts"]}
    said["levels"] = _levels(unit)
    said["shares"] = {name: beside["shares"][name] for name in SHARES if name in beside["shares"]}
    said["interval"] = beside["interval"]
    said["rank_among_similar"] = [beside["rank"], beside["of"]] if beside["rank"] else None
    said["scores"] = {
        key: {
            "points": each.points,
            "rank": each.rank,
            "of": each.ranked,
            "why": each.why,
            "grade": each.grade,
        }
        for key, each in unit.results.items()
    }
    return said
