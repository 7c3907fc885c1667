"""A marked rating of every way, channel and level goes the whole way."""

from datetime import datetime

from haochaping.exchange.webhook import told
from haochaping.foundation import clock
from haochaping.oversight.queries.watch import run as run_of
from haochaping.rectification.rulebook import rulebook
from haochaping.simulation.selftest.address import selftest_address
from haochaping.simulation.selftest.walk import self_test


def run(*, now: datetime) -> int:  # noqa: ARG001  (a self-test takes its instants one by one)
    """How many ratings went wrong; 0 as well where no address is known at which we are reached."""
    address = selftest_address()
    if address is None:
        return 0
    number = self_test(address=address, rulebook=rulebook(), clock=clock.now, actor="system", tell=told())
    found = run_of(number)
    return found.row.failed if found else 0
