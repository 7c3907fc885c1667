"""The orders behind a figure of a score, as far as the viewer may see them. Single ratings are shown to nobody: they are
asked for by groups, in the nightly export.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from haochaping.foundation.errors import NotFound
from haochaping.oversight.queries.score_counts import WORDS as REVISIT_WORDS
from haochaping.oversight.queries.score_counts import revisit_counts
from haochaping.rectification.order_rows import OrderRow, rows_in_reach
from haochaping.rectification.score_counts import WORDS as ORDER_WORDS
from haochaping.rectification.score_counts import OrderCounts, order_counts
from haochaping.registry import queries as registry
from haochaping.scoring.queries.runs import RunView, UnitView
from haochaping.scoring.record import own_cells

_WORDS: Final = frozenset({*ORDER_WORDS, *REVISIT_WORDS})


@dataclass(frozen=True, slots=True)
class Behind:
    """The orders that a word counts now by what was done before the cut-off; `counted`: how many the run had; `number`: how
    many there are; `rows`: those of them that the viewer may see."""

    counted: int
    number: int
    rows: tuple[OrderRow, ...]


def linked_words(view: RunView, unit: UnitView) -> frozenset[str]:
    """The words of which the orders may be looked at. Which order is about which of its windows or members of staff is the
    authority's to know."""
    own = unit.kind in ("organisation", "region", "item")
    return _WORDS if view.whole or own else frozenset()


def orders_behind(view: RunView, unit: UnitView, word: str, *, official_id: UUID, now: datetime) -> Behind:
    """Raises NotFound for a word that counts no orders, or none that the viewer may look at."""
    if word not in linked_words(view, unit):
        raise NotFound("score_word", _("这个数不能逐件查看。"))
    orders = order_counts(first=view.first, last=view.last, at=view.cut_off)
    theirs = [each for each in orders if _is_of(each, view, unit)]
    if word in REVISIT_WORDS:
        revisited = revisit_counts([each.id for each in theirs])
        theirs = [replace(each, counts=revisited.get(each.id, {})) for each in theirs]
    found = {each.id: each.counts[word] for each in theirs if each.counts.get(word)}
    return Behind(
        counted=sum(cell["counts"].get(word, 0) for cell in own_cells(unit.inputs)),
        number=sum(found.values()),
        rows=rows_in_reach(found.keys(), official_id=official_id, now=now),
    )


def _is_of(order: OrderCounts, view: RunView, unit: UnitView) -> bool:
    if unit.kind != "region":
        number: int | None = getattr(order.about, f"{unit.kind}_id")
        return number == unit.number
    whose = registry.organisation(order.about.organisation_id, view.last)
    return whose is not None and whose.division_id in registry.divisions_below(unit.number, view.last)
