"""The records that were kept aside: the list, one record, and what is decided about one or many."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.cases import operations
from haochaping.cases.operations import Decided
from haochaping.cases.queries import quarantine as queries
from haochaping.faces.console.asking import id_in, me
from haochaping.faces.console.reporting_words import DOUBTS
from haochaping.foundation.clock import now
from haochaping.foundation.errors import Invalid, NotFound

_LONGEST_PAGE = 6

ACTS: dict[str, tuple[Callable[..., Decided], str | Promise]] = {
    "release": (operations.wish_release, _("已决定放行，几秒内完成。")),
    "refuse": (operations.refuse, _("已决定不予采信，报送单位可以查到理由。")),
    "ask": (operations.ask_sender, _("已询问报送单位，记录仍待处理。")),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in with a refused decision, to be shown again, and why it was refused."""

    act: str = ""
    note: str = ""
    chosen: tuple[str, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)


@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    """The list: open or closed, of one sender or all, with one doubt or any."""
    return _list(request)


@require_safe
def quarantined(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """One record."""
    return _page(request, record_id)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest) -> HttpResponse:
    """The records that were ticked in the list. A refused decision shows the list again with all that was typed."""
    if request.method != "POST":
        return redirect("console:quarantine")
    chosen = tuple(request.POST.getlist("record"))
    typed = Typed(request.POST.get("act", ""), request.POST.get("note", ""), chosen)
    if not chosen:
        return _list(request, _with(typed, "record", str(_("请先勾选要处理的记录。"))), 422)
    if problems := _decided(request, [id_in(each) for each in chosen], typed):
        return _list(request, Typed(typed.act, typed.note, chosen, problems), 422)
    return redirect("console:quarantine")


@require_http_methods(["GET", "HEAD", "POST"])
def decide_one(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """The record of the page."""
    if request.method != "POST":
        return redirect("console:quarantined", record_id=record_id)
    typed = Typed(request.POST.get("act", ""), request.POST.get("note", ""))
    if problems := _decided(request, [record_id], typed):
        return _page(request, record_id, Typed(typed.act, typed.note, problems=problems), 422)
    return redirect("console:quarantined", record_id=record_id)


def _decided(request: HttpRequest, records: list[UUID], typed: Typed) -> dict[str, str]:
    """Carries the decision out and says so; else the problems by field."""
    if typed.act not in ACTS:
        return {"act": str(_("请选择放行、不予采信或询问。"))}
    act, done = ACTS[typed.act]
    try:
        decided = act(records=records, official_id=me(request), note=typed.note, now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    except Invalid as refusal:
        return {problem.field: problem.message for problem in refusal.problems}
    if decided.number:
        words = ngettext("%(n)d条记录：%(done)s", "%(n)d条记录：%(done)s", decided.number)
        messages.success(request, words % {"n": decided.number, "done": done})
    if decided.closed:
        words = ngettext(
            "%(n)d条记录已由他人处理或已被更正，未作改动。",
            "%(n)d条记录已由他人处理或已被更正，未作改动。",
            decided.closed,
        )
        messages.warning(request, words % {"n": decided.closed})
    return {}


def _list(request: HttpRequest, typed: Typed | None = None, status: int = 200) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    page, reason = asked.get("page", "1"), asked.get("reason", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= _LONGEST_PAGE else 1
    filters = queries.KeptFilter(
        platform=asked.get("platform", "").replace("\0", ""),
        reason=reason if reason in DOUBTS else "",
        closed=asked.get("show") == "closed",
        page=number,
    )
    shown = {
        "found": queries.kept(official_id=me(request), now=now(), filters=filters),
        "filters": filters,
        "typed": typed or Typed(),
        "senders_page": True,
    }
    return render(request, "console/quarantine.html", shown, status=status)


def _page(
    request: HttpRequest, record_id: UUID, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    try:
        found = queries.kept_record(official_id=me(request), record_id=record_id, now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    shown = {"found": found, "row": found.row, "typed": typed or Typed(), "senders_page": True}
    return render(request, "console/quarantined.html", shown, status=status)


def _with(typed: Typed, name: str, message: str) -> Typed:
    return Typed(typed.act, typed.note, typed.chosen, {name: message})
