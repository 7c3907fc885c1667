"""Several orders dispatched together: chosen on the desk, looked over, done one by one, each told."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from haochaping.faces.console.asking import id_in, me
from haochaping.faces.console.desk_query import number_in
from haochaping.foundation.asked_once import asking_once
from haochaping.foundation.clock import now
from haochaping.rectification import listing, operations
from haochaping.rectification.listing import Together
from haochaping.rectification.needs import NEEDS
from haochaping.rectification.states import Act

_MOST: Final = 100
_NEEDED: Final = NEEDS[Act.DISPATCH]


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in with the form, and what is wrong with it."""

    organisation: str = ""
    text: str = ""
    problems: dict[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
def dispatch(request: HttpRequest) -> HttpResponse:
    """First to whom and why, then what will be done and what cannot be, then what became of each."""
    if request.method != "POST":
        return redirect("console:orders")
    chosen, step = _chosen(request), request.POST.get("step", "")
    if step == "do":
        return _done(request, chosen)
    if step not in {"choose", "check"}:
        raise BadRequest
    with asking_once():
        return _checked(request, chosen) if step == "check" else _asked(request, chosen, Typed())


def _chosen(request: HttpRequest) -> dict[UUID, int]:
    """Order → the revision at which it was looked at; as it stands where the form tells none."""
    found: dict[UUID, int] = {}
    for each in request.POST.getlist("order")[:_MOST]:
        order_id, _colon, revision = each.partition(":")
        found[id_in(order_id)] = number_in(revision) or 0
    return found


def _asked(request: HttpRequest, chosen: dict[UUID, int], typed: Typed, status: int = 200) -> HttpResponse:
    found = listing.together(official_id=me(request), orders=chosen, now=now())
    shown = {"found": found, "typed": typed, "desk": True}
    return render(request, "console/dispatch.html", shown, status=status)


def _checked(request: HttpRequest, chosen: dict[UUID, int]) -> HttpResponse:
    typed = _typed(request)
    found = listing.together(
        official_id=me(request), orders=chosen, now=now(), organisation=typed.organisation
    )
    problems = _problems(found, typed)
    if problems:
        return _asked(request, chosen, Typed(typed.organisation, typed.text, problems), 422)
    to = dict(found.organisations)[typed.organisation]
    shown = {"found": found, "typed": typed, "to": to, "desk": True}
    return render(request, "console/dispatch_confirm.html", shown)


def _done(request: HttpRequest, chosen: dict[UUID, int]) -> HttpResponse:
    """Sent once more, the same form finds each order at a later revision and does nothing."""
    typed = _typed(request)
    done = operations.dispatch_together(
        orders=list(chosen.items()),
        organisation=typed.organisation,
        text=typed.text,
        official_id=me(request),
        now=now(),
    )
    with asking_once():
        found = listing.together(official_id=me(request), orders=chosen, now=now())
    numbers = {each.row.id: each.row.number for each in found.candidates}
    told = [(numbers.get(each.order_id, ""), each) for each in done]
    shown = {
        "told": [(number, each) for number, each in told if number],
        "dispatched": sum(not each.code for each in done),
        "refused": sum(bool(each.code) for each in done),
        "unseen": sum(not number for number, _each in told),
        "to": dict(found.organisations).get(typed.organisation, ""),
        "desk": True,
    }
    return render(request, "console/dispatch_done.html", shown)


def _typed(request: HttpRequest) -> Typed:
    text = request.POST.get("text", "").replace("\r\n", "\n").strip()
    return Typed(request.POST.get("organisation", ""), text)


def _problems(found: Together, typed: Typed) -> dict[str, str]:
    problems = {}
    if typed.organisation not in dict(found.organisations):
        problems["organisation"] = _("请选择转办给哪个单位。")
    if not _NEEDED.least <= len(typed.text) <= _NEEDED.most:
        problems["text"] = _("请填写{least}至{most}个字，现在是{length}个字。").format(
            least=_NEEDED.least, most=_NEEDED.most, length=len(typed.text)
        )
    return problems
