"""`calendar load`: the State Council's notice of a year comes in, and every open deadline is counted by it."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from haochaping.policy.calendars import load_calendar, notice_of, read_year, year_file
from haochaping.policy.last_good import replaced
from haochaping.policy.rule_files import operator_dir
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.sources import RULES_DIR, RulesError

if TYPE_CHECKING:
    from haochaping.rectification.operations.calendar import Rederived

NAME = "calendar load"
HELP = "Take in the holiday notice of a year (YEAR.toml) and count every open deadline by it."

ACTOR = "command line"
_MOMENT = timedelta(microseconds=1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and how to tell what came of it."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="YEAR.toml, in the form of rules/calendars/CN/2026.toml"
    )
    parser.add_argument("--dry-run", action="store_true", help="list what would move and write nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """0 when the year is in, 1 when the file was refused."""
    from haochaping.cli.database import connected

    try:
        path = arguments.file.resolve()
        year = read_year(path, root=path.parent)
        with connected(arguments):
            from haochaping.foundation.clock import now

            found = load_file(path, now=now(), dry_run=arguments.dry_run)
    except RulesError as error:
        print("\n".join(map(str, error.mistakes)), file=sys.stderr)
        return 1
    if arguments.json:
        told = {"ok": True, "year": year.year, "dry_run": arguments.dry_run, **asdict(found)}
        print(json.dumps(told, ensure_ascii=False, default=str))
    else:
        print("\n".join(summary(found, year.year, dry_run=arguments.dry_run)))
    return 0


def load_file(path: Path, *, now: datetime, dry_run: bool = False) -> "Rederived":
    """Checks the file, counts everything by it and keeps it beside the operator's rules. Raises RulesError."""
    from haochaping.rectification.operations.calendar import load_calendar_year

    year = read_year(path, root=path.parent)
    kept = operator_dir()
    if kept is None:
        raise RulesError(
            path.name, "", "there is no place to keep it; set HAOCHAPING_DATA or HAOCHAPING_RULES_DIR"
        )
    calendar = load_calendar(RULES_DIR, kept, also=year)
    target = year_file(kept, year.year)
    content = path.read_bytes()
    return load_calendar_year(
        rulebook=Rulebook(Rulebook.load().jurisdictions, calendar),
        year=year.year,
        clause=notice_of(path),
        known=target.is_file() and target.read_bytes() == content,
        store=lambda: replaced(target, content),
        now=now,
        actor=ACTOR,
        dry_run=dry_run,
    )


def summary(found: "Rederived", year: int, *, dry_run: bool) -> list[str]:
    """Old and new of everything that moved."""
    from django.utils.translation import gettext as _

    lines = [_("试运行：什么也没有写入。")] if dry_run else []
    for window in found.windows:
        words = _("评价期限 %(division)s %(day)s 服务的%(number)d件：") % {
            "division": window.division,
            "day": window.service_day,
            "number": window.number,
        }
        lines.append(words + _moved(window.old, window.old_provisional, window.new, window.new_provisional))
    lines.extend(
        _("整改期限 %(number)s：") % {"number": order.number}
        + _moved(order.old, order.old_provisional, order.new, order.new_provisional)
        for order in found.orders
    )
    if found.left:
        lines.append(
            _("%(number)d件的评价期限仍为推定，没有变动：其期限还取决于事项、大厅、渠道或办结时间。")
            % {"number": found.left}
        )
    if not found.windows and not found.orders:
        lines.append(_("没有需要变动的期限。"))
    if not dry_run:
        lines.append(_("%(year)d年的工作日历已载入。正在运行的进程重新启动后按新日历计算。") % {"year": year})
    return lines


def _moved(old: datetime, old_provisional: bool, new: datetime, new_provisional: bool) -> str:
    from django.utils.translation import gettext as _

    from haochaping.foundation.clock import local_day

    # Due at 00:00 of the day after: what people know is the last day.
    days = [
        (local_day(at - _MOMENT), provisional)
        for at, provisional in ((old, old_provisional), (new, new_provisional))
    ]
    return " → ".join(f"{day}{_('（推定）') if provisional else ''}" for day, provisional in days)
