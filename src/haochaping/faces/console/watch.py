"""How the system itself does: alarms, self-tests with what became of each rating, and that somebody has seen an alarm."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.faces.console.asking import id_in, me
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.oversight.operations import alarms as operations
from haochaping.oversight.queries import watch as queries
from haochaping.oversight.queries.static_codes import NAMED_DAYS, codes_today
from haochaping.oversight.watch_words import NOT_DRIVEN
from haochaping.oversight.watching import LEVELS, Outcome, Way


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the matrix: what became of a channel's levels by one way, from the best to the worst."""

    way: Way
    channel: int
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in with a refused acknowledgement, to be shown again at its alarms."""

    alarms: tuple[UUID, ...] = ()
    note: str = ""
    message: str = ""
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Alarms that went on at once for the same reason, such as all of a door that is down: acknowledged together."""

    alarms: tuple[queries.AlarmView, ...]

    @property
    def first(self) -> queries.AlarmView:
        return self.alarms[0]


@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    """Alarms, the newest self-test in full, the last thirty in a list."""
    return _page(request)


@require_safe
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One self-test."""
    found = queries.run(run_id)
    if found is None:
        raise Http404
    shown = {"run": found.row, **_matrix(found), "watch_page": True}
    return render(request, "console/watch_run.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest) -> HttpResponse:
    """Seen, with a note. A refused one shows the page as it stands, with the reason and what was typed."""
    if request.method != "POST":
        return redirect("console:watch")
    note, alarms = request.POST.get("note", ""), tuple(map(id_in, request.POST.getlist("alarm")))
    try:
        operations.acknowledge(alarms=alarms, official_id=me(request), note=note, now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    except Invalid as refusal:
        problems = {problem.field: problem.message for problem in refusal.problems}
        return _page(request, Typed(alarms, note, problems=problems), 422)
    except Conflict as refusal:
        return _page(request, Typed(alarms, note, refusal.message), 409)
    except NotAllowed as refusal:
        return _page(request, Typed(alarms, note, refusal.message), 403)
    messages.success(request, str(_("已确认告警。恢复正常后，告警自动解除。")))
    return redirect("console:watch")


def _page(request: HttpRequest, typed: Typed | None = None, status: int = 200) -> HttpResponse:
    at, found = now(), queries.watch()
    latest = found.latest
    shown = {
        "found": found,
        "groups": _groups(found.on),
        "run": latest.row if latest else None,
        "stale": latest is not None and latest.row.stale(at),
        **(_matrix(latest) if latest else {}),
        "not_driven": NOT_DRIVEN.values(),
        "judged": queries.judged(today=local_day(at)),
        "codes": codes_today(official_id=me(request), now=at),
        "named_days": NAMED_DAYS,
        "typed": typed or Typed(),
        "may_acknowledge": officials.holds(
            official_id=me(request), permission=Permission.ACKNOWLEDGE_ALARMS, on=local_day(at)
        ),
        "watch_page": True,
    }
    return render(request, "console/watch.html", shown, status=status)


def _matrix(found: queries.RunView) -> dict[str, object]:
    """What the matrix shows, and once each what was answered where something failed."""
    reasons = {(each.step, each.reason): None for each in found.outcomes if each.step is not None}
    return {"lines": _lines(found), "levels": LEVELS, "reasons": tuple(reasons)}


def _lines(found: queries.RunView) -> tuple[Line, ...]:
    """The results in the order in which they were tested, a line for each way and channel."""
    rows: dict[tuple[Way, int], list[Outcome]] = {}
    for outcome in found.outcomes:
        rows.setdefault((outcome.cell.way, outcome.cell.channel), []).append(outcome)
    return tuple(
        Line(way, channel, tuple(sorted(outcomes, key=lambda each: -each.cell.level)))
        for (way, channel), outcomes in rows.items()
    )


def _groups(alarms: Sequence[queries.AlarmView]) -> tuple[Group, ...]:
    """In the order of their first."""
    found: dict[tuple[object, ...], list[queries.AlarmView]] = {}
    for alarm in alarms:
        alike = (alarm.kind, alarm.step, alarm.reason, alarm.since, alarm.acknowledged_at, alarm.note)
        found.setdefault(alike, []).append(alarm)
    return tuple(Group(tuple(each)) for each in found.values())
