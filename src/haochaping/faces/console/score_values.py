"""Values that scores take from outside: entered one by one or by file, and confirmed by another person."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.accounts.rules import Permission
from haochaping.faces.console.asking import me
from haochaping.faces.console.scores import offered
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from haochaping.policy.owed import Period, period_of
from haochaping.policy.profile import Profile
from haochaping.policy.spells import KINDS
from haochaping.rectification.rulebook import rulebook
from haochaping.registry import queries as registry
from haochaping.scoring.countable import external_names
from haochaping.scoring.operations.entering import decide_value, propose_values
from haochaping.scoring.operations.reach import divisions_of
from haochaping.scoring.queries.entered import values_of
from haochaping.scoring.values_file import BYTES_MOST, COLUMNS, Over, entry_of, values_in

_FIELDS = ("division", "period", *COLUMNS.values())


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in with a refused form, and what was wrong: by row, or as a whole."""

    values: dict[str, str] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()


class _Asked(NamedTuple):
    """For which division (registry id), over which period, by which rules."""

    division: int
    kind: str
    period: Period
    rules: Profile


@require_safe
def values(request: HttpRequest) -> HttpResponse:
    """What was entered, what waits to be confirmed, and the forms."""
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """One value, or all of a file; a refused one shows the form again with every mistake."""
    if request.method != "POST":
        return redirect("console:score-values")
    typed = {name: request.POST.get(name, "") for name in _FIELDS}
    try:
        asked = _asked(typed)
        file = request.FILES.get("file")
        over = Over(asked.kind, asked.period)
        if file is not None:
            content = file.read(BYTES_MOST + 1)
            entries = values_in(content, over, division_id=asked.division, rules=asked.rules)
        else:
            entries = [entry_of(typed, over)]
        number = propose_values(
            entries, division_id=asked.division, rules=asked.rules, official_id=me(request), now=now()
        )
    except Refused as refusal:
        return _page(request, refusal, typed)
    messages.success(
        request, _("已录入%(number)d个值，本单位另一个人确认以后才计入得分。") % {"number": number}
    )
    return redirect("console:score-values")


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, value_id: UUID) -> HttpResponse:
    """Confirms a value, or sends it back."""
    if request.method != "POST":
        return redirect("console:score-values")
    confirm = request.POST.get("act") == "confirm"
    try:
        decide_value(value_id=value_id, confirm=confirm, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        return _page(request, refusal)
    messages.success(request, _("已确认，以后计算的得分用这个值。") if confirm else _("已退回，不计入得分。"))
    return redirect("console:score-values")


def _asked(typed: dict[str, str]) -> _Asked:
    kind, _colon, first = typed["period"].partition(":")
    number = typed["division"]
    try:
        period = period_of(kind, date.fromisoformat(first))
    except (ValueError, LookupError) as error:
        raise BadRequest from error
    if kind not in KINDS or not (number.isascii() and number.isdigit()):
        raise BadRequest
    division = next((each for each in registry.division_tree(period.last) if each.id == int(number)), None)
    try:
        rules = rulebook().profile(division.code, period.last) if division else None
    except LookupError:
        rules = None
    if division is None or rules is None:
        raise NotFound("no_rules", _("这个地方没有可以适用的评价规则。"))
    return _Asked(division.id, kind, period, rules)


def _page(
    request: HttpRequest, refusal: Refused | None = None, typed: dict[str, str] | None = None
) -> HttpResponse:
    who, today = me(request), local_day(now())
    enters, confirms = (
        divisions_of(official_id=who, permission=permission, now=now())
        for permission in (Permission.RUN_SCORES, Permission.SIGN_SCORES)
    )
    periods = offered(today)
    problems: tuple[tuple[str, str], ...] = ()
    if isinstance(refusal, Invalid):
        problems = tuple((each.field, each.message) for each in refusal.problems)
    elif refusal is not None:
        problems = (("", refusal.message),)
    page = {
        "rows": values_of(enters | confirms, official_id=who),
        "places": sorted(registry.division_names(enters, today).items()),
        "periods": periods,
        "names": sorted(_names(enters, {today, *(each.first for each in periods)})),
        "columns": ",".join(COLUMNS),
        "may_confirm": bool(confirms),
        "typed": Typed(typed or {}, problems),
        "scores_page": True,
    }
    return render(request, "console/score_values.html", page, status=_status(refusal))


def _names(divisions: frozenset[int], days: set[date]) -> frozenset[str]:
    """The names of the values that the rules of these places take on any of these days."""
    found: frozenset[str] = frozenset()
    for code, day in product(registry.division_codes(divisions).values(), days):
        with suppress(LookupError):
            found |= external_names(rulebook().profile(code, day))
    return found


def _status(refusal: Refused | None) -> int:
    match refusal:
        case None:
            return 200
        case NotAllowed():
            return 403
        case Conflict():
            return 409
    return 422
