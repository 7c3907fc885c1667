"""A question as it is typed or stands in an address, read and checked."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from haochaping.analysis.questions import MOST_DIMENSIONS, Dimension, Question
from haochaping.foundation.errors import Invalid, Problem
from haochaping.ratings.states import Origin

_LONGEST: Final = 9  # digits
_BOOLS: Final = {"yes": True, "no": False}


def question_of(by: Sequence[str], where: Mapping[str, str], *, first: str = "", last: str = "") -> Question:
    """`by` and the keys of `where` are dimensions, "" among them is nothing; `first` and `last` months as 2026-11. Raises
    Invalid with all that is wrong."""
    problems: list[Problem] = []
    chosen = tuple(dict.fromkeys(_dimension(each, "by", problems) for each in by if each))
    narrowed = {
        dimension: _value(dimension, text.strip(), problems)
        for name, text in where.items()
        if text.strip() and (dimension := _dimension(name, name, problems))
    }
    months = _month(first, "first", problems), _month(last, "last", problems)
    if months[0] and months[1] and months[0] > months[1]:
        problems.append(Problem("last", "order", _("截止月份早于开始月份，请更正。")))
    if len(chosen) > MOST_DIMENSIONS:
        words = _("最多按%(most)d项分组，请少选一项。") % {"most": MOST_DIMENSIONS}
        problems.append(Problem("by", "too_many", words))
    if problems:
        raise Invalid(problems)
    return Question(tuple(each for each in chosen if each), narrowed, *months)


def as_text(value: object) -> str:
    """A value of a dimension as it stands in an address; `question_of` reads it back."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:%Y-%m}" if isinstance(value, date) else str(value)


def _dimension(text: str, field: str, problems: list[Problem]) -> Dimension | None:
    if text in list(Dimension):
        return Dimension(text)
    words = _("没有“%(name)s”这个条件，可以用：%(known)s。") % {"name": text, "known": "、".join(Dimension)}
    problems.append(Problem(field, "unknown", words))
    return None


def _value(dimension: Dimension, text: str, problems: list[Problem]) -> object:
    value = _READ.get(dimension, _number)(text)
    if value is None:
        words = _("“%(name)s”的值“%(value)s”不对，请更正。") % {"name": dimension.value, "value": text[:40]}
        problems.append(Problem(dimension.value, "invalid", words))
    return value


def _month(text: str, field: str, problems: list[Problem]) -> date | None:
    if not text.strip():
        return None
    found = _month_in(text.strip())
    if found is None:
        problems.append(Problem(field, "invalid", _("月份请写成“2026-11”的样子。")))
    return found


def _month_in(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  (a month has no zone)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None


def _origin(text: str) -> str | None:
    return text if text in list(Origin) else None


_READ: Final[Mapping[Dimension, Callable[[str], object]]] = {
    Dimension.MONTH: _month_in,
    Dimension.ORIGIN: _origin,
    Dimension.NAMED: _BOOLS.get,
    Dimension.DEFAULT: _BOOLS.get,
}
