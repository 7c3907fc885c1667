"""A sample held against the orders themselves, and not only against the frame that was stored with it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from haochaping.foundation.errors import NotFound
from haochaping.foundation.workdays import due_instant
from haochaping.oversight.models import RevisitCandidate, RevisitSample
from haochaping.oversight.queries.duties import terms_of_order
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.operations.answered import (
    answered_order,
    numbers_answered,
    numbers_known,
)
from haochaping.registry import queries as registry

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Differences:
    """Numbers of orders. `invented`: in the frame, and no order that was answered before the draw; `moved`: in the frame,
    but not entered for it, or the other way round; `left_out`: answered in the period, the rule holds of them today, and
    they are in no frame of that rule. An order may be left out because it has changed since: its history says so."""

    invented: tuple[str, ...]
    moved: tuple[str, ...]
    left_out: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.invented or self.moved or self.left_out)


def against_records(number: str, *, rulebook: Rulebook) -> Differences:
    """What of a sample's frame the orders do not bear out. Raises NotFound. To be called in a transaction: it locks the
    orders that it looks at."""
    sample = RevisitSample.objects.select_related("period").filter(number=number).first()
    if sample is None:
        raise NotFound("sample", f"no sample has the number {number}")
    entered = set(
        RevisitCandidate.objects.filter(
            period=sample.period, scope_id=sample.scope_id, rule=sample.rule, version=sample.version
        ).values_list("number", flat=True)
    )
    frame = set(sample.frame)
    known = numbers_known(frame, answered_before=sample.drawn_at)
    return Differences(
        invented=tuple(sorted(frame - known)),
        moved=tuple(sorted((frame & known) ^ entered)),
        left_out=tuple(sorted(_left_out(sample, rulebook))),
    )


def _left_out(sample: RevisitSample, rulebook: Rulebook) -> Collection[str]:
    period = sample.period
    answered = numbers_answered(
        _organisations(sample),
        answered_from=due_instant(period.first_day - _ONE_DAY),
        answered_before=due_instant(period.last_day),
    )
    anywhere = RevisitCandidate.objects.filter(rule=sample.rule, order_id__in=answered.values())
    entered = set(anywhere.values_list("order_id", flat=True))
    missing = {number: pk for number, pk in answered.items() if pk not in entered}
    found = []
    for number, pk in missing.items():
        order = answered_order(pk, rulebook=rulebook)
        if order is not None and any(each.rule == sample.rule for each in terms_of_order(order)):
            found.append(number)
    return found


def _organisations(sample: RevisitSample) -> frozenset[int]:
    """Whose orders could enter: the organisation's own, or those of which the scope is the authority."""
    if "organisation" in sample.terms["per"]:
        return frozenset({sample.scope_id})
    on: date = sample.period.last_day
    reached = registry.scope_of(sample.scope_id, on) | {sample.scope_id}
    return frozenset(
        each
        for each in reached
        if each == sample.scope_id
        or ((authority := registry.authority_of(each, on)) is not None and authority.id == sample.scope_id)
    )
