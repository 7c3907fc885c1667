"""`import registry`: six CSV files become the registry of halls, organisations, windows, staff and items."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from haochaping.registry.operations import ImportProblem, ImportReport

NAME = "import registry"
HELP = "Take over divisions, organisations, halls, windows, staff and items from six CSV files, or nothing."

ACTOR = "command line"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The folder of the files, and how to tell what came of it."""
    parser.add_argument(
        "directory",
        type=Path,
        metavar="DIR",
        help="the folder with divisions.csv, organisations.csv, halls.csv, windows.csv, staff.csv, items.csv "
        "(docs/registry-format.md)",
    )
    parser.add_argument("--dry-run", action="store_true", help="judge the files and write nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object: counts, or problems")


def run(arguments: argparse.Namespace) -> int:
    """Returns 0 when the files were taken over, 1 when they were refused."""
    from haochaping.cli.database import connected

    with connected(arguments):
        from haochaping.foundation.clock import now
        from haochaping.registry.operations import ImportRefused, import_registry

        try:
            report = import_registry(
                directory=arguments.directory, now=now(), actor=ACTOR, dry_run=arguments.dry_run
            )
        except ImportRefused as refused:
            if arguments.json:
                problems = [asdict(one) for one in refused.problems]
                print(json.dumps({"ok": False, "problems": problems}, ensure_ascii=False))
            else:
                print("\n".join(told(one) for one in refused.problems))
                print(refused.message, file=sys.stderr)
            return 1
    if arguments.json:
        print(json.dumps({"ok": True, **asdict(report)}, ensure_ascii=False))
    else:
        print("\n".join(summary(report)))
    return 0


def told(one: "ImportProblem") -> str:
    """One problem in one line: where, what, why and what to do."""
    from django.utils.translation import gettext as _

    place = ":".join(part for part in (one.file, str(one.row or ""), one.column) if part)
    value = f" “{one.value}”" if one.value else ""
    return f"{place}{value} " + _("%(reason)s。%(remedy)s。") % {"reason": one.reason, "remedy": one.remedy}


def summary(report: "ImportReport") -> list[str]:
    """The counts of each file, what was altered in older records, and what the files no longer name."""
    from django.utils.translation import gettext as _

    lines = [_("试运行：什么也没有写入。")] if report.dry_run else []
    for file, counts in report.files.items():
        words = _("新增 %(new)d，更正 %(changed)d，终止 %(ended)d，未变 %(unchanged)d") % asdict(counts)
        lines.append(f"{file}: {words}")
    for change in report.changes:
        place = ":".join(part for part in (change.file, str(change.row or "")) if part)
        lines.append(f"{place} {change.code} {change.column}: “{change.old}” → “{change.new}”")
    for file, codes in report.absent.items():
        if codes:
            words = _("文件中已没有、登记库中保留 %(count)d 个") % {"count": len(codes)}
            lines.append(f"{file}: {words}: {', '.join(codes)}")
    lines.append(_("登记库版本 %(edition)d。") % {"edition": report.edition})
    return lines
