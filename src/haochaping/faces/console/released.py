"""Answered bad ratings on their way to the public: what waits, a draft masked by machine, the second look."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.faces.console.asking import me
from haochaping.faces.console.refusals import Told, told
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound, Refused
from haochaping.publication.masking import pieces
from haochaping.publication.operations import answers as operations
from haochaping.publication.queries import proposals
from haochaping.publication.states import Release

_FRAME = {"answers_page": True}
_SHOWN = {each.value: each for each in Release}


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in with a refused form, to be shown again, and why it was refused."""

    said: str = ""
    answer: str = ""
    reason: str = ""
    told: Told = field(default_factory=Told)


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """What waits to be drafted; or the drafts, what is public, what was withdrawn."""
    chosen = _SHOWN.get(request.GET.get("show", ""))
    shown: dict[str, Any] = {"chosen": chosen or "", "most": proposals.SHOWN, **_FRAME}
    if chosen is None:
        shown["waiting"] = proposals.waiting(official_id=me(request), now=now())
    else:
        shown["drafts"] = proposals.drafts(official_id=me(request), state=chosen, now=now())
    return render(request, "console/answers.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, answered_id: UUID) -> HttpResponse:
    """The texts as the machine masked them, to take more away; a refused draft comes back as it was typed."""
    if request.method != "POST":
        return _draft(request, answered_id)
    said, answer = request.POST.get("said", ""), request.POST.get("answer", "")
    try:
        made = operations.draft_answer(
            order_id=answered_id, official_id=me(request), said=said, answer=answer, now=now()
        )
    except Refused as refusal:
        return _draft(request, answered_id, Typed(said, answer, told=_told(refusal)))
    messages.success(request, _("已拟定，还没有公开。请再核对一遍，确认没有能认出评价人的内容。"))
    return redirect("console:answer", answer_id=made)


@require_safe
def answer(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """The second look."""
    return _answer(request, answer_id)


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """Makes it public."""
    if request.method != "POST":
        return redirect("console:answer", answer_id=answer_id)
    try:
        number = operations.release_answer(answer_id=answer_id, official_id=me(request), now=now())
    except Refused as refusal:
        return _answer(request, answer_id, Typed(told=_told(refusal)))
    messages.success(request, _("已公开，编号 %(number)s。") % {"number": number})
    return redirect("console:answer", answer_id=answer_id)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """Takes it back, with the reason."""
    if request.method != "POST":
        return redirect("console:answer", answer_id=answer_id)
    reason = request.POST.get("reason", "")
    try:
        operations.withdraw_answer(answer_id=answer_id, official_id=me(request), reason=reason, now=now())
    except Refused as refusal:
        return _answer(request, answer_id, Typed(reason=reason, told=_told(refusal)))
    messages.success(request, _("已撤回，文字已经删除。"))
    return redirect("console:answer", answer_id=answer_id)


def _draft(request: HttpRequest, order_id: UUID, typed: Typed | None = None) -> HttpResponse:
    try:
        found = proposals.proposal(order_id, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        shown = {"message": refusal.message, **_FRAME}
        return render(request, "console/answer_refused.html", shown, status=_told(refusal).status)
    shown = {
        "found": found,
        "masked_said": tuple(pieces(found.said)),
        "masked_answer": tuple(pieces(found.answer)),
        "typed": typed or Typed(found.said, found.answer),
        **_FRAME,
    }
    return render(request, "console/answer_draft.html", shown, status=typed.told.status if typed else 200)


def _answer(request: HttpRequest, answer_id: UUID, typed: Typed | None = None) -> HttpResponse:
    try:
        found = proposals.draft_of(answer_id, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    shown = {"found": found, "typed": typed or Typed(), **_FRAME}
    return render(request, "console/answer.html", shown, status=typed.told.status if typed else 200)


def _told(refusal: Refused) -> Told:
    return Told(refusal.message, status=422) if type(refusal) is Refused else told(refusal)
