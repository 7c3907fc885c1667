"""`selftest`: a marked rating of every way, channel and level, now, against the running system."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from haochaping.cli.database import connected, say

if TYPE_CHECKING:
    from haochaping.oversight.queries.watch import RunView

NAME = "selftest"
HELP = "Rate through every way, channel and level in the jurisdiction of the self-test, and see what becomes of it."

# Who types it has started the door and looks on.
_STARTING: Final = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and how it is told."""
    parser.add_argument(
        "--url",
        help="the address to go in by (default: HAOCHAPING_SELFTEST_URL, else HAOCHAPING_BASE_URL, else that of `up`)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Returns 0 when all held, 1 when something did not. Raises Conflict while another self-test runs."""
    from haochaping.simulation.selftest.address import selftest_address
    from haochaping.starter.progress import StartError

    address: str | None = arguments.url or selftest_address() or _running(arguments)
    if address is None:
        raise StartError("No `up` runs on this data directory, and no address is set: give --url.")
    with connected(arguments):
        from haochaping.exchange.webhook import told
        from haochaping.foundation import clock
        from haochaping.oversight.queries import watch
        from haochaping.policy.keeping import keeper
        from haochaping.simulation.selftest.walk import self_test

        say(f"Testing {address}")
        number = self_test(
            address=address,
            rulebook=keeper().current().rulebook,
            clock=clock.now,
            actor="command",
            tell=told(),
            starting=_STARTING,
        )
        found = watch.run(number)
        if found is None:
            return 1
        print(_as_json(found) if arguments.json else "\n".join(_lines(found)))
        return 1 if found.row.failed else 0


def _running(arguments: argparse.Namespace) -> str | None:
    """The address that a running `up` was given."""
    from haochaping.starter.layout import lay_out
    from haochaping.starter.locks import Lock

    path = lay_out(arguments.data).locks / "up.lock"
    return str(Lock(path).description().get("url") or "") or None if path.exists() else None


def _lines(found: "RunView") -> Iterator[str]:
    from django.utils.translation import gettext as _

    from haochaping.oversight.watch_words import STEPS, WAYS, channel_words, level_words

    for outcome in found.outcomes:
        if outcome.step is not None:
            yield _("%(way)s，%(channel)s，%(level)s：在“%(step)s”这一步失败（%(reason)s）") % {
                "way": WAYS[outcome.cell.way],
                "channel": channel_words(outcome.cell.channel),
                "level": level_words(outcome.cell.level),
                "step": STEPS[outcome.step],
                "reason": outcome.reason,
            }
    yield _("共检验%(tested)d条评价，失败%(failed)d条。") % {
        "tested": found.row.tested,
        "failed": found.row.failed,
    }


def _as_json(found: "RunView") -> str:
    rows = [
        {
            **outcome.cell._asdict(),
            "step": outcome.step,
            "reason": outcome.reason,
        }
        for outcome in found.outcomes
    ]
    return json.dumps({"tested": found.row.tested, "failed": found.row.failed, "results": rows})
