"""Who got in and who did not, for the security administrator; the audit trail, for the audit administrator. Read only."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haochaping.accounts.queries import sign_ins as queries
from haochaping.audit.queries import TrailFilter
from haochaping.faces.console.asking import me
from haochaping.foundation.clock import CN, local_day, now

# What is asked for without a day: the last so many days.
_DAYS: Final = 30
_ONE_DAY: Final = timedelta(days=1)
_LONGEST: Final = 200


@require_safe
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Log-ins, refusals, locks; who is locked out now."""
    at, filters, shown = _asked(request)
    found = queries.sign_ins(official_id=me(request), now=at, filters=filters)
    locked = queries.locked_out(official_id=me(request), now=at)
    page = {"found": found, "locked": locked, "sign_ins_page": True, **shown}
    return render(request, "console/sign_ins.html", page)


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The trail by day, by whom, by act, by subject."""
    at, filters, shown = _asked(request)
    found = queries.audit_trail(official_id=me(request), now=at, filters=filters)
    return render(request, "console/audit.html", {"found": found, "audit_page": True, **shown})


def _asked(request: HttpRequest) -> tuple[datetime, TrailFilter, dict[str, Any]]:
    """Now, the filter, and what the form shows again."""
    at, asked = now(), request.GET
    until = _day(asked, "until") or local_day(at)
    since = _day(asked, "since") or until - _DAYS * _ONE_DAY
    words = {
        name: asked.get(name, "").strip().replace("\0", "")[:_LONGEST] for name in ("actor", "act", "subject")
    }
    filters = TrailFilter(
        since=datetime.combine(since, time(), CN),
        until=datetime.combine(until, time(), CN) + _ONE_DAY,
        before=_id(asked.get("before", "")),
        actor=words["actor"],
        act=words["act"],
        subject=words["subject"],
    )
    again = QueryDict(mutable=True)
    again.update({"since": since.isoformat(), "until": until.isoformat(), **words})
    return at, filters, {"asked": words, "since": since, "until": until, "again": again.urlencode()}


def _day(asked: QueryDict, name: str) -> date | None:
    """A day that is not so far off that none comes before or after it."""
    try:
        day = date.fromisoformat(asked.get(name, ""))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
