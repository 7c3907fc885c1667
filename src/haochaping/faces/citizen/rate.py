"""The rating page: shown, filled in, stored."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import structs

from haochaping.cases import token as tokens
from haochaping.faces.citizen import notices
from haochaping.faces.citizen.form_page import RETRY, action_of, blank_form, filled_form
from haochaping.faces.citizen.language import Manner, catalogue, manner_of, mark
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.rating_form import (
    Filled,
    NotAForm,
    Overfull,
    elapsed_ms,
    fields_of,
    rating_typed,
    read_filled,
    showable,
    usable,
)
from haochaping.faces.citizen.seen import governed_as_seen, seen_in
from haochaping.faces.citizen.served import Away, served
from haochaping.faces.citizen.thanks import thanks
from haochaping.foundation.errors import Invalid
from haochaping.foundation.keys import key_for
from haochaping.intake.arrivals import mark_of, marked_instant
from haochaping.intake.directory import DirectoryNotRead
from haochaping.intake.governing import Governed
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services
from haochaping.intake.submission import DatabaseAway, Kind, NotStored, Outcome, RowRefused, Submission
from haochaping.intake.traces import address_hash, device_hash
from haochaping.policy.profile import Profile
from haochaping.ratings.rules import (
    RatingContent,
    check_rating,
    said_level,
    said_named,
)

BUSY = mark(
    "系统繁忙，不是您填写有误。您填写的内容都还在，请点击页面最下面的“再次提交”。重复点击不会重复评价。"
)
AWAY = mark(
    "系统暂时没有响应，不是您填写有误。您填写的内容都保留在这个页面里，请不要关闭，稍等片刻后再次提交。"
)
_TOO_OFTEN = mark(
    "短时间内提交的次数过多，不是您填写有误。您填写的内容都保留在这个页面里，请不要关闭，稍等片刻后再次提交。"
)
_REFUSED = mark(
    "系统出了故障，不是您填写有误。您填写的内容都还在，请稍后再次提交；仍然不行的，请向办理地的政务服务管理部门反映。"
)
# What browsers say of a form that was not on our own page (W3C Fetch Metadata); without a word it is taken for ours.
ELSEWHERE = frozenset({"cross-site", "same-site"})


async def show(request: Request, services: Services) -> Response:
    """GET /r/{token}: the form; 404 for what was never a link, one and the same 410 for all that is over."""
    manner = manner_of(request)
    try:
        token = tokens.read(request.parameters["token"], key_for("rating token"))
    except tokens.ForgedToken:
        return notices.unknown(manner)
    try:
        subject = await served(services, token, request.received_at)
    except Away:
        return notices.away(manner)
    if subject is None:
        return notices.unknown(manner)
    if not subject.is_open:
        return notices.gone(manner)
    return blank_form(request, services, subject)


async def submit(request: Request, services: Services) -> Response:
    """POST /r/{token}: 201 with the receipt, 200 for the same submission again, else 4xx or 503 in words.

    A form that another site made the browser send is answered with an empty one: who rates sees this page first.
    Else a page of the rated could fill it in, or give it a submission id that opens the receipt later.
    """
    if request.headers.get("sec-fetch-site") in ELSEWHERE:
        return await show(request, services)
    manner = manner_of(request)
    try:
        token = tokens.read(request.parameters["token"], key_for("rating token"))
        filled = read_filled(fields_of(request))
        received_at = services.arrivals.received(
            token.occasion_id, filled.submission, request.received_at, filled.received
        )
        if received_at != request.received_at:
            request = replace(request, received_at=received_at)
        at_once = await _stored_as_seen(request, services, token, filled)
        if at_once is not None:
            return at_once
        subject = await served(services, token, received_at)
    except tokens.ForgedToken:
        return notices.unknown(manner)
    except NotAForm:
        return notices.not_a_form(manner)
    except Overfull:
        return notices.overfull(manner)
    except Away:
        services.metrics.not_stored(DatabaseAway(), token.channel, said_level(filled.satisfaction))
        again = to_be_sent_again(services, token.occasion_id, filled, request.received_at)
        return kept(503, request, again, why=AWAY, headers=RETRY)
    if subject is None:
        return notices.unknown(manner)
    try:
        judged = _judged(subject.governed, filled, services)
    except Invalid as invalid:
        level = said_level(filled.satisfaction)
        services.metrics.refused(token.channel, level, is_open=subject.is_open)
        # Asked only now, because the same submission again gets its receipt even when all is over.
        if not subject.is_open:
            return notices.gone(manner)
        return filled_form(
            422, request, services, subject, usable(filled, invalid), problems=invalid.problems
        )
    try:
        spent = elapsed_ms(filled, token.occasion_id, request.received_at)
        outcome = await services.writer.submit(_submission(request, token, judged, spent=spent))
    except RowRefused:
        return filled_form(500, request, services, subject, filled, trouble=_REFUSED)
    except NotStored:
        again = to_be_sent_again(services, token.occasion_id, filled, request.received_at)
        return filled_form(503, request, services, subject, again, trouble=BUSY)
    return _told(outcome, manner, services, judged)


async def _stored_as_seen(
    request: Request, services: Services, token: tokens.RatingToken, filled: Filled
) -> Response | None:
    """The answer to a rating that was judged by what its page carries. None where nothing is carried, where that is no more
    so, and where something is to be said for which the occasion must be known. Raises Away."""
    if not filled.seen:
        return None
    spent = elapsed_ms(filled, token.occasion_id, request.received_at)
    seen = seen_in(filled.seen, spent=spent)
    if seen is None:
        return None
    try:
        governed = governed_as_seen(services, seen, channel=token.channel, at=request.received_at)
        judged = _judged(governed, filled, services)
        submission = _submission(request, token, judged, spent=spent, seen=seen.version)
        outcome = await services.writer.submit(submission)
    except DirectoryNotRead as error:
        raise Away from error
    except (Invalid, RowRefused):
        return None
    except NotStored:
        again = to_be_sent_again(services, token.occasion_id, filled, request.received_at)
        return kept(503, request, again, why=BUSY, headers=RETRY)
    return None if outcome.kind is Kind.CHANGED else _told(outcome, manner_of(request), services, judged)


def _told(outcome: Outcome, manner: Manner, services: Services, judged: "_Judged") -> Response:
    if outcome.receipt is None:
        return notices.gone(manner)
    status = 201 if outcome.kind is Kind.CREATED else 200
    return thanks(status, manner, services, judged.content, judged.profile, outcome.receipt)


class _Judged(NamedTuple):
    """What was said, with the rules by which it was judged."""

    content: RatingContent
    profile: Profile


def _judged(governed: Governed, filled: Filled, services: Services) -> _Judged:
    """Raises Invalid."""
    named = said_named(filled.named)
    profile = governed.rules(level=said_level(filled.satisfaction), named=named)
    staff_rules = governed.staff_rules(profile, level=said_level(filled.staff), named=named)
    return _Judged(checked(filled, profile, staff_rules, services), profile)


def to_be_sent_again(services: Services, subject: UUID, filled: Filled, at: datetime) -> Filled:
    """The form with the mark of when it was received, remembered here as well."""
    return structs.replace(filled, received=services.arrivals.not_stored(subject, filled.submission, at))


async def unready(request: Request) -> Response | None:
    """503 with the form as typed and the mark of this attempt, from a door that has no database yet."""
    if request.headers.get("sec-fetch-site") in ELSEWHERE:
        return None
    try:
        token = tokens.read(request.parameters["token"], key_for("rating token"))
        filled = read_filled(fields_of(request))
    except (tokens.ForgedToken, NotAForm, Overfull):
        return None
    return kept_with_mark(request, token.occasion_id, filled)


def kept_with_mark(request: Request, subject: UUID, filled: Filled) -> Response:
    """503 likewise, of a form about that subject."""
    submission = filled.submission
    first = marked_instant(subject, submission, request.received_at, filled.received)
    again = structs.replace(filled, received=mark_of(subject, submission, first))
    return kept(503, request, again, why=AWAY, headers=RETRY)


async def slow_down(wait: int, request: Request, services: Services) -> Response:  # noqa: ARG001 (the door's signature)
    """429 before anything is looked up, whatever lies behind the link. A form keeps what was typed; one that another
    site made the browser send does not, or it would be planted in a page of ours."""
    manner = manner_of(request)
    if request.method != "POST" or request.headers.get("sec-fetch-site") in ELSEWHERE:
        return notices.too_often(manner, wait)
    try:
        filled = read_filled(fields_of(request))
    except (NotAForm, Overfull):
        return notices.too_often(manner, wait)
    return kept(429, request, filled, why=_TOO_OFTEN, headers=(("Retry-After", str(wait)),))


def checked(
    filled: Filled, profile: Profile, staff_rules: Profile | None, services: Services
) -> RatingContent:
    """What was typed, judged. Raises Invalid."""
    typed = rating_typed(filled, services.tags, named=filled.named)
    return check_rating(typed, dictionary=services.tags, rules=profile, staff_rules=staff_rules)


def _submission(
    request: Request,
    token: tokens.RatingToken,
    judged: _Judged,
    *,
    spent: int | None,
    seen: int | None = None,
) -> Submission:
    return Submission(
        occasion_id=token.occasion_id,
        content=judged.content,
        profile=judged.profile.label,
        channel=token.channel,
        received_at=request.received_at,
        address=address_hash(request.address),
        device=device_hash(request.headers),
        elapsed_ms=spent,
        seen=seen,
    )


def kept(
    status: int, request: Request, filled: Filled, *, why: str, headers: tuple[tuple[str, str], ...]
) -> Response:
    """What was typed, and a button that sends it again: for when not even the service is looked up."""
    manner = manner_of(request)
    return page(
        status,
        "again.html",
        manner,
        headers=headers,
        action=action_of(request, manner),
        why=catalogue(manner.language).gettext(why),
        filled=showable(filled),
    )
