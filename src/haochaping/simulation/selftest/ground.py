"""What a self-test begins with: its jurisdiction in the registry, and a business system with a key for this run alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from haochaping.accounts.clients import Right
from haochaping.accounts.operations.clients import Terms, create_client
from haochaping.accounts.operations.keys import IssuedKey, add_key, end_key
from haochaping.accounts.queries.clients import client_of_platform
from haochaping.registry import trial
from haochaping.registry.operations import lay_trial_ground

ACTOR = "selftest"
PLATFORM = "selftest"
# A run that is killed leaves a key; it is good for nothing after this.
_LONGEST_RUN = timedelta(minutes=15)


def prepare(*, now: datetime) -> bool:
    """Lays the ground; True when it is new, and the door has yet to read it."""
    return lay_trial_ground(now=now, actor=ACTOR)


@contextmanager
def key(*, now: datetime) -> Iterator[IssuedKey]:
    """A key for the time of the block. The client may report for its own organisation and for no other."""
    client = client_of_platform(PLATFORM)
    if client is None:
        issued = create_client(
            organisation=trial.ORGANISATION,
            rights=[Right.REPORT, Right.RATE],
            actor=ACTOR,
            now=now,
            platform=PLATFORM,
            terms=Terms(reach="own"),
        )
    else:
        issued = add_key(client=str(client.id), now=now, actor=ACTOR)
    end_key(key=issued.key, now=now, actor=ACTOR, at=now + _LONGEST_RUN)
    try:
        yield issued
    finally:
        end_key(key=issued.key, now=now, actor=ACTOR)
