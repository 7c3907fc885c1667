"""From a figure of a score to the orders that it counts, and the question to the nightly export about its ratings."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.analysis.questions import Dimension
from haochaping.faces.console.asking import me
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.errors import NotFound
from haochaping.scoring.queries import runs
from haochaping.scoring.queries.rows import orders_behind

# Of whom the export can be asked.
_ASKED_OF: Final = frozenset({"organisation", "hall", "window", "item"})


@require_safe
def rows(request: HttpRequest, number: str, unit_id: UUID, word: str) -> HttpResponse:
    """The orders that one figure of a unit counts."""
    who, at = me(request), now()
    try:
        view = runs.run(number, official_id=who, now=at)
        unit = runs.unit(view, unit_id, official_id=who, now=at)
        behind = orders_behind(view, unit, word, official_id=who, now=at)
    except NotFound as refusal:
        raise Http404 from refusal
    shown = {"run": view, "unit": unit, "word": word, "behind": behind, "scores_page": True}
    return render(request, "console/score_rows.html", shown)


def question_about(request: HttpRequest, view: runs.RunView, unit: runs.UnitView) -> str:
    """The address at which the ratings of a unit in the period are asked for by month and level; "" where the viewer may
    not ask. Groups that are too small stay withheld there."""
    held = officials.held(official_id=me(request), on=local_day(now()))
    if Permission.ASK_EXPORT not in held or unit.kind not in _ASKED_OF:
        return ""
    said = {"by1": Dimension.MONTH.value, "by2": Dimension.LEVEL.value, unit.kind: str(unit.number)}
    span = {"from": f"{view.first:%Y-%m}", "to": f"{view.last:%Y-%m}"}
    return f"{reverse('console:ask')}?{urlencode(said | span)}"
