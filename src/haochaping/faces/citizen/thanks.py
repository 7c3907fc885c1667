"""The page of thanks: the receipt, and what will come of a bad rating."""

from collections.abc import Mapping
from typing import Any, Final

from haochaping.faces.citizen.language import Manner, catalogue, mark
from haochaping.faces.citizen.pages import answer, rendered
from haochaping.faces.citizen.patterns import Patterns, hole
from haochaping.intake.http import Response
from haochaping.intake.services import Services
from haochaping.policy.limits import Limit
from haochaping.policy.profile import Profile
from haochaping.policy.values import Value
from haochaping.ratings.receipt import Receipt
from haochaping.ratings.rules import RatingContent

UNITS: Final[Mapping[str, str]] = {
    "workday": mark("%(n)s个工作日"),
    "calendar_day": mark("%(n)s天"),
    "week": mark("%(n)s周"),
    "month": mark("%(n)s个月"),
    "year": mark("%(n)s年"),
    "hour": mark("%(n)s小时"),
    "minute": mark("%(n)s分钟"),
}
_PATTERNS: Final = Patterns()


def thanks(
    status: int,
    manner: Manner,
    services: Services,
    content: RatingContent,
    profile: Profile,
    receipt: Receipt,
) -> Response:
    """The same for all who said as much under the same rules, but for the receipt."""
    pattern = _PATTERNS.get(
        (manner, profile.label, content.bad, content.named, services.base_url),
        lambda: rendered("thanks.html", manner, **_values(manner, services, content, profile)),
    )
    return answer(status, pattern.filled({"number": receipt.number, "secret": receipt.secret}), manner)


def _values(manner: Manner, services: Services, content: RatingContent, profile: Profile) -> dict[str, Any]:
    limit = promised(profile)
    words = catalogue(manner.language).gettext
    return {
        "number": hole("number"),
        "secret": hole("secret"),
        "address": f"{services.base_url}/receipt",
        "bad": content.bad,
        "named": content.named,
        "limit": words(UNITS[limit.value.unit]) % {"n": limit.value.n} if limit else "",
        "clause": limit.citation if limit else "",
    }


def promised(profile: Profile) -> Value[Limit] | None:
    """The limit of the rectification where the page's sentence says it rightly: so long after verification."""
    limit = profile.rectification
    if limit is None or not limit.value.n:
        return None
    alone = limit.value.after == "verification" and not limit.value.or_after
    told = alone and limit.value.unit in UNITS
    return limit if told else None
