"""What notices are about, by which way they go, and what becomes of them. Pure."""

from enum import StrEnum
from typing import Final


class Channel(StrEnum):
    """By which way. What is for the console has arrived when it is written; alarms and requests to keep a clip of video go
    to machines of the operator's."""

    CONSOLE = "console"
    EMAIL = "email"
    SMS = "sms"
    ALARM = "alarm"
    VIDEO = "video"


# What is carried out of the house to people, and by which an official may ask to be told.
CARRIED: Final = (Channel.EMAIL, Channel.SMS)


class Kind(StrEnum):
    """What is told: the limit of an order is about to end, has ended, or something else goes further by the rules; a part
    of a joint order is given to one's organisation, or taken from it; a bad rating of oneself can be contested."""

    NEARING = "nearing"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    GIVEN = "given"
    CONTESTABLE = "contestable"
    LOOKED = "looked"  # somebody has looked at who a person is
    ALARM = "alarm"
    VIDEO = "video"  # a clip of the hall's record is to be kept


# Those that are for people.
TOLD: Final = (Kind.NEARING, Kind.OVERDUE, Kind.ESCALATED, Kind.GIVEN, Kind.CONTESTABLE, Kind.LOOKED)

# What no rule of limits names, in the place of a step: a part of a joint order, and the authority's own order.
PART: Final = "part"
PRESSURE: Final = "pressure"
# A revisit is on no order's page: who was rated may open that.
REVISIT: Final = "revisit"
LOOK: Final = "look"
# What became of a part, in the place of a rule's action.
PART_GIVEN: Final = "part_given"
PART_RELEASED: Final = "part_released"


class State(StrEnum):
    """Where a notice stands. `WAITING` is tried, again and again; the others are ends."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"
    WITHHELD = "withheld"


class Withheld(StrEnum):
    """Why a notice is not sent at all."""

    DEMO = "demo"  # a demo sends nothing out
    OFF = "off"  # the way is not set up here
    NO_ADDRESS = "no_address"  # the recipient has taken his address back
