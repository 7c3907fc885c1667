"""The rules as a page: what applies to an organisation on a day, by which clause, and what is 未规定."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.faces.console import rule_form
from haochaping.faces.console.asking import me
from haochaping.faces.console.rule_form import RulesForm
from haochaping.faces.console.rule_sheet import calendar_state, sheet
from haochaping.foundation.clock import local_day, now
from haochaping.rectification.queries import OrderView
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import Act
from haochaping.registry import queries as registry

_SET_RIGHT = "rectification"


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The sheet for an organisation in the official's reach; for another one 404, for no day the form with why."""
    today = local_day(now())
    reach = officials.scope(official_id=me(request), permission=Permission.VIEW_ORDERS, on=today)
    asked = _organisation_id(request, reach, today)
    own = registry.organisation(asked, today)
    if own is None:
        raise Http404
    day = _day(request, today)
    halls, items = registry.halls_of(asked, day), registry.items_of(asked, day)
    form = RulesForm(_typed(request, own, today, halls, items))
    form.offer(_choices(reach, own, today), halls, items)
    page: dict[str, Any] = {"form": form, "calendar": calendar_state(rulebook(), today), "rules_page": True}
    if not form.is_valid():
        return render(request, "console/rules.html", page, status=422)
    chosen = form.cleaned_data
    found = registry.described(
        organisation=own.credit_code, hall=chosen["hall"], item=chosen["item"], on=day, strict=False
    )
    occasion, facts, unknown = rule_form.asked(found, chosen)
    page |= {"organisation": found.names["organisation"], "day": day, "facts": facts, "unknown": unknown}
    try:
        page["sheet"] = sheet(rulebook(), occasion, day, form.as_of())
    except LookupError:
        page["sheet"] = None
    return render(request, "console/rules.html", page)


def address_of_rule(order: OrderView, rule: str, today: date) -> str:
    """Where the rule stands by which a step of an order is done: of the rectification that of the day of the verification,
    which set its clock, of all others that of today. "" where the organisation is not known.

    Asked with what the handler knows of the rating, its item and 实名: where and through which channel it was given, and its
    level, are not his to know, so a rule that is for those shows on the page as one for some cases only.
    """
    verified = next((step for step in order.history if step.act is Act.VERIFY), None)
    day = local_day(verified.at) if verified is not None and rule == _SET_RIGHT else today
    if not order.row.credit_code or not rule:
        return ""
    asked = {"organisation": order.row.credit_code, "on": day.isoformat(), "item": order.row.item_code}
    asked["named"] = "yes" if order.row.named else "no"
    return f"{reverse('console:rules')}?{urlencode(asked)}#rule-{rule}"


def _organisation_id(request: HttpRequest, reach: frozenset[int], today: date) -> int:
    """What was asked for, else the organisation of the official's own post. 404 where it is out of reach."""
    code = request.GET.get("organisation", "")
    if code:
        found = registry.organisation_id_by_credit_code(code) if code.isascii() and code.isalnum() else None
        if found is None or found not in reach:
            raise Http404
        return found
    held = [post.organisation_id for post in officials.posts(official_id=me(request), on=today)]
    mine = next((each for each in held if each in reach), None)
    if mine is None:
        raise Http404
    return mine


def _day(request: HttpRequest, today: date) -> date:
    """The day that was asked for, to offer what was there on it; today for none: the form tells what is wrong with it."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today


def _choices(
    reach: frozenset[int], own: registry.OrganisationView, today: date
) -> tuple[registry.OrganisationView, ...]:
    valid = tuple(each for each in registry.organisations(today) if each.id in reach)
    return valid if any(each.id == own.id for each in valid) else (own, *valid)


def _typed(
    request: HttpRequest,
    own: registry.OrganisationView,
    today: date,
    halls: Iterable[registry.HallView],
    items: Iterable[registry.ItemView],
) -> dict[str, str]:
    """What was typed. A hall or item of the organisation that was chosen before falls away with it."""
    asked = (*rule_form.NARROWING, *rule_form.OTHER_DAYS)
    typed = {name: request.GET.get(name, "") for name in asked}
    known = {"hall": {each.code for each in halls}, "item": {each.code for each in items}}
    kept = {name: said for name, said in typed.items() if said in known.get(name, {said})}
    return {**kept, "organisation": own.credit_code, "on": request.GET.get("on", today.isoformat())}
