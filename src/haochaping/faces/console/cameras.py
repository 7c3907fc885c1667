"""Cameras at windows: which one, from when to when; entered by the system administrator."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.evidence.cameras import SHOWN, cameras_in_reach
from haochaping.evidence.operations import end_camera, register_camera
from haochaping.faces.console.asking import me
from haochaping.faces.console.video import platform_here
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.errors import Conflict, Invalid, NotFound, Refused


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in with a refused form, and why it was refused; `camera_id` of the one that was to end."""

    values: dict[str, str] = field(default_factory=dict)
    message: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    camera_id: UUID | None = None


@require_safe
def cameras(request: HttpRequest) -> HttpResponse:
    """What is registered, and how many windows have no camera."""
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """One more camera, or another one for a window."""
    if request.method != "POST":
        return redirect("console:cameras")
    values = {name: request.POST.get(name, "") for name in ("window", "code", "valid_from")}
    try:
        register_camera(
            window=values["window"],
            code=values["code"],
            valid_from=_day(values["valid_from"]),
            official_id=me(request),
            now=now(),
        )
    except NotFound as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        return _refused(request, refusal, values)
    messages.success(request, _("摄像机已登记。"))
    return redirect("console:cameras")


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, camera_id: UUID) -> HttpResponse:
    """The last day of a camera at its window."""
    if request.method != "POST":
        return redirect("console:cameras")
    values = {"last_day": request.POST.get("last_day", "")}
    try:
        end_camera(camera_id=camera_id, last_day=_day(values["last_day"]), official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        return _refused(request, refusal, values, camera_id)
    messages.success(request, _("登记已结束。"))
    return redirect("console:cameras")


def _refused(
    request: HttpRequest, refusal: Refused, values: dict[str, str], camera_id: UUID | None = None
) -> HttpResponse:
    match refusal:
        case Invalid():
            problems = {problem.field: problem.message for problem in refusal.problems}
            return _page(request, Typed(values, problems=problems, camera_id=camera_id), 422)
        case Conflict():
            return _page(request, Typed(values, refusal.message, camera_id=camera_id), 409)
    raise refusal


def _page(request: HttpRequest, typed: Typed | None = None, status: int = 200) -> HttpResponse:
    rows, without = cameras_in_reach(official_id=me(request), now=now())
    page = {
        "rows": rows,
        "without": without,
        "most": SHOWN,
        "typed": typed or Typed(),
        "today": local_day(now()),
        "connected": platform_here() is not None,
        "cameras_page": True,
    }
    return render(request, "console/cameras.html", page, status=status)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
