"""By what the desk can be narrowed. Nothing here is finer than what the lines themselves show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from haochaping.rectification.states import State


class Show(StrEnum):
    """Which orders: whose next step is the official's own, all that are open, or those closed."""

    MINE = "mine"
    OPEN = "open"
    CLOSED = "closed"


class Due(StrEnum):
    """How the limit stands that an order's line shows."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    NONE = "none"  # none runs: not laid down, not begun, kept already, or standing still


class Carrier(StrEnum):
    """By which kind of channel a rating came: for who oversees the organisation, and never for the rated."""

    ONLINE = "online"
    CODE = "code"
    DEVICE = "device"
    OTHER = "other"


# Working days that count as soon.
SOON_DAYS: Final = 3
# `pf` of the national convention; 5 is any other terminal in a hall, 6 and 7 differ by sender.
CHANNELS: Final[Mapping[Carrier, tuple[int, ...]]] = {
    Carrier.ONLINE: (1, 2),
    Carrier.CODE: (3,),
    Carrier.DEVICE: (4, 5),
}


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """What is asked for; None and "" leave a thing open.

    `organisation`: a registry id. `item_type`: a code of `registry.rules.TASK_TYPES`. `bad_class`: a key of the rules'
    classes, "" for what nobody has classified. `week`: its Monday. `after` and `before`: the number of the order behind
    which the page begins, or before which it ends.
    """

    show: Show = Show.OPEN
    due: Due | None = None
    state: State | None = None
    organisation: int | None = None
    item_type: str = ""
    bad_class: str | None = None
    carrier: Carrier | None = None
    joint: bool | None = None
    contested: bool | None = None
    named: bool | None = None
    week: date | None = None
    after: str = ""
    before: str = ""
