"""Revisits, for those who do them and for the authority that watches over them.

Who was rated sees none that another body makes of him: neither that it is due nor what the citizen said there.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.foundation.waiting import Waiting
from haochaping.oversight.answers import opened_answers
from haochaping.oversight.asked_about import is_about
from haochaping.oversight.asked_about import waits as held_back
from haochaping.oversight.models import Revisit
from haochaping.oversight.revisiting import (
    OWN_BODIES,
    Outcome,
    State,
    Terms,
    asks_of,
    attempts_of,
    means_of,
    terms_kept,
)
from haochaping.rectification.escalated import EscalationView, escalations_of_revisits
from haochaping.registry import queries as registry

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class RevisitReach:
    """How far an official's posts reach: whose he may see, for whom he may ask, in which organisations he works."""

    seen: frozenset[int]
    conducts: frozenset[int]
    own: frozenset[int]

    @property
    def watched(self) -> frozenset[int]:
        """Over whose revisits he watches: never over his own organisation's."""
        return self.seen - self.own

    def conducts_for(self, revisit: Revisit) -> int | None:
        """The organisation for which he may ask this rater: the rules' body is his, and he does not revisit the case of an
        organisation in which he works for another one. None where he may not."""
        if by_the_unit(revisit) and revisit.organisation_id in self.conducts:
            return revisit.organisation_id
        others = self.conducts & set(revisit.conductors)
        return min(others) if others and revisit.organisation_id not in self.own else None


@dataclass(frozen=True, slots=True)
class RevisitRow:
    """One line of the list. `body` in the rules' words, "" where nobody is named. `last_day` None and `days` 0 where no
    limit is laid down; `days` are calendar days left, below 0 when it is over. `attempts` None: not laid down. `of`:
    of which ratings it is, in the rules' words, "" for an order; `set_off`: what
    followed where there is none."""

    id: UUID
    number: str
    organisation: str
    body: str
    means: tuple[str, ...]
    state: State
    last_day: date | None
    days: int
    provisional: bool
    tried: int
    attempts: int | None
    satisfied: bool | None
    sampled: bool
    of: str
    set_off: str


@dataclass(frozen=True, slots=True)
class RevisitPage:
    """A page of the list. `anonymous`: of those that ended, so many had nobody who could be asked. `page` counts from 1.
    `watches`: the official watches over others, and may see rates and samples."""

    rows: tuple[RevisitRow, ...]
    watches: bool
    due: int
    ended: int
    anonymous: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class RevisitStepView:
    """One attempt with what was answered, by question; the note is `note`."""

    outcome: Outcome
    means: str
    actor: str
    at: datetime
    answers: tuple[tuple[str, str], ...]
    note: str


@dataclass(frozen=True, slots=True)
class RevisitView:
    """All that the page of one revisit shows. `revision` goes back with the next attempt. `waits`: an objection is
    undecided, and by the rules nobody asks meanwhile. `went_further`: what the rules set off about its limit."""

    row: RevisitRow
    order_id: UUID | None
    terms: tuple[Terms, ...]
    asks: tuple[str, ...]
    history: tuple[RevisitStepView, ...]
    may_conduct: bool
    waits: bool
    revision: int
    went_further: tuple[EscalationView, ...] = ()


def revisits(*, official_id: UUID, now: datetime, ended: bool = False, page: int = 1) -> RevisitPage:
    """What is due, by due day and what has none last; or what has ended, the last first."""
    reach = reach_of(official_id, local_day(now))
    mine = revisits_of(reach)
    counts = dict(mine.order_by().values_list("state").annotate(Count("pk")))
    waiting, over = counts.get(State.DUE, 0), sum(counts.values()) - counts.get(State.DUE, 0)
    pages = max(1, -(-(over if ended else waiting) // PAGE_SIZE))
    page = min(max(1, page), pages)
    if ended:
        chosen = mine.exclude(state=State.DUE).order_by("-ended_at", "number")
    else:
        chosen = mine.filter(state=State.DUE).order_by(F("due_at").asc(nulls_last=True), "number", "id")
    # Attempts are counted of the page alone: of ratings there may be many.
    ids = list(chosen.values_list("pk", flat=True)[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    found = {each.pk: each for each in _tried(Revisit.objects.filter(pk__in=ids))}
    shown = [found[each] for each in ids]
    return RevisitPage(
        _rows(shown, now), bool(reach.watched), waiting, over, counts.get(State.ANONYMOUS, 0), page, pages
    )


def revisits_waiting(*, official_id: UUID, now: datetime) -> Waiting:
    """How many raters this official may have to ask himself."""
    reach = reach_of(official_id, local_day(now))
    by_others = Q(conductors__overlap=list(reach.conducts)) & ~Q(organisation_id__in=reach.own)
    by_unit = Q(organisation_id__in=reach.conducts, body__in=OWN_BODIES)
    late = Q(due_at__lte=now, due_provisional=False)
    due = Revisit.objects.filter(by_others | by_unit, state=State.DUE)
    return Waiting(**due.aggregate(number=Count("pk"), late=Count("pk", filter=late)))


def revisit(*, official_id: UUID, revisit_id: UUID, now: datetime) -> RevisitView:
    """One revisit. Raises NotFound out of reach, as where there is none such."""
    reach = reach_of(official_id, local_day(now))
    found = _tried(revisits_of(reach)).filter(pk=revisit_id).first()
    if found is None:
        raise NotFound("revisit", "")
    terms = tuple(map(terms_kept, found.terms))
    steps = []
    for step in found.steps.order_by("revision"):
        said = opened_answers(step.answers, step=step.pk)
        note = said.pop("", "")
        steps.append(
            RevisitStepView(Outcome(step.outcome), step.means, step.actor, step.at, tuple(said.items()), note)
        )
    waits = found.state == State.DUE and held_back(found)
    return RevisitView(
        row=_rows([found], now)[0],
        order_id=found.order_id,
        terms=terms,
        asks=asks_of(terms),
        history=tuple(steps),
        may_conduct=found.state == State.DUE
        and not waits
        and reach.conducts_for(found) is not None
        and not is_about(found, official_id=official_id),
        waits=waits,
        revision=found.revision,
        went_further=escalations_of_revisits(order_id=found.order_id, now=now) if found.order_id else (),
    )


def reach_of(official_id: UUID, on: date) -> RevisitReach:
    """How far the posts of that day reach."""
    held = {
        permission: officials.scope(official_id=official_id, permission=permission, on=on)
        for permission in (Permission.VIEW_REVISITS, Permission.CONDUCT_REVISITS)
    }
    own = frozenset(post.organisation_id for post in officials.posts(official_id=official_id, on=on))
    return RevisitReach(held[Permission.VIEW_REVISITS], held[Permission.CONDUCT_REVISITS], own)


def revisits_of(reach: RevisitReach) -> QuerySet[Revisit]:
    """Those that the official may see."""
    others = Q(organisation_id__in=reach.watched)
    by_others = Q(conductors__overlap=list(reach.conducts)) & ~Q(organisation_id__in=reach.own)
    own = (reach.conducts | reach.seen) & reach.own
    by_unit = Q(organisation_id__in=own, body__in=OWN_BODIES) & (Q(of="") | ~Q(body=""))
    return Revisit.objects.filter(others | by_others | by_unit)


def by_the_unit(revisit: Revisit) -> bool:
    """Whether the rated unit may ask by itself: where the rules name it, and of its orders where they name nobody. Of
    ratings without an order it asks only where it is named (our safeguard: they are not its to know)."""
    return revisit.body in OWN_BODIES and (revisit.of == "" or revisit.body != "")


def _tried(chosen: QuerySet[Revisit]) -> QuerySet[Revisit]:
    return chosen.annotate(tried=Count("steps"))


def _rows(found: Collection[Revisit], now: datetime) -> tuple[RevisitRow, ...]:
    today = local_day(now)
    names = registry.organisation_names({each.organisation_id for each in found}, today)
    rows = []
    for each in found:
        terms = tuple(map(terms_kept, each.terms))
        last = local_day(each.due_at - timedelta(microseconds=1)) if each.due_at else None
        rows.append(
            RevisitRow(
                id=each.pk,
                number=each.number,
                organisation=names.get(each.organisation_id, ""),
                body=each.body,
                means=means_of(terms),
                state=State(each.state),
                last_day=last,
                days=(last - today).days if last else 0,
                provisional=each.due_provisional,
                tried=getattr(each, "tried", 0),
                attempts=attempts_of(terms),
                satisfied=each.satisfied,
                sampled=each.occasion.startswith(("HF", "HP")),
                of=each.of,
                set_off=each.set_off,
            )
        )
    return tuple(rows)
