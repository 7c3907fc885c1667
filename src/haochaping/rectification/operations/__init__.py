"""The acts on work orders: each one transaction with its audit row."""

from haochaping.rectification.operations.acting import act
from haochaping.rectification.operations.calendar import load_calendar_year, rederive_deadlines
from haochaping.rectification.operations.calendar_turn import calendar_turn
from haochaping.rectification.operations.contact import RaterContact, see_contact
from haochaping.rectification.operations.opening import open_orders

__all__ = [
    "RaterContact",
    "act",
    "calendar_turn",
    "load_calendar_year",
    "open_orders",
    "rederive_deadlines",
    "see_contact",
]
