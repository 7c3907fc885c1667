"""What the door is told when it is made, beside its routes: of each deployment its own."""

from dataclasses import dataclass, field
from typing import Final

from haochaping.intake.addresses import Proxies
from haochaping.intake.visitors import Visitors

_ALL_BODIES: Final = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """Whom the door believes, whom it slows down, and how much it takes at once. For up to `patience` seconds it does not
    begin to listen before its services are there, for whoever holds its socket meanwhile. `all_bodies`: in bytes."""

    proxies: Proxies = field(default_factory=Proxies)
    visitors: Visitors = field(default_factory=Visitors)
    patience: int = 0
    all_bodies: int = _ALL_BODIES
