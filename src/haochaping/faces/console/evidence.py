"""Evidence on the console: what there is about an order, brought, looked into, taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.evidence.operations.looking import Unreadable
from haochaping.evidence.shelf import Unwritable
from haochaping.evidence.states import MEDIA, Fault
from haochaping.evidence.words import FAULTS
from haochaping.faces.console.asking import id_in, me
from haochaping.faces.console.evidence_words import address
from haochaping.faces.console.uploading import SealingHandler
from haochaping.foundation.clock import now
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from haochaping.rectification import operations
from haochaping.rectification.evidence_shown import evidence_of
from haochaping.rectification.sight import Place, Way

# What is handed out is shown by nobody: saved, and where a browser shows it all the same, it may do nothing.
_SHOWN_NOWHERE: Final = (
    "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# How the id of a file is called in an address.
_FILE: Final = "file_id"


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in with a refused form, by field, and why it was refused; `file_id` of the one that was to be withdrawn."""

    values: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    file_id: UUID | None = None


@require_safe
def evidence(request: HttpRequest, way: Way, **which: UUID) -> HttpResponse:
    """All that the official sees of what was brought about one order."""
    return _page(request, _place(way, which))


def _place(way: Way, which: Mapping[str, UUID]) -> Place:
    """The id of the thing that the address begins with, whatever it is called there."""
    return Place(way, next(each for name, each in which.items() if not name.endswith(_FILE)))


def _file(which: Mapping[str, UUID]) -> UUID:
    return next(each for name, each in which.items() if name.endswith(_FILE))


@csrf_exempt  # the token is looked at in `_add`, once the way in which a file is taken is laid down
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, way: Way, **which: UUID) -> HttpResponse:
    """One more file. A refused one shows the page with the reason and all that was typed; the file is to be chosen again."""
    place = _place(way, which)
    if request.method != "POST":
        return redirect(address(place))
    handler = SealingHandler(request)
    request.upload_handlers = [handler]
    try:
        return _add(request, place, handler)
    finally:
        handler.discard()


@csrf_protect
def _add(request: HttpRequest, place: Place, handler: SealingHandler) -> HttpResponse:
    about = request.POST.get("about", "")
    typed = {"note": request.POST.get("note", ""), "about": about}
    came = handler.received
    if came.draft is None:
        status = 503 if came.problem in {"unwritable", "no_shelf"} else 422
        return _page(request, place, Typed(typed, problems={"file": _not_taken(came.problem)}), status)
    try:
        operations.add_evidence(
            place=place,
            official_id=me(request),
            draft=came.draft,
            name=came.name,
            note=typed["note"],
            part_id=id_in(about) if about else None,
            now=now(),
        )
    except NotFound as refusal:
        raise Http404 from refusal
    except Unwritable:
        problems = {"file": _not_taken("unwritable")}
        return _page(request, place, Typed(typed, problems=problems), 503)
    except Refused as refusal:
        return _refused(request, place, refusal, typed)
    messages.success(request, _("文件已上传。"))
    return redirect(address(place))


def _not_taken(problem: str) -> str:
    """Why no file came in whole, and what to do."""
    if problem == "too_large":
        return str(FAULTS[Fault.TOO_LARGE])
    if problem == "no_shelf":
        return _("本系统没有设置存放文件的位置，文件没有保存。请告知系统管理员。")
    if problem == "unwritable":
        return _(
            "服务器的存储空间不足或者不可用，文件没有保存，已有的文件不受影响。请告知系统管理员，过后再上传。"
        )
    if problem == "cut_off":
        return _("文件没有传完，没有保存。请检查网络后重新上传。")
    return _("请选择一个文件。")


@require_safe
def file(request: HttpRequest, way: Way, **which: UUID) -> HttpResponseBase:
    """One file, to be saved. That it was looked into is on record before any of it leaves the house."""
    place, file_id = _place(way, which), _file(which)
    try:
        found = operations.see_evidence(place=place, file_id=file_id, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    except Unreadable as refusal:
        return _page(request, place, Typed(message=refusal.message), 410)
    headers = {
        "Content-Length": str(found.size),
        "Content-Disposition": content_disposition_header(True, found.name) or "attachment",
        "Content-Security-Policy": _SHOWN_NOWHERE,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return StreamingHttpResponse(found.pieces, content_type=MEDIA[found.form], headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, way: Way, **which: UUID) -> HttpResponse:
    """Takes back what one's own organisation, or oneself, brought, with a reason."""
    place, file_id = _place(way, which), _file(which)
    if request.method != "POST":
        return redirect(address(place))
    reason = request.POST.get("reason", "")
    try:
        operations.withdraw_evidence(
            place=place, file_id=file_id, official_id=me(request), reason=reason, now=now()
        )
    except NotFound as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        return _refused(request, place, refusal, {"reason": reason}, file_id)
    messages.success(request, _("文件已撤回。文件和理由仍然保存。"))
    return redirect(address(place))


def _refused(
    request: HttpRequest, place: Place, refusal: Refused, typed: dict[str, str], file_id: UUID | None = None
) -> HttpResponse:
    match refusal:
        case Invalid():
            problems = {problem.field: problem.message for problem in refusal.problems}
            return _page(request, place, Typed(typed, problems=problems, file_id=file_id), 422)
        case Conflict():
            return _page(request, place, Typed(typed, refusal.message, file_id=file_id), 409)
        case NotAllowed():
            return _page(request, place, Typed(typed, refusal.message, file_id=file_id), 403)
    raise refusal


def _page(request: HttpRequest, place: Place, typed: Typed | None = None, status: int = 200) -> HttpResponse:
    try:
        found = evidence_of(place=place, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    page = {"evidence": found, "typed": typed or Typed()}
    return render(request, "console/evidence.html", page, status=status)
