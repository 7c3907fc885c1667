"""`calendar load`: the State Council's notice of a year comes in, and every open deadline is counted by it."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from haochaping.foundation.workdays import CalendarYear
from haochaping.policy.calendars import calendar_of, read_calendar, read_years, year_file
from haochaping.policy.jurisdictions import collect_jurisdictions
from haochaping.policy.last_good import replaced
from haochaping.policy.rule_files import RuleDirs, operator_dir
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.sources import RulesError

if TYPE_CHECKING:
    from haochaping.rectification.operations.calendar import Rederived

NAME = "calendar load"
HELP = "Take in the holiday notice of a year (YEAR.toml) and count every open deadline by it."

ACTOR = "command line"
_MOMENT = timedelta(microseconds=1)
# So many days are named where a file differs from what is in.
_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and how to tell what came of it."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="YEAR.toml, in the form of rules/calendars/CN/2026.toml"
    )
    parser.add_argument("--dry-run", action="store_true", help="list what would move and write nothing")
    parser.add_argument(
        "--replace", action="store_true", help="put it in the place of the same year with other days"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """0 when the year is in or would be, 1 when the file was refused or could not be kept: then nothing has changed."""
    from haochaping.cli.database import connected

    try:
        path = arguments.file.absolute()
        year = read_calendar(path, root=path.parent).year.year
        with connected(arguments):
            from haochaping.foundation.clock import now

            found = load_file(path, now=now(), dry_run=arguments.dry_run, replace=arguments.replace)
    except RulesError as error:
        print("\n".join(map(str, error.mistakes)), file=sys.stderr)
        return 1
    if arguments.json:
        told = {"ok": True, "year": year, "dry_run": arguments.dry_run, **asdict(found)}
        print(json.dumps(told, ensure_ascii=False, default=str))
    else:
        print("\n".join(summary(found, year, dry_run=arguments.dry_run)))
    return 0


def load_file(path: Path, *, now: datetime, dry_run: bool = False, replace: bool = False) -> "Rederived":
    """Checks the file, counts everything by it and keeps it beside the operator's rules. Needs django.setup().

    First the file is kept, then the rows are committed: who is killed in between leaves what loading it again (or the
    night) puts right, while rows by a year that no process knows would be counted back. Raises RulesError.
    """
    from haochaping.audit.queries import recorded
    from haochaping.rectification.operations import calendar_turn, load_calendar_year

    kept = operator_dir()
    if kept is None:
        problem = "there is no place to keep it; set HAOCHAPING_DATA or HAOCHAPING_RULES_DIR"
        raise RulesError(path.name, "", problem)
    with calendar_turn():
        dirs = RuleDirs.of_environment()
        notice = read_calendar(path, root=path.parent)
        year = notice.year
        target = year_file(kept, year.year)
        years = read_years(dirs.calendars, without=target)
        before = _before(target, kept) or years.get(year.year)
        if before not in (None, year) and not replace:
            raise RulesError(path.name, "", _differs(before, year))
        jurisdictions, mistakes = collect_jurisdictions(dirs.profiles)
        if mistakes:
            raise RulesError.of(mistakes)
        known = before == year
        if target.is_file():
            known = known and recorded("calendar.load", subject=f"calendar:{year.year}")
        return load_calendar_year(
            rulebook=Rulebook(jurisdictions, calendar_of({**years, year.year: year}.values())),
            year=year.year,
            clause=notice.notice,
            known=known,
            store=lambda: _keep(target, path),
            now=now,
            actor=ACTOR,
            dry_run=dry_run,
        )


def _before(target: Path, kept: Path) -> CalendarYear | None:
    """The year as it is kept; None where it is not, or is broken and waits to be mended by this."""
    try:
        return read_calendar(target, root=kept).year
    except RulesError:
        return None


def _differs(before: CalendarYear | None, year: CalendarYear) -> str:
    known = (before.holidays, before.workdays) if before else (frozenset(), frozenset())
    days = sorted((known[0] ^ year.holidays) | (known[1] ^ year.workdays))
    listed = ", ".join(map(str, days[:_SHOWN])) + (", ..." if len(days) > _SHOWN else "")
    return (
        f"{year.year} is in already, and this file lays down {len(days)} day(s) in another way: {listed}; "
        "look which one the notice says, and give --replace to put this one in its place"
    )


def _keep(target: Path, path: Path) -> None:
    try:
        replaced(target, path.read_bytes())
    except OSError as problem:
        words = f"cannot be kept in {target.parent} ({problem.strerror}); nothing has changed"
        raise RulesError(path.name, "", words) from problem


def summary(found: "Rederived", year: int, *, dry_run: bool) -> list[str]:
    """Old and new of everything that moved."""
    from django.utils.translation import gettext as _

    lines = [_("试运行：什么也没有写入。")] if dry_run else []
    kinds = {
        "window": _("评价期限 %(division)s %(day)s 服务的%(number)d件："),
        "default": _("默认评价 %(division)s %(day)s 服务的%(number)d件："),
        "after_default": _("默认后评价期限 %(division)s %(day)s 服务的%(number)d件："),
    }
    for each in found.occasions:
        words = kinds[each.kind] % {
            "division": each.division,
            "day": each.service_day,
            "number": each.number,
        }
        lines.append(words + _moved(each.old, each.old_provisional, each.new, each.new_provisional))
    limits = {
        "rectification": _("整改期限 %(number)s："),
        "silence": _("评价整改的期限 %(number)s："),
    }
    lines.extend(
        limits.get(order.what, _("工单期限 %(number)s：")) % {"number": order.number}
        + _moved(order.old, order.old_provisional, order.new, order.new_provisional)
        for order in found.orders
    )
    lines.extend(
        _("复核期限 %(number)s：") % {"number": each.number}
        + _moved(each.old, each.old_provisional, each.new, each.new_provisional)
        for each in found.objections
    )
    if not (found.occasions or found.orders or found.objections):
        lines.append(_("没有需要变动的期限。"))
    if not found.changed:
        lines.append(_("%(year)d年的工作日历先前已载入，内容相同，没有更改。") % {"year": year})
    elif not dry_run:
        lines.append(
            _("%(year)d年的工作日历已载入，正在运行的各进程几秒钟内即按新日历计算。") % {"year": year}
        )
    return lines


def _moved(
    old: "datetime | None", old_provisional: bool, new: "datetime | None", new_provisional: bool
) -> str:
    from django.utils.translation import gettext as _

    ends = ((old, old_provisional), (new, new_provisional))
    return " → ".join(f"{_last(at)}{_('（推定）') if provisional else ''}" for at, provisional in ends)


def _last(at: "datetime | None") -> str:
    """What people know of a limit in days is its last day: it ends at 00:00 of the day after. One in hours has a time."""
    from django.utils.translation import gettext as _

    from haochaping.foundation.clock import CN

    if at is None:
        return _("无期限")
    local = at.astimezone(CN)
    if local.time() != time(0):
        return f"{local:%Y-%m-%d %H:%M}"
    return (local - _MOMENT).date().isoformat()
