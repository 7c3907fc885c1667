"""What is written about ratings by others than citizens: silence that counts, ratings by static codes that find their case,
decisions that a rating does not count, traces and numbers whose time is over.


Citizens' ratings are stored by the door's statements (`haochaping.intake.statement`, `.static_ratings`); there is no other
way in.
"""

from haochaping.ratings.operations.matching import give_up_named_cases, match_named_cases
from haochaping.ratings.operations.silence import (
    GRACE,
    Silence,
    default_due,
    default_taken_back,
    forget_traces,
    keep_silence,
    recount_after_defaults,
)
from haochaping.ratings.operations.voiding import Voided, hold, restore, void

__all__ = [
    "GRACE",
    "Silence",
    "Voided",
    "default_due",
    "default_taken_back",
    "forget_traces",
    "give_up_named_cases",
    "hold",
    "keep_silence",
    "match_named_cases",
    "recount_after_defaults",
    "restore",
    "void",
]
