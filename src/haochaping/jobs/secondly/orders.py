"""Bad ratings become work orders."""

from datetime import datetime

from haochaping.rectification.operations import open_orders

LIMIT = 200


def run(*, now: datetime) -> int:
    """How many orders were opened."""
    return open_orders(now=now, limit=LIMIT)
