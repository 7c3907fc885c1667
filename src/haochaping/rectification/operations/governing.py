"""Which rules govern a step of an order: one answer for the act itself and for counting its limit anew."""

from datetime import datetime
from typing import NamedTuple

from haochaping.foundation.clock import local_day
from haochaping.policy.counting import Course, Due
from haochaping.policy.occasions import Occasion
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.queries import rating_for_order
from haochaping.rectification.models import WorkOrder
from haochaping.registry import queries as registry


class Governed(NamedTuple):
    """The rules that govern a step of an order, and what has happened, by the events from which limits run."""

    rules: Profile
    events: dict[str, datetime]

    def rectification_limit(self) -> Due | None:
        """When a rectification that was verified at the step's instant is due; None where nothing is laid down."""
        limit = self.rules.rectification
        return self.rules.due(limit.value if limit else None, Course(self.events))


def governed(order: WorkOrder, *, at: datetime, rulebook: Rulebook) -> Governed | None:
    """The rules for a step at an instant: what the rating means by those of the day of the service, the step by those of
    its own day, unless the rules on their transition say otherwise. None where no jurisdiction applies."""
    rating = next(iter(rating_for_order([order.subject_id])), None)
    if rating is None:
        return None
    day = rating.service_day
    codes = {division.id: division.code for division in registry.division_tree(day)}
    if order.division_id not in codes:
        return None
    occasion = Occasion(codes[order.division_id], level=rating.level, named=rating.named)
    rated = local_day(rating.received_at)
    try:
        rules = rulebook.rules(occasion, day, step=local_day(at), rated=rated)
    except LookupError:
        return None
    return Governed(rules, {"rating": rating.received_at, "verification": at})
