"""Limits of revisits are counted anew, by the code that counted them first: a notice on holidays moves or settles them."""

from datetime import datetime

from django.db import transaction

from haochaping.audit import operations as audit
from haochaping.oversight.models import Revisit, RevisitCandidate, RevisitRatingSample, RevisitSample
from haochaping.oversight.operations.duties import due_in_period, earliest
from haochaping.oversight.operations.rating_samples import due_of_ratings
from haochaping.oversight.queries.whose_rules import rules_of
from haochaping.oversight.revisiting import State, terms_kept
from haochaping.policy.counting import Due
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.operations.answered import AnsweredOrder, answered_order
from haochaping.registry import queries as registry


@transaction.atomic
def recount_limits(*, now: datetime, rulebook: Rulebook) -> int:
    """Of revisits that are due and of what is still to be drawn; how many moved, with one audit row if any did.

    One whose order is being worked on again keeps its limit: what it runs from is to come.
    """
    due: list[Revisit] = list(Revisit.objects.filter(state=State.DUE, due_at__isnull=False, of=""))
    undrawn = RevisitCandidate.objects.filter(due_at__isnull=False, period__closed_at__isnull=True)
    waiting: list[RevisitCandidate] = list(undrawn.select_related("period"))
    # Orders are locked first and in one order, as everybody does who locks several of them.
    known = {each for row in due if (each := row.order_id) is not None}
    ids = sorted(known | {row.order_id for row in waiting})
    orders = {each: answered_order(each, rulebook=rulebook) for each in ids}
    moved = sum(
        _moved(row, _counted(row, order)) for row in due if row.order_id and (order := orders[row.order_id])
    )
    for row in waiting:
        if order := orders[row.order_id]:
            moved += _moved(row, due_in_period(order, terms_kept(row.terms), row.period))
    moved += _recount_ratings(rulebook)
    if moved:
        audit.record(now=now, actor="system", act="revisit.recount", detail={"limits": moved})
    return moved


def _recount_ratings(rulebook: Rulebook) -> int:
    """Of ratings that were drawn without an order: the limit is that of their sample, by the rules of their organisation."""
    due = Revisit.objects.filter(state=State.DUE, due_at__isnull=False).exclude(of="")
    samples = RevisitRatingSample.objects.select_related("period").in_bulk(
        due.values_list("occasion", flat=True).distinct(), field_name="number"
    )
    moved = 0
    for occasion, organisation_id in due.order_by().values_list("occasion", "organisation_id").distinct():
        sample = samples[occasion]
        on = sample.period.last_day
        organisation = registry.organisation(organisation_id, on)
        rules = rules_of(organisation, rulebook, on) if organisation is not None else None
        found = due_of_ratings(terms_kept(sample.terms), rules, sample.period) if rules is not None else None
        if found is not None:
            same = due.filter(occasion=occasion, organisation_id=organisation_id)
            others = same.exclude(due_at=found.due_at, due_provisional=found.provisional)
            moved += others.update(due_at=found.due_at, due_provisional=found.provisional)
    return moved


def _counted(revisit: Revisit, order: AnsweredOrder) -> Due | None:
    terms = tuple(map(terms_kept, revisit.terms))
    drawn = RevisitSample.objects.select_related("period").filter(number=revisit.occasion).first()
    return due_in_period(order, terms[0], drawn.period) if drawn else earliest(order, terms)


def _moved(row: Revisit | RevisitCandidate, due: Due | None) -> bool:
    """Saves another instant, or that it is settled now. A rule that is gone takes no limit away."""
    if due is None or (due.due_at, due.provisional) == (row.due_at, row.due_provisional):
        return False
    row.due_at, row.due_provisional = due.due_at, due.provisional
    # Only these: what somebody notes at this moment stays.
    row.save(update_fields=["due_at", "due_provisional"])
    return True
