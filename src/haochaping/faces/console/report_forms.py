"""The form (报告单): made of an order or of several, checked, and by which templates."""

from hashlib import sha256
from itertools import product
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haochaping.faces.console.asking import id_in, me
from haochaping.foundation.clock import now
from haochaping.foundation.errors import Invalid, NotAllowed, NotFound, Refused
from haochaping.foundation.form_templates import Kind, forms_dir
from haochaping.publication.bulletin.sources import BULLETIN
from haochaping.rectification.operations.forming import Made, Wanted, make_forms
from haochaping.rectification.report_form.fields import LISTS, TEXTS
from haochaping.rectification.report_form.made import form_by_code, forms_by_file
from haochaping.rectification.report_form.sources import REPORT

_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
    "typ": "text/plain; charset=utf-8",
}
_LONGEST: Final = 40
_FORMS: Final = (REPORT, BULLETIN)


@require_POST
def form(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The form of one order, as a file. What stands in the way is told on the order's page, to which it leads back."""
    purpose = _("报送报告单") if request.POST.get("rater") == "1" else ""
    return _made(request, [order_id], purpose, reverse("console:order", args=[order_id]), "report-form")


@require_POST
def forms(request: HttpRequest) -> HttpResponse:
    """The forms of all orders that were chosen in the list: one PDF, or a ZIP of Word documents."""
    return _made(request, _chosen(request), "", reverse("console:orders"), "batch")


def _made(request: HttpRequest, ids: list[UUID], purpose: str, back: str, place: str) -> HttpResponse:
    wanted = Wanted(_kind(request), built_in=request.POST.get("built_in") == "1", purpose=purpose)
    try:
        made = make_forms(order_ids=ids, wanted=wanted, official_id=me(request), now=now())
    except NotFound as refusal:
        if refusal.code == "order":
            raise Http404 from refusal
        messages.error(request, refusal.message)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Invalid as refusal:
        messages.error(request, refusal.problems[0].message)
    except Refused as refusal:
        messages.error(request, refusal.message)
        back += "?template=built_in" if refusal.code == "template" else ""
    else:
        return _file(made)
    return redirect(f"{back}#{place}")


def _file(made: Made) -> HttpResponse:
    answer = HttpResponse(made.content, content_type=_TYPES[made.name.rpartition(".")[2]])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.name)}"
    answer["Cache-Control"] = "no-store"
    return answer


def _kind(request: HttpRequest) -> Kind:
    return Kind.WORD if request.POST.get("kind") == Kind.WORD else Kind.PDF


def _chosen(request: HttpRequest) -> list[UUID]:
    return [id_in(each) for each in request.POST.getlist("order")]


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Whether a form is one of ours: by number and code, as printed, or by the file."""
    if request.method != "POST":
        return render(request, "console/form_check.html", {"forms_page": True})
    number, code = (request.POST.get(name, "").strip()[:_LONGEST] for name in ("number", "code"))
    uploaded, who, at = request.FILES.get("file"), me(request), now()
    page = {"forms_page": True, "number": number, "code": code, "asked": True}
    if uploaded is not None:
        digest = sha256()
        for part in uploaded.chunks():
            digest.update(part)
        page["found"] = forms_by_file(digest=digest.digest(), official_id=who, now=at)
    elif number and code:
        one = form_by_code(number=number, code=code, official_id=who, now=at)
        page["found"] = (one,) if one else ()
    else:
        page["problem"] = _("请填写报告单上的编号和核对码，或者选择电子文件。")
        return render(request, "console/form_check.html", page, status=422)
    return render(request, "console/form_check.html", page)


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """Which templates are in use, whether they are sound, and the fields that one can name; the same to every official."""
    folder = forms_dir()
    rows = [
        {
            "form": form.name,
            "kind": kind,
            "file": form.file(kind),
            "own": form.template_digest(kind, folder),
            "soundness": form.soundness_of(kind, folder),
        }
        for form, kind in product(_FORMS, Kind)
    ]
    shown = {"rows": rows, "texts": TEXTS, "lists": LISTS, "forms_page": True}
    return render(request, "console/form_templates.html", shown)


@require_safe
def template(_request: HttpRequest, template: str) -> HttpResponse:
    """Our own template, to be changed and put in its place."""
    for form, kind in product(_FORMS, Kind):
        if form.file(kind) == template:
            return _file(Made(template, form.built_in(kind).content))
    raise Http404
