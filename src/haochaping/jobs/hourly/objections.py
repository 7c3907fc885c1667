"""Bodies that have not decided on an objection in time: what that means by the rules is carried out."""

from datetime import datetime

from haochaping.rectification.operations import lapse_objections


def run(*, now: datetime) -> int:
    """How many were settled by silence, or handed to the level above."""
    return lapse_objections(now=now)
