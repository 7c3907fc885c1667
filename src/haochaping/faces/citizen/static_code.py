"""The page behind a static code: a window, a hall, a platform or a guide is rated, whoever comes and without a case."""

import dataclasses
from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from haochaping.cases import static_code as codes
from haochaping.cases.token import ForgedToken
from haochaping.faces.citizen import notices
from haochaping.faces.citizen.form_page import RETRY, blank_form, filled_form
from haochaping.faces.citizen.language import manner_of
from haochaping.faces.citizen.rate import (
    AWAY,
    BUSY,
    ELSEWHERE,
    checked,
    kept,
    kept_with_mark,
    to_be_sent_again,
)
from haochaping.faces.citizen.rating_form import (
    Filled,
    NotAForm,
    Overfull,
    elapsed_ms,
    fields_of,
    read_filled,
    usable,
)
from haochaping.faces.citizen.served import Names, Served, What
from haochaping.faces.citizen.thanks import thanks
from haochaping.foundation.errors import Invalid
from haochaping.foundation.keys import key_for
from haochaping.intake.directory import DirectoryNotRead
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services
from haochaping.intake.static_ratings import (
    CHANNEL,
    PlaceRated,
    place_rated,
    rating_id,
    seal_of,
    store_rating,
)
from haochaping.intake.submission import DatabaseAway, Kind, NotStored, Submission
from haochaping.intake.traces import address_hash, device_hash
from haochaping.policy.profile import Profile
from haochaping.ratings.named_case import named_case
from haochaping.ratings.rules import RatingContent, said_level, said_named

ANONYMOUS: Final = "0"


async def show(request: Request, services: Services) -> Response:
    """GET /r/w/{token}: the form; 404 for what was never printed, 410 where it is not rated today."""
    manner = manner_of(request)
    try:
        rated = place_rated(services, _code(request), request.received_at)
    except ForgedToken:
        return notices.unknown(manner)
    except DirectoryNotRead:
        return notices.away(manner)
    if rated is None:
        return notices.gone(manner)
    return blank_form(request, services, _served(services, rated))


async def submit(request: Request, services: Services) -> Response:
    """POST /r/w/{token}: 201 with the receipt, 200 for the same submission again, 410 for a second one where the rules allow
    one a day, else 4xx or 503 in words. What could not be stored at first is of the day on which it first came."""
    if request.headers.get("sec-fetch-site") in ELSEWHERE:
        return await show(request, services)
    manner = manner_of(request)
    try:
        code = _code(request)
        # Nobody reported who stands here: there is no name to be given or asked for.
        filled = replace(read_filled(fields_of(request)), named=ANONYMOUS)
        subject_id, submission = seal_of(code), filled.submission
        at = services.arrivals.received(subject_id, submission, request.received_at, filled.received)
        if at != request.received_at:
            request = dataclasses.replace(request, received_at=at)
        rated = place_rated(services, code, at)
    except ForgedToken:
        return notices.unknown(manner)
    except NotAForm:
        return notices.not_a_form(manner)
    except Overfull:
        return notices.overfull(manner)
    except DirectoryNotRead:
        services.metrics.not_stored(DatabaseAway(), CHANNEL, said_level(filled.satisfaction))
        again = to_be_sent_again(services, subject_id, filled, at)
        return kept(503, request, again, why=AWAY, headers=RETRY)
    if rated is None:
        return notices.gone(manner)
    profile = rated.governed.rules(level=said_level(filled.satisfaction), named=said_named(filled.named))
    subject = _served(services, rated)
    try:
        number, content = _checked(filled, profile, subject, services)
    except Invalid as invalid:
        services.metrics.refused(CHANNEL, said_level(filled.satisfaction), is_open=True)
        return filled_form(
            422, request, services, subject, usable(filled, invalid), problems=invalid.problems
        )
    try:
        said = _submission(request, rated, profile, content, filled)
        outcome = await store_rating(services, rated, said, case_number=number)
    except NotStored as problem:
        services.metrics.not_stored(problem, CHANNEL, content.level)
        again = to_be_sent_again(services, subject_id, filled, at)
        return filled_form(503, request, services, subject, again, trouble=BUSY)
    services.metrics.outcome(outcome.kind, CHANNEL, content.level)
    if outcome.receipt is None:
        return notices.gone(manner)
    status = 201 if outcome.kind is Kind.CREATED else 200
    return thanks(status, manner, services, content, profile, outcome.receipt)


async def unready(request: Request) -> Response | None:
    """503 with the form as typed and the mark of this attempt, from a door that has no database yet."""
    if request.headers.get("sec-fetch-site") in ELSEWHERE:
        return None
    try:
        code, filled = _code(request), read_filled(fields_of(request))
    except (ForgedToken, NotAForm, Overfull):
        return None
    return kept_with_mark(request, seal_of(code), filled)


def _checked(
    filled: Filled, profile: Profile, subject: Served, services: Services
) -> tuple[str, RatingContent]:
    """The number of the case that was named, "" for none, and the rating. Raises Invalid with all problems."""
    number, wrong = named_case(filled.case) if subject.asks_case else ("", ())
    try:
        content = checked(filled, profile, None, services)
    except Invalid as invalid:
        raise Invalid([*invalid.problems, *wrong]) from invalid
    if wrong:
        raise Invalid(wrong)
    return number, content


def _code(request: Request) -> codes.StaticCode:
    return codes.read(request.parameters["token"], key_for(codes.PURPOSE))


def _served(services: Services, rated: PlaceRated) -> Served:
    place, names = rated.place, Names(services, rated.governed.occasion.service_day)

    def what() -> What:
        named = What(item="", step="", organisation=names.of("organisation", rated.organisation_id))
        match place.of.subject:
            case "window":
                return replace(named, window=place.name, hall=names.of("hall", place.hall_id))
            case "hall":
                return replace(named, whole_hall=place.name)
            case "platform":
                return replace(named, platform=place.name)
        return replace(named, guide=place.name)

    return Served(
        rated.seal_id,
        rated.governed,
        what,
        is_open=True,
        closes_at=None,
        nameless=True,
        asks_case=place.window_id is not None,
    )


def _submission(
    request: Request, rated: PlaceRated, profile: Profile, content: RatingContent, filled: Filled
) -> Submission:
    spent = elapsed_ms(filled, rated.seal_id, request.received_at)
    submission = Submission(
        occasion_id=rated.seal_id,
        content=content,
        profile=profile.label,
        channel=CHANNEL,
        received_at=request.received_at,
        address=address_hash(request.address),
        device=device_hash(request.headers),
        elapsed_ms=spent,
    )
    # Without the page's own seal there is nothing but the instant of reception to date the id by, to the day.
    since = timedelta(milliseconds=spent) if spent is not None else request.received_at - rated.day_start
    return replace(submission, occasion_id=rating_id(rated, submission, profile, spent=since))
