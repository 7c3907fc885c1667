"""How the interface for ratings answers: in JSON, alike for what is used, expired and closed, alike for what is unknown and
what is out of reach."""

import json
from collections.abc import Sequence
from typing import Final

from haochaping.foundation.errors import Problem
from haochaping.intake.arrivals import HEADER
from haochaping.intake.http import Response
from haochaping.intake.submission import Kind, Outcome

_JSON: Final = "application/json; charset=utf-8"
_RETRY: Final = (("Retry-After", "5"),)

# Status, code and words.
Refusal = tuple[int, str, str]

UNKNOWN: Final[Refusal] = (404, "unknown", "没有这个评价码。请核对评价码是否完整。")
UNKNOWN_KEY: Final[Refusal] = (
    404,
    "unknown",
    "报送范围内没有这次办件服务：请核对办件编号和服务次数，或联系好差评系统管理员。",
)
GONE: Final[Refusal] = (
    410,
    "gone",
    "这个评价码已经不能使用：每次服务只能评价一次，超过评价期限也不能再评价。",
)
NOT_JSON: Final[Refusal] = (415, "not_json", "请以 application/json 发送评价。")
MALFORMED: Final[Refusal] = (400, "malformed", "内容不是UTF-8编码的JSON对象。请核对格式后重新发送。")
AWAY: Final[Refusal] = (
    503,
    "busy",
    "暂时无法保存，请稍后以同一提交编号重新发送；重复发送不会产生重复评价。",
)
REFUSED: Final[Refusal] = (500, "refused", "评价没有保存，原因不在您。请稍后再试；仍不成功时请告知管理人员。")
_TOO_OFTEN: Final = "请求过于频繁，本次未保存。请等待{wait}秒后以同一提交编号重新发送。"
_INVALID: Final[Refusal] = (422, "invalid", "评价内容有误，没有保存。")


def refused(refusal: Refusal) -> Response:
    """A refusal in its words; of what may be tried again, with when."""
    return _refusal(refusal)


def again(mark: str) -> Response:
    """503: the same submission is to be sent again, with the mark of when it was received ("": there is none)."""
    return _refusal(AWAY, headers=((HEADER, mark),) if mark else ())


def invalid(problems: Sequence[Problem]) -> Response:
    """422 with everything that is wrong, by field."""
    return _refusal(_INVALID, problems)


def stored(outcome: Outcome) -> Response:
    """201 with the receipt, 200 for the same submission again, 410 where somebody was faster or it is over."""
    if outcome.receipt is None:
        return refused(GONE)
    receipt = {"number": outcome.receipt.number, "secret": outcome.receipt.secret}
    return _json(201 if outcome.kind is Kind.CREATED else 200, {"receipt": receipt})


def too_often(wait: int) -> Response:
    """429: `wait` whole seconds until it may be tried again."""
    error = {"code": "too_often", "message": _TOO_OFTEN.format(wait=wait)}
    return _json(429, {"error": error}, (("Retry-After", str(wait)),))


def _refusal(
    refusal: Refusal, problems: Sequence[Problem] = (), headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    status, code, message = refusal
    error: dict[str, object] = {"code": code, "message": message}
    if problems:
        error["problems"] = [
            {"field": each.field, "code": each.code, "message": each.message} for each in problems
        ]
    return _json(status, {"error": error}, (*_RETRY, *headers) if status == AWAY[0] else headers)


def _json(status: int, body: dict[str, object], headers: tuple[tuple[str, str], ...] = ()) -> Response:
    return Response(status, json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"), _JSON, headers)
