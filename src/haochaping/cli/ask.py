"""`ask`: figures that no tally has, out of the nightly export."""

import argparse
from typing import TYPE_CHECKING

from haochaping.cli.database import connected, say
from haochaping.cli.exports import new_file

if TYPE_CHECKING:
    from haochaping.analysis.questions import Question

NAME = "ask"
HELP = "Ask the nightly export: ratings by any of organisation, hall, window, item, channel, level, tag, hour, month ..."
_CODED = ("organisation", "hall", "window", "item")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is asked, and how it is told."""
    parser.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="FACT",
        help="group by it; up to three times: organisation, hall, window, item, channel, level, tag, hour, weekday, month,"
        " origin, named, default",
    )
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="FACT=VALUE",
        help="only these; organisations, halls, windows, items by their codes, month=2026-11, named and default yes or no",
    )
    parser.add_argument("--from", dest="first", default="", metavar="MONTH", help="such as 2026-01")
    parser.add_argument("--to", dest="last", default="", metavar="MONTH", help="such as 2026-11")
    parser.add_argument(
        "--form", choices=("table", "csv", "json"), default="table", help="how it is printed (default: table)"
    )
    parser.add_argument(
        "--output", type=new_file(".csv", ".json"), metavar="FILE", help="write it to this new file"
    )
    parser.add_argument(
        "--small-groups",
        action="store_true",
        help="show groups of fewer than five ratings as well; that is noted in the audit trail",
    )


def run(arguments: argparse.Namespace) -> int:
    """0 also where nothing was found. Raises Refused."""
    with connected(arguments):
        from django.utils.translation import gettext as _

        from haochaping.analysis.operations.asking import ask_as_operator
        from haochaping.analysis.tables import remarks, table
        from haochaping.cli.exports import write_export
        from haochaping.foundation.clock import CN, local_day, now

        present = now()
        found = ask_as_operator(_question(arguments), small_groups=arguments.small_groups, now=present)
        made = table(found, on=local_day(present))
        if arguments.output:
            write_export(arguments.output, made)
        else:
            print(
                _told(
                    arguments.form,
                    [column.title for column in made.columns],
                    [list(row) for row in made.rows],
                )
            )
        cutoff = _("数据截至 %(at)s 的导出。") % {"at": f"{found.as_of.astimezone(CN):%Y-%m-%d %H:%M}"}
        for remark in (cutoff, *remarks(found)):
            say(remark)
    return 0


def _question(arguments: argparse.Namespace) -> "Question":
    """Raises Invalid, and NotFound for a code that the registry does not know."""
    from django.utils.translation import gettext as _

    from haochaping.analysis.asked import question_of
    from haochaping.foundation.errors import NotFound
    from haochaping.registry.queries.codes import id_by_code

    where: dict[str, str] = {}
    for each in arguments.where:
        name, given, value = each.partition("=")
        if not given:
            arguments.parser.error(f"--where {each}: write it as FACT=VALUE, for example channel=3")
        if name in _CODED:
            number = id_by_code(name, value)
            if number is None:
                raise NotFound("no_such_code", _("登记库中没有编码%(code)s。") % {"code": value})
            value = str(number)
        where[name] = value
    return question_of(arguments.by, where, first=arguments.first, last=arguments.last)


def _told(form: str, titles: list[str], rows: list[list[str]]) -> str:
    import csv
    import json
    from io import StringIO

    from haochaping.foundation.sheets.escapes import csv_text

    if form == "json":
        return json.dumps([dict(zip(titles, row, strict=True)) for row in rows], ensure_ascii=False, indent=1)
    if form == "csv":
        file = StringIO()
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
            map(csv_text, row) for row in (titles, *rows)
        )
        return file.getvalue().rstrip("\n")
    return "\n".join("\t".join(row) for row in (titles, *rows))
