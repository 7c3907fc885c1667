"""The door's services inside a command, so that what a command brings in goes through the same intake."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager

from haochaping.intake.services import Services


@contextmanager
def intake_services(runner: asyncio.Runner) -> Iterator[Services]:
    """Opened and closed in `runner`, which the caller keeps using for them. Needs DATABASE_URL and the keys."""
    from haochaping.config.services import services
    from haochaping.policy.keeping import keeper
    from haochaping.policy.tags import Tags

    base_url = os.environ.get("HAOCHAPING_BASE_URL", "http://127.0.0.1:8000")
    opened = services(os.environ["DATABASE_URL"], base_url, keeper(), Tags.load())
    found = runner.run(opened.__aenter__())
    try:
        yield found
    finally:
        runner.run(opened.__aexit__(None, None, None))
