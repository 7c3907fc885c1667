"""The form with which the rated object, in the name of their organisation or in their own, and taking that back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from haochaping.faces.console.asking import me
from haochaping.faces.console.objection_words import ACTS
from haochaping.faces.console.refusals import Told, told
from haochaping.foundation.clock import now
from haochaping.foundation.errors import Conflict, NotAllowed, NotFound, Refused
from haochaping.rectification import operations
from haochaping.rectification.contests import Act, Filing, Kind
from haochaping.rectification.objection_queries.rated import Offer

_FIELDS: Final = ("by", "ground", "reasons", "evidence")


@dataclass(frozen=True, slots=True)
class Way:
    """Whose way to an objection. `page` and `new` are names of routes, of the thing rated and of the form; `offer` asks what
    may be filed."""

    page: str
    new: str
    offer: Callable[..., Offer]


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in with a refused act, by field, to be shown again, and why it was refused."""

    act: str = ""
    values: dict[str, str] = field(default_factory=dict)
    told: Told = field(default_factory=Told)


def objected(request: HttpRequest, order_id: UUID, kind: str, way: Way) -> HttpResponse:
    """The form, and what is sent with it. A refused one keeps all that was typed."""
    if kind not in list(Kind):
        raise Http404
    if request.method != "POST":
        return _form(request, order_id, Kind(kind), way, Typed())
    values = {name: request.POST.get(name, "") for name in _FIELDS}
    try:
        operations.file(
            order_id=order_id, kind=Kind(kind), official_id=me(request), filing=Filing(**values), now=now()
        )
    except Refused as refusal:
        return _form(request, order_id, Kind(kind), way, Typed(values=values, told=told(refusal)))
    messages.success(request, str(ACTS[Act.FILE].done))
    return redirect(way.page, order_id)


def taken_back(request: HttpRequest, order_id: UUID, filed_id: UUID, way: Way) -> HttpResponse:
    """The rated take an undecided objection back."""
    if request.method != "POST":
        return redirect(way.page, order_id)
    try:
        operations.withdraw(objection_id=filed_id, official_id=me(request), now=now())
    except (NotFound, NotAllowed) as refusal:
        raise Http404 from refusal
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, str(ACTS[Act.WITHDRAW].done))
    return redirect(way.page, order_id)


def _form(request: HttpRequest, order_id: UUID, kind: Kind, way: Way, typed: Typed) -> HttpResponse:
    try:
        offer = way.offer(order_id=order_id, kind=kind, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    page = {"offer": offer, "order_id": order_id, "kind": kind, "way": way, "typed": typed}
    return render(request, "console/objection_new.html", page, status=typed.told.status)
