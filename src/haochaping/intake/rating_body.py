"""What the interface for ratings is sent: one JSON object, read and judged by the rules of the occasion."""

from typing import TYPE_CHECKING, Any, Final

import msgspec

from haochaping.foundation.errors import Invalid, Problem
from haochaping.intake.governing import Governed
from haochaping.intake.handing_in import HandedIn
from haochaping.ratings.rules import (
    NAMED,
    SATISFACTION,
    STAFF,
    SUBMISSION,
    TAGS,
    TEXT,
    RatingContent,
    RatingTyped,
    check_rating,
    said_level,
    said_named,
)

if TYPE_CHECKING:
    from haochaping.intake.services import Services

_FIELDS: Final = (SATISFACTION, STAFF, TAGS, TEXT, NAMED, SUBMISSION)
_SHOWN_NAME: Final = 40


class Malformed(Exception):
    """Not a JSON object."""


def read_object(body: bytes) -> dict[str, Any]:
    """The fields as sent. Raises Malformed."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed from None
    if not isinstance(value, dict):
        raise Malformed
    return value


def checked(handed: HandedIn, governed: Governed, services: "Services") -> RatingContent:
    """Numbers are taken where the convention has digits, an absent field as an empty one. Raises Invalid."""
    fields = handed.fields
    problems = list(handed.problems)
    problems += [
        Problem(name[:_SHOWN_NAME], "unknown_field", "没有这个字段。请核对字段名。")
        for name in fields
        if name not in _FIELDS
    ]
    values = {name: _text(name, fields.get(name), problems) for name in _FIELDS}
    satisfaction, staff, named = ("".join(values[name]) for name in (SATISFACTION, STAFF, NAMED))
    rules = governed.rules(level=said_level(satisfaction), named=said_named(named))
    try:
        content = check_rating(
            RatingTyped(
                satisfaction=satisfaction,
                staff=staff,
                tags=values[TAGS],
                text="".join(values[TEXT]),
                named=named,
                submission="".join(values[SUBMISSION]),
            ),
            dictionary=services.tags,
            rules=rules,
            staff_rules=governed.staff_rules(rules, level=said_level(staff), named=said_named(named)),
        )
    except Invalid as invalid:
        told = {problem.field for problem in problems}
        raise Invalid([*problems, *(each for each in invalid.problems if each.field not in told)]) from None
    if problems:
        raise Invalid(problems)
    return content


def level_said(handed: HandedIn) -> int:
    """The level of what was handed in, sound or not; 0 for none."""
    return said_level("".join(_text(SATISFACTION, handed.fields.get(SATISFACTION), [])))


def _text(name: str, value: object, problems: list[Problem]) -> tuple[str, ...]:
    """A field's texts: none, one, or for tags several."""
    if value is None:
        return ()
    if isinstance(value, bool) and name == NAMED:
        return ("1" if value else "0",)
    if isinstance(value, list) and name == TAGS:
        return tuple(text for each in value for text in _text("", each, problems))
    if isinstance(value, str):
        return (value,)
    if isinstance(value, int) and not isinstance(value, bool) and name != TEXT and abs(value) < 1000:
        return (str(value),)
    problems.append(Problem(name or TAGS, "wrong_type", "字段的类型不对。请按接口说明发送。"))
    return ()
