"""What came of the revisits of ratings that were drawn without an order: counted apart from those of bad ratings, in none of
their rates."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from haochaping.foundation.workdays import due_instant
from haochaping.oversight.models import Revisit
from haochaping.oversight.queries.revisit_rates import Share
from haochaping.oversight.revisiting import State

_REACHED = (State.ANSWERED, State.REFUSED)


@dataclass(frozen=True, slots=True)
class RatingRates:
    """Of one kind of ratings (`of`: "all", "default", "good"): drawn in a period and not lapsed since, and what came of it.
    `anonymous`: nobody agreed to be contacted."""

    of: str
    due: int
    revisited: int
    answered: int
    satisfied: int
    anonymous: int

    def revisit_rate(self) -> Share:
        """回访率: revisited of those drawn."""
        return Share(self.revisited, self.due)

    def satisfaction(self) -> Share:
        """回访满意率: satisfied of those answered."""
        return Share(self.satisfied, self.answered)


def rating_rates(*, organisations: Collection[int], first: date, last: date) -> tuple[RatingRates, ...]:
    """By kind; both days included, by when the sample was drawn. Kinds of which nothing was drawn are left out."""
    arisen = Revisit.objects.filter(
        organisation_id__in=organisations,
        arisen_at__gte=due_instant(date.fromordinal(first.toordinal() - 1)),
        arisen_at__lt=due_instant(last),
    ).exclude(Q(of="") | Q(state=State.LAPSED))
    answered = Q(state=State.ANSWERED)
    rows = arisen.order_by("of").values("of")
    counted = rows.annotate(
        due=Count("pk"),
        revisited=Count("pk", filter=Q(state__in=_REACHED)),
        answered=Count("pk", filter=answered),
        satisfied=Count("pk", filter=answered & Q(satisfied=True)),
        anonymous=Count("pk", filter=Q(state=State.ANONYMOUS)),
    )
    return tuple(RatingRates(**row) for row in counted)
