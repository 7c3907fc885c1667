"""What an import of the registry does, in words: counts and examples for the terminal, everything for a file."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from haochaping.foundation.sheets.writing import Column, Table

if TYPE_CHECKING:
    from haochaping.registry.operations import Change, ImportProblem, ImportReport

# So many of a kind are shown; all are in the file of --output.
SHOWN: Final = 20
_LAST_DAY: Final = "valid_to"


def summary(report: "ImportReport", *, whole_file: bool = False) -> list[str]:
    """The counts of each table, then what is new, renamed, changed, ended and no longer named.

    `whole_file`: a file with all of it is written as well, so that it need not be offered.
    """
    from django.utils.translation import gettext as _

    lines = [_("试运行：什么也没有写入。")] if report.dry_run else []
    for file, counts in report.files.items():
        words = _(
            "新增 %(new)d（其中更名 %(renamed)d），更正 %(changed)d，终止 %(ended)d，未变 %(unchanged)d"
        )
        lines.append(f"{file}: {words % asdict(counts)}")
    ended = [one for one in report.changes if _ends(one)]
    corrected = [one for one in report.changes if not _ends(one)]
    listed = (
        (_("新增"), [f"{_place(one.file, one.row)} {one.code} {one.name}" for one in report.additions]),
        (_("更名"), [_told(one) for one in report.turns if one.column == "name"]),
        (_("自某日起变更"), [_told(one) for one in report.turns if one.column != "name"]),
        (_("更正"), [_told(one) for one in corrected]),
        (_("终止"), [_told(one) for one in ended]),
        (
            _("文件中已没有、登记库中保留"),
            [f"{file} {code}" for file, codes in report.absent.items() for code in codes],
        ),
    )
    hint = "" if whole_file else _("（全部内容：--output 文件.csv、.xlsx 或 .json）")
    for title, told in listed:
        lines.extend(_abbreviated(title, told, hint))
    lines.append(_("登记库版本 %(edition)d。") % {"edition": report.edition})
    return lines


def _abbreviated(title: str, told: Sequence[str], hint: str) -> Iterator[str]:
    from django.utils.translation import gettext as _

    if told:
        yield _("%(title)s %(count)d 项：") % {"title": title, "count": len(told)}
        yield from (f"  {line}" for line in told[:SHOWN])
    if len(told) > SHOWN:
        yield "  " + _("……另有 %(count)d 项") % {"count": len(told) - SHOWN} + hint


def diff_table(report: "ImportReport") -> Table:
    """Everything, one row a value."""
    from django.utils.translation import gettext as _

    titles = ("table", "row", "what", "code", "column", "since", "old", "new")
    words = {
        "new": _("新增"),
        "renamed": _("更名"),
        "turned": _("自某日起变更"),
        "changed": _("更正"),
        "ended": _("终止"),
        "absent": _("文件中已没有、登记库中保留"),
    }

    def rows() -> Iterator[Sequence[str]]:
        for one in report.additions:
            yield one.file, str(one.row), words["new"], one.code, "name", one.since, "", one.name
        for turn in report.turns:
            yield _row(turn, words["renamed" if turn.column == "name" else "turned"])
        for change in report.changes:
            yield _row(change, words["ended" if _ends(change) else "changed"])
        for file, codes in report.absent.items():
            for code in codes:
                yield file, "", words["absent"], code, "", "", "", ""

    return Table("diff", [Column(title, 20) for title in titles], rows())


def problem_table(problems: Sequence["ImportProblem"]) -> Table:
    """Every problem with its place."""
    titles = ("file", "row", "cell", "column", "value", "code", "reason", "remedy")
    rows = ([str(getattr(one, title) or "") for title in titles] for one in problems)
    return Table("problems", [Column(title, 20) for title in titles], rows)


def told(one: "ImportProblem") -> str:
    """One problem in one line: where, what, why and what to do."""
    from django.utils.translation import gettext as _

    place = f"{one.file}!{one.cell}:{one.column}" if one.cell else _place(one.file, one.row, one.column)
    value = f" “{one.value}”" if one.value else ""
    return f"{place}{value} " + _("%(reason)s。%(remedy)s。") % {"reason": one.reason, "remedy": one.remedy}


def _place(file: str, row: int | None, column: str = "") -> str:
    return ":".join(part for part in (file, str(row or ""), column) if part)


def _ends(change: "Change") -> bool:
    return change.column == _LAST_DAY and not change.old


def _told(one: "Change") -> str:
    since = f" {one.since}" if one.since else ""
    return f"{_place(one.file, one.row)} {one.code} {one.column}{since}: “{one.old}” → “{one.new}”"


def _row(one: "Change", what: str) -> Sequence[str]:
    return one.file, str(one.row or ""), what, one.code, one.column, one.since, one.old, one.new
