"""The desk: what is to be done, what is open, what is closed, with filters that can be kept under a name."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.accounts.queries import officials
from haochaping.faces.console.also_waiting import also_waiting
from haochaping.faces.console.asking import me
from haochaping.faces.console.desk_query import desk_filter, desk_query, is_narrowed
from haochaping.faces.console.desk_words import filter_fields
from haochaping.foundation.asked_once import asking_once
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.errors import Invalid
from haochaping.rectification import listing, operations
from haochaping.rectification.listing import DeskFilter, Due, Show
from haochaping.rectification.rulebook import missing_calendar

_HERE = "console:orders"


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The list that was asked for; of nothing that was, the view that the official begins with, else what is his to do."""
    if not request.GET:
        views = listing.views_of(official_id=me(request))
        first = listing.lists_of(official_id=me(request), on=local_day(now()))[0]
        query = next((view.query for view in views if view.default), f"show={first}")
        return _page(request, desk_filter(dict(parse_qsl(query))))
    return _page(request, desk_filter(request.GET.dict()))


@require_http_methods(["GET", "HEAD", "POST"])
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keeps the filters under a name. A refused name comes back with why."""
    if request.method != "POST":
        return redirect(_HERE)
    asked = desk_filter(dict(parse_qsl(request.POST.get("query", ""))))
    name, default = request.POST.get("name", ""), "default" in request.POST
    try:
        operations.save_view(
            official_id=me(request), name=name, query=desk_query(asked), default=default, now=now()
        )
    except Invalid as refusal:
        problems = {problem.field: problem.message for problem in refusal.problems}
        with asking_once():
            return _page(request, asked, 422, problems=problems, typed_name=name, typed_default=default)
    messages.success(request, _("视图已保存，列在工作台上方。"))
    return redirect(f"{reverse(_HERE)}?{desk_query(asked)}")


@require_http_methods(["GET", "HEAD", "POST"])
def change_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """The desk begins with a view, or no longer does; or the view goes. One that is gone already is no error."""
    if request.method != "POST":
        return redirect(_HERE)
    match request.POST.get("act", ""):
        case "begin":
            operations.begin_with(official_id=me(request), view_id=view_id, now=now())
            said = _("打开工作台时先显示这个视图。")
        case "not-begin":
            operations.begin_with(official_id=me(request), view_id=None, now=now())
            said = _("打开工作台时先显示待您办理的工单。")
        case "delete":
            gone = operations.delete_view(official_id=me(request), view_id=view_id, now=now())
            said = _("视图已删除，工单不受影响。") if gone else _("这个视图已经删除了。")
        case _other:
            raise BadRequest
    messages.success(request, said)
    return redirect(f"{reverse(_HERE)}?show={Show.OPEN}")


def _page(request: HttpRequest, asked: DeskFilter, status: int = 200, **more: Any) -> HttpResponse:
    at = now()
    found = listing.desk(official_id=me(request), now=at, filters=asked)
    query = desk_query(asked)
    views = listing.views_of(official_id=me(request))
    page = {
        "desk": found,
        "filters": asked,
        "narrowed": is_narrowed(asked),
        "query": query,
        "tabs": [
            (show, found.counts[show], f"?show={show}")
            for show in listing.lists_of(official_id=me(request), on=local_day(at))
        ],
        "limits": [(due, found.limits.get(due, 0), "?" + desk_query(asked, due=due)) for due in Due],
        "every_limit": "?" + desk_query(asked, due=""),
        "fields": filter_fields(asked, found.choices),
        "views": views,
        "view": next((view for view in views if view.query == query), None),
        "also": also_waiting(
            official_id=me(request), held=officials.held(official_id=me(request), on=local_day(at)), now=at
        ),
        "missing_calendar": missing_calendar(local_day(at)),
        **more,
    }
    return render(request, "console/desk.html", page, status=status)
