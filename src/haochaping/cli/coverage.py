"""`coverage`: which items, windows, staff, halls, channels and business systems are not covered, by name."""

import argparse
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from haochaping.cli.exports import export_file, write_export
from haochaping.oversight.rules import DAYS, LONGEST

if TYPE_CHECKING:
    from haochaping.oversight.rules import Coverage

NAME = "coverage"
HELP = "List items never reported, windows and staff never rateable, channels and systems not connected, by name."

# So many gaps of a kind are shown; all are in the file of --output.
SHOWN: Final = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """For whom, over which days, and where to."""
    parser.add_argument(
        "--organisation",
        metavar="CODE",
        help="the credit code: this organisation, and for an authority all that it looks after (default: everybody)",
    )
    parser.add_argument(
        "--on",
        type=date.fromisoformat,
        metavar="DATE",
        help="the last day that is looked at (default: today)",
    )
    parser.add_argument(
        "--days", type=int, default=DAYS, metavar="N", help=f"how many days end with it (default: {DAYS})"
    )
    parser.add_argument(
        "--output",
        type=export_file,
        metavar="FILE",
        help="write every gap to this new .csv, .xlsx or .json file",
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints counts and the first gaps; 0 also when there are gaps: they are what was asked for."""
    from haochaping.cli.database import connected

    with connected(arguments):
        found = _found(arguments)
        print("\n".join(_told(found, whole_file=bool(arguments.output))))
        if arguments.output:
            from haochaping.oversight.exports import tables

            write_export(arguments.output, *tables(found))
    return 0


def _found(arguments: argparse.Namespace) -> "Coverage":
    """Raises Refused for an organisation that is not in the registry and for days that cannot be."""
    from haochaping.foundation.clock import local_day, now
    from haochaping.foundation.errors import NotFound
    from haochaping.oversight.queries.coverage import coverage
    from haochaping.registry import queries as registry

    on: date = arguments.on or local_day(now())
    days: int = arguments.days
    if not 1 <= days <= LONGEST:
        arguments.parser.error(f"--days must be between 1 and {LONGEST:,}")
    if arguments.organisation is None:
        return coverage(organisations={one.id for one in registry.organisations(on)}, on=on, days=days)
    number = registry.organisation_id_by_credit_code(arguments.organisation)
    if number is None:
        raise NotFound("unknown_organisation", f"the registry has no organisation {arguments.organisation}")
    return coverage(organisations=registry.scope_of(number, on), on=on, days=days)


def _told(found: "Coverage", *, whole_file: bool) -> Iterator[str]:
    from django.utils.translation import gettext as _

    from haochaping.oversight.words import KINDS, detail, meaning, share

    span = {"first": found.span.first.isoformat(), "last": found.span.last.isoformat()}
    yield _("%(first)s 至 %(last)s 的办件服务，%(number)d 个机构") % {
        **span,
        "number": len(found.organisations),
    }
    names = {one.id: one.name for one in found.organisations}
    for kind, counted in found.totals.items():
        yield f"{KINDS[kind]}: {counted.covered:,} / {counted.total:,}, {share(counted)}"
        gaps = [gap for gap in found.gaps if gap.kind is kind]
        if gaps:
            yield _("  %(meaning)s，%(count)d 项：") % {"meaning": meaning(kind), "count": len(gaps)}
        for gap in gaps[:SHOWN]:
            yield " ".join(
                ("   ", gap.code, gap.name, detail(gap), f"({names[gap.organisation_id]})")
            ).rstrip()
        if len(gaps) > SHOWN:
            hint = "" if whole_file else _("（全部内容：--output 文件.csv、.xlsx 或 .json）")
            yield "    " + _("……另有 %(count)d 项") % {"count": len(gaps) - SHOWN} + hint
