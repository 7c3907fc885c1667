"""Ratings by interface, in the national field names.

POST /api/v1/ratings/{token}: from a device or an app of ours. The token gives the right to rate this occasion, so that no
signature is needed; a business system that hands ratings in signs as well. POST /api/v1/ratings: from such a system alone,
by the case number and service number of its own reports. Both are stored in the same way, and the answer carries the
receipt, which belongs to the rater alone.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import asyncpg

from haochaping.accounts.clients import Right
from haochaping.cases.token import ForgedToken, RatingToken, read
from haochaping.foundation.errors import Invalid
from haochaping.foundation.keys import key_for
from haochaping.intake import rating_answers as answers
from haochaping.intake.arrivals import HEADER, mark_of, marked_instant
from haochaping.intake.directory import DirectoryNotRead
from haochaping.intake.governing import governed
from haochaping.intake.handing_in import HandedIn, claim_of, handed_in, in_scope, named, own_key, signer
from haochaping.intake.http import Request, Response, Route
from haochaping.intake.limits import Limited
from haochaping.intake.rating_body import Malformed, checked, level_said, read_object
from haochaping.intake.refusals import too_much
from haochaping.intake.signature import Forbidden, Unauthenticated, authenticate
from haochaping.intake.submission import DatabaseAway, NotStored, RowRefused, Submission
from haochaping.intake.traces import address_hash, device_hash
from haochaping.ratings.rules import SUBMISSION, RatingContent

if TYPE_CHECKING:
    from haochaping.intake.services import Services

_BODY_LIMIT = 16 * 1024
_HEADER = HEADER.lower()
_AWAY = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    DirectoryNotRead,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be rated: the id of its claim, its row of OPEN_OCCASIONS, and what was handed in about it, when for the
    first time."""

    claim_id: uuid.UUID
    received_at: datetime
    row: "Mapping[str, Any] | asyncpg.Record"
    handed: HandedIn


class _NoRating(Exception):
    """Not even an object with fields; `refusal` says what it is not."""

    def __init__(self, refusal: answers.Refusal) -> None:
        super().__init__(refusal[1])
        self.refusal = refusal


class _Unknown(Exception):
    """No such occasion, or not for this client."""


async def rate(request: Request, services: "Services") -> Response:
    """201 with the receipt, 200 for the same submission again; 404 unknown or forged, 410 used, expired or
    closed, 422 with every problem by field, 400 and 415 for what is no JSON, 503 try again; of who signs also 401, 403
    and 429 for the client."""
    try:
        token = read(request.parameters["token"], key_for("rating token"))
    except ForgedToken:
        return answers.refused(answers.UNKNOWN)
    return await _answered(request, services, token)


async def rate_by_key(request: Request, services: "Services") -> Response:
    """The same answers, always signed; 404 alike for what was never reported and what is out of the client's scope."""
    return await _answered(request, services, None)


async def _answered(request: Request, services: "Services", token: RatingToken | None) -> Response:
    """`token`: None where the occasion is named by its numbers."""
    try:
        fields = _fields_of(request)
    except _NoRating as no_rating:
        return answers.refused(no_rating.refusal)
    subject, submission = _attempt(request, token, fields)
    mark = request.headers.get(_HEADER, "")
    at = services.arrivals.received(subject, submission, request.received_at, mark)
    try:
        if token is None:
            asked = await _by_key(fields, request, services, at)
        else:
            asked = await _by_token(token, fields, request, services, at)
        rules = governed(services, asked.row, channel=asked.handed.channel, at=at)
    except (_Unknown, Invalid, Limited, Unauthenticated, Forbidden) as problem:
        return _refused(problem, token, services)
    except _AWAY:
        if token is None:
            return answers.again(mark_of(subject, submission, at))
        # The right to rate is proved without the database: worth counting and remembering.
        level = level_said(HandedIn(fields, token.channel))
        services.metrics.not_stored(DatabaseAway(), token.channel, level)
        return answers.again(services.arrivals.not_stored(subject, submission, at))
    try:
        content = checked(asked.handed, rules, services)
    except Invalid as invalid:
        is_open = asked.row["is_open"]
        services.metrics.refused(asked.handed.channel, level_said(asked.handed), is_open=is_open)
        return answers.invalid(invalid.problems) if is_open else answers.refused(answers.GONE)
    profile = rules.rules(level=content.level, named=content.named).label
    try:
        return answers.stored(await services.writer.submit(_submission(request, asked, content, profile)))
    except RowRefused:
        return answers.refused(answers.REFUSED)
    except NotStored:
        return answers.again(services.arrivals.not_stored(subject, submission, at))


def _refused(
    problem: _Unknown | Invalid | Limited | Unauthenticated | Forbidden,
    token: RatingToken | None,
    services: "Services",
) -> Response:
    match problem:
        case Invalid():
            return answers.invalid(problem.problems)
        case Limited():
            return too_much(problem, services.now())
        case _Unknown():
            return answers.refused(answers.UNKNOWN_KEY if token is None else answers.UNKNOWN)
        case _:
            status = 401 if isinstance(problem, Unauthenticated) else 403
            return answers.refused((status, problem.code, problem.message))


def _fields_of(request: Request) -> dict[str, Any]:
    """The object that was sent. Raises _NoRating."""
    if not request.headers.get("content-type", "").lower().startswith("application/json"):
        raise _NoRating(answers.NOT_JSON)
    try:
        return read_object(request.body)
    except Malformed:
        raise _NoRating(answers.MALFORMED) from None


def _attempt(request: Request, token: RatingToken | None, fields: dict[str, Any]) -> tuple[uuid.UUID, object]:
    """Subject and submission by which an attempt is known again."""
    return (token.occasion_id if token else named(request, fields)), fields.get(SUBMISSION)


async def unready(request: Request) -> Response | None:
    """503 with the mark of this attempt from a door that has no database yet."""
    try:
        text = request.parameters.get("token")
        token = None if text is None else read(text, key_for("rating token"))
        fields = _fields_of(request)
    except (ForgedToken, _NoRating):
        return None
    subject, submission = _attempt(request, token, fields)
    first = marked_instant(subject, submission, request.received_at, request.headers.get(_HEADER, ""))
    return answers.again(mark_of(subject, submission, first))


async def _by_token(
    token: RatingToken, fields: dict[str, Any], request: Request, services: "Services", at: datetime
) -> _Asked:
    """Raises what `_answered` catches."""
    client = await signer(request, services)
    row = await services.lookups.occasion(token.occasion_id, at)
    if row is None:
        raise _Unknown
    if client is None:
        return _Asked(token.occasion_id, at, row, HandedIn(fields, token.channel))
    if not in_scope(client, row, services, at):
        raise Forbidden("out_of_scope", "该接入系统不能为此机构报送评价：请联系好差评系统管理员。")
    handed = handed_in(client, fields, channel=token.channel, row=row, at=at)
    return _Asked(token.occasion_id, at, row, handed)


async def _by_key(fields: dict[str, Any], request: Request, services: "Services", at: datetime) -> _Asked:
    """Raises what `_answered` catches. Who signs learns of nothing beyond its scope, not even that it exists."""
    client = await authenticate(request, services, Right.RATE)
    claim_id = await claim_of(client, own_key(fields), services)
    if claim_id is None:
        raise _Unknown
    row = await services.lookups.occasion(claim_id, at)
    if row is None or not in_scope(client, row, services, at):
        raise _Unknown
    return _Asked(claim_id, at, row, handed_in(client, fields, channel=None, row=row, at=at))


async def slow_down(wait: int, request: Request, services: "Services") -> Response:  # noqa: ARG001 (the door's signature)
    """429 before the token is read: the same whatever lies behind it."""
    return answers.too_often(wait)


def _submission(request: Request, asked: _Asked, content: RatingContent, profile: str) -> Submission:
    handed = asked.handed
    return Submission(
        occasion_id=asked.claim_id,
        content=content,
        profile=profile,
        channel=handed.channel,
        received_at=asked.received_at,
        origin=handed.origin,
        address=address_hash(request.address) if handed.traced else None,
        device=device_hash(request.headers) if handed.traced else None,
    )


ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/api/v1/ratings/{token}",
        rate,
        permission="rating token",
        body_limit=_BODY_LIMIT,
        slowed=slow_down,
        unready=unready,
    ),
    Route(
        "POST",
        "/api/v1/ratings",
        rate_by_key,
        permission="client:rate",
        body_limit=_BODY_LIMIT,
        unready=unready,
    ),
)
