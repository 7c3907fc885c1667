"""`keys status`: which keys there are, what hangs on them, and what is to be done."""

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from haochaping.cli.database import connected
from haochaping.foundation.keys import read_ring
from haochaping.foundation.masters import Ring

if TYPE_CHECKING:
    from haochaping.identity.queries import KeyState

NAME = "keys status"
HELP = "Show the keys of the vault: which master key wraps them, how many rows hang on each."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Returns 0; what is to be done is a matter of the words."""
    with connected(arguments):
        from haochaping.identity.queries import key_states, rows_on_old_keys

        ring, states, left = read_ring(), key_states(), rows_on_old_keys()
    if arguments.json:
        told = {"master": ring.current.fingerprint, "retired": [each.fingerprint for each in ring.retired]}
        print(json.dumps({**told, "keys": [asdict(state) for state in states], "left": left}, default=str))
    else:
        print("\n".join((*_table(states), *_words(ring, states, left))))
    return 0


def _table(states: "tuple[KeyState, ...]") -> list[str]:
    lines = ["id     kind   year  generation  rows         wrapped by        since"]
    for state in states:
        generation = f"{state.generation} {'in use' if state.current else 'old'}"
        lines.append(
            f"{state.id:<6} {state.kind:<6} {state.year or '-':<5} {generation:<11} {state.rows:<12,} "
            f"{state.wrapped_by or '(not kept)':<17} {state.created_at:%Y-%m-%d}"
        )
    return lines


def _words(ring: Ring, states: "tuple[KeyState, ...]", left: int) -> list[str]:
    """What the present state means, and the command that changes it."""
    current = ring.current.fingerprint
    lines = [f"Master key {current}."]
    used = {state.wrapped_by for state in states}
    if used - {current, ""}:
        lines.append("Keys are still wrapped by an older master key: run `./haochaping keys rotate-master`.")
    lines.extend(
        f"Nothing hangs on the retired master key {old.fingerprint}: keep it only with backups of its time."
        for old in ring.retired
        if old.fingerprint not in used
    )
    if left or any(not state.current for state in states):
        lines.append(f"{left:,} rows hang on old keys: run `./haochaping keys rekey`.")
    return lines
