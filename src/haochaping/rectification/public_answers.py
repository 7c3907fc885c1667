"""Answered orders as far as the public could be told of them, for who releases that: no level, no time, no number of the
rating or the case, and nobody's name.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from haochaping.cases.queries import occasion_facts
from haochaping.foundation.errors import NotFound
from haochaping.foundation.sealing import SealBroken
from haochaping.identity.masks import hide_name, mask_text
from haochaping.identity.operations import hide_person
from haochaping.ratings.queries import rating_of_order
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.objection_queries import held_back_orders
from haochaping.rectification.operations.masking import TEXT_WITHHELD
from haochaping.rectification.order_rows import item_names_of
from haochaping.rectification.states import State
from haochaping.registry import queries as registry

NAME_HIDDEN: Final = "[姓名]"
NUMBER_HIDDEN: Final = "[办件编号]"
_ANSWERED: Final = (State.ANSWERED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """One of them in a list. `number` is the order's, for those who may see orders; `week`: the Monday of the service."""

    id: UUID
    number: str
    organisation_id: int
    item: str
    week: date


@dataclass(frozen=True, slots=True)
class AnswerToRelease:
    """One of them whole. `said` is what the rater wrote, `answer` what he was answered, both masked by machine; `said` is ""
    where nothing was written, or where it cannot be masked for certain."""

    line: AnsweredLine
    subject_id: UUID
    division_id: int
    tags: tuple[int, ...]
    said: str
    answer: str


def answered_lines(
    organisations: Collection[int], *, without: Collection[UUID], most: int
) -> tuple[AnsweredLine, ...]:
    """Answered orders of these organisations but `without`, the last weeks first, at most so many."""
    rows = _answered().filter(rated_id__in=organisations).exclude(pk__in=without)
    found = list(rows.exclude(pk__in=held_back_orders("not_published")).order_by("-week", "number")[:most])
    names = item_names_of(found)
    return tuple(_line(each, names.get((each.item_id, each.week), "")) for each in found)


def answer_to_release(order_id: UUID, *, lock: bool = False) -> AnswerToRelease:
    """One of them; with `lock` for the caller's transaction. Raises NotFound where it is none, or none any more."""
    rows = _answered().select_for_update() if lock else _answered()
    order = rows.filter(pk=order_id).exclude(pk__in=held_back_orders("not_published")).first()
    if order is None:
        raise NotFound("order", _("没有这张工单，或者它还没有答复、不能公开。"))
    line = _line(order, item_names_of([order]).get((order.item_id, order.week), ""))
    said = "\n".join(part for part in (order.text, *order.additions) if part and part != TEXT_WITHHELD)
    texts = _without_people(order, said, order.answer)
    return AnswerToRelease(line, order.subject_id, order.division_id, tuple(order.tags), *texts)


def still_answered(order_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the orders of which the public may still be told: answered, and neither taken back, nor counted out, nor
    objected to where the rules hold such back."""
    rows = _answered().filter(pk__in=order_ids).values_list("pk", flat=True)
    return frozenset(rows) - held_back_orders("not_published")


def _answered() -> QuerySet[WorkOrder]:
    rows = WorkOrder.objects.filter(state__in=_ANSWERED, exclusion="", rated_id__isnull=False)
    return rows.exclude(answer="").exclude(organisation_id__in=registry.trial_organisations())


def _line(order: WorkOrder, item: str) -> AnsweredLine:
    return AnsweredLine(order.id, order.number, order.rated_id or order.organisation_id, item, order.week)


def _without_people(order: WorkOrder, *texts: str) -> tuple[str, ...]:
    """The texts without the rater's name, those of all members of staff of the two organisations, the case's number, and
    other numbers. What cannot be masked for certain, because the vault does not open, is "".
    """
    rating = rating_of_order(order.subject_id)
    staff = registry.staff_names_in({order.organisation_id, order.rated_id or order.organisation_id})
    number, record = "", None
    try:
        if rating is not None and rating.occasion_id is not None:
            facts = occasion_facts(occasion_id=rating.occasion_id)
            number, record = facts.project_no, facts.version_id
        return tuple(_masked(text, staff, number, record) for text in texts)
    except (NotFound, SealBroken):
        return tuple("" for _each in texts)


def _masked(text: str, staff: Collection[str], number: str, record: UUID | None) -> str:
    text = hide_name(text, number, NUMBER_HIDDEN)
    for name in sorted(staff, key=len, reverse=True):
        text = hide_name(text, name, NAME_HIDDEN)
    return hide_person(record_id=record, text=text) if record is not None else mask_text(text)
