"""What the console tells an official: his notices, what was escalated, how he wants to be told, the outbox."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.exchange.delivering import set_up
from haochaping.faces.console.asking import id_in, me
from haochaping.foundation.clock import now
from haochaping.foundation.errors import Invalid
from haochaping.notices.operations.preferences import Wanted, set_preference
from haochaping.notices.operations.reading import mark_read
from haochaping.notices.queries.inbox import inbox
from haochaping.notices.queries.outbox import outbox as sent_out
from haochaping.notices.queries.preferences import PreferenceView, preference
from haochaping.notices.states import CARRIED, TOLD
from haochaping.rectification.escalated import escalated

_LONGEST_PAGE: Final = 6
# The outbox shows the notices of so long.
_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Typed:
    """What is in the form of preferences, and what is wrong with it."""

    said: PreferenceView
    problems: dict[str, str] = field(default_factory=dict)


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """His notices, the newest first."""
    found = inbox(official_id=me(request), page=_page(request))
    return render(request, "console/notices.html", {"found": found, "notices_page": True})


@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest) -> HttpResponse:
    """Marks one notice as read, or all."""
    if request.method == "POST":
        chosen = [id_in(each) for each in request.POST.getlist("notice")]
        number = mark_read(official_id=me(request), now=now(), notices=chosen or None)
        if number:
            messages.success(request, str(_("已标为已读。")))
    return redirect("console:notices")


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Where and of what he is to be told; a refused form keeps what was typed."""
    if request.method != "POST":
        return _preferences_page(request, Typed(preference(official_id=me(request))))
    said = PreferenceView(
        request.POST.get("email", ""),
        request.POST.get("phone", ""),
        tuple(request.POST.getlist("email_kinds")),
        tuple(request.POST.getlist("sms_kinds")),
    )
    wanted = Wanted(said.email, said.phone, said.email_kinds, said.sms_kinds)
    try:
        set_preference(official_id=me(request), wanted=wanted, now=now())
    except Invalid as refusal:
        problems = {problem.field: problem.message for problem in refusal.problems}
        return _preferences_page(request, Typed(said, problems), 422)
    messages.success(request, str(_("通知方式已保存，从下一条通知起生效。")))
    return redirect("console:notices")


@require_safe
def escalations(request: HttpRequest) -> HttpResponse:
    """What the rules have set off about the orders in reach."""
    found = escalated(official_id=me(request), now=now(), page=_page(request))
    return render(request, "console/escalations.html", {"found": found, "escalations_page": True})


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """How notices leave the house: numbers by way, and those that did not simply go out."""
    shown = {"found": sent_out(since=now() - timedelta(days=_DAYS)), "days": _DAYS, "watch_page": True}
    return render(request, "console/outbox.html", shown)


def _preferences_page(request: HttpRequest, typed: Typed, status: int = 200) -> HttpResponse:
    off = [channel for channel in CARRIED if channel not in set_up()]
    shown = {"typed": typed, "kinds": TOLD, "off": off, "notices_page": True}
    return render(request, "console/preferences.html", shown, status=status)


def _page(request: HttpRequest) -> int:
    page = request.GET.get("page", "1")
    return int(page) if page.isascii() and page.isdigit() and len(page) <= _LONGEST_PAGE else 1
