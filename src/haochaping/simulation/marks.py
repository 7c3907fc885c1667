"""How a demo is known as one."""

from typing import Final

from haochaping.audit.queries import recorded

# Acts in the audit trail.
BEGUN: Final = "demo.begun"
LOADED: Final = "demo.loaded"


def is_demo() -> bool:
    """Whether this city was ever filled with a demo: it never sends anything out."""
    return recorded(BEGUN)
