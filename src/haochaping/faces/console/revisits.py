"""Revisits: what is due, one of them with its attempts, whom to call; the rates and samples for the authority."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.faces.console import revisit_words as words
from haochaping.faces.console.asking import me
from haochaping.faces.console.refusals import Told, told
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.errors import NotFound, Refused
from haochaping.oversight.drawing import Period, period_of
from haochaping.oversight.operations import revisits as operations
from haochaping.oversight.operations.revisits import Attempt
from haochaping.oversight.queries import revisits as queries
from haochaping.oversight.queries.rating_rates import rating_rates
from haochaping.oversight.queries.rating_samples import rating_samples
from haochaping.oversight.queries.revisit_rates import RevisitCounts, revisit_rates
from haochaping.oversight.queries.samples import periods, samples
from haochaping.oversight.queries.yearly import yearly_duties, yearly_report
from haochaping.oversight.revisiting import State
from haochaping.policy.vocabulary import MEANS
from haochaping.rectification.rulebook import rulebook

_LONGEST_PAGE = 6
_LONGEST_REVISION = 9
_QUARTERS = 8
_YEARS = 3
_LONGEST_YEAR = 4


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in with a refused attempt, to be shown again, and why it was refused."""

    attempt: Attempt = field(default_factory=Attempt)
    told: Told = field(default_factory=Told)


@require_safe
def revisits(request: HttpRequest) -> HttpResponse:
    """What is due, by due day; or what has ended."""
    ended = request.GET.get("show") == "ended"
    number = _number(request.GET.get("page", ""), _LONGEST_PAGE) or 1
    found = queries.revisits(official_id=me(request), now=now(), ended=ended, page=number)
    today = local_day(now())
    watched = queries.reach_of(me(request), today).watched if found.watches else ()
    owed = yearly_duties(watched, today.year, rulebook(), today) if watched else ()
    shown = {"found": found, "ended": ended, "owed": [each for each in owed if each.presses]}
    shown["revisits_page"] = True
    return render(request, "console/revisits.html", shown)


@require_safe
def revisit(request: HttpRequest, revisit_id: UUID) -> HttpResponse:
    """One revisit."""
    return _page(request, revisit_id)


@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, revisit_id: UUID) -> HttpResponse:
    """An attempt. A refused one shows the revisit as it stands, with the reason and all that was typed."""
    if request.method != "POST":
        return redirect("console:revisit", revisit_id=revisit_id)
    revision = _number(request.POST.get("revision", ""), _LONGEST_REVISION)
    if revision is None:
        raise BadRequest
    typed = _typed(request, revisit_id)
    try:
        state = operations.attempt(
            revisit_id=revisit_id, official_id=me(request), revision=revision, typed=typed, now=now()
        )
    except Refused as refusal:
        return _page(request, revisit_id, Typed(typed, told(refusal, thing="revisit")))
    done = _("已记录，下次可以继续联系。") if state is State.DUE else _("已记录，这次回访已经结束。")
    messages.success(request, str(done))
    return redirect("console:revisit", revisit_id=revisit_id)


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, revisit_id: UUID) -> HttpResponse:
    """Whom to call, shown once, for one of the purposes on the page; every look is on record."""
    if request.method != "POST":
        return redirect("console:revisit", revisit_id=revisit_id)
    chosen = request.POST.get("purpose", "")
    purpose = chosen if chosen in map(str, words.PURPOSES) else ""
    try:
        found = operations.see_contact(
            revisit_id=revisit_id, official_id=me(request), purpose=purpose, now=now()
        )
    except Refused as refusal:
        return _page(request, revisit_id, Typed(told=told(refusal, thing="revisit")))
    return _page(request, revisit_id, contact=found)


@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    """The rates of a quarter by organisation and the samples, drawable again: for who watches over others."""
    today = local_day(now())
    choices = _quarters(today)
    asked = request.GET.get("quarter", "")
    chosen = next((each for each in choices if each.first.isoformat() == asked), choices[0])
    reach = queries.reach_of(me(request), today)
    found = revisit_rates(organisations=reach.watched, first=chosen.first, last=chosen.last, on=today)
    scopes = reach.seen if reach.watched else ()
    shown = {
        "rates": found,
        "watches": bool(reach.watched),
        "total": sum((each.counts for each in found), RevisitCounts()),
        "quarters": choices,
        "chosen": chosen,
        "samples": samples(scopes=scopes, on=today),
        "rating_rates": rating_rates(organisations=reach.watched, first=chosen.first, last=chosen.last),
        "rating_samples": rating_samples(scopes=scopes, on=today),
        "periods": periods(on=today),
        "revisits_page": True,
    }
    return render(request, "console/revisit_rates.html", shown)


@require_safe
def yearly(request: HttpRequest) -> HttpResponse:
    """What the rules want told of a year, until when, and its figures: for who watches over others."""
    today = local_day(now())
    years = range(today.year, today.year - _YEARS, -1)
    asked = _number(request.GET.get("year", ""), _LONGEST_YEAR)
    year = asked if asked is not None and asked in years else today.year
    watched = queries.reach_of(me(request), today).watched
    found = yearly_report(organisations=watched, year=year, rulebook=rulebook(), on=today)
    shown = {"found": found, "years": years, "watches": bool(watched), "revisits_page": True}
    return render(request, "console/yearly.html", shown)


def _quarters(today: date) -> list[Period]:
    """The running one and those before, the last first."""
    found = [period_of("quarter", today)]
    while len(found) < _QUARTERS:
        found.append(period_of("quarter", date.fromordinal(found[-1].first.toordinal() - 1)))
    return found


def _typed(request: HttpRequest, revisit_id: UUID) -> Attempt:
    try:
        asks = queries.revisit(official_id=me(request), revisit_id=revisit_id, now=now()).asks
    except NotFound as refusal:
        raise Http404 from refusal
    asked = request.POST
    return Attempt(
        outcome=asked.get("outcome", ""),
        means=asked.get("means", ""),
        satisfied=asked.get("satisfied", ""),
        answers={ask: asked.get(f"answer-{index}", "") for index, ask in enumerate(asks)},
        note=asked.get("note", ""),
    )


def _page(request: HttpRequest, revisit_id: UUID, typed: Typed | None = None, **more: Any) -> HttpResponse:
    try:
        found = queries.revisit(official_id=me(request), revisit_id=revisit_id, now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    typed = typed or Typed()
    shown = {
        "found": found,
        "row": found.row,
        "typed": typed,
        "asks": [
            (
                f"answer-{index}",
                ask,
                typed.attempt.answers.get(ask, ""),
                typed.told.problems.get(f"answer-{index}"),
            )
            for index, ask in enumerate(found.asks)
        ],
        "outcomes": [(outcome.value, said) for outcome, said in words.OUTCOMES.items()],
        "means": found.row.means or tuple(MEANS),
        "purposes": words.PURPOSES,
        **more,
    }
    shown["revisits_page"] = True
    return render(request, "console/revisit.html", shown, status=typed.told.status)


def _number(text: str, longest: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else None
