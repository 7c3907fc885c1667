"""Reports of pressure, for the officers of the authority that receives them and for nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.foundation.waiting import Waiting
from haochaping.oversight.models import PressureReport
from haochaping.oversight.sealed import Reference, opened_reference, opened_words
from haochaping.oversight.states import DONE, SETTLED, Act, Matter, Source, State, Verdict, acts_in
from haochaping.policy.keeping import in_force
from haochaping.policy.profile import Profile
from haochaping.ratings.queries import rating_for_order
from haochaping.registry import queries as registry

PAGE_SIZE = 50
# What the rules may lay down for what is reported here (Kunming, article 11).
_RULES = ("escalations.retaliation", "escalations.fabrication")


@dataclass(frozen=True, slots=True)
class PressureDue:
    """Until when the rules want something done about what was found: the last day, the clause. `late`: it has passed."""

    last_day: date
    provisional: bool
    late: bool
    clause: str


@dataclass(frozen=True, slots=True)
class PressureRow:
    """One line of the list. `organisation` is "" where the citizen named none; `verdict` None before the decision;
    `order_number`: of the work order that was opened for it, "" before it was taken. `due`: None where no limit is laid
    down."""

    id: UUID
    number: str
    organisation: str
    place: str
    matters: tuple[Matter, ...]
    source: Source
    received_at: datetime
    state: State
    verdict: Verdict | None
    order_number: str
    due: PressureDue | None


@dataclass(frozen=True, slots=True)
class PressurePage:
    """A page of the list, the newest first, with the numbers of both lists. `page` counts from 1."""

    rows: tuple[PressureRow, ...]
    open: int
    closed: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ServiceView:
    """What was served, in words; neither when nor under which link. `level` is that of the rating, only where the reporter
    showed with its receipt that it is his own."""

    item: str
    hall: str
    window: str
    staff: str
    level: int | None


@dataclass(frozen=True, slots=True)
class PressureStepView:
    """One act of the history."""

    act: Act
    actor: str
    at: datetime
    note: str
    clause: str


@dataclass(frozen=True, slots=True)
class PressureView:
    """All that the page of one report shows. `clause` is what the rules of the place say of such things, "" for nothing."""

    row: PressureRow
    text: str
    service: ServiceView | None
    history: tuple[PressureStepView, ...]
    acts: tuple[Act, ...]
    may_contact: bool
    clause: str
    revision: int


def pressure_reports(
    *, official_id: UUID, now: datetime, closed: bool = False, page: int = 1
) -> PressurePage:
    """The reports that this official may see: those still to be answered, or those that are."""
    mine = reports_of(official_id=official_id, on=local_day(now))
    answered, waiting = mine.filter(state__in=DONE), mine.exclude(state__in=DONE)
    counts = waiting.count(), answered.count()
    pages = max(1, -(-counts[closed] // PAGE_SIZE))
    page = min(max(1, page), pages)
    chosen = (answered if closed else waiting).order_by("-received_at", "id")
    shown = list(chosen[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    return PressurePage(_rows(shown, now), *counts, page, pages)


def pressure_waiting(*, official_id: UUID, now: datetime) -> Waiting:
    """How many reports this official may have to see to."""
    late = Q(due_at__lte=now, due_provisional=False)
    waiting = reports_of(official_id=official_id, on=local_day(now)).exclude(state__in=DONE)
    return Waiting(**waiting.aggregate(number=Count("pk"), late=Count("pk", filter=late)))


def pressure_report(*, official_id: UUID, report_id: UUID, now: datetime) -> PressureView:
    """One report. Raises NotFound for whoever is not the receiving authority, as where there is none such."""
    today = local_day(now)
    report = reports_of(official_id=official_id, on=today).filter(pk=report_id).first()
    if report is None:
        raise NotFound("pressure", "")
    reference = opened_reference(report.reference, row=report.pk)
    return PressureView(
        row=_rows([report], now)[0],
        text=opened_words(report.text, row=report.pk, column="text"),
        service=_service(reference, today) if reference else None,
        history=tuple(
            PressureStepView(
                Act(step.act),
                step.actor,
                step.at,
                opened_words(step.note, row=step.pk, column="note"),
                step.clause,
            )
            for step in report.steps.order_by("revision")
        ),
        acts=acts_in(State(report.state), report.verdict),
        may_contact=report.may_contact,
        clause=clause_for(report, today),
        revision=report.revision,
    )


def reports_of(*, official_id: UUID, on: date) -> QuerySet[PressureReport]:
    """The reports that came to an authority in which the official holds the post of an officer on that day. None about an
    organisation in which he holds any post, nor of a service at which he is said to have sat himself: nobody reads what is
    reported of himself."""
    reach = officials.scope(official_id=official_id, permission=Permission.HANDLE_PRESSURE, on=on)
    return about_others(PressureReport.objects.filter(authority_id__in=reach), official_id, on)


def about_others(reports: QuerySet[PressureReport], official_id: UUID, on: date) -> QuerySet[PressureReport]:
    """Those of these reports that are about nobody's organisation in which the official holds a post on that day, nor about
    a service at which he is said to have sat: for whoever shows them to him, or tells him of them."""
    own = {post.organisation_id for post in officials.posts(official_id=official_id, on=on)}
    found = reports.filter(Q(organisation_id__isnull=True) | ~Q(organisation_id__in=own))
    himself = officials.staff_ever(official_id=official_id)
    return found.exclude(pk__in=_served_by(himself, found)) if himself else found


def _served_by(staff: frozenset[int], reports: QuerySet[PressureReport]) -> list[UUID]:
    """Those that refer to a service by one of these members of staff: what is referred to is sealed."""
    sealed = reports.filter(reference__isnull=False).values_list("pk", "reference")
    opened = ((pk, opened_reference(reference, row=pk)) for pk, reference in sealed)
    return [pk for pk, reference in opened if reference is not None and reference.staff_id in staff]


def clause_for(report: PressureReport, on: date) -> str:
    """What the rules of the reported place say of such things, cited; "" where they say nothing."""
    rules = rules_for(report, on)
    return next((said for rule in _RULES if (said := rules.citation(rule))), "") if rules else ""


def rules_for(report: PressureReport, on: date) -> Profile | None:
    """The rules of the reported place on a day; None where there are none."""
    codes = {division.id: division.code for division in registry.division_tree(on)}
    try:
        return in_force().rulebook.profile(codes[report.division_id], on)
    except LookupError:
        return None


def _service(reference: Reference, on: date) -> ServiceView:
    ratings = rating_for_order([UUID(reference.subject)]) if reference.rater else []

    def named(names: Mapping[int, str], number: int | None) -> str:
        return names.get(number, "") if number is not None else ""

    def ids(number: int | None) -> set[int]:
        return {number} if number is not None else set()

    return ServiceView(
        item=named(registry.item_names(ids(reference.item_id), on), reference.item_id),
        hall=named(registry.hall_names(ids(reference.hall_id), on), reference.hall_id),
        window=named(registry.window_names(ids(reference.window_id), on), reference.window_id),
        staff=named(registry.staff_names(ids(reference.staff_id), on), reference.staff_id),
        level=ratings[0].level if ratings else None,
    )


def _rows(reports: list[PressureReport], now: datetime) -> tuple[PressureRow, ...]:
    on = local_day(now)
    about = {report.organisation_id for report in reports if report.organisation_id is not None}
    organisations = registry.organisation_names(about, on)
    places = registry.division_names({report.division_id for report in reports}, on)
    return tuple(
        PressureRow(
            id=report.pk,
            number=report.number,
            organisation=organisations.get(report.organisation_id, "") if report.organisation_id else "",
            place=places.get(report.division_id, ""),
            matters=tuple(map(Matter, report.matters)),
            source=Source(report.source),
            received_at=report.received_at,
            state=State(report.state),
            verdict=Verdict(report.verdict) if report.verdict else None,
            order_number=report.order_number,
            due=_due(report, now),
        )
        for report in reports
    )


def _due(report: PressureReport, now: datetime) -> PressureDue | None:
    if report.due_at is None or report.state in SETTLED:
        return None
    late = now >= report.due_at and not report.due_provisional
    last_day = local_day(report.due_at - timedelta(microseconds=1))
    return PressureDue(last_day, report.due_provisional, late, report.due_clause)
