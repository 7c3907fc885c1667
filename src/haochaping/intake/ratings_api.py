"""POST /api/v1/ratings/{token}: a rating from a device or an app of ours, in the national field names.

The token gives the right to rate this occasion, so that no signature is needed; the answer carries the
receipt, which belongs to the rater alone. A business system that hands ratings in signs as well: `handing_in`.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import asyncpg
import msgspec

from haochaping.cases.token import ForgedToken, RatingToken, read
from haochaping.foundation.errors import Invalid, Problem
from haochaping.foundation.keys import key_for
from haochaping.intake.directory import DirectoryNotRead
from haochaping.intake.governing import Governed, governed
from haochaping.intake.handing_in import HandedIn, handed_in, signer
from haochaping.intake.http import Request, Response, Route
from haochaping.intake.limits import Limited
from haochaping.intake.refusals import too_much
from haochaping.intake.signature import Forbidden, Unauthenticated
from haochaping.intake.submission import Kind, NotStored, RowRefused, Submission
from haochaping.intake.traces import address_hash, device_hash
from haochaping.ratings.rules import (
    NAMED,
    SATISFACTION,
    SUBMISSION,
    TAGS,
    TEXT,
    RatingContent,
    check_rating,
    said_level,
    said_named,
)

if TYPE_CHECKING:
    from haochaping.intake.services import Services

_JSON: Final = "application/json; charset=utf-8"
_FIELDS: Final = (SATISFACTION, TAGS, TEXT, NAMED, SUBMISSION)
_SHOWN_NAME: Final = 40
_RETRY: Final = (("Retry-After", "5"),)

_UNKNOWN = (404, "unknown", "没有这个评价码。请核对评价码是否完整。")
_GONE = (410, "gone", "这个评价码已经不能使用：每次服务只能评价一次，超过评价期限也不能再评价。")
_NOT_JSON = (415, "not_json", "请以 application/json 发送评价。")
_MALFORMED = (400, "malformed", "内容不是UTF-8编码的JSON对象。请核对格式后重新发送。")
_AWAY = (503, "busy", "暂时无法保存，请稍后以同一提交编号重新发送；重复发送不会产生重复评价。")
_TOO_OFTEN = (429, "too_often", "请求过于频繁，本次未保存。请等待{wait}秒后以同一提交编号重新发送。")
_REFUSED = (500, "refused", "评价没有保存，原因不在您。请稍后再试；仍不成功时请告知管理人员。")


class _Malformed(Exception):
    """Not a JSON object."""


async def rate(request: Request, services: "Services") -> Response:
    """201 with the receipt, 200 for the same submission again; 404 unknown or forged, 410 used, expired or
    closed, 422 with every problem by field, 400 and 415 for what is no JSON, 503 try again; of who signs also 401, 403
    and 429 for the client."""
    try:
        token = read(request.parameters["token"], key_for("rating token"))
    except ForgedToken:
        return _error(*_UNKNOWN)
    if not request.headers.get("content-type", "").lower().startswith("application/json"):
        return _error(*_NOT_JSON)
    try:
        fields = _fields(request.body)
    except _Malformed:
        return _error(*_MALFORMED)
    try:
        client = await signer(request, services)
        submission = fields.get(SUBMISSION)
        received_at = services.arrivals.received(token.occasion_id, submission, request.received_at)
        request = replace(request, received_at=received_at)
        row = await services.lookups.occasion(token.occasion_id, request.received_at)
        if row is None:
            return _error(*_UNKNOWN)
        handed = handed_in(
            client, fields, channel=token.channel, row=row, services=services, at=request.received_at
        )
        rules = governed(services, row, channel=handed.channel, at=request.received_at)
    except Limited as limited:
        return too_much(limited, services.now())
    except (Unauthenticated, Forbidden) as refused:
        return _error(401 if isinstance(refused, Unauthenticated) else 403, refused.code, refused.message)
    except (
        OSError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
        DirectoryNotRead,
    ):
        services.arrivals.not_stored(token.occasion_id, fields.get(SUBMISSION), request.received_at)
        return _error(*_AWAY, headers=_RETRY)
    try:
        content = _checked(handed, rules, services)
    except Invalid as invalid:
        level = said_level("".join(_text(SATISFACTION, handed.fields.get(SATISFACTION), [])))
        services.metrics.refused(handed.channel, level, is_open=row["is_open"])
        return (
            _error(422, "invalid", "评价内容有误，没有保存。", problems=invalid.problems)
            if row["is_open"]
            else _error(*_GONE)
        )
    profile = rules.rules(level=content.level, named=content.named).label
    return await _store(request, token, handed, content, profile, services)


async def slow_down(wait: int, request: Request, services: "Services") -> Response:  # noqa: ARG001 (the door's signature)
    """429 before the token is read: the same whatever lies behind it."""
    status, code, message = _TOO_OFTEN
    return _error(status, code, message.format(wait=wait), headers=(("Retry-After", str(wait)),))


async def _store(
    request: Request,
    token: RatingToken,
    handed: HandedIn,
    content: RatingContent,
    profile: str,
    services: "Services",
) -> Response:
    submission = Submission(
        occasion_id=token.occasion_id,
        content=content,
        profile=profile,
        channel=handed.channel,
        received_at=request.received_at,
        origin=handed.origin,
        address=address_hash(request.address) if handed.traced else None,
        device=device_hash(request.headers) if handed.traced else None,
    )
    try:
        outcome = await services.writer.submit(submission)
    except RowRefused:
        return _error(*_REFUSED)
    except NotStored:
        services.arrivals.not_stored(token.occasion_id, handed.fields.get(SUBMISSION), request.received_at)
        return _error(*_AWAY, headers=_RETRY)
    if outcome.receipt is None:
        return _error(*_GONE)
    receipt = {"number": outcome.receipt.number, "secret": outcome.receipt.secret}
    return _json(201 if outcome.kind is Kind.CREATED else 200, {"receipt": receipt})


def _fields(body: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _Malformed from None
    if not isinstance(value, dict):
        raise _Malformed
    return value


def _checked(handed: HandedIn, governed: Governed, services: "Services") -> RatingContent:
    """Numbers are taken where the convention has digits, an absent field as an empty one. Raises Invalid."""
    fields = handed.fields
    problems = list(handed.problems)
    problems += [
        Problem(name[:_SHOWN_NAME], "unknown_field", "没有这个字段。请核对字段名。")
        for name in fields
        if name not in _FIELDS
    ]
    values = {name: _text(name, fields.get(name), problems) for name in _FIELDS}
    satisfaction, named = "".join(values[SATISFACTION]), "".join(values[NAMED])
    profile = governed.rules(level=said_level(satisfaction), named=said_named(named))
    try:
        content = check_rating(
            satisfaction=satisfaction,
            tags=values[TAGS],
            text="".join(values[TEXT]),
            named=named,
            submission="".join(values[SUBMISSION]),
            dictionary=services.tags,
            rules=profile,
        )
    except Invalid as invalid:
        told = {problem.field for problem in problems}
        raise Invalid([*problems, *(each for each in invalid.problems if each.field not in told)]) from None
    if problems:
        raise Invalid(problems)
    return content


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


def _error(
    status: int,
    code: str,
    message: str,
    *,
    problems: Sequence[Problem] = (),
    headers: tuple[tuple[str, str], ...] = (),
) -> Response:
    error: dict[str, object] = {"code": code, "message": message}
    if problems:
        error["problems"] = [
            {"field": each.field, "code": each.code, "message": each.message} for each in problems
        ]
    return _json(status, {"error": error}, headers)


def _json(status: int, body: dict[str, object], headers: tuple[tuple[str, str], ...] = ()) -> Response:
    return Response(status, json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"), _JSON, headers)


ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/api/v1/ratings/{token}",
        rate,
        permission="rating token",
        body_limit=16 * 1024,
        slowed=slow_down,
    ),
)
