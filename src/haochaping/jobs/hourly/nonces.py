"""Nonces that no timestamp can bring back are forgotten."""

from datetime import datetime

from haochaping.accounts.operations.clients import purge_nonces


def run(*, now: datetime) -> int:
    """How many nonces were removed."""
    return purge_nonces(now=now)
