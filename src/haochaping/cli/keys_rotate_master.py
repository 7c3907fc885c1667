"""`keys rotate-master`: a new master key wraps the keys of the vault; everything goes on meanwhile."""

import argparse
import os

from haochaping.cli.database import connected, say
from haochaping.cli.key_files import succeed
from haochaping.foundation.clock import now
from haochaping.foundation.keys import KeyMissing, credential_of, read_ring
from haochaping.foundation.masters import MasterUnknown, Ring
from haochaping.starter.layout import lay_out
from haochaping.starter.locks import Lock

NAME = "keys rotate-master"
HELP = "Wrap the keys of the vault with a new master key (a file's is made now), or finish what was begun."
ACTOR = "command line"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None but --data."""


def run(arguments: argparse.Namespace) -> int:
    """Returns 0. Raises KeyMissing when a key of the vault was wrapped by a master key that is not at hand."""
    with connected(arguments):
        from haochaping.identity.operations import rewrap_keys

        layout = lay_out(arguments.data)
        lock = Lock(layout.locks / "keys.lock")
        try:
            lock.take(wait=True)
            ring = read_ring()
            if _in_a_file() and not _unfinished(ring):
                ring = succeed(layout.keys, ring)
                say(f"The new master key is in {layout.keys}: save it with your backups.")
            count = rewrap_keys(ring=ring, actor=ACTOR, now=now())
        except MasterUnknown as error:
            raise KeyMissing(
                f"the master key {error} is not at hand: put it back into keys/retired or HAOCHAPING_OLD_MASTER_KEYS"
            ) from error
        finally:
            lock.close()
    print(f"Master key {ring.current.fingerprint}: {count} keys wrapped anew.")
    return 0


def _in_a_file() -> bool:
    given = ("HAOCHAPING_MASTER_KEY", "HAOCHAPING_MASTER_MODULE")
    return not any(map(os.environ.get, given)) and credential_of(os.environ) is None


def _unfinished(ring: Ring) -> bool:
    """Whether a change of the master key broke off before the vault's keys were wrapped by it."""
    from haochaping.identity.queries import key_states

    return any(state.wrapped_by not in ("", ring.current.fingerprint) for state in key_states())
