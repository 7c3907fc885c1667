"""What was answered is to be revisited: seeds are fixed, duties arise, samples of periods that are over are drawn; limits
follow the calendar."""

from datetime import datetime

from haochaping.oversight.operations.duties import assess_answered, settle_standing
from haochaping.oversight.operations.periods import fix_seeds
from haochaping.oversight.operations.rating_samples import draw_rating_samples
from haochaping.oversight.operations.recounting import recount_limits
from haochaping.oversight.operations.revisit_clocks import keep_clocks
from haochaping.oversight.operations.samples import draw_samples
from haochaping.rectification.rulebook import rulebook


def run(*, now: datetime) -> int:
    """How many revisits and samples came of it, and how many revisits ended of themselves."""
    fix_seeds(now=now)
    rules = rulebook()
    recount_limits(now=now, rulebook=rules)
    made = assess_answered(now=now, rulebook=rules)
    drawn = draw_samples(now=now) + draw_rating_samples(now=now, rulebook=rules)
    ended = settle_standing(now=now)
    keep_clocks()
    return made + drawn + ended
