"""By which rules an order is judged: one answer for acts, for pages and for counting a limit anew."""

from datetime import date
from typing import Final, NamedTuple

from haochaping.cases.facts import CHANNELS, Facts, RuledOccasion, occasion_of
from haochaping.cases.queries import rule_facts
from haochaping.foundation.clock import local_day
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.story_redress import own_class
from haochaping.ratings.queries import RatingForOrder, rated_without_case, rating_of_order
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.states import FINDINGS
from haochaping.registry import queries as registry

# Of a rating without an occasion; every id and the day are the rating's own.
_UNTOLD: Final = Facts(date.min, None, 0, 0, None, None, "", "", "", "", "")


class Ruled(NamedTuple):
    """The occasion of an order's rating and the rules to ask about it: `level` is that of what was rated badly, `of_staff`:
    that is the member of staff.

    What the rating means is judged by the rules of the day of the service, a step by those of its own day, unless the
    rules on their transition say otherwise."""

    rating: RatingForOrder
    occasion: RuledOccasion
    level: int
    rulebook: Rulebook
    of_staff: bool = False

    def rules(self, step: date, *, finding: str, bad_class: str = "") -> Profile:
        """The rules for a step of this day. `finding`: one of `states.Finding`, or ""; `bad_class`: a key of `classes`, ""
        for nobody has classified it, and then it is of the class that is so on its own. Raises LookupError where no
        jurisdiction applies."""
        found = self._asked(step, finding, bad_class)
        if not bad_class and (own := own_class(found)):
            return self._asked(step, finding, own)
        return found

    def _asked(self, step: date, finding: str, bad_class: str) -> Profile:
        occasion = self.occasion._replace(occasion=self.occasion.occasion._replace(bad_class=bad_class))
        return occasion.rules(
            self.rulebook,
            step=step,
            rated=local_day(self.rating.received_at),
            channel=CHANNELS.get(self.rating.channel, ""),
            level=self.level,
            named=self.rating.named,
            finding=FINDINGS.get(finding, ""),
        )


def ruled(order: WorkOrder, rulebook: Rulebook, *, step: date) -> Ruled | None:
    """How the rules for an order are asked for; None where no jurisdiction applies.

    They are those of the whole occasion: of its organisation, hall, item and channel, of what its sender said, of the
    rating's level and 实名, of what verification found. Where by the rules of `step` the item was not rated badly, they are
    those of the member of staff and his level."""
    rating = rating_of_order(order.subject_id)
    if rating is None:
        return None
    return _ruled(rating, rulebook, step=step, finding=order.finding, bad_class=order.bad_class)


def about_staff(rating: RatingForOrder, *, on: date, rulebook: Rulebook) -> bool:
    """Whether what is bad about a rating is what was said of the member of staff alone, by the rules of a day."""
    asked = _ruled(rating, rulebook, step=on, finding="", bad_class="")
    return asked is not None and asked.of_staff


def _ruled(
    rating: RatingForOrder, rulebook: Rulebook, *, step: date, finding: str, bad_class: str
) -> Ruled | None:
    occasion = occasion_of(_facts(rating), registry)
    if occasion is None:
        return None
    if rating.occasion_id is None:
        occasion = occasion.about(rated_without_case(rating).subject)
    asked = Ruled(rating, occasion, rating.level, rulebook)
    try:
        rules = asked.rules(step, finding=finding, bad_class=bad_class)
        if rating.staff_level is not None and not rules.is_bad(rating.level):
            asked = asked._replace(occasion=occasion.about("staff"), level=rating.staff_level, of_staff=True)
            asked.rules(step, finding=finding, bad_class=bad_class)
    except LookupError:
        return None
    return asked


def _facts(rating: RatingForOrder) -> Facts:
    """What the rating copied from its occasion when it was given, and what the occasion's sender said of it and its case."""
    told = rule_facts(occasion_id=rating.occasion_id) if rating.occasion_id else None
    return (told or _UNTOLD)._replace(
        service_day=rating.service_day,
        division_id=rating.division_id,
        organisation_id=rating.organisation_id,
        hall_id=rating.hall_id,
        item_id=rating.item_id,
    )
