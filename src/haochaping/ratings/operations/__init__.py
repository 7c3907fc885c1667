"""What is written about ratings by others than citizens, whose ratings the door's one statement stores."""

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
    "hold",
    "keep_silence",
    "recount_after_defaults",
    "restore",
    "void",
]
