"""What a crash left of evidence files is swept away; files that should be there and are not are told."""

from datetime import datetime

from haochaping.evidence.operations import sweep


def run(*, now: datetime) -> int:
    """How many were swept away. Raises EvidenceMissing."""
    return sweep(now=now)
