"""The rating page: shown, filled in, stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from haochaping.cases import token as tokens
from haochaping.faces.citizen import notices
from haochaping.faces.citizen.language import Manner, catalogue, manner_of, mark
from haochaping.faces.citizen.pages import answer, page, rendered
from haochaping.faces.citizen.patterns import Patterns, hole
from haochaping.faces.citizen.rating_form import (
    Filled,
    NotAForm,
    Overfull,
    blank,
    elapsed_ms,
    fields_of,
    new_submission,
    read_filled,
    showable,
    tags_meant,
)
from haochaping.faces.citizen.served import Away, Served, served
from haochaping.foundation.errors import Invalid, Problem
from haochaping.foundation.keys import key_for
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services
from haochaping.intake.submission import Kind, NotStored, Outcome, RowRefused, Submission
from haochaping.intake.traces import address_hash, device_hash
from haochaping.policy.limits import Limit
from haochaping.policy.profile import Profile
from haochaping.policy.tags import Tag
from haochaping.policy.values import Value
from haochaping.ratings.rules import (
    SUBMISSION,
    TEXT_LIMIT,
    RatingContent,
    check_rating,
    said_level,
    said_named,
)

_PATTERNS: Final = Patterns()
_RETRY = (("Retry-After", str(notices.RETRY_SECONDS)),)
# Where the link beside a problem leads. Without an entry: to the top of the form.
_ANCHORS = {
    "satisfaction": "level-5",
    "evalDetail": "evalDetail",
    "writingEvaluation": "writingEvaluation",
    "named": "named-1",
}
_BUSY = mark(
    "系统繁忙，不是您填写有误。您填写的内容都还在，请点击页面最下面的“再次提交”。重复点击不会重复评价。"
)
_REFUSED = mark(
    "系统出了故障，不是您填写有误。您填写的内容都还在，请稍后再次提交；仍然不行的，请向办理地的政务服务管理部门反映。"
)
# What browsers say of a form that was not on our own page (W3C Fetch Metadata); without a word it is taken for ours.
_ELSEWHERE = frozenset({"cross-site", "same-site"})
_UNITS = {
    "workday": mark("%(n)s个工作日"),
    "calendar_day": mark("%(n)s天"),
    "week": mark("%(n)s周"),
    "month": mark("%(n)s个月"),
    "year": mark("%(n)s年"),
    "hour": mark("%(n)s小时"),
    "minute": mark("%(n)s分钟"),
}


@dataclass(frozen=True, slots=True)
class _Choice:
    """A level as offered: its number, its name and the tags that go with it."""

    number: int
    label: str
    tags: tuple[Tag, ...]


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
    return _blank_form(request, services, subject)


async def submit(request: Request, services: Services) -> Response:
    """POST /r/{token}: 201 with the receipt, 200 for the same submission again, else 4xx or 503 in words.

    A form that another site made the browser send is answered with an empty one: who rates sees this page first.
    Else a page of the rated could fill it in, or give it a submission id that opens the receipt later.
    """
    if request.headers.get("sec-fetch-site") in _ELSEWHERE:
        return await show(request, services)
    manner = manner_of(request)
    try:
        token = tokens.read(request.parameters["token"], key_for("rating token"))
        filled = read_filled(fields_of(request))
        subject = await served(services, token, request.received_at)
    except tokens.ForgedToken:
        return notices.unknown(manner)
    except NotAForm:
        return notices.not_a_form(manner)
    except Overfull:
        return notices.overfull(manner)
    except Away:
        return _kept(request, manner, filled)
    if subject is None:
        return notices.unknown(manner)
    try:
        content = _checked(filled, subject, services)
    except Invalid as invalid:
        # Asked only now, because the same submission again gets its receipt even when all is over.
        if not subject.is_open:
            return notices.gone(manner)
        return _form(422, request, services, subject, _usable(filled, invalid), problems=invalid.problems)
    try:
        outcome = await services.writer.submit(_submission(request, token, subject, content, filled))
    except RowRefused:
        return _form(500, request, services, subject, filled, trouble=_REFUSED)
    except NotStored:
        return _form(503, request, services, subject, filled, trouble=_BUSY)
    return _answer(manner, services, subject, content, outcome)


def _checked(filled: Filled, subject: Served, services: Services) -> RatingContent:
    profile = subject.governed.rules(level=said_level(filled.satisfaction), named=said_named(filled.named))
    return check_rating(
        satisfaction=filled.satisfaction,
        tags=tags_meant(filled, services.tags),
        text=filled.text,
        named=filled.named,
        submission=filled.submission,
        dictionary=services.tags,
        offered=profile.labels,
        bad_levels=profile.bad_levels,
        reason_needed=profile.reason_needed,
    )


def _usable(filled: Filled, invalid: Invalid) -> Filled:
    """The form to be shown again. A lost submission id is replaced, or it could never be sent."""
    lost = any(problem.field == SUBMISSION for problem in invalid.problems)
    return replace(filled, submission=new_submission()) if lost else filled


def _submission(
    request: Request, token: tokens.RatingToken, subject: Served, content: RatingContent, filled: Filled
) -> Submission:
    return Submission(
        occasion_id=token.occasion_id,
        content=content,
        profile=subject.governed.rules(level=content.level, named=content.named).label,
        channel=token.channel,
        received_at=request.received_at,
        address=address_hash(request.address),
        device=device_hash(request.headers),
        elapsed_ms=elapsed_ms(filled, token.occasion_id, request.received_at),
    )


def _answer(
    manner: Manner, services: Services, subject: Served, content: RatingContent, outcome: Outcome
) -> Response:
    if outcome.kind is Kind.GONE or outcome.receipt is None:
        return notices.gone(manner)
    status = 201 if outcome.kind is Kind.CREATED else 200
    limit = _promised(subject.governed.rules(level=content.level, named=content.named))
    said = {
        "address": f"{services.base_url}/receipt",
        "bad": content.bad,
        "named": content.named,
        "limit": catalogue(manner.language).gettext(_UNITS[limit.value.unit]) % {"n": limit.value.n}
        if limit
        else "",
        "clause": limit.citation if limit else "",
    }
    pattern = _PATTERNS.get(
        ("thanks", manner, *said.values()),
        lambda: rendered("thanks.html", manner, number=hole("number"), secret=hole("secret"), **said),
    )
    receipt = {"number": outcome.receipt.number, "secret": outcome.receipt.secret}
    return answer(status, pattern.filled(receipt), manner)


def _promised(profile: Profile) -> Value[Limit] | None:
    """The limit of the rectification where the page's sentence says it rightly: so long after verification."""
    limit = profile.rectification
    if limit is None or not limit.value.n:
        return None
    told = limit.value.after == "verification" and limit.value.unit in _UNITS
    return limit if told else None


def _blank_form(request: Request, services: Services, subject: Served) -> Response:
    """The form as everybody meets it first. What differs from person to person is filled in: the rest is the same for all
    who are served under the same rules."""
    manner = manner_of(request)
    form = blank(subject.occasion_id, request.received_at)
    words = subject.words(manner)
    own = {"action": _action(request, manner), "submission": form.submission, "opened": form.opened}
    posted = request.method == "POST"

    def render() -> str:
        open_ones = {name: hole(name) if text else "" for name, text in words.items()}
        holes = replace(form, submission=hole("submission"), opened=hole("opened"))
        values = _values(manner, services, subject.profile, posted=posted, filled=holes)
        return rendered("rate.html", manner, **values, action=hole("action"), served=open_ones)

    absent = tuple(name for name, text in words.items() if not text)
    pattern = _PATTERNS.get(("rate", manner, subject.profile.label, absent, posted), render)
    return answer(200, pattern.filled(words | own), manner)


def _form(
    status: int,
    request: Request,
    services: Services,
    subject: Served,
    filled: Filled,
    *,
    problems: Sequence[Problem] = (),
    trouble: str = "",
) -> Response:
    manner = manner_of(request)
    return page(
        status,
        "rate.html",
        manner,
        headers=_RETRY if status == 503 else (),
        action=_action(request, manner),
        served=subject.words(manner),
        **_values(
            manner,
            services,
            subject.profile,
            posted=request.method == "POST",
            filled=showable(filled),
            problems=problems,
            trouble=trouble,
        ),
    )


def _action(request: Request, manner: Manner) -> str:
    return f"/r/{request.parameters['token']}{manner.query()}"


def _values(
    manner: Manner,
    services: Services,
    profile: Profile,
    *,
    posted: bool,
    filled: Filled,
    problems: Sequence[Problem] = (),
    trouble: str = "",
) -> dict[str, Any]:
    """What the form says by the rules, and what was typed into it."""
    words = catalogue(manner.language).gettext
    return {
        "posted": posted,
        "levels": [
            _Choice(number, label, services.tags.offered(number))
            for number, label in sorted(profile.labels.items(), reverse=True)
        ],
        "filled": filled,
        "problems": [replace(problem, message=words(problem.message)) for problem in problems],
        "wrong": {problem.field for problem in problems},
        "anchors": _ANCHORS,
        "trouble": words(trouble) if trouble else "",
        "reason_needed": profile.reason_needed,
        "bad_labels": _either(manner, profile),
        "encouraged": profile.naming is not None and profile.naming.value.encouraged,
        "text_limit": TEXT_LIMIT,
    }


def _either(manner: Manner, profile: Profile) -> str:
    """The names of the levels that need a reason: “不满意”或“非常不满意”."""
    words = catalogue(manner.language).gettext
    names = (profile.labels[level] for level in sorted(profile.bad_levels, reverse=True))
    return words(mark("或")).join(f"“{words(name)}”" for name in names)


def _kept(request: Request, manner: Manner, filled: Filled) -> Response:
    """503 when not even the service can be looked up: a page that holds what was typed and sends it again."""
    return page(
        503,
        "again.html",
        manner,
        headers=_RETRY,
        action=_action(request, manner),
        filled=showable(filled),
    )
