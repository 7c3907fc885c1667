"""The acts on reported occasions that are not the fast door's: each one transaction with its audit row."""

from haochaping.cases.operations.quarantine import Decided, ask_sender, refuse, wish_release
from haochaping.cases.operations.windows import WindowMoved, rederive_windows

__all__ = ["Decided", "WindowMoved", "ask_sender", "rederive_windows", "refuse", "wish_release"]
