"""What the door's handlers work with, made once at start-up and passed in: no globals, no Django."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import asyncpg

from haochaping.identity.records import PhraseBook
from haochaping.intake.arrivals import Arrivals
from haochaping.intake.dialect_shelf import DialectShelf
from haochaping.intake.limits import Limits
from haochaping.intake.lookups import Lookups
from haochaping.intake.metrics import DoorMetrics
from haochaping.intake.phrasing import PhrasingKeeper
from haochaping.policy.keeping import RulesKeeper
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.tags import Tags

if TYPE_CHECKING:
    from haochaping.identity.vault import Vault
    from haochaping.intake.directory import DirectoryKeeper
    from haochaping.intake.processes import Processes
    from haochaping.intake.writer import Writer

# Of the calls that are worked on in this process itself.
BULK_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Services:
    """`pool` for reading and bulk, `lookups` for what is rated, `writer` for ratings, `directory` the registry's typed
    copies, `vault` for names, `phrases` for what many records say alike, `phrasing` for what that is, `dialects` for the
    ways in which senders write, `limits` for how much they may send, `arrivals` for when ratings were received that could
    not be stored at once.

    `rules` keeps the rules in force. `processes` work on the reports that the door takes in; without them they are worked on
    here, as commands do. `bulk` has a place for each that may be at once, however many platforms send: each holds a
    connection for seconds.
    """

    pool: "asyncpg.Pool[asyncpg.Record]"
    writer: "Writer"
    directory: "DirectoryKeeper"
    vault: "Vault"
    rules: RulesKeeper
    tags: Tags
    base_url: str
    now: Callable[[], datetime]
    phrases: PhraseBook = field(default_factory=PhraseBook)
    phrasing: PhrasingKeeper = field(default_factory=PhrasingKeeper)
    dialects: DialectShelf = field(default_factory=DialectShelf)
    limits: Limits = field(default_factory=Limits)
    arrivals: Arrivals = field(default_factory=Arrivals)
    processes: "Processes | None" = None
    bulk: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(BULK_AT_ONCE))
    metrics: DoorMetrics = field(default_factory=DoorMetrics)
    lookups: Lookups = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lookups", Lookups(self.pool))

    @property
    def rulebook(self) -> Rulebook:
        """The rules in force now: a request asks once and keeps what it got."""
        return self.rules.current().rulebook
