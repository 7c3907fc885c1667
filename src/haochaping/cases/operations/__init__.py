"""The acts on reported occasions that are not the fast door's: each one transaction with its audit row."""

from haochaping.cases.operations.quarantine import Decided, ask_sender, refuse, wish_release
from haochaping.cases.operations.windows import InstantMoved, Move, listed, recount_waiting

__all__ = [
    "Decided",
    "InstantMoved",
    "Move",
    "ask_sender",
    "listed",
    "recount_waiting",
    "refuse",
    "wish_release",
]
