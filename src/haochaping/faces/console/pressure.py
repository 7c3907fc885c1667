"""What citizens report of being pressed or punished: the list, one report, the acts on it, whom to call."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.faces.console.asking import me
from haochaping.faces.console.pressure_words import ACTS
from haochaping.faces.console.refusals import Told, told
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound, Refused
from haochaping.oversight.operations import pressure as operations
from haochaping.oversight.queries import pressure as queries
from haochaping.oversight.states import Act

PURPOSES = (_("核实情况"), _("反馈处理结果"))
_LONGEST_PAGE = 6
_LONGEST_REVISION = 9


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in with a refused act, to be shown again, and why it was refused."""

    act: str = ""
    text: str = ""
    verdict: str = ""
    told: Told = field(default_factory=Told)


@require_safe
def pressure_list(request: HttpRequest) -> HttpResponse:
    """Those still to be answered, or those that are; the newest first."""
    closed = request.GET.get("show") == "closed"
    number = _number(request.GET.get("page", ""), _LONGEST_PAGE) or 1
    found = queries.pressure_reports(official_id=me(request), now=now(), closed=closed, page=number)
    shown = {"found": found, "closed": closed, "pressure_page": True}
    return render(request, "console/pressure_list.html", shown)


@require_safe
def pressure(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One report."""
    return _page(request, report_id)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """An act on a report. A refused one shows the report as it stands, with the reason and all that was typed."""
    if request.method != "POST":
        return redirect("console:pressure-report", report_id=report_id)
    asked = request.POST
    typed = Typed(asked.get("act", ""), asked.get("text", ""), asked.get("verdict", ""))
    revision = _number(request.POST.get("revision", ""), _LONGEST_REVISION)
    if typed.act not in list(Act) or revision is None:
        raise BadRequest
    try:
        operations.act(
            report_id=report_id,
            act=Act(typed.act),
            official_id=me(request),
            revision=revision,
            now=now(),
            text=typed.text,
            verdict=typed.verdict,
        )
    except Refused as refusal:
        return _page(request, report_id, replace(typed, told=told(refusal, thing="pressure")))
    messages.success(request, str(ACTS[Act(typed.act)].done))
    if typed.act == Act.HAND_UP:
        # It is out of reach of who did it.
        return redirect("console:pressure")
    return redirect("console:pressure-report", report_id=report_id)


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Whom to call, shown once, for one of the purposes on the page; every look is on record."""
    if request.method != "POST":
        return redirect("console:pressure-report", report_id=report_id)
    chosen = request.POST.get("purpose", "")
    purpose = chosen if chosen in map(str, PURPOSES) else ""
    try:
        found = operations.see_contact(
            report_id=report_id, official_id=me(request), purpose=purpose, now=now()
        )
    except Refused as refusal:
        return _page(request, report_id, Typed(told=told(refusal, thing="pressure")))
    return _page(request, report_id, contact=found)


def _page(request: HttpRequest, report_id: UUID, typed: Typed | None = None, **more: Any) -> HttpResponse:
    try:
        found = queries.pressure_report(official_id=me(request), report_id=report_id, now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    typed = typed or Typed()
    shown = {"found": found, "row": found.row, "typed": typed, "purposes": PURPOSES, **more}
    return render(
        request, "console/pressure.html", {**shown, "pressure_page": True}, status=typed.told.status
    )


def _number(text: str, longest: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else None
