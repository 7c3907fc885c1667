"""A trial by other rules beside the run of the same period that counts: scores and ranks of each unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from haochaping.scoring.models import Run
from haochaping.scoring.queries.runs import RunView, Scored, UnitView, run, units
from haochaping.scoring.states import State
from haochaping.scoring.words import KINDS


@dataclass(frozen=True, slots=True)
class Pair:
    """A unit with each score in either run, by the keys of `SideBySide.scores`; None where it has none."""

    kind: str
    name: str
    scores: tuple[tuple[str, Scored | None, Scored | None], ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """`counting`: the run that counts, else the last one; `scores`: key → label, of both runs; `pairs`: whoever has one."""

    counting: RunView
    scores: Mapping[str, str]
    pairs: tuple[Pair, ...]


def beside_counting(trial: RunView, *, official_id: UUID, now: datetime) -> SideBySide | None:
    """The trial beside the run that counts; None where there is none. Raises NotFound for who may not see that."""
    runs = Run.objects.filter(
        division_id=trial.division_id, kind=trial.kind, first=trial.first, what_if=False
    )
    found = [*runs.exclude(state=State.WITHDRAWN).order_by("-cut_off").values_list("number", "state")]
    if not found:
        return None
    number = next((number for number, state in found if state == State.SIGNED), found[0][0])
    counting = run(number, official_id=official_id, now=now)
    labels = {key: str(each["label"]) for view in (counting, trial) for key, each in view.scores.items()}
    pairs = [
        pair
        for kind in KINDS
        for pair in _pairs(
            units(counting, kind, official_id=official_id, now=now),
            units(trial, kind, official_id=official_id, now=now),
            tuple(labels),
        )
        if any(left or right for _key, left, right in pair.scores)
    ]
    return SideBySide(counting, labels, tuple(pairs))


def _pairs(counting: tuple[UnitView, ...], trial: tuple[UnitView, ...], keys: tuple[str, ...]) -> list[Pair]:
    """In the order of the run that counts; whom only the trial has comes last."""
    before = {each.number: each for each in counting}
    after = {each.number: each for each in trial}
    return [
        Pair(
            unit.kind,
            unit.name,
            tuple((key, _score(before.get(number), key), _score(after.get(number), key)) for key in keys),
        )
        for number, unit in (before | {n: each for n, each in after.items() if n not in before}).items()
    ]


def _score(unit: UnitView | None, key: str) -> Scored | None:
    return unit.results.get(key) if unit else None
