"""Objections: filed and taken back by the rated, listed, decided and confirmed by the body that the rules name."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.faces.console.asking import me
from haochaping.faces.console.filing import Typed, Way, objected, taken_back
from haochaping.faces.console.objection_words import ACTS
from haochaping.faces.console.rated import sees
from haochaping.faces.console.refusals import told
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound, Refused
from haochaping.rectification import objection_queries as queries
from haochaping.rectification import operations
from haochaping.rectification.contests import Act, State

_LONGEST_PAGE = 6
_LONGEST_REVISION = 9
_DECISION = ("outcome", "ground", "findings", "reply", "heard")

_ORDER: Final = Way("console:order", "console:objection-new", queries.offer_to_file)
_ELSEWHERE: Final = Way("console:rated-order", "console:objection-new", queries.offer_to_file)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, order_id: UUID, kind: str) -> HttpResponse:
    """The form with which a handler of the rated objects, and what is sent with it."""
    return objected(request, order_id, kind, _way(request, order_id))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, order_id: UUID, filed_id: UUID) -> HttpResponse:
    """A handler of the rated takes an undecided objection back."""
    return taken_back(request, order_id, filed_id, _way(request, order_id))


def _way(request: HttpRequest, order_id: UUID) -> Way:
    """By the page on which he sees the order: his own organisation's, or that of a rating which another one handles."""
    return _ORDER if sees(request, order_id) else _ELSEWHERE


@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    """What this official's body has to decide or to confirm, by due date; or what is over."""
    closed = request.GET.get("show") == "closed"
    number = _number(request.GET.get("page", ""), _LONGEST_PAGE) or 1
    found = queries.objections_of_body(official_id=me(request), now=now(), closed=closed, page=number)
    shown = {"found": found, "closed": closed, "objections_page": True}
    return render(request, "console/objections.html", shown)


@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    """What of each body's decisions upheld the objection."""
    found = queries.decisions_by_body(official_id=me(request), now=now())
    return render(request, "console/objection_rates.html", {"found": found, "objections_page": True})


@require_safe
def objection(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """One objection."""
    return _page(request, objection_id)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """An act of the body: taking it on, deciding, proposing that the rating does not count or counts again."""
    return _act(request, objection_id, frozenset({Act.ACCEPT, Act.DECIDE, Act.VOID, Act.RESTORE}))


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """The second person confirms, or sends it back."""
    return _act(request, objection_id, frozenset({Act.CONFIRM, Act.SEND_BACK}))


def _act(request: HttpRequest, objection_id: UUID, allowed: frozenset[Act]) -> HttpResponse:
    if request.method != "POST":
        return redirect("console:objection", objection_id=objection_id)
    chosen = request.POST.get("act", "")
    revision = _number(request.POST.get("revision", ""), _LONGEST_REVISION)
    if chosen not in {each.value for each in allowed} or revision is None:
        raise BadRequest
    values = {name: request.POST.get(name, "") for name in (*_DECISION, "text")}
    try:
        done = _done(request, objection_id, Act(chosen), revision, values)
    except Refused as refusal:
        return _page(request, objection_id, Typed(chosen, values, told(refusal)))
    messages.success(request, done)
    return redirect("console:objection", objection_id=objection_id)


def _done(
    request: HttpRequest, objection_id: UUID, chosen: Act, revision: int, values: dict[str, str]
) -> str:
    """Does it; what to say then."""
    at, official = now(), me(request)
    who: dict[str, Any] = {
        "objection_id": objection_id,
        "official_id": official,
        "revision": revision,
        "now": at,
    }
    match chosen:
        case Act.ACCEPT:
            operations.accept(**who)
        case Act.DECIDE:
            decision = operations.Decision(**{name: values[name] for name in _DECISION})
            if operations.decide(decision=decision, **who) is State.PROPOSED:
                return _("决定已保存，等待本单位另一人确认。确认前评价照计，被评价单位看不到这项决定。")
        case Act.CONFIRM:
            operations.confirm(**who)
        case Act.SEND_BACK:
            operations.send_back(reasons=values["text"], **who)
        case _:
            operations.propose(act=chosen, reasons=values["text"], **who)
    return str(ACTS[chosen].done)


def _page(request: HttpRequest, objection_id: UUID, typed: Typed | None = None) -> HttpResponse:
    try:
        found = queries.objection(objection_id=objection_id, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    typed = typed or Typed()
    shown = {"found": found, "row": found.row, "typed": typed, "objections_page": True}
    return render(request, "console/objection.html", shown, status=typed.told.status)


def _number(text: str, longest: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else None
