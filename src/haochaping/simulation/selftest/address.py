"""Where the self-test goes in."""

import os
from collections.abc import Mapping


def selftest_address(environment: Mapping[str, str] = os.environ) -> str | None:
    """HAOCHAPING_SELFTEST_URL, else HAOCHAPING_BASE_URL, the address that everybody uses: so proxy and certificate are
    tested too. None when neither is set."""
    return environment.get("HAOCHAPING_SELFTEST_URL") or environment.get("HAOCHAPING_BASE_URL") or None
