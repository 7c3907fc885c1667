"""How a demo is known as one: acts in the audit trail."""

from typing import Final

BEGUN: Final = "demo.begun"
LOADED: Final = "demo.loaded"
