"""What is written about ratings by others than citizens, whose ratings the door's one statement stores."""

from haochaping.ratings.operations.silence import GRACE, default_due, forget_traces, recount_after_defaults
from haochaping.ratings.operations.voiding import Voided, hold, restore, void

__all__ = [
    "GRACE",
    "Voided",
    "default_due",
    "forget_traces",
    "hold",
    "recount_after_defaults",
    "restore",
    "void",
]
