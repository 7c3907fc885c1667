"""Whoever reads the trail is told that somebody has looked at who a person is."""

from datetime import datetime

from haochaping.accounts.queries.holders import auditors_of
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import random_id
from haochaping.notices.operations.telling import Saying, tell
from haochaping.notices.states import LOOK, Kind


def tell_auditors(*, actor: str, number: str, now: datetime) -> None:
    """In the transaction of the look, which writes its row: who looked and why is read there, and not in the notice. `actor`
    as the trail names him; `number`: of the order, revisit or report that it was about."""
    said = Saying(cause=f"look:{random_id()}", kind=Kind.LOOKED, subject=number, step=LOOK)
    tell(said, auditors_of(actor, on=local_day(now)), now=now)
