"""What is kept, why, how long, and whether the last deletion was proved."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haochaping.oversight.queries.retention import retention as kept
from haochaping.oversight.queries.retention import unreadable


@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """The terms as data has them; the same to every official."""
    shown = {"rows": kept(), "unreadable": unreadable(), "rules_page": True}
    return render(request, "console/retention.html", shown)
