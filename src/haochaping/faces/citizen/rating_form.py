"""What came in from the rating page: read strictly, and kept as typed: nothing is typed twice."""

import hmac
import os
import re
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote_to_bytes

from msgspec import Struct
from msgspec.structs import replace

from haochaping.foundation.errors import Invalid
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3
from haochaping.intake.http import Request
from haochaping.policy.tags import Tags
from haochaping.ratings.rules import LEVELS, SUBMISSION, RatingTyped

_MOST_FIELDS = 100
_FORM = "application/x-www-form-urlencoded"
_NOT_SHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_STAMP = re.compile(r"[0-9]{1,13}")
_UNSAID = ("",)
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The trace keeps this in 32 bits; who leaves a page open for longer spent no measurable time on it.
_LONGEST = timedelta(days=7)


class NotAForm(Exception):
    """The body is of another type than our forms send."""


class Overfull(Exception):
    """More fields than any of our forms has."""


class Filled(Struct, frozen=True, gc=False):
    """The form as typed, unchecked. `grouped`: from our page, which shows one level's tags at a time. `received`: the mark
    of the first attempt, where that could not be stored. `case`: the number of a case, asked for at windows' static codes
    alone. `seen`: what the page carries of its occasion (`seen.py`)."""

    submission: str
    opened: str
    satisfaction: str = ""
    staff: str = ""
    tags: tuple[str, ...] = ()
    text: str = ""
    named: str = ""
    grouped: bool = False
    received: str = ""
    case: str = ""
    seen: str = ""


def fields_of(request: Request) -> dict[str, list[str]]:
    """The fields of a posted form, each with all its values. Bytes that are no UTF-8 become lone surrogates,
    which the checks refuse by field. Raises NotAForm, Overfull.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise NotAForm
    text = request.body.decode("utf-8", "surrogateescape")
    pairs = text.split("&")
    if len(pairs) > _MOST_FIELDS:
        raise Overfull
    encoded = "%" in text or "+" in text
    fields: dict[str, list[str]] = {}
    for pair in filter(None, pairs):
        name, _, value = pair.partition("=")
        if encoded:
            name, value = _decoded(name), _decoded(value)
        fields.setdefault(name, []).append(value)
    return fields


def read_filled(fields: dict[str, list[str]]) -> Filled:
    """The rating form out of its fields; of a field that should come once, the last value counts."""
    return Filled(
        submission=_last(fields, "submission"),
        opened=_last(fields, "opened"),
        satisfaction=_last(fields, "satisfaction"),
        staff=_last(fields, "staffSatisfaction"),
        tags=tuple(
            code
            for value in fields.get("evalDetail", ())
            for part in value.replace("|", ",").split(",")
            if (code := part.strip())
        ),
        text=_last(fields, "writingEvaluation"),
        named=_last(fields, "named"),
        grouped=_last(fields, "groups") == "chosen",
        received=_last(fields, "received"),
        case=_last(fields, "projectNo"),
        seen=_last(fields, "seen"),
    )


def tags_meant(filled: Filled, dictionary: Tags) -> tuple[str, ...]:
    """The tags that count. On our own page a changed mind leaves ticks in a group that is no longer shown
    (or the page says that it does not count); from anywhere else every tag is meant.
    """
    level = LEVELS.get(filled.satisfaction)
    if not filled.grouped or level is None:
        return filled.tags
    decoded = {code: dictionary.decode(code) for code in filled.tags}
    return tuple(code for code, tag in decoded.items() if tag is None or not tag.in_use or tag.level == level)


def rating_typed(filled: Filled, dictionary: Tags, *, named: str) -> RatingTyped:
    """The form as the rules check it, with the tags that count. `named`: "1" or "0"."""
    return RatingTyped(
        satisfaction=filled.satisfaction,
        tags=tags_meant(filled, dictionary),
        text=filled.text,
        named=named,
        submission=filled.submission,
        staff=filled.staff,
    )


def blank(occasion_id: uuid.UUID, now: datetime, *, seen: str = "") -> Filled:
    """An empty form with a submission id of its own and the instant at which it was opened, sealed with what it carries."""
    stamp = str((now - _EPOCH) // _MILLISECOND)
    return Filled(submission=new_submission(), opened=_sealed_stamp(occasion_id, stamp, seen), seen=seen)


def new_submission() -> str:
    """128 random bits as 32 hexadecimal digits: by it the same submission is known again."""
    return os.urandom(16).hex()


def usable(filled: Filled, invalid: Invalid) -> Filled:
    """The form to be shown again. A lost submission id is replaced, or it could never be sent."""
    lost = any(problem.field == SUBMISSION for problem in invalid.problems)
    return replace(filled, submission=new_submission()) if lost else filled


def showable(filled: Filled) -> Filled:
    """The form as it can be shown again: what no page can hold is replaced by the sign for it."""
    return replace(filled, text=shown_text(filled.text), case=shown_text(filled.case))


def shown_text(text: str) -> str:
    """A text likewise."""
    return _NOT_SHOWABLE.sub("\ufffd", text)


def elapsed_ms(filled: Filled, occasion_id: uuid.UUID, now: datetime) -> int | None:
    """Milliseconds since the page was opened; None when the field, or what the page carries, was altered or is of another
    occasion."""
    stamp, _, _ = filled.opened.partition(".")
    if not _STAMP.fullmatch(stamp):
        return None
    sealed = _sealed_stamp(occasion_id, stamp, filled.seen)
    if not hmac.compare_digest(sealed.encode(), filled.opened.encode(errors="replace")):
        return None
    spent = now - (_EPOCH + int(stamp) * _MILLISECOND)
    return spent // _MILLISECOND if timedelta(0) <= spent <= _LONGEST else None


def _sealed_stamp(occasion_id: uuid.UUID, stamp: str, seen: str) -> str:
    said = f"{stamp}.{seen}".encode(errors="replace") if seen else stamp.encode()
    return f"{stamp}.{hmac_sm3(key_for('page opened'), occasion_id.bytes + said)[:8].hex()}"


def _decoded(part: str) -> str:
    if "%" not in part:
        return part.replace("+", " ")
    typed = part.replace("+", " ").encode("utf-8", "surrogateescape")
    return unquote_to_bytes(typed).decode("utf-8", "surrogateescape")


def _last(fields: dict[str, list[str]], name: str) -> str:
    return fields.get(name, _UNSAID)[-1]
