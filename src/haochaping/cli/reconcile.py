"""`reconcile`: all counts are counted again from the rows; what differs is named, and mended when asked."""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from haochaping.cli.database import connected

if TYPE_CHECKING:
    from haochaping.publication.proof import Difference

NAME = "reconcile"
HELP = (
    "Count all tallies again from ratings, defaults and occasions; name what differs, and mend it with --fix."
)

# So many differences are shown.
SHOWN: Final = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether what differs is mended, and how it is told."""
    parser.add_argument("--fix", action="store_true", help="append to the tallies what they lack")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Returns 0 when all agree, or were made to; 1 when something differs."""
    with connected(arguments):
        from haochaping.exchange.webhook import told
        from haochaping.foundation.clock import now
        from haochaping.publication.proof import reconcile

        found = reconcile(now=now(), fix=arguments.fix, actor="command", tell=told())
        print(_as_json(found) if arguments.json else "\n".join(_lines(found, mended=arguments.fix)))
        return 1 if found and not arguments.fix else 0


def _lines(found: Sequence["Difference"], *, mended: bool) -> Iterator[str]:
    from django.utils.translation import gettext as _

    if not found:
        yield _("所有数量都与逐条记录一致。")
        return
    for each in found[:SHOWN]:
        yield _("%(place)s：应增减 %(lacking)s") % {"place": each.place, "lacking": _lacking(each)}
    if len(found) > SHOWN:
        yield _("另有%(number)d处。") % {"number": len(found) - SHOWN}
    if mended:
        yield _("%(number)d处数量已按逐条记录更正。") % {"number": len(found)}
    else:
        yield _("%(number)d处数量与逐条记录不一致。加 --fix 按逐条记录更正。") % {"number": len(found)}


def _lacking(each: "Difference") -> str:
    by = each.rows - each.counted
    more = {measure: getattr(by, measure) for measure in each.tally.measures}
    return " ".join(f"{measure}{number:+d}" for measure, number in more.items() if number)


def _as_json(found: Sequence["Difference"]) -> str:
    rows = [{"place": each.place, "lacking": _lacking(each)} for each in found]
    return json.dumps({"differences": len(found), "rows": rows})
