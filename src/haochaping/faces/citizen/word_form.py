"""The form of what is said later: what it begins with, what is wrong with it, and what it says."""

from dataclasses import replace

from haochaping.faces.citizen.own_data import Statement, staff_label, stated
from haochaping.faces.citizen.rating_form import Filled, new_submission, rating_typed
from haochaping.faces.citizen.receipts import Held
from haochaping.foundation.errors import Invalid, Problem
from haochaping.intake.afterwards import Said
from haochaping.intake.services import Services
from haochaping.policy.profile import Profile
from haochaping.ratings.afterwards import Offer
from haochaping.ratings.rules import (
    NAMED,
    SATISFACTION,
    STAFF,
    RatingContent,
    check_addition,
    check_rating,
    problem,
    said_level,
)
from haochaping.ratings.states import WordKind


def said_before(held: Held, filled: Filled) -> bool:
    """Whether this very submission was kept: so it is told even when the rules allow no other."""
    try:
        return held.given.said_by(bytes.fromhex(filled.submission))
    except ValueError:
        return False


def begun(filled: Filled, held: Held, offer: Offer) -> Filled:
    """The form as it is met first, a correction with all that it may leave as it is; or again, as it was filled in."""
    if filled.submission:
        return filled
    if offer.kind is not WordKind.CORRECTION:
        return Filled(new_submission(), "")
    stands = held.given.standing
    return Filled(
        new_submission(),
        "",
        str(stands.judged),
        staff=str(stands.staff or ""),
        tags=tuple(map(str, stands.tags)),
        text=held.given.text(),
        grouped=True,
    )


def rules_of(held: Held, services: Services, level: int) -> Profile:
    """The rules for a level; 0 for none."""
    return held.given.governed(services).rules(level=level, named=held.given.row["named"])


def staff_rules_of(held: Held, services: Services, of_item: Profile, level: int) -> Profile | None:
    """Those for a level of the member of staff; None where he is not rated beside the item."""
    return held.given.governed(services).staff_rules(of_item, level=level, named=held.given.row["named"])


def checked(filled: Filled, held: Held, services: Services, offer: Offer) -> Said:
    """What was filled in, by the rules. Raises Invalid."""
    if offer.kind is WordKind.CORRECTION:
        return _corrected(filled, held, services, offer)
    rules = rules_of(held, services, said_level(filled.satisfaction))
    added = check_addition(
        satisfaction=filled.satisfaction,
        text=filled.text,
        submission=filled.submission,
        adds=offer.adds,
        rules=rules,
    )
    _check_direction(offer, SATISFACTION, held.given.standing.level, added.level)
    return Said(offer.kind, added.level, (), added.text, added.submission)


def _corrected(filled: Filled, held: Held, services: Services, offer: Offer) -> Said:
    rules, stands = rules_of(held, services, said_level(filled.satisfaction)), held.given.standing
    staff_rules = staff_rules_of(held, services, rules, said_level(filled.staff))
    named = "1" if held.given.row["named"] else "0"
    typed = rating_typed(filled, services.tags, named=named)
    content = check_rating(typed, dictionary=services.tags, rules=rules, staff_rules=staff_rules)
    # Where nobody asks about the member of staff, nothing is said of him.
    staff = content.staff_level or 0 if staff_rules is not None else None
    if _same(content, held) and staff in (None, stands.staff or 0):
        raise Invalid([problem(SATISFACTION, "unchanged")])
    _check_direction(offer, SATISFACTION, stands.level, content.level)
    _check_direction(offer, STAFF, stands.staff, staff)
    return Said(offer.kind, content.level, content.tags, content.text, content.submission, staff)


def _same(content: RatingContent, held: Held) -> bool:
    stands = held.given.standing
    return (content.level, content.tags, content.text) == (stands.level, stands.tags, held.given.text())


def _check_direction(offer: Offer, field: str, before: int | None, level: int | None) -> None:
    if before and level and not offer.allows(before, level):
        raise Invalid([problem(field, f"only_{offer.direction}")])


def seen(invalid: Invalid) -> tuple[Problem, ...]:
    """The problems as this form can show them: it does not ask for the name again."""
    return tuple(
        problem(SATISFACTION, "needs_name") if each.field == NAMED else each for each in invalid.problems
    )


def shown(services: Services, profile: Profile, said: Said, held: Held) -> Statement:
    """What was filled in, to be looked over."""
    given = held.given
    found = stated(
        services, profile, level=said.level or 0, tags=said.tags, text=said.text, at=given.row["received_at"]
    )
    return replace(found, staff=staff_label(given, services, profile, said.staff))
