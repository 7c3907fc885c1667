"""What a report of pressure must be before it is kept: everything that is wrong is said at once. Pure."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from haochaping.foundation.errors import Invalid, Problem
from haochaping.oversight.states import Matter

TEXT_LIMIT: Final = 2000
NAME_LIMIT: Final = 50
PHONE_LIMIT: Final = 30
MATTERS, ORGANISATION, TEXT, NAME, PHONE, CONSENT, SUBMISSION = (
    "matters",
    "organisation",
    "text",
    "name",
    "phone",
    "consent",
    "submission",
)
_SUBMISSION_LENGTH: Final = 32
_HEX: Final = frozenset("0123456789abcdefABCDEF")
_LAYOUT: Final = frozenset("\n\t")

# What people are told, by field and code; faces translate by these very texts.
MESSAGES: Final[Mapping[tuple[str, str], str]] = {
    (MATTERS, "required"): "还没有选择发生了什么。请至少选一项。",
    (MATTERS, "unknown"): "所选内容中有系统不认识的。请在列出的各项中选择。",
    (ORGANISATION, "unknown"): "所选单位不在列出的单位之内。请重新选择。",
    (ORGANISATION, "nobody_above"): (
        "您反映的是本系统中最高一级的政务服务管理部门，这里没有上一级可以受理。请向纪检监察机关反映（举报电话12388）。"
    ),
    (TEXT, "required"): "还没有写明经过。请写几句，说明什么人做了什么。",
    (TEXT, "too_long"): "文字超过2000字，无法保存。请删减后再提交。",
    (TEXT, "control_character"): "文字中含有无法保存的字符。请删除后再提交。",
    (NAME, "unfit"): "姓名过长或者含有无法保存的字符。请更正，或者留空。",
    (PHONE, "unfit"): "联系电话过长或者含有无法保存的字符。请更正，或者留空。",
    (PHONE, "required"): "您同意与您联系，但没有留下电话。请填写电话，或者取消勾选。",
    (CONSENT, "required"): "您填写了姓名或电话，但没有同意与您联系。请勾选同意，或者清空姓名和电话。",
    (SUBMISSION, "malformed"): "页面的提交编号无效。请重新打开页面后再提交。",
}


@dataclass(frozen=True, slots=True)
class ReportTyped:
    """The form as typed, unchecked. `organisation` is a credit code, "" for none."""

    submission: str
    matters: tuple[str, ...] = ()
    organisation: str = ""
    text: str = ""
    name: str = ""
    phone: str = ""
    consent: str = ""


@dataclass(frozen=True, slots=True)
class ReportContent:
    """What the citizen reported, checked. `phone` is empty unless the citizen agreed to be contacted; so is `name`."""

    matters: tuple[Matter, ...]
    organisation: str
    text: str
    name: str
    phone: str
    submission: bytes

    @property
    def may_contact(self) -> bool:
        """Whether there is somebody to call, with consent."""
        return bool(self.phone)


def check_report(typed: ReportTyped, *, offered: Collection[str]) -> ReportContent:
    """The content of a report; `offered` are the codes of the organisations that the form offered.

    A contact without consent is no contact to be kept, and consent without a phone means nothing: both are asked back.
    Raises Invalid with all problems, fields named as in the form.
    """
    problems: list[Problem] = []
    text, name, phone = (
        value.replace("\r\n", "\n").strip() for value in (typed.text, typed.name, typed.phone)
    )
    if not typed.matters:
        problems.append(_problem(MATTERS, "required"))
    elif not set(typed.matters) <= set(Matter):
        problems.append(_problem(MATTERS, "unknown"))
    if typed.organisation and typed.organisation not in offered:
        problems.append(_problem(ORGANISATION, "unknown"))
    problems += _about_text(text)
    problems += [
        _problem(field, "unfit")
        for field, value, most in ((NAME, name, NAME_LIMIT), (PHONE, phone, PHONE_LIMIT))
        if len(value) > most or not value.isprintable()
    ]
    if typed.consent and not phone:
        problems.append(_problem(PHONE, "required"))
    if (name or phone) and not typed.consent:
        problems.append(_problem(CONSENT, "required"))
    if len(typed.submission) != _SUBMISSION_LENGTH or not _HEX.issuperset(typed.submission):
        problems.append(_problem(SUBMISSION, "malformed"))
    if problems:
        raise Invalid(problems)
    matters = tuple(dict.fromkeys(map(Matter, typed.matters)))
    return ReportContent(matters, typed.organisation, text, name, phone, bytes.fromhex(typed.submission))


def nobody_above() -> Invalid:
    """That there is no authority that could receive a report about this one."""
    return Invalid([_problem(ORGANISATION, "nobody_above")])


def holds_controls(text: str) -> bool:
    """Whether there is a character in a text that no page can show."""
    return any(unicodedata.category(each) in {"Cc", "Cs"} and each not in _LAYOUT for each in text)


def _about_text(text: str) -> Sequence[Problem]:
    if not text:
        return [_problem(TEXT, "required")]
    if len(text) > TEXT_LIMIT:
        return [_problem(TEXT, "too_long")]
    return [_problem(TEXT, "control_character")] if holds_controls(text) else []


def _problem(field: str, code: str) -> Problem:
    return Problem(field, code, MESSAGES[field, code])
