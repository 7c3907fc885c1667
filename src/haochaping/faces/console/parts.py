"""The parts of joint orders: given by an officer, done by their organisations, each seen by its own."""

from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.faces.console.asking import me
from haochaping.faces.console.part_words import ACTS
from haochaping.foundation.clock import now
from haochaping.foundation.errors import Conflict, Invalid, NotFound, Refused
from haochaping.rectification import operations
from haochaping.rectification import part_queries as queries
from haochaping.rectification.operations import Giving, PartSaid
from haochaping.rectification.parts import PartAct

_LONGEST_REVISION = 9
# Giving is done on a page of its own; the other acts on that of the part.
_HERE = (PartAct.TAKE, PartAct.REPORT, PartAct.RELEASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in with a refused form, by field, to be shown again, and why it was refused."""

    act: str = ""
    values: dict[str, str] = field(default_factory=dict)
    message: str = ""
    problems: dict[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The form with which an officer gives an organisation its part, and what is sent with it."""
    if request.method != "POST":
        return _form(request, order_id)
    values = _values(request, Giving)
    try:
        operations.give_part(order_id=order_id, official_id=me(request), giving=Giving(**values), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        typed, status = _refused(refusal, "", values)
        return _form(request, order_id, typed, status)
    messages.success(request, str(ACTS[PartAct.GIVE].done))
    return redirect("console:order", order_id=order_id)


def _form(
    request: HttpRequest, order_id: UUID, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    try:
        found = queries.parts_of(order_id=order_id, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    shown = {"joint": found, "typed": typed or Typed(), "words": ACTS[PartAct.GIVE]}
    return render(request, "console/part_new.html", shown, status=status)


@require_safe
def part(request: HttpRequest, part_id: UUID) -> HttpResponse:
    """One part."""
    return _page(request, part_id)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, part_id: UUID) -> HttpResponse:
    """An act on a part. A refused one shows the part as it stands, with the reason and all that was typed."""
    if request.method != "POST":
        return redirect("console:part", part_id=part_id)
    chosen, revision = request.POST.get("act", ""), request.POST.get("revision", "")
    known = revision.isascii() and revision.isdigit() and len(revision) <= _LONGEST_REVISION
    if chosen not in _HERE or not known:
        raise BadRequest
    values = _values(request, PartSaid)
    try:
        operations.act_on_part(
            part_id=part_id,
            act=PartAct(chosen),
            official_id=me(request),
            revision=int(revision),
            now=now(),
            said=PartSaid(**values),
        )
    except NotFound as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        typed, status = _refused(refusal, chosen, values)
        return _page(request, part_id, typed, status)
    messages.success(request, str(ACTS[PartAct(chosen)].done))
    return redirect("console:part", part_id=part_id)


def _values(request: HttpRequest, said: Any) -> dict[str, str]:
    return {each.name: request.POST.get(each.name, "") for each in fields(said)}


def _page(request: HttpRequest, part_id: UUID, typed: Typed | None = None, status: int = 200) -> HttpResponse:
    try:
        found = queries.part(part_id=part_id, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    shown = {"page": found, "part": found.part, "row": found.part.row, "typed": typed or Typed()}
    return render(request, "console/part.html", shown, status=status)


def _refused(refusal: Refused, act: str, values: dict[str, str]) -> tuple[Typed, int]:
    match refusal:
        case Invalid():
            problems = {problem.field: problem.message for problem in refusal.problems}
            return Typed(act, values, problems=problems), 422
        case Conflict():
            return Typed(act, values, refusal.message), 409
    return Typed(act, values, refusal.message), 403
