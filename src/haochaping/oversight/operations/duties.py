"""Which revisits follow from an order that was answered: looked at once for each state of it, by the rules of that day."""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import transaction

from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import random_id
from haochaping.foundation.workdays import due_instant
from haochaping.oversight.drawing import kind_of, period_of
from haochaping.oversight.models import Revisit, RevisitAssessed, RevisitCandidate, RevisitPeriod
from haochaping.oversight.operations.periods import ensure_period
from haochaping.oversight.queries.duties import terms_of_order
from haochaping.oversight.revisiting import (
    DEFAULTS,
    OWN_BODIES,
    UNSATISFIED,
    Extent,
    State,
    Terms,
    together,
)
from haochaping.policy.counting import Course, Due
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.queries.frames import changed
from haochaping.rectification.operations.answered import (
    AnsweredOrder,
    answered_order,
    answered_orders,
    standing_of,
)
from haochaping.registry import queries as registry

SYSTEM: Final = "system"
ANSWERED: Final = "answered"
_AT_ONCE: Final = 10_000

_log = logging.getLogger(__name__)


def assess_answered(*, now: datetime, rulebook: Rulebook) -> int:
    """Looks at every order that was answered since, or has changed; how many revisits came of it.

    An order is a transaction: killed at any moment, the next run goes on with the rest, and nothing arises twice. One that
    fails is logged without content and tried again the next time; it holds no other up.
    """
    seen = dict(RevisitAssessed.objects.values_list("order_id", "revision"))
    made = 0
    for order_id, revision in answered_orders().items():
        if seen.get(order_id) == revision:
            continue
        try:
            made += _assess(order_id, now, rulebook)
        except Exception as error:  # the next one must not suffer
            _log.error("revisits of an order could not be determined: %s", type(error).__name__)
    return made


@transaction.atomic
def settle_standing(*, now: datetime) -> int:
    """Ends what is due and cannot be done any more: the rater took the rating back, or agrees to be contacted no longer."""
    orders = Revisit.objects.select_for_update().filter(state=State.DUE, of="")
    due = {each.pk: each for each in orders.order_by("pk")}
    standing = standing_of({each.order_id for each in due.values() if each.order_id is not None})
    ended = 0
    for revisit in due.values():
        order = standing.get(revisit.order_id) if revisit.order_id is not None else None
        if order is not None and (order.excluded or not order.named):
            _end(revisit, State.LAPSED if order.excluded else State.ANONYMOUS, now)
            ended += 1
    return ended + _settle_ratings(now)


def _settle_ratings(now: datetime) -> int:
    """The same of ratings that were drawn without an order: they may be many, and hardly any has changed."""
    ended = 0
    for defaults in (False, True):
        drawn = Revisit.objects.filter(state=State.DUE, of__gt="")
        mine = drawn.filter(of=DEFAULTS) if defaults else drawn.exclude(of=DEFAULTS)
        ids = iter(mine.values_list("rating_id", flat=True).iterator())
        while some := [each for each in islice(ids, _AT_ONCE) if each is not None]:
            gone = changed(some, defaults=defaults)
            for revisit in mine.select_for_update().filter(rating_id__in=gone).order_by("pk"):
                counts = revisit.rating_id is not None and gone[revisit.rating_id]
                _end(revisit, State.ANONYMOUS if counts else State.LAPSED, now)
                ended += 1
    return ended


def conductors_of(body: str, organisation_id: int, on: date) -> list[int]:
    """The organisations whose people ask the rater of this one: itself where the rules name the handling unit; itself and
    its authority where they name nobody; else the authority, which also enters what bodies without a desk here report.
    Who is an authority himself is asked about by the one above; nobody where there is none."""
    own = [organisation_id] if body in OWN_BODIES else []
    if body in OWN_BODIES - {""}:
        return own
    same = registry.authority_of(organisation_id, on)
    if same is not None and (same.id == organisation_id or body == "level_above_authority"):
        same = registry.authority_above(organisation_id, on)
    return [*own, same.id] if same else own


def make_revisit(
    order: AnsweredOrder | RevisitCandidate,
    terms: Sequence[Terms],
    *,
    occasion: str,
    due: Due | None,
    now: datetime,
) -> bool:
    """A revisit with its audit row, unless it is there. An anonymous rater cannot be asked, and it says so at once."""
    body, organisation = terms[0].by, order.organisation_id
    order_id = order.order_id if isinstance(order, RevisitCandidate) else order.id
    revisit, new = Revisit.objects.get_or_create(
        order_id=order_id,
        body=body,
        occasion=occasion,
        defaults={
            "id": random_id(),
            "number": order.number,
            "organisation_id": organisation,
            "conductors": conductors_of(body, organisation, local_day(now)),
            "terms": [each.kept() for each in terms],
            "arisen_at": now,
            "due_at": due.due_at if due else None,
            "due_provisional": bool(due and due.provisional),
            "state": State.DUE,
        },
    )
    if new:
        clause = terms[0].clause[:200]
        detail = {"rules": [each.rule for each in terms], "occasion": occasion}
        audit.record(
            now=now,
            actor=SYSTEM,
            act="revisit.arise",
            subject=f"revisit:{revisit.id}",
            clause=clause,
            detail=detail,
        )
        if not order.named:
            _end(revisit, State.ANONYMOUS, now)
    return new


@transaction.atomic
def _assess(order_id: UUID, now: datetime, rulebook: Rulebook) -> int:
    order = answered_order(order_id, rulebook=rulebook)
    if order is None:
        return 0
    _resume(order_id, now)
    terms = terms_of_order(order)
    for each in terms:
        if each.extent is Extent.SAMPLED:
            _enter(order, each, now)
    made = sum(
        make_revisit(order, group, occasion=occasion, due=earliest(order, group), now=now)
        for group in together(each for each in terms if each.extent is Extent.WHOLE)
        if not _still_due(order, group, occasion := _occasion(order, group))
    )
    RevisitAssessed.objects.update_or_create(
        order_id=order.id,
        defaults={
            "organisation_id": order.organisation_id,
            "revision": order.revision,
            "answered_at": order.answered_at,
            "ruled": order.rules is not None,
            "undetermined": [each.rule for each in terms if each.extent is Extent.OPEN],
        },
    )
    return made


def _occasion(order: AnsweredOrder, group: Sequence[Terms]) -> str:
    """Each time that it was worked on is an occasion of its own."""
    first = UNSATISFIED if group[0].of == UNSATISFIED else ANSWERED
    return first if order.round == 1 else f"{first} {order.round}"


def _still_due(order: AnsweredOrder, group: Sequence[Terms], occasion: str) -> bool:
    """Whether the rater is still to be asked from the time before: he is asked once, about what was done last."""
    kind = occasion.partition(" ")[0]
    due = Revisit.objects.filter(order_id=order.id, body=group[0].by, state=State.DUE)
    return due.filter(occasion__startswith=kind).exclude(occasion=occasion).exists()


def _resume(order_id: UUID, now: datetime) -> None:
    """What lapsed is due again where the order stands again: a rating that did not count counts once more."""
    for revisit in Revisit.objects.select_for_update().filter(order_id=order_id, state=State.LAPSED):
        revisit.state, revisit.ended_at, revisit.revision = State.DUE, None, revisit.revision + 1
        revisit.save(update_fields=["state", "ended_at", "revision"])
        audit.record(now=now, actor=SYSTEM, act="revisit.resume", subject=f"revisit:{revisit.id}")


def _enter(order: AnsweredOrder, terms: Terms, now: datetime) -> None:
    """Into the frame of the period in which it was answered; once that is drawn, into the one that runs: never into none."""
    period = _open_period(kind_of(terms.per), local_day(order.answered_at), now)
    due = due_in_period(order, terms, period)
    RevisitCandidate.objects.get_or_create(
        order_id=order.id,
        rule=terms.rule,
        defaults={
            "number": order.number,
            "organisation_id": order.organisation_id,
            "named": order.named,
            "period": period,
            "scope_id": _scope(order, terms, now),
            "version": terms.version(),
            "terms": terms.kept(),
            "due_at": due.due_at if due else None,
            "due_provisional": bool(due and due.provisional),
        },
    )


def _open_period(kind: str, day: date, now: datetime) -> RevisitPeriod:
    period = ensure_period(period_of(kind, day), now)
    if period.closed_at is not None:
        period = ensure_period(period_of(kind, local_day(now)), now)
    return period


def _scope(order: AnsweredOrder, terms: Terms, now: datetime) -> int:
    """Of whom the share is: of each organisation where the rule says so, else of all of an authority."""
    if "organisation" in terms.per:
        return order.organisation_id
    authority = registry.authority_of(order.organisation_id, local_day(now))
    return authority.id if authority else order.organisation_id


def earliest(order: AnsweredOrder, group: Iterable[Terms]) -> Due | None:
    """Until when what meets all these rules is to be done, the step of a revisit itself among them; None where none lays a
    limit down."""
    found = [due for each in group if (due := _due(order, each, {})) is not None]
    step = order.rules.steps.get("revisit") if order.rules is not None else None
    if order.rules is not None and step is not None:
        due = order.rules.due(step.value.limit, Course(order.events))
        found += [due] if due is not None else []
    return min(found, key=lambda due: due.due_at, default=None)


def due_in_period(order: AnsweredOrder, terms: Terms, period: RevisitPeriod) -> Due | None:
    """Until when what is drawn of a period is to be done; None where no limit is laid down."""
    return _due(order, terms, {"period_end": due_instant(period.last_day)})


def _due(order: AnsweredOrder, terms: Terms, more: dict[str, datetime]) -> Due | None:
    """Until when, by the rule itself; None where no limit is laid down or what it runs from has not happened."""
    rule = order.rules.revisits.get(terms.rule) if order.rules else None
    if order.rules is None or rule is None:
        return None
    return order.rules.due(rule.value.limit, Course({**order.events, **more}))


def _end(revisit: Revisit, state: State, now: datetime) -> None:
    revisit.state, revisit.ended_at, revisit.revision = state, now, revisit.revision + 1
    revisit.save(update_fields=["state", "ended_at", "revision"])
    audit.record(now=now, actor=SYSTEM, act=f"revisit.{state}", subject=f"revisit:{revisit.id}")
