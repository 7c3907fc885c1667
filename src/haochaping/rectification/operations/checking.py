"""What an official gives with an act is complete and can be read; all that is wrong is told at once."""

import unicodedata
from collections.abc import Callable, Container, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from haochaping.foundation.errors import Invalid, Problem
from haochaping.rectification.course import choices
from haochaping.rectification.course.situation import Situation
from haochaping.rectification.needs import NEEDS
from haochaping.rectification.rules import Said
from haochaping.rectification.states import Act, State
from haochaping.registry import queries as registry

ALLOWED_CONTROLS: Final = frozenset("\n\t")
_YES_NO: Final = ("yes", "no")
_Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was given, in order: `said` holds only what the act asks for and what was given."""

    text: str
    said: dict[str, str]


def checked(act: Act, stands: Situation, text: str, said: Said, reach: frozenset[int]) -> Checked:
    """What was given with an act. `reach`: the organisations to which one can dispatch. Raises Invalid."""
    needs = NEEDS[act]
    text = text.replace("\r\n", "\n").strip()
    given = {field: value for field, value in asdict(said).items() if field in needs.fields}
    problems = [problem for field in needs.fields for problem in _CHECKS[field](act, stands, given, reach)]
    problems += text_problems(text, needs.least, needs.most)
    if problems:
        raise Invalid(problems)
    return Checked(text if needs.most else "", {field: value for field, value in given.items() if value})


def text_problems(text: str, least: int, most: int) -> list[Problem]:
    """What is wrong with a text of so many characters."""
    problems = []
    if any(unicodedata.category(each) in {"Cc", "Cs"} and each not in ALLOWED_CONTROLS for each in text):
        message = _("文字中有无法显示的控制字符，可能是从其他软件复制而来。请删除后重新输入。")
        problems.append(Problem("text", "characters", message))
    if most and not least <= len(text) <= most:
        message = _("请填写{least}至{most}个字，现在是{length}个字。").format(
            least=least, most=most, length=len(text)
        )
        problems.append(Problem("text", "length", message))
    return problems


def _one_of(field: str, value: str, allowed: Container[str], message: str) -> list[Problem]:
    return [] if value in allowed else [Problem(field, "required", message)]


def _finding(_act: Act, stands: Situation, given: _Given, _reach: frozenset[int]) -> list[Problem]:
    found = choices.findings(stands)
    message = _("请选择核实结论：属实、部分属实或不属实。")
    if len(found) > 3:
        message = _("请选择核实结论：属实、部分属实、不属实或缺乏法定依据。")
    return _one_of("finding", given["finding"], list(found), message)


def _reasonable(_act: Act, _stands: Situation, given: _Given, _reach: frozenset[int]) -> list[Problem]:
    return _one_of("reasonable", given["reasonable"], ("", *_YES_NO), _("请选择诉求是否合理，或者不作判断。"))


def _bad_class(_act: Act, stands: Situation, given: _Given, _reach: frozenset[int]) -> list[Problem]:
    return _one_of("bad_class", given["bad_class"], choices.classes(stands), _("请选择差评属于哪一类。"))


def _means(_act: Act, stands: Situation, given: _Given, _reach: frozenset[int]) -> list[Problem]:
    return _one_of("means", given["means"], choices.means(stands), _("请选择用什么方式联系的评价人。"))


def _reached(_act: Act, _stands: Situation, given: _Given, _reach: frozenset[int]) -> list[Problem]:
    return _one_of("reached", given["reached"], _YES_NO, _("请选择是否联系上了评价人。"))


def _ground(_act: Act, stands: Situation, given: _Given, _reach: frozenset[int]) -> list[Problem]:
    return _one_of(
        "ground",
        given["ground"],
        choices.grounds(stands) or ("",),
        _("请选择退回的理由。只能选择规定的理由。"),
    )


def _organisation(_act: Act, stands: Situation, given: _Given, reach: frozenset[int]) -> list[Problem]:
    value = given["organisation"]
    known = registry.organisation_id_by_credit_code(value) if value.isascii() and value.isalnum() else None
    allowed = reach if stands.order.state == State.RETURNED else reach - {stands.order.organisation_id}
    return _one_of("organisation", str(known), {str(each) for each in allowed}, _("请选择转办给哪个单位。"))


def _step(_act: Act, stands: Situation, given: _Given, _reach: frozenset[int]) -> list[Problem]:
    return _one_of("step", given["step"], choices.steps(stands), _("请选择为哪一个环节申请延长期限。"))


def _until(act: Act, stands: Situation, given: _Given, _reach: frozenset[int]) -> list[Problem]:
    allowed, value = choices.until(act, stands, given.get("step", "")), given["until"]
    if allowed is None or (not value and not allowed.needed):
        return []
    day = typed_day(value)
    if day is None:
        return [Problem("until", "required", _("请填写完成的日期，年、月、日都要写，例如2026年12月31日。"))]
    if day < allowed.first:
        message = _("这个日期太早。请填写{first}或以后的日期。").format(first=allowed.first.isoformat())
        return [Problem("until", "early", message)]
    if allowed.last is not None and day > allowed.last:
        message = _("按规定最多只能延长到{last}。请填写这一天或以前的日期。").format(
            last=allowed.last.isoformat()
        )
        return [Problem("until", "late", message)]
    return []


def typed_day(value: str) -> date | None:
    """A day as it was typed into a form; None for what is none."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


_Check = Callable[[Act, Situation, _Given, frozenset[int]], list[Problem]]
_CHECKS: Final[Mapping[str, _Check]] = {
    "finding": _finding,
    "reasonable": _reasonable,
    "bad_class": _bad_class,
    "means": _means,
    "reached": _reached,
    "ground": _ground,
    "organisation": _organisation,
    "step": _step,
    "until": _until,
}
