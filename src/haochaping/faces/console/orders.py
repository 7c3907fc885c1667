"""The single order: read, act, look up the contact of who agreed to be called."""

from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.faces.console.act_words import done_words
from haochaping.faces.console.asking import me
from haochaping.faces.console.rules import address_of_rule
from haochaping.foundation.asked_once import asking_once
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from haochaping.rectification import operations, queries
from haochaping.rectification.escalated import escalations_of
from haochaping.rectification.report_form.made import forms_of
from haochaping.rectification.rules import Said
from haochaping.rectification.states import Act

PURPOSES = (_("核实情况"), _("反馈整改结果"), _("差评回访"))
_SET_RIGHT = frozenset({"rectification", "rework"})
# After these the order may be out of reach of who did them.
_AWAY = frozenset({Act.DISPATCH})


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in with a refused act, to be shown again, and why it was refused."""

    act: str = ""
    text: str = ""
    said: Said = field(default_factory=Said)
    message: str = ""
    problems: dict[str, str] = field(default_factory=dict)


@require_safe
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One order."""
    return _page(request, order_id)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One of the acts that are possible now. A refused one shows the order as it stands, with the reason and all that was
    typed."""
    if request.method != "POST":
        return redirect("console:order", order_id=order_id)
    chosen, revision = _chosen(request), _revision(request)
    typed = Typed(chosen, request.POST.get("text", ""), _said(request))
    if chosen is Act.CLOSE and "confirm" not in request.POST:
        problem = str(_("办结后不能再修改，请先勾选确认。"))
        return _page(request, order_id, replace(typed, problems={"confirm": problem}), 422)
    try:
        state = operations.act(
            order_id=order_id,
            act=chosen,
            official_id=me(request),
            revision=revision,
            now=now(),
            text=typed.text,
            said=typed.said,
        )
    except NotFound as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        return _refused(request, order_id, refusal, typed)
    messages.success(request, str(done_words(chosen, state)))
    if chosen in _AWAY:
        # The order may be out of reach from now on.
        return redirect("console:orders")
    return redirect("console:order", order_id=order_id)


def _said(request: HttpRequest) -> Said:
    return Said(**{each.name: request.POST.get(each.name, "") for each in fields(Said)})


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Whom to call, shown once: the page is kept nowhere, and every look is on record."""
    if request.method != "POST":
        return redirect("console:order", order_id=order_id)
    try:
        found = operations.see_contact(
            order_id=order_id, official_id=me(request), purpose=_purpose(request), now=now()
        )
    except NotFound as refusal:
        if refusal.code == "order":
            raise Http404 from refusal
        return _page(request, order_id, Typed(problems={"purpose": refusal.message}), 404)
    except Refused as refusal:
        return _refused(request, order_id, refusal, Typed())
    return _page(request, order_id, contact=found)


def _purpose(request: HttpRequest) -> str:
    """One of those on the page: it is written down for others, so that nobody's name may stand in it."""
    chosen = request.POST.get("purpose", "")
    return chosen if chosen in map(str, PURPOSES) else ""


def _refused(request: HttpRequest, order_id: UUID, refusal: Refused, typed: Typed) -> HttpResponse:
    match refusal:
        case Invalid():
            problems = {problem.field: problem.message for problem in refusal.problems}
            return _page(request, order_id, replace(typed, problems=problems), 422)
        case Conflict():
            return _page(request, order_id, replace(typed, message=refusal.message), 409)
        case NotAllowed():
            return _page(request, order_id, replace(typed, message=refusal.message), 403)
    raise refusal


def _page(
    request: HttpRequest, order_id: UUID, typed: Typed | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    # A page that refuses is read anew, after what was refused.
    with asking_once():
        return _rendered(request, order_id, typed or Typed(), status, more)


def _rendered(
    request: HttpRequest, order_id: UUID, typed: Typed, status: int, more: dict[str, Any]
) -> HttpResponse:
    at = now()
    today = local_day(at)
    try:
        found = queries.order(official_id=me(request), order_id=order_id, now=at)
    except NotFound as refusal:
        raise Http404 from refusal
    page = {
        "order": found,
        "row": found.row,
        "typed": typed,
        "nothing": Typed(),
        "usual": next((each for each in found.offers if each.usual), None),
        "others": [each for each in found.offers if not each.usual],
        "offered": {each.act.value for each in found.offers},
        "purposes": PURPOSES,
        "escalations": escalations_of(order_id=order_id, now=at),
        "forms": forms_of(order_id=order_id) if found.may_make_forms else (),
        "rectification_shown": any(each.step in _SET_RIGHT for each in found.limits),
        "rule_links": {
            each.rule: address_of_rule(found, each.rule, today) for each in found.offers if each.clause
        },
        "rules_link": address_of_rule(found, "rectification", today),
        **more,
    }
    return render(request, "console/order.html", page, status=status)


def _chosen(request: HttpRequest) -> Act:
    try:
        return Act(request.POST.get("act", ""))
    except ValueError as error:
        raise BadRequest from error


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadRequest
    return int(text)
