"""Score runs as they were kept, as far as an official's posts reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission, Scope, scope_of_role
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.policy.owed import Period
from haochaping.policy.spells import name_of
from haochaping.registry import queries as registry
from haochaping.registry.rules import AUTHORITY
from haochaping.scoring.models import Listing, Remark, Result, Run, Unit
from haochaping.scoring.places import THINGS, unit_name
from haochaping.scoring.states import State
from haochaping.tallies.queries import Counts, organisation_months

SHOWN = 100


@dataclass(frozen=True, slots=True)
class RunView:
    """One run. `period`: as it is written; `scores`: by key its label, clause, `variant_of`, `total`, and whether it is a
    `bare` measure; `uncounted`: what could not be worked out, by the fact that nobody counts; `editions`: the rules in
    force in the period, where they changed in it more than one. `whole`: the viewer sees everybody, else his own only."""

    id: UUID
    number: str
    division_id: int
    division: str
    kind: str
    period: str
    first: date
    last: date
    cut_off: datetime
    profile: str
    version: str
    what_if: bool
    rules_name: str
    state: State
    made_by: str
    digest: str
    inputs_digest: str
    previous: str
    scores: Mapping[str, Mapping[str, Any]]
    uncounted: Mapping[str, str]
    editions: list[dict[str, str]]
    signatures: tuple[tuple[str, datetime], ...]
    open_remarks: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """One score of one unit, as `scoring.record` writes it; `parts` with every intermediate."""

    points: str
    why: str
    grade: str
    rank: int | None
    ranked: int | None
    parts: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class UnitView:
    """Who was scored, the figures beside, and his scores by key."""

    id: UUID
    kind: str
    number: int
    name: str
    of: str
    ended: bool
    inputs: Mapping[str, Any]
    beside: Mapping[str, Any]
    results: Mapping[str, Scored]


@dataclass(frozen=True, slots=True)
class ListView:
    """A list that the rules lay down, with the names of those on it; `missing`: what was not counted for it."""

    label: str
    clause: str
    names: tuple[str, ...]
    missing: str


def runs(*, official_id: UUID, now: datetime) -> tuple[RunView, ...]:
    """Those of the divisions in reach, the last made first, at most SHOWN; to an organisation those that it is in."""
    reach = _Reach(official_id, now)
    rows = _with_counts(Run.objects.filter(reach.runs())).order_by("-made_at", "number")[:SHOWN]
    return tuple(_view(row, whole=row.division_id in reach.divisions) for row in rows)


def run(number: str, *, official_id: UUID, now: datetime) -> RunView:
    """Raises NotFound when there is none such within reach."""
    reach = _Reach(official_id, now)
    row = _with_counts(Run.objects.filter(reach.runs(), number=number)).first()
    if row is None:
        raise NotFound("score_run", _("没有这次评分，或者它不属于您负责的地方。"))
    return _view(row, whole=row.division_id in reach.divisions)


def units(view: RunView, kind: str, *, official_id: UUID, now: datetime) -> tuple[UnitView, ...]:
    """All of a kind in a run that the viewer may see, with their scores: the best first by the first score; where there is
    none, by their place among those of about as many ratings, the larger ones first; then by name."""
    rows = Unit.objects.filter(run_id=view.id, kind=kind)
    if not view.whole:
        rows = rows.filter(_Reach(official_id, now).own_units())
    found = _unit_views(list(rows))
    first = next(iter(view.scores), "")
    last = len(found) + 1

    def place(each: UnitView) -> tuple[int, int, int, str, int]:
        scored, beside = each.results.get(first), each.beside
        rank = scored.rank if scored and scored.rank else last
        return (rank, -(beside["group"] or 0), beside["rank"] or last, each.name, each.number)

    return tuple(sorted(found, key=place))


def unit(view: RunView, unit_id: UUID, *, official_id: UUID, now: datetime) -> UnitView:
    """Raises NotFound when there is none such in the run that the viewer may see."""
    rows = Unit.objects.filter(run_id=view.id, pk=unit_id)
    if not view.whole:
        rows = rows.filter(_Reach(official_id, now).own_units())
    found = _unit_views(list(rows))
    if not found:
        raise NotFound("score_unit", _("没有这条得分，或者它不属于您负责的单位。"))
    return found[0]


def months(view: RunView, unit: UnitView) -> tuple[tuple[date, Counts], ...]:
    """The months of the period as they stand now, of an organisation; of anybody else none."""
    if unit.kind != "organisation":
        return ()
    return tuple(organisation_months(unit.number, from_day=view.first, to_day=view.last).items())


def ended(view: RunView) -> tuple[str, ...]:
    """The names of the organisations that were no more on the last day of the period."""
    rows = Unit.objects.filter(run_id=view.id, kind="organisation", ended=True)
    return tuple(rows.order_by("name").values_list("name", flat=True))


def lists(view: RunView) -> tuple[ListView, ...]:
    """The lists that the rules lay down, with the names of those on them."""
    rows = list(Listing.objects.filter(run_id=view.id).order_by("key"))
    wanted = {name for row in rows for name in row.named}
    names = {
        unit_name(kind, number): name
        for kind, number, name in Unit.objects.filter(run_id=view.id).values_list("kind", "number", "name")
        if unit_name(kind, number) in wanted
    }
    return tuple(
        ListView(row.label, row.clause, tuple(sorted(names[each] for each in row.named)), row.missing)
        for row in rows
    )


def remarks(
    view: RunView, *, official_id: UUID, now: datetime, unit_id: UUID | None = None
) -> tuple[Remark, ...]:
    """What was said against figures of the run, or of one unit, that the viewer may see, the oldest first."""
    rows = Remark.objects.filter(unit__run_id=view.id).select_related("unit")
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if not view.whole:
        mine = Unit.objects.filter(_Reach(official_id, now).own_units(), run_id=view.id)
        rows = rows.filter(unit__in=mine)
    return tuple(rows.order_by("filed_at", "id"))


def everything(number: str) -> tuple[RunView, tuple[UnitView, ...]]:
    """A run with all of its units, for operators. Raises NotFound."""
    row = _with_counts(Run.objects.filter(number=number)).first()
    if row is None:
        raise NotFound("score_run", _("没有这次评分。"))
    rows = Unit.objects.filter(run=row).order_by("kind", "number")
    return _view(row, whole=True), tuple(_unit_views(list(rows)))


class _Reach:
    """What an official may see: everybody of the divisions of his authority, else his own organisation and its staff."""

    def __init__(self, official_id: UUID, now: datetime) -> None:
        today = local_day(now)
        self._organisations = officials.scope(
            official_id=official_id, permission=Permission.VIEW_SCORES, on=today
        )
        posts = officials.posts(official_id=official_id, on=today)
        wide = any(scope_of_role(each.role, Permission.VIEW_SCORES) is Scope.SUBTREE for each in posts)
        reached = self._organisations if wide else ()
        self.divisions = frozenset(registry.homes(reached, today, kind=AUTHORITY).values())

    def runs(self) -> Q:
        """The runs that he may open."""
        mine = Unit.objects.filter(self.own_units()).values("run_id")
        return Q(division_id__in=self.divisions) | Q(pk__in=mine, what_if=False)

    def own_units(self) -> Q:
        """His organisations with their members of staff, windows, halls and items."""
        names = [unit_name("organisation", each) for each in self._organisations]
        return Q(kind="organisation", number__in=self._organisations) | Q(kind__in=THINGS, of__in=names)


def _with_counts(rows: QuerySet[Run]) -> QuerySet[Run]:
    waiting = Count(
        "units__remarks", filter=Q(units__remarks__id__isnull=False, units__remarks__answered_at=None)
    )
    return rows.select_related("previous").prefetch_related("signatures").annotate(waiting=waiting)


def _view(row: Run, *, whole: bool) -> RunView:
    names = registry.division_names([row.division_id], row.last)
    return RunView(
        id=row.id,
        number=row.number,
        division_id=row.division_id,
        division=names.get(row.division_id, ""),
        kind=row.kind,
        period=name_of(row.kind, Period(row.first, row.last)),
        first=row.first,
        last=row.last,
        cut_off=row.cut_off,
        profile=row.profile,
        version=row.version,
        what_if=row.what_if,
        rules_name=row.rules_name,
        state=State(row.state),
        made_by=row.made_by,
        digest=row.digest,
        inputs_digest=row.inputs_digest,
        previous=row.previous.number if row.previous else "",
        scores=row.scores,
        uncounted=row.uncounted,
        editions=row.editions,
        signatures=tuple(
            (each.name, each.at) for each in sorted(row.signatures.all(), key=lambda one: one.at)
        ),
        open_remarks=getattr(row, "waiting", 0),
        whole=whole,
    )


def _unit_views(rows: list[Unit]) -> list[UnitView]:
    results: dict[UUID, dict[str, Scored]] = {}
    for each in Result.objects.filter(unit__in=[row.id for row in rows]).order_by("score"):
        scored = Scored(each.points, each.why, each.grade, each.rank, each.ranked, each.parts)
        results.setdefault(each.unit_id, {})[each.score] = scored
    return [
        UnitView(
            row.id,
            row.kind,
            row.number,
            row.name,
            row.of,
            row.ended,
            row.inputs,
            row.beside,
            results.get(row.id, {}),
        )
        for row in rows
    ]
