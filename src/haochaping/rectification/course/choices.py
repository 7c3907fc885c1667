"""What can be chosen with an act: the same for the page that offers it and for the act that checks it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from haochaping.foundation.clock import local_day
from haochaping.rectification.course.extending import RECTIFICATION
from haochaping.rectification.course.guards import extendable, longest_extension, step_due
from haochaping.rectification.course.situation import Situation
from haochaping.rectification.states import Act, Finding

# By which a person can be called, where the rules name no means; words of policy.vocabulary.MEANS.
CONTACT_MEANS: Final = (
    "telephone",
    "automatic_call",
    "sms",
    "visit",
    "meeting",
    "online",
    "app",
    "email",
    "letter",
)


@dataclass(frozen=True, slots=True)
class Until:
    """Which date can be given: whether it must be, the first and the last that can; None: not limited."""

    needed: bool
    first: date
    last: date | None = None


def findings(stands: Situation) -> tuple[Finding, ...]:
    """What verification can find. That something has no legal basis only where the rules say what follows."""
    laid_down = stands.rules is not None and stands.rules.no_legal_basis is not None
    return tuple(each for each in Finding if laid_down or each is not Finding.NO_BASIS)


def classes(stands: Situation) -> dict[str, str]:
    """Key → words of the rules' classes."""
    found = stands.rules.classes if stands.rules is not None else {}
    return {key: value.value.label for key, value in found.items()}


def means(stands: Situation) -> tuple[str, ...]:
    """By which the rater can be called."""
    step = stands.rules.steps.get("contact") if stands.rules is not None else None
    return step.value.means if step is not None and step.value.means else CONTACT_MEANS


def grounds(stands: Situation) -> tuple[str, ...]:
    """For which an order can be sent back; () where the rules name none, and then the text alone says why."""
    value = stands.rules.send_back if stands.rules is not None else None
    return value.value.grounds if value is not None else ()


def steps(stands: Situation) -> tuple[str, ...]:
    """For which steps more time can be asked for, the rectification first."""
    found = extendable(stands)
    return tuple(sorted(found, key=lambda step: step != RECTIFICATION))


def until(act: Act, stands: Situation, step: str) -> Until | None:
    """The date that goes with an act; None where none does. `step`: for which more time is asked for."""
    today = local_day(stands.now)
    if act is Act.PLAN:
        return Until(needed=False, first=today)
    value = stands.rules.extensions.get(step) if stands.rules is not None else None
    if act is not Act.ASK_EXTENSION or value is None or (due := step_due(stands, step)) is None:
        return None
    rule = value.value
    fixed = rule.limit is not None or rule.share is not None
    first = max(today, local_day(due.due_at))
    return Until("date" in rule.needs or not fixed, first, longest_extension(stands, step))
