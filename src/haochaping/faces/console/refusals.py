"""What a page says of a form that was refused: one way for all of them."""

from dataclasses import dataclass, field

from django.http import Http404

from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refused


@dataclass(frozen=True, slots=True)
class Told:
    """Why: a message for the whole, or the problems by field; and the status of the answer."""

    message: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    status: int = 200


def told(refusal: Refused, *, thing: str = "") -> Told:
    """What to say on the page of a thing. `thing`: the code of its absence, where other things may be missing on its page;
    raises Http404 for that, and the refusal itself for what no form of ours meets."""
    match refusal:
        case Invalid():
            return Told(problems={each.field: each.message for each in refusal.problems}, status=422)
        case Conflict():
            return Told(refusal.message, status=409)
        case NotAllowed():
            return Told(refusal.message, status=403)
        case NotFound() if thing and refusal.code != thing:
            return Told(refusal.message, status=404)
        case NotFound():
            raise Http404 from refusal
    raise refusal
