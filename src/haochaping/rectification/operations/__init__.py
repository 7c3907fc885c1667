"""The acts on work orders: each one transaction with its audit row."""

from haochaping.rectification.operations.acting import act
from haochaping.rectification.operations.bulk import Done, dispatch_together
from haochaping.rectification.operations.calendar import load_calendar_year, rederive_deadlines
from haochaping.rectification.operations.calendar_turn import calendar_turn
from haochaping.rectification.operations.consequences import lapse
from haochaping.rectification.operations.contact import RaterContact, see_contact
from haochaping.rectification.operations.counting import count_times
from haochaping.rectification.operations.deciding import (
    Decision,
    accept,
    confirm,
    decide,
    propose,
    send_back,
)
from haochaping.rectification.operations.escalating import SetOff, set_off_due
from haochaping.rectification.operations.evidencing import add_evidence, see_evidence, withdraw_evidence
from haochaping.rectification.operations.joining import Giving, give_part
from haochaping.rectification.operations.lapsing import lapse_objections
from haochaping.rectification.operations.objecting import file, withdraw
from haochaping.rectification.operations.opening import open_orders
from haochaping.rectification.operations.parting import PartSaid, act_on_part
from haochaping.rectification.operations.planning import plan_escalations
from haochaping.rectification.operations.silence import count_silence
from haochaping.rectification.operations.told_later import tell_what_waited
from haochaping.rectification.operations.video import NoVideo, ask_for_video, open_video
from haochaping.rectification.operations.views import begin_with, delete_view, save_view

__all__ = [
    "Decision",
    "Done",
    "Giving",
    "NoVideo",
    "PartSaid",
    "RaterContact",
    "SetOff",
    "accept",
    "act",
    "act_on_part",
    "add_evidence",
    "ask_for_video",
    "begin_with",
    "calendar_turn",
    "confirm",
    "count_silence",
    "count_times",
    "decide",
    "delete_view",
    "dispatch_together",
    "file",
    "give_part",
    "lapse",
    "lapse_objections",
    "load_calendar_year",
    "open_orders",
    "open_video",
    "plan_escalations",
    "propose",
    "rederive_deadlines",
    "save_view",
    "see_contact",
    "see_evidence",
    "send_back",
    "set_off_due",
    "tell_what_waited",
    "withdraw",
    "withdraw_evidence",
]
