"""Corrections of past days in words: why, and what changed from what to what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haochaping.oversight.watch_words import level_words
from haochaping.tallies.corrections import Corrected
from haochaping.tallies.rules import LEVELS, MEASURES, Correction

WHYS: Final[Mapping[Correction, Promise]] = {
    Correction.CORRECTED: gettext_lazy("评价人更正了评价"),
    Correction.TAKEN_BACK: gettext_lazy("评价人撤回了评价"),
    Correction.COUNTED_OUT: gettext_lazy("经两人决定不予采纳"),
    Correction.COUNTED_AGAIN: gettext_lazy("经两人决定恢复计算"),
    Correction.LATE_AFTER_ALL: gettext_lazy("业务系统更正后属于迟报"),
    Correction.IN_TIME_AFTER_ALL: gettext_lazy("业务系统更正后不属于迟报"),
    Correction.RATED_AFTER_ALL: gettext_lazy("默认评价以后又有评价"),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One count that changed; `by` with its sign."""

    what: str
    before: int
    after: int
    by: str


def moved(found: Corrected) -> Iterator[Moved]:
    """The counts that a correction changed."""
    for measure in MEASURES:
        by = getattr(found.by, measure)
        if by:
            before, after = (getattr(each, measure) for each in (found.before, found.after))
            yield Moved(_measure(measure), before, after, f"{by:+d}".replace("-", "−"))


def _measure(name: str) -> str:
    if name not in LEVELS:
        return {"occasions": _("办件服务"), "late": _("迟报")}[name]
    level = str(level_words(int(name[1])))
    return level if name.startswith("n") else _("默认评价：%(level)s") % {"level": level}
