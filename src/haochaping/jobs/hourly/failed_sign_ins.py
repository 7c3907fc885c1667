"""Failed sign-ins that no longer count are forgotten."""

from datetime import datetime

from haochaping.accounts.operations.sign_in import purge_failures


def run(*, now: datetime) -> int:
    """How many counts were removed."""
    return purge_failures(now=now)
