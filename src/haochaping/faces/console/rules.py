"""The rules as a page: what applies to an organisation on a day, by which clause, and what is 未规定."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.faces.console.rule_sheet import calendar_state, sheet
from haochaping.foundation.clock import local_day, now
from haochaping.policy.occasions import Occasion
from haochaping.policy.vocabulary import CASE_TYPES, CHANNELS, PLACES
from haochaping.rectification.queries import OrderView
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import Act
from haochaping.registry import queries as registry
from haochaping.registry.rules import ITEM_TYPES

ANY = ("", _("不限"))
_DAY = "%Y-%m-%d"


class RulesForm(forms.Form):
    """For which occasions of the organisation, and for which day. What is left open is asked for none of them."""

    organisation = forms.ChoiceField(label=_("单位"))
    on = forms.DateField(
        label=_("日期"),
        input_formats=[_DAY],
        widget=forms.DateInput(format=_DAY, attrs={"type": "date"}),
        error_messages={
            "required": _("请填写日期，例如2026-11-23。"),
            "invalid": _("没有这一天。请按2026-11-23这样的格式填写。"),
        },
    )
    place = forms.ChoiceField(label=_("办理场所"), required=False, choices=[ANY, *PLACES.items()])
    hall = forms.ChoiceField(label=_("大厅"), required=False)
    item = forms.ChoiceField(label=_("事项"), required=False)
    channel = forms.ChoiceField(label=_("评价渠道"), required=False, choices=[ANY, *CHANNELS.items()])

    def offer(
        self,
        organisations: Iterable[registry.OrganisationView],
        halls: Iterable[registry.HallView],
        items: Iterable[registry.ItemView],
    ) -> None:
        """Fills what can be chosen."""
        fields: dict[str, Any] = self.fields
        fields["organisation"].choices = [(each.credit_code, each.name) for each in organisations]
        fields["hall"].choices = [ANY, *((each.code, each.name) for each in halls)]
        fields["item"].choices = [ANY, *((each.code, each.name) for each in items)]


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The sheet for an organisation in the official's reach; for another one 404, for no day the form with why."""
    today = local_day(now())
    reach = officials.scope(official_id=_me(request), permission=Permission.VIEW_ORDERS, on=today)
    asked = _organisation_id(request, reach, today)
    own = registry.organisation(asked, today)
    if own is None:
        raise Http404
    halls, items = registry.halls_of(asked, today), registry.items_of(asked, today)
    form = RulesForm(_typed(request, own, today, halls, items))
    form.offer(_choices(reach, own, today), halls, items)
    page: dict[str, Any] = {"form": form, "calendar": calendar_state(rulebook(), today), "rules_page": True}
    if not form.is_valid():
        return render(request, "console/rules.html", page, status=422)
    day: date = form.cleaned_data["on"]
    chosen = next((each for each in items if each.code == form.cleaned_data["item"]), None)
    there = registry.organisation(asked, day) or own
    page |= {"organisation": there, "day": day, "narrowed": _narrowed(form)}
    try:
        page["sheet"] = sheet(rulebook(), _occasion(there, form.cleaned_data, chosen), day)
    except LookupError:
        page["sheet"] = None
    return render(request, "console/rules.html", page)


def address_of_rule(order: OrderView, rule: str) -> str:
    """Where the rule stands by which the verification of an order set its clock; "" before that."""
    verified = next((step for step in order.history if step.act is Act.VERIFY), None)
    if verified is None:
        return ""
    day = local_day(verified.at)
    found = registry.organisation(order.row.organisation_id, day)
    if found is None:
        return ""
    asked = urlencode({"organisation": found.credit_code, "on": day.isoformat()})
    return f"{reverse('console:rules')}?{asked}#rule-{rule}"


def _organisation_id(request: HttpRequest, reach: frozenset[int], today: date) -> int:
    """What was asked for, else the organisation of the official's own post. 404 where it is out of reach."""
    code = request.GET.get("organisation", "")
    if code:
        found = registry.organisation_id_by_credit_code(code) if code.isascii() and code.isalnum() else None
        if found is None or found not in reach:
            raise Http404
        return found
    held = [post.organisation_id for post in officials.posts(official_id=_me(request), on=today)]
    mine = next((each for each in held if each in reach), None)
    if mine is None:
        raise Http404
    return mine


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
    typed = {name: request.GET.get(name, "") for name in ("place", "hall", "item", "channel")}
    known = {"hall": {each.code for each in halls}, "item": {each.code for each in items}}
    kept = {name: said for name, said in typed.items() if said in known.get(name, {said})}
    return {**kept, "organisation": own.credit_code, "on": request.GET.get("on", today.isoformat())}


def _occasion(
    there: registry.OrganisationView, chosen: dict[str, Any], item: registry.ItemView | None
) -> Occasion:
    case_types = {word: key for key, word in CASE_TYPES.items()}
    return Occasion(
        there.division_code,
        organisation=there.credit_code,
        hall=chosen["hall"],
        place=chosen["place"],
        item=item.code if item else "",
        item_type=ITEM_TYPES.get(item.task_type, "") if item else "",
        channel=chosen["channel"],
        case_type=case_types.get(item.project_type, "") if item else "",
    )


def _narrowed(form: RulesForm) -> list[tuple[str, str]]:
    """What the page is narrowed to, by label and words."""
    found = []
    for name in ("place", "hall", "item", "channel"):
        words = dict(form.fields[name].choices).get(form.cleaned_data[name])  # type: ignore[attr-defined]
        if form.cleaned_data[name] and words:
            found.append((str(form.fields[name].label), str(words)))
    return found


def _me(request: HttpRequest) -> UUID:
    me: UUID | None = request.user.pk
    if me is None:
        raise Http404
    return me
