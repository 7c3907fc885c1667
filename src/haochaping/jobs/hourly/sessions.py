"""Sessions that have run out are removed."""

from datetime import datetime

from haochaping.accounts.operations.sessions import purge_sessions


def run(*, now: datetime) -> int:
    """How many sessions were removed."""
    return purge_sessions(now=now)
