"""Whatever is called over HTTP, drawn from the description of the interface: as described, and never an error of ours.

`./haochaping drill fuzz` draws a hundred times as much.
"""

from urllib.parse import urlsplit

from haochaping.accounts.operations.clients import Terms, create_client
from haochaping.foundation.clock import now
from tests.fuzzing.calls import Signed, play
from tests.integration.docs.test_worked_examples import door as door
from tests.reporting import AUTHORITY

CASES = 100


def test_every_answer_is_as_described(door: str) -> None:
    wide = Terms(limits=dict.fromkeys(("calls", "calls_burst", "records", "records_burst"), 1_000_000))
    issued = create_client(
        organisation=AUTHORITY,
        rights=["report", "rate", "quarantine"],
        actor="test",
        now=now(),
        terms=wide,
    )
    answered = play(urlsplit(door).port or 0, Signed(issued.key, issued.secret), CASES)
    assert answered.wrong == []
    assert answered.errors == 0
    assert answered.sent >= CASES * 0.9
    assert {200, 401, 404} <= answered.statuses.keys()
    assert answered.verdicts["accepted"] + answered.verdicts["updated"] > 0
