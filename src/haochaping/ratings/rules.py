"""What a rating must be before it is stored: everything that is wrong is said at once, nothing is repaired
silently.
"""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from msgspec import Struct

from haochaping.foundation.errors import Invalid, Problem
from haochaping.policy.tags import Tags
from haochaping.policy.voice import Subject

LEVELS: Final[Mapping[str, int]] = {"5": 5, "4": 4, "3": 3, "2": 2, "1": 1}
NORM_VERSION: Final = 2
TEXT_LIMIT: Final = 500
SUBMISSION_LENGTH: Final = 32
_HEX = frozenset("0123456789abcdefABCDEF")
_NAMED: Final[Mapping[str, bool]] = {"1": True, "0": False}
_LAYOUT = frozenset("\n\t")

# Of our own is the level of the member of staff: the convention has one level alone.
SATISFACTION, STAFF, TAGS, TEXT, NAMED, SUBMISSION, CASE = (
    "satisfaction",
    "staffSatisfaction",
    "evalDetail",
    "writingEvaluation",
    "named",
    "submission",
    "projectNo",
)

# What people are told, by field and code; faces translate by these very texts.
MESSAGES: Final[Mapping[tuple[str, str], str]] = {
    (SATISFACTION, "required"): "还没有选择满意程度。请在五个等次中选择一个。",
    (SATISFACTION, "unknown"): "满意程度不在五个等次之内。请重新选择。",
    (STAFF, "required"): "还没有评价工作人员的服务。请在五个等次中选择一个。",
    (STAFF, "unknown"): "对工作人员的满意程度不在五个等次之内。请重新选择。",
    (STAFF, "not_asked"): "这次服务不单独评价工作人员。请不要填写对工作人员的满意程度。",
    (TAGS, "unknown"): "所选标签中有系统不认识的。请在列出的标签中选择。",
    (TAGS, "retired"): "所选标签中有已经停用的。请在列出的标签中选择。",
    (TAGS, "other_level"): "所选标签中有不属于这一满意程度的。请取消后重新选择。",
    (TAGS, "reason_needed"): "选择“不满意”或“非常不满意”时，需要说明原因。请至少选一项原因，或者写几句说明。",
    (TEXT, "staff_reason_needed"): "对工作人员选择“不满意”或“非常不满意”时，需要说明原因。请写几句说明。",
    (SATISFACTION, "only_up"): "按照规定，只能改为更满意的等次。请重新选择。",
    (SATISFACTION, "only_down"): "按照规定，只能改为更不满意的等次。请重新选择。",
    (STAFF, "only_up"): "按照规定，对工作人员只能改为更满意的等次。请重新选择。",
    (STAFF, "only_down"): "按照规定，对工作人员只能改为更不满意的等次。请重新选择。",
    (SATISFACTION, "unchanged"): "内容与原来的评价相同，没有需要更正的。请修改后再提交。",
    (SATISFACTION, "needs_name"): "按照规定，这一满意程度的评价须实名。这次评价是匿名的，不能改为这一等次。",
    (TEXT, "required"): "还没有填写。请写几句说明。",
    (TEXT, "reason_needed"): "选择“不满意”或“非常不满意”时，需要说明原因。请写几句说明。",
    (TEXT, "too_long"): "文字超过500字，无法保存。请删减后再提交。",
    (TEXT, "control_character"): "文字中含有无法保存的控制字符。请删除后再提交。",
    (TEXT, "not_text"): "文字中含有无法识别的字符。请删除后再提交。",
    (NAMED, "required"): "还没有选择实名或匿名。请选择其中一种。",
    (NAMED, "unknown"): "实名或匿名的选择无效。请重新选择。",
    (NAMED, "needed"): "按照规定，这一满意程度的评价须实名。请选择实名评价。",
    (CASE, "too_long"): "办件编号超过100个字，无法保存。请核对，或者不填。",
    (CASE, "not_text"): "办件编号中含有无法识别的字符。请核对，或者不填。",
    (SUBMISSION, "required"): "页面缺少提交编号，无法确认是否重复提交。请重新打开评价页面。",
    (SUBMISSION, "malformed"): "页面的提交编号无效。请重新打开评价页面。",
}


class RatingContent(Struct, frozen=True, gc=False):
    """What the citizen said, checked. `bad`: an order follows, for the item's level or for that of the member of staff.
    `tags` are codes in the dictionary's version `norm_version`; `text` is as typed, empty when it was blank; `submission` is
    16 bytes; `staff_level` is None where nobody was rated beside the item."""

    level: int
    bad: bool
    tags: tuple[int, ...]
    text: str
    named: bool
    submission: bytes
    norm_version: int = NORM_VERSION
    staff_level: int | None = None


class Demands(Protocol):
    """What the rules of an occasion demand of a rating: a `policy.profile.Profile`."""

    @property
    def labels(self) -> Mapping[int, str]:
        """The levels that are offered, by number; none laid down: all five."""

    @property
    def bad_levels(self) -> Collection[int]:
        """Those that are 差评."""

    @property
    def reason_needed(self) -> bool:
        """Whether a 差评 needs a tag or a text."""

    @property
    def named_levels(self) -> Collection[int]:
        """Those that can be given 实名 only."""


class StaffDemands(Demands, Protocol):
    """What they demand of the level of a member of staff, and what follows from it."""

    @property
    def staff(self) -> Subject | None:
        """How he is rated beside the item."""

    def opens_order(self, level: int) -> bool:
        """Whether anything is laid down after that level."""


class RatingTyped(Struct, frozen=True, gc=False):
    """A rating in the texts of a form, unchecked: `satisfaction` "5" to "1"; `tags` codes, each text one or several
    separated by comma or bar; `named` "1" or "0"; `submission` 32 hexadecimal digits; `staff` as `satisfaction`, for the
    member of staff, "" where he is not rated."""

    satisfaction: str
    tags: Sequence[str]
    text: str
    named: str
    submission: str
    staff: str = ""


def check_rating(
    typed: RatingTyped, *, dictionary: Tags, rules: Demands, staff_rules: StaffDemands | None = None
) -> RatingContent:
    """The content of a rating, out of the texts of a form.

    `rules` are those of the occasion, `staff_rules` those by which the member of staff is rated, None where nobody may be.
    Raises Invalid with all problems; fields are named as in the form.
    """
    problems: list[Problem] = []
    named, submission = typed.named, typed.submission
    level = LEVELS.get(typed.satisfaction)
    if level not in (rules.labels or LEVELS.values()):
        level = None
        problems.append(problem(SATISFACTION, "unknown" if typed.satisfaction else "required"))
    kept_text = _read_text(typed.text, problems)
    codes = _read_tags(typed.tags, level, dictionary, problems)
    staff_level = _read_staff(typed.staff, staff_rules, problems)
    bad = level in rules.bad_levels
    # A reason that is itself in error was given: one problem is told, not two.
    if bad and rules.reason_needed and not codes and not kept_text and not _has(problems, TAGS, TEXT):
        problems.append(problem(TAGS, "reason_needed"))
    # The tags are those of the item's level: where that is good they give no reason for this one.
    if not bad and not kept_text and not _has(problems, TEXT) and _needs_reason(staff_level, staff_rules):
        problems.append(problem(TEXT, "staff_reason_needed"))
    _check_named(named, level, staff_level, rules, staff_rules, problems)
    _check_submission(submission, problems)
    if problems or level is None:
        raise Invalid(problems)
    return RatingContent(
        level,
        bad or _opens_order(staff_level, staff_rules),
        codes,
        kept_text,
        _NAMED[named],
        bytes.fromhex(submission),
        staff_level=staff_level,
    )


@dataclass(frozen=True, slots=True)
class AddedContent:
    """What the citizen adds to a rating, checked: a level (None: nothing is said of it), a text, or both. `submission` is 16
    bytes."""

    level: int | None
    text: str
    submission: bytes


def check_addition(
    *, satisfaction: str, text: str, submission: str, adds: Collection[str], rules: Demands
) -> AddedContent:
    """The content of what is added, out of the texts of a form; of "level" and "text" only what is in `adds` is read.

    Raises Invalid with all problems.
    """
    problems: list[Problem] = []
    level = LEVELS.get(satisfaction) if "level" in adds else None
    if "level" in adds and satisfaction and level not in (rules.labels or LEVELS.values()):
        level = None
        problems.append(problem(SATISFACTION, "unknown"))
    kept_text = _read_text(text, problems) if "text" in adds else ""
    if not kept_text and not problems:
        if level is None:
            problems.append(
                problem(TEXT, "required") if "text" in adds else problem(SATISFACTION, "required")
            )
        elif level in rules.bad_levels and rules.reason_needed and "text" in adds:
            problems.append(problem(TEXT, "reason_needed"))
    _check_submission(submission, problems)
    if problems:
        raise Invalid(problems)
    return AddedContent(level, kept_text, bytes.fromhex(submission))


def said_level(satisfaction: str) -> int:
    """The level of a form's text; 0 for none."""
    return LEVELS.get(satisfaction, 0)


def said_named(named: str) -> bool | None:
    """实名 or not by a form's text; None for neither."""
    return _NAMED.get(named)


def problem(field: str, code: str) -> Problem:
    """A problem that a caller found, in our words. Raises KeyError for one that is none of ours."""
    return Problem(field, code, MESSAGES[field, code])


def _check_submission(submission: str, problems: list[Problem]) -> None:
    if len(submission) != SUBMISSION_LENGTH or not _HEX.issuperset(submission):
        problems.append(problem(SUBMISSION, "malformed" if submission else "required"))


def _has(problems: Sequence[Problem], *fields: str) -> bool:
    return any(problem.field in fields for problem in problems)


def _read_staff(staff: str, rules: StaffDemands | None, problems: list[Problem]) -> int | None:
    """The level of the member of staff; None where none was given, or none can be."""
    if rules is None or rules.staff is None:
        if staff:
            problems.append(problem(STAFF, "not_asked"))
        return None
    level = LEVELS.get(staff)
    if level is None and not staff and rules.staff.required:
        problems.append(problem(STAFF, "required"))
    elif staff and level not in (rules.labels or LEVELS.values()):
        problems.append(problem(STAFF, "unknown"))
        return None
    return level


def _needs_reason(staff_level: int | None, rules: StaffDemands | None) -> bool:
    return rules is not None and staff_level in rules.bad_levels and rules.reason_needed


def _opens_order(staff_level: int | None, rules: StaffDemands | None) -> bool:
    return rules is not None and staff_level is not None and rules.opens_order(staff_level)


def _check_named(
    named: str,
    level: int | None,
    staff_level: int | None,
    rules: Demands,
    staff_rules: StaffDemands | None,
    problems: list[Problem],
) -> None:
    if named not in _NAMED:
        problems.append(problem(NAMED, "unknown" if named else "required"))
        return
    of_staff = staff_rules.named_levels if staff_rules is not None else ()
    if not _NAMED[named] and (level in rules.named_levels or staff_level in of_staff):
        problems.append(problem(NAMED, "needed"))


def _read_text(text: str, problems: list[Problem]) -> str:
    """The text as typed, with the line ends that a browser's form encoding puts in taken back; blank is
    none.
    """
    if not text:
        return ""
    typed = text.replace("\r\n", "\n").replace("\r", "\n")
    categories = {unicodedata.category(character) for character in typed if character not in _LAYOUT}
    if "Cs" in categories:
        problems.append(problem(TEXT, "not_text"))
    elif "Cc" in categories:
        problems.append(problem(TEXT, "control_character"))
    if len(typed) > TEXT_LIMIT:
        problems.append(problem(TEXT, "too_long"))
    blank = all(category.startswith("Z") or category == "Cf" for category in categories)
    return "" if blank else typed


def _read_tags(
    texts: Sequence[str], level: int | None, dictionary: Tags, problems: list[Problem]
) -> tuple[int, ...]:
    """The codes, each once, in the order given. Without a level only what is unknown or retired can be
    told.
    """
    if not texts:
        return ()
    codes = dict.fromkeys(
        code for text in texts for part in text.replace("|", ",").split(",") if (code := part.strip())
    )
    wrong: dict[str, None] = {}
    for code in codes:
        tag = dictionary.decode(code)
        if tag is None:
            wrong["unknown"] = None
        elif not tag.in_use or tag.version != NORM_VERSION:
            wrong["retired"] = None
        elif level is not None and tag.level != level:
            wrong["other_level"] = None
    problems.extend(problem(TAGS, code) for code in wrong)
    return () if wrong else tuple(int(code) for code in codes)
