"""What this system is called and where it is reached, for who is told something by several of them."""

import os
from collections.abc import Mapping
from typing import NamedTuple

_LONGEST_NAME = 100


class System(NamedTuple):
    """`name` is the operator's word for it, "" where he gave none; `address` the public one, "" where none is set."""

    name: str
    address: str


def system(environment: Mapping[str, str] = os.environ) -> System:
    """From HAOCHAPING_SYSTEM_NAME (what is longer than 100 characters is cut) and HAOCHAPING_BASE_URL."""
    name = " ".join(environment.get("HAOCHAPING_SYSTEM_NAME", "").split())
    return System(name[:_LONGEST_NAME], environment.get("HAOCHAPING_BASE_URL", "").rstrip("/"))
