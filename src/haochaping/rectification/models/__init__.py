"""What follows a bad rating, as it is kept: a file for each kind of thing; others take them from here."""

from haochaping.rectification.models.desk import ReportForm, SavedView
from haochaping.rectification.models.limits import Escalation, OrderDeadline
from haochaping.rectification.models.objections import Objection, ObjectionStep
from haochaping.rectification.models.orders import PRESSES, BadRating, OrderStep, WorkOrder
from haochaping.rectification.models.parts import OrderPart, PartStep

__all__ = [
    "PRESSES",
    "BadRating",
    "Escalation",
    "Objection",
    "ObjectionStep",
    "OrderDeadline",
    "OrderPart",
    "OrderStep",
    "PartStep",
    "ReportForm",
    "SavedView",
    "WorkOrder",
]
