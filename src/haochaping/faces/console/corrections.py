"""What was counted of past days and is counted otherwise since: as a page and as a file."""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haochaping.faces.console.asking import me
from haochaping.faces.console.correction_words import WHYS, Moved, moved
from haochaping.faces.console.desk_query import number_in
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.sheets.writing import Column, Table, write_csv, write_json
from haochaping.publication.queries.corrections import (
    CorrectionLine,
    all_corrections,
    corrections_in_reach,
)
from haochaping.tallies.corrections import NEWEST, CorrectionsAsked, Place

# What is shown where no span is asked for: what came in this many days.
DAYS: Final = 30
_TYPES: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
_PLACE: Final = re.compile(r"(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)_(\d{1,9})_(\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """A correction as it is shown."""

    noted_on: date
    day: date
    organisation: str
    why: str
    moved: tuple[Moved, ...]
    published: tuple[str, ...]


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """A page of them, the latest first."""
    given = request.GET.dict()
    asked = _asked(given)
    found = corrections_in_reach(
        official_id=me(request), now=now(), asked=asked, after=_place(given.get("after", ""))
    )
    page = {
        "corrections_page": True,
        "lines": list(map(_line, found.lines)),
        "organisations": found.organisations,
        "asked": asked,
        "unit": next(iter(asked.organisations), None),
        "query": _query(asked),
        "narrowed": any(given.get(name) for name in ("unit", "from", "to", "day")),
        "after": _address(found.after) if found.after else "",
        "not_first": bool(given.get("after")),
    }
    return render(request, "console/corrections.html", page)


@require_safe
def export(request: HttpRequest, form: str) -> FileResponse:
    """All that the filters ask for."""
    if form not in _TYPES:
        raise Http404
    rows = all_corrections(official_id=me(request), now=now(), asked=_asked(request.GET.dict()))
    table = _table(map(_line, rows))
    # The file is on the disk, not in memory, and gone when it has been sent.
    with tempfile.TemporaryDirectory(prefix="hcp-export-") as place:
        path = Path(place) / f"corrections.{form}"
        if form == "csv":
            write_csv(path, table)
        else:
            write_json(path, [table])
        return FileResponse(
            path.open("rb"), as_attachment=True, filename=path.name, content_type=_TYPES[form]
        )


def _asked(given: Mapping[str, str]) -> CorrectionsAsked:
    """Out of the fields of the form. Without span and day: what came in the last DAYS days."""
    from_noted, to_noted, day = (_day(given.get(name, "")) for name in ("from", "to", "day"))
    unit = number_in(given.get("unit", ""))
    if not (from_noted or to_noted or day):
        from_noted = local_day(now()) - timedelta(days=DAYS - 1)
    return CorrectionsAsked((unit,) if unit is not None else (), from_noted, to_noted, day)


def _query(asked: CorrectionsAsked) -> str:
    """The address of what was asked, without its page."""
    days = {"from": asked.from_noted, "to": asked.to_noted, "day": asked.day}
    said = {"unit": "".join(map(str, asked.organisations))}
    said |= {name: day.isoformat() for name, day in days.items() if day}
    return urlencode({name: value for name, value in said.items() if value})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _place(text: str) -> Place:
    """Where a page begins, as `_address` writes it; the first page for anything else."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return NEWEST
    noted_on, day = _day(found[1]), _day(found[2])
    return Place(noted_on, day, int(found[3]), int(found[4])) if noted_on and day else NEWEST


def _address(place: Place) -> str:
    return "_".join(map(str, place))


def _line(found: CorrectionLine) -> Line:
    place = found.corrected.place
    return Line(
        noted_on=place.noted_on,
        day=place.day,
        organisation=found.organisation,
        why=str(WHYS[found.corrected.why]),
        moved=tuple(moved(found.corrected)),
        published=found.published,
    )


def _table(lines: Iterable[Line]) -> Table:
    """A row for each count that changed."""
    titles = (
        *(_("更正日期"), _("单位"), _("服务日期"), _("原因")),
        *(_("数量"), _("更正前"), _("更正后"), _("增减"), _("涉及的公布")),
    )
    return Table(_("数量更正"), [Column(title) for title in titles], _rows(lines))


def _rows(lines: Iterable[Line]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        whose = (line.noted_on.isoformat(), line.organisation, line.day.isoformat(), line.why)
        for each in line.moved:
            counts = (each.what, str(each.before), str(each.after), each.by)
            yield (*whose, *counts, "、".join(line.published))
