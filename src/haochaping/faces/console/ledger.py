"""The ledger: what cannot be set right in time, why and until when it will be; as a page and as a file."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haochaping.faces.console.asking import me
from haochaping.faces.console.desk_query import ledger_filter, ledger_query
from haochaping.faces.console.desk_words import OUTCOMES
from haochaping.faces.console.words import STATES, time_left
from haochaping.foundation.clock import now
from haochaping.foundation.sheets.writing import Column, Table, write_csv
from haochaping.rectification import listing
from haochaping.rectification.listing import LedgerRow


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """A page of it, by the date that was given."""
    asked = ledger_filter(request.GET.dict())
    found = listing.ledger(official_id=me(request), now=now(), asked=asked)
    page = {
        "found": found,
        "asked": asked,
        "query": ledger_query(asked),
        "outcomes": OUTCOMES.items(),
        "ledger_page": True,
    }
    return render(request, "console/ledger.html", page)


@require_safe
def export(request: HttpRequest) -> FileResponse:
    """All that the filters ask for, as CSV."""
    asked = ledger_filter(request.GET.dict())
    rows = listing.whole_ledger(official_id=me(request), now=now(), asked=asked)
    # The file is on the disk, not in memory, and gone when it has been sent.
    with tempfile.TemporaryDirectory(prefix="hcp-export-") as place:
        path = Path(place) / "ledger.csv"
        write_csv(path, _table(rows))
        return FileResponse(
            path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv; charset=utf-8"
        )


def _table(rows: Iterable[LedgerRow]) -> Table:
    titles = (
        *(_("工单"), _("承办单位"), _("状态"), _("理由或方案")),
        *(_("完成日期"), _("登记日期"), _("情况"), _("整改期限")),
    )
    return Table(
        _("整改台账"),
        [Column(title) for title in titles],
        (
            (
                *(row.number, row.organisation, str(STATES[row.state]), row.reason),
                row.until.isoformat() if row.until else "",
                row.entered.isoformat(),
                str(OUTCOMES[row.outcome]),
                time_left(row.clock).text if row.clock else "",
            )
            for row in rows
        ),
    )
