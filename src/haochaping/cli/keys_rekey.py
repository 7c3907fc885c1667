"""`keys rekey`: new keys for all rows of the vault, batch by batch, while everybody reads and writes."""

import argparse
import time
from datetime import datetime
from uuid import UUID

from haochaping.cli.database import connected, say
from haochaping.foundation.clock import now as present

NAME = "keys rekey"
HELP = "Seal every row of the vault anew with fresh keys and destroy the old ones; may be broken off and run again."
ACTOR = "command line"
A_BATCH = 2_000
_TELL_SECONDS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--batch", type=int, default=A_BATCH, metavar="ROWS", help=f"rows in one transaction ({A_BATCH})"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when all rows have new keys and the old ones are gone, 1 when rows could not be opened."""
    with connected(arguments):
        from haochaping.identity.operations import begin_rekeying, destroy_old_keys
        from haochaping.identity.queries import rows_on_old_keys

        made = begin_rekeying(actor=ACTOR, now=present())
        say(f"{made} new keys." if made else "Going on where the last run broke off, or nothing to do.")
        broken: set[UUID] = set()
        while left := rows_on_old_keys() - len(broken):
            broken |= rekey_all(left, batch=arguments.batch)
        destroyed, kept = destroy_old_keys(actor=ACTOR, now=present())
    print(f"{destroyed} old keys destroyed, {kept} left.")
    for row in sorted(broken):
        print(f"The row {row} could not be opened and keeps its old key: restore it from a backup.")
    return 1 if broken else 0


def rekey_all(left: int, *, batch: int) -> set[UUID]:
    """One pass over the vault; the rows that could not be opened."""
    from haochaping.identity.operations import rekey_batch

    after: UUID | None = None
    broken: set[UUID] = set()
    done, told, begin = 0, time.monotonic(), time.monotonic()
    while True:
        at: datetime = present()
        found = rekey_batch(after=after, size=batch, actor=ACTOR, now=at)
        done += found.done
        broken.update(found.broken)
        if time.monotonic() - told > _TELL_SECONDS:
            told = time.monotonic()
            say(f"{done:,} of {left:,} rows, {done / (told - begin):,.0f} a second")
        if found.last is None:
            return broken
        after = found.last
