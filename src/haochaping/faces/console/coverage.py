"""What is not covered: the counts of every organisation in reach, the gaps of one by name, and both as a file."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haochaping.faces.console.asking import me
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound
from haochaping.foundation.sheets.workbook_writing import write_workbook
from haochaping.foundation.sheets.writing import write_csv
from haochaping.oversight.exports import tables
from haochaping.oversight.queries.coverage import coverage_in_reach
from haochaping.oversight.rules import DAYS, Coverage, Gap, Kind, OrganisationCoverage

SPANS = (30, DAYS, 365)
PAGE_SIZE = 50
_LONGEST_PAGE = 6
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one page of a list. `page` counts from 1."""

    rows: Sequence[OrganisationCoverage | Gap]
    page: int
    pages: int


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """All organisations in reach: those with most gaps first, or all of them by division."""
    found = _found(request)
    every = request.GET.get("show") == "all"
    lacking = sorted((one for one in found.organisations if one.missing), key=lambda one: -one.missing)
    listed = _part(request, found.organisations if every else lacking)
    shown = {"found": found, "every": every, "lacking": len(lacking), "listed": listed, **_frame(request)}
    return render(request, "console/coverage.html", shown)


@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """The gaps of one organisation, one kind at a time: the one asked for, else the first that has any."""
    found = _found(request, code)
    if not found.organisations:
        raise Http404
    (one,) = found.organisations
    lacking = [kind for kind in Kind if one.counts[kind].missing]
    asked = request.GET.get("kind", "")
    kind = Kind(asked) if asked in list(Kind) else next(iter(lacking), Kind.ITEM)
    listed = _part(request, [gap for gap in found.gaps if gap.kind is kind])
    shown = {"found": found, "one": one, "kind": kind, "listed": listed, **_frame(request)}
    return render(request, "console/coverage_organisation.html", shown)


@require_safe
def export(request: HttpRequest, form: str) -> FileResponse:
    """Everything in reach, or one organisation, as a workbook; as CSV the gaps alone."""
    if form not in _TYPES:
        raise Http404
    made = tables(_found(request, request.GET.get("organisation") or None))
    # The file is on the disk, not in memory, and gone when it has been sent.
    with tempfile.TemporaryDirectory(prefix="hcp-export-") as place:
        path = Path(place) / f"coverage.{form}"
        if form == "csv":
            write_csv(path, made[0])
        else:
            write_workbook(path, made)
        return FileResponse(
            path.open("rb"), as_attachment=True, filename=path.name, content_type=_TYPES[form]
        )


def _found(request: HttpRequest, organisation: str | None = None) -> Coverage:
    try:
        return coverage_in_reach(
            official_id=me(request), now=now(), days=_days(request), organisation=organisation
        )
    except NotFound as refusal:
        raise Http404 from refusal


def _frame(request: HttpRequest) -> dict[str, object]:
    return {"days": _days(request), "spans": SPANS, "coverage_page": True}


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return next((days for days in SPANS if str(days) == asked), DAYS)


def _part(request: HttpRequest, rows: Sequence[OrganisationCoverage] | Sequence[Gap]) -> Part:
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= _LONGEST_PAGE else 1
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    page = min(max(1, number), pages)
    return Part(rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], page, pages)
