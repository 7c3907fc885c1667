"""Records that officials released from the quarantine are placed."""

import asyncio
import os
from datetime import datetime

from haochaping.cases.queries.quarantine import release_wished as wished
from haochaping.intake.releasing import release_wished
from haochaping.rectification.rulebook import rulebook


def run(*, now: datetime) -> int:
    """How many were released or sent back to the desk."""
    if not wished():
        return 0
    return asyncio.run(release_wished(os.environ["DATABASE_URL"], rulebook=rulebook(), now=now))
