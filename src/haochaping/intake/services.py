"""What the door's handlers work with, made once at start-up and passed in: no globals, no Django."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import asyncpg

from haochaping.policy.rulebook import Rulebook
from haochaping.policy.tags import Tags

if TYPE_CHECKING:
    from haochaping.identity.vault import Vault
    from haochaping.intake.directory import DirectoryKeeper
    from haochaping.intake.writer import Writer


@dataclass(frozen=True, slots=True)
class Services:
    """`pool` for reading and bulk, `writer` for ratings, `directory` the registry's typed copies, `vault` for names."""

    pool: "asyncpg.Pool[asyncpg.Record]"
    writer: "Writer"
    directory: "DirectoryKeeper"
    vault: "Vault"
    rulebook: Rulebook
    tags: Tags
    base_url: str
    now: Callable[[], datetime]
