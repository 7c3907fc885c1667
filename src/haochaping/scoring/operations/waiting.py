"""That a period is final for a place: every window of a service that counts in its scores has closed."""

from collections.abc import Collection, Iterator
from typing import Final

from django.utils.translation import gettext as _

from haochaping.cases.queries.open_windows import OpenWindows, open_windows
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict
from haochaping.policy.owed import Period
from haochaping.registry import queries as registry
from haochaping.scoring.places import places
from haochaping.scoring.things import theirs

# Where a service was given and by whom may be scored here though its organisation belongs elsewhere: a bureau of the
# province at a window of the city's hall.
_GIVEN: Final = ("hall", "window", "staff")


def refuse_open(division: int, kinds: Collection[str], period: Period) -> None:
    """Raises Conflict while a service of the period that counts for somebody of the division may still be rated, or silence
    about it has not been counted. `kinds`: who is scored. Services of other places keep nothing open."""
    found = list(_counting(division, kinds, period))
    if found:
        message = _(
            "这一统计期还有 %(number)d 件办件可以评价或者尚未按默认处理，最晚到 %(until)s。届时再评分，得分才不会变。"
        )
        until = local_day(max(each.until for each in found)).isoformat()
        number = sum(each.number for each in found)
        raise Conflict("windows_open", message % {"number": number, "until": until})


def _counting(division: int, kinds: Collection[str], period: Period) -> Iterator[OpenWindows]:
    trial = frozenset(registry.trial_organisations())
    found = [
        each
        for each in open_windows(first=period.first, last=period.last)
        if not trial.issuperset(each.organisations[:1])
    ]
    counted = {whose for each in found for whose in each.organisations}
    here = places(division, counted=counted, on=period.last)
    scored = {
        kind: theirs(kind, {one for each in found if (one := _of(each, kind)) is not None}, period.last, here)
        for kind in _GIVEN
        if kind in kinds
    }
    for each in found:
        ours = not here.divisions.keys().isdisjoint(each.organisations)
        if ours or any(_of(each, kind) in numbers for kind, numbers in scored.items()):
            yield each


def _of(each: OpenWindows, kind: str) -> int | None:
    number: int | None = getattr(each, f"{kind}_id")
    return number
