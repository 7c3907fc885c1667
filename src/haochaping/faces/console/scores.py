"""Scores: the runs, one of them with ranks and lists, one unit with every intermediate, and what is done about a run."""

import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.faces.console.asking import me
from haochaping.faces.console.score_rows import question_about
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.errors import Conflict, NotAllowed, NotFound, Refused
from haochaping.foundation.sheets.workbook_writing import write_workbook
from haochaping.foundation.sheets.writing import write_csv, write_json
from haochaping.policy.owed import period_of
from haochaping.policy.spells import name_of
from haochaping.publication.operations.publishing import publish_ranking
from haochaping.publication.queries.publications import published_of
from haochaping.rectification.rulebook import rulebook
from haochaping.registry import queries as registry
from haochaping.scoring import again, exports
from haochaping.scoring.operations import remarking, signing
from haochaping.scoring.operations.reach import divisions_of
from haochaping.scoring.operations.running import RunRequest, run_scores
from haochaping.scoring.places import unit_name
from haochaping.scoring.queries import runs
from haochaping.scoring.queries.entered import sources
from haochaping.scoring.queries.rows import linked_words
from haochaping.scoring.queries.side_by_side import beside_counting
from haochaping.scoring.words import KINDS

# The periods that are offered: how many of each length, the last one first.
_OFFERED = (("quarter", 6), ("year", 3), ("half_year", 2), ("month", 6))
_CHANGES = 200
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A period that is over: as the form sends it, in words, and its first day."""

    value: str
    name: str
    first: date


@require_safe
def scores(request: HttpRequest) -> HttpResponse:
    """All runs in reach, and the form for a new one."""
    return _scores(request)


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """Works out the scores of a period; a refused one shows the form again with the reason."""
    if request.method != "POST":
        return redirect("console:scores")
    kind, _colon, first = request.POST.get("period", "").partition(":")
    division = request.POST.get("division", "")
    try:
        day = date.fromisoformat(first)
    except ValueError as error:
        raise BadRequest from error
    if not (division.isascii() and division.isdigit()):
        raise BadRequest
    who = officials.official(official_id=me(request), on=local_day(now()))
    if who is None:
        raise Http404
    asked = RunRequest(int(division), kind, day, who.actor, official_id=who.id)
    try:
        made = run_scores(asked, rulebook=rulebook(), now=now())
    except Refused as refusal:
        return _scores(request, refusal)
    if made.new:
        messages.success(request, _("已计算，请核对。两个人签署以后，得分才生效。"))
    else:
        messages.info(request, _("和上一次计算相比没有任何变化，没有另存。"))
    return redirect("console:score-run", number=made.number)


@require_safe
def run(request: HttpRequest, number: str) -> HttpResponse:
    """One run: who has which score and rank."""
    return _run(request, number)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """Signs a run as it was shown."""
    if request.method != "POST":
        return redirect("console:score-run", number=number)
    try:
        state = signing.sign(
            number=number, official_id=me(request), digest=request.POST.get("digest", ""), now=now()
        )
    except NotFound as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        return _run(request, number, refusal)
    done = _("已签署，得分生效。") if state == "signed" else _("已签署。另一个人签署以后，得分生效。")
    messages.success(request, done)
    return redirect("console:score-run", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """Publishes a signed run."""
    if request.method != "POST":
        return redirect("console:score-run", number=number)
    try:
        made = publish_ranking(run=number, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        return _run(request, number, refusal)
    messages.success(
        request, _("已公布，编号 %(number)s。公布的内容不能再改，有变化的另行公布更正。") % {"number": made}
    )
    return redirect("console:score-run", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Sets a preview aside."""
    if request.method != "POST":
        return redirect("console:score-run", number=number)
    try:
        signing.withdraw(
            number=number, official_id=me(request), reason=request.POST.get("reason", ""), now=now()
        )
    except NotFound as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        return _run(request, number, refusal)
    messages.success(request, _("已撤回。这次评分留作记录，不生效。"))
    return redirect("console:score-run", number=number)


@require_safe
def unit(request: HttpRequest, number: str, unit_id: UUID) -> HttpResponse:
    """One unit: its scores with every intermediate, the figures beside, what was counted."""
    return _unit(request, number, unit_id)


@require_http_methods(["GET", "HEAD", "POST"])
def remark(request: HttpRequest, number: str, unit_id: UUID) -> HttpResponse:
    """What those concerned say against their figures."""
    if request.method != "POST":
        return redirect("console:score-unit", number=number, unit_id=unit_id)
    text = request.POST.get("text", "")
    try:
        remarking.remark(unit_id=unit_id, official_id=me(request), text=text, now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        return _unit(request, number, unit_id, refusal, typed=text)
    messages.success(request, _("意见已提交，主管部门答复以后才能签署这次评分。"))
    return redirect("console:score-unit", number=number, unit_id=unit_id)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, number: str, remark_id: UUID) -> HttpResponse:
    """Answers a remark."""
    if request.method != "POST":
        return redirect("console:score-run", number=number)
    text = request.POST.get("text", "")
    try:
        remarking.answer(remark_id=remark_id, official_id=me(request), text=text, now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        return _run(request, number, refusal)
    messages.success(request, _("已答复。"))
    return redirect("console:score-run", number=number)


@require_safe
def changes(request: HttpRequest, number: str) -> HttpResponse:
    """What changed since the run before of the same period; a trial stands beside the run that counts."""
    view = _view(request, number)
    if view.what_if:
        found = beside_counting(view, official_id=me(request), now=now())
        return render(request, "console/score_beside.html", {"run": view, "beside": found, **_FRAME})
    if not view.previous:
        raise Http404
    changed = list(again.differences(view.previous, number))
    if not view.whole:
        mine = {unit_name(each.kind, each.number) for each in _units(request, view)}
        changed = [each for each in changed if each.unit in mine]
    more = max(0, len(changed) - _CHANGES)
    shown = {"run": view, "changes": changed[:_CHANGES], "more": more, **_FRAME}
    return render(request, "console/score_changes.html", shown)


@require_safe
def export(request: HttpRequest, number: str, form: str) -> FileResponse:
    """A run as far as the viewer may see it, as a file."""
    view = _view(request, number)
    if form not in _TYPES:
        raise Http404
    made = exports.tables(view, _units(request, view))
    with tempfile.TemporaryDirectory(prefix="hcp-export-") as place:
        path = Path(place) / f"{number}.{form}"
        if form == "csv":
            write_csv(path, made[0])
        elif form == "json":
            write_json(path, made)
        else:
            write_workbook(path, made)
        return FileResponse(
            path.open("rb"), as_attachment=True, filename=path.name, content_type=_TYPES[form]
        )


def _units(request: HttpRequest, view: runs.RunView) -> list[runs.UnitView]:
    """All that the viewer may see of a run."""
    return [each for kind in KINDS for each in runs.units(view, kind, official_id=me(request), now=now())]


_FRAME = {"scores_page": True}


def _scores(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    places = divisions_of(official_id=me(request), permission=Permission.RUN_SCORES, now=now())
    today = local_day(now())
    shown = {
        "runs": runs.runs(official_id=me(request), now=now()),
        "places": sorted(registry.division_names(places, today).items()),
        "periods": offered(today),
        "for_values": bool(places)
        or bool(divisions_of(official_id=me(request), permission=Permission.SIGN_SCORES, now=now())),
        "message": refusal.message if refusal else "",
        "chosen": request.POST.get("period", ""),
        **_FRAME,
    }
    return render(request, "console/scores.html", shown, status=_status(refusal))


def _run(request: HttpRequest, number: str, refusal: Refused | None = None) -> HttpResponse:
    view = _view(request, number)
    asked = request.GET.get("kind", "")
    kind = asked if asked in KINDS else "organisation"
    held = officials.held(official_id=me(request), on=local_day(now()))
    signs = divisions_of(official_id=me(request), permission=Permission.SIGN_SCORES, now=now())
    shown = {
        "run": view,
        "kind": kind,
        "kinds": KINDS.items(),
        "ended": runs.ended(view) if view.whole else (),
        "units": runs.units(view, kind, official_id=me(request), now=now()),
        "lists": runs.lists(view) if view.whole else (),
        "remarks": runs.remarks(view, official_id=me(request), now=now()),
        "published": published_of(view.number),
        "may_publish": Permission.PUBLISH in held and view.state == "signed" and view.division_id in signs,
        "may_sign": view.division_id in signs and view.state == "preview" and not view.what_if,
        "message": refusal.message if refusal else "",
        **_FRAME,
    }
    return render(request, "console/score_run.html", shown, status=_status(refusal))


def _unit(
    request: HttpRequest, number: str, unit_id: UUID, refusal: Refused | None = None, **more: Any
) -> HttpResponse:
    view = _view(request, number)
    try:
        found = runs.unit(view, unit_id, official_id=me(request), now=now())
    except NotFound as nothing:
        raise Http404 from nothing
    held = officials.held(official_id=me(request), on=local_day(now()))
    open_ = view.state == "preview" and not view.what_if and not view.whole
    shown = {
        "run": view,
        "unit": found,
        "months": runs.months(view, found),
        "linked": linked_words(view, found),
        "question": question_about(request, view, found),
        "sources": sources(view.kind, view.first, unit=(found.kind, found.number), at=view.cut_off),
        "remarks": runs.remarks(view, official_id=me(request), now=now(), unit_id=unit_id),
        "may_remark": open_ and Permission.REMARK_ON_SCORES in held,
        "message": refusal.message if refusal else "",
        **_FRAME,
        **more,
    }
    return render(request, "console/score_unit.html", shown, status=_status(refusal))


def _view(request: HttpRequest, number: str) -> runs.RunView:
    try:
        return runs.run(number, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal


def _status(refusal: Refused | None) -> int:
    match refusal:
        case None:
            return 200
        case NotAllowed():
            return 403
        case Conflict():
            return 409
    return 422


def offered(today: date) -> list[Offered]:
    """Periods that are over, by length, the last first."""
    found = []
    for kind, number in _OFFERED:
        period = period_of(kind, today)
        for _time in range(number):
            period = period_of(kind, period.first - timedelta(days=1))
            found.append(Offered(f"{kind}:{period.first.isoformat()}", name_of(kind, period), period.first))
    return found
