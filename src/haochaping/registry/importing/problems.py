"""What is wrong with an import, in full: so that one round of corrections is enough."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from haochaping.foundation.errors import Refused

# Longer values are cut where they are shown: a broken quote can make a cell of a whole file.
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a value cannot be taken and what to do about it. `code` is stable, the rest is for people."""

    code: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One fault and its place. `row` is the line in the file (the header is 1), None for the whole file.

    `cell` is how a spreadsheet calls the place (C12); "" in a CSV file.
    """

    file: str
    row: int | None
    column: str
    value: str
    code: str
    reason: str
    remedy: str
    cell: str = ""


class ImportRefused(Refused):
    """Nothing was written. `problems` holds every one, by file and row; the message only counts them."""

    def __init__(self, problems: Iterable[ImportProblem]) -> None:
        self.problems = tuple(problems)
        text = _("登记数据未导入：发现 %(count)d 处问题。请逐项更正后重新导入。") % {
            "count": len(self.problems)
        }
        super().__init__("import_refused", text)


def unseen(character: str) -> bool:
    """Whether it is a control character or the like, which nobody sees.

    What Python's tables do not know yet in the planes of the ideographs is a Hanzi of a later edition of Unicode.
    """
    return unicodedata.category(character)[0] == "C" and not 0x20000 <= ord(character) < 0x40000


def problem(file: str, row: int | None, column: str, value: str, fault: Fault) -> ImportProblem:
    """The fault in its place, the value as it can be shown: cut, and without what a terminal would obey."""
    plain = "".join("\ufffd" if unseen(one) else one for one in value[:_SHOWN])
    shown = plain if len(value) <= _SHOWN else f"{plain}…"
    return ImportProblem(file, row, column, shown, fault.code, fault.reason, fault.remedy)
