"""The rating form as a page: as everybody meets it first, or with what was typed and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec.structs import replace

from haochaping.faces.citizen import notices
from haochaping.faces.citizen.language import Manner, catalogue, manner_of, mark
from haochaping.faces.citizen.pages import answer, page, rendered
from haochaping.faces.citizen.patterns import Patterns, hole
from haochaping.faces.citizen.rating_form import Filled, blank, showable
from haochaping.faces.citizen.served import Served
from haochaping.foundation.errors import Problem
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services
from haochaping.policy.profile import Profile
from haochaping.policy.tags import Tag
from haochaping.ratings.named_case import NUMBER_LIMIT
from haochaping.ratings.rules import TEXT_LIMIT

RETRY: Final = (("Retry-After", str(notices.RETRY_SECONDS)),)
# Where the link beside a problem leads. Without an entry: to the top of the form.
_ANCHORS = {
    "satisfaction": "level-5",
    "staffSatisfaction": "staff-level-5",
    "evalDetail": "evalDetail",
    "writingEvaluation": "writingEvaluation",
    "named": "named-1",
    "projectNo": "projectNo",
}
_PATTERNS: Final = Patterns()


@dataclass(frozen=True, slots=True)
class _Choice:
    """A level as offered: its number, its name and the tags that go with it."""

    number: int
    label: str
    tags: tuple[Tag, ...] = ()


def blank_form(request: Request, services: Services, subject: Served) -> Response:
    """The form as everybody meets it first. What differs from person to person is filled in: the rest is the same for all
    who are served under the same rules."""
    manner = manner_of(request)
    form = blank(subject.occasion_id, request.received_at, seen=subject.carried())
    words = subject.words(manner)
    staff = subject.governed.staff_rules(subject.profile)
    own = {
        "action": action_of(request, manner),
        "pressed": pressed_of(request, manner),
        "submission": form.submission,
        "opened": form.opened,
        "seen": form.seen,
    }
    posted = request.method == "POST"

    def render() -> str:
        open_ones = {name: hole(name) if text else "" for name, text in words.items()}
        seen = hole("seen") if form.seen else ""
        holes = replace(form, submission=hole("submission"), opened=hole("opened"), seen=seen)
        asked = Asked(subject.profile, staff, nameless=subject.nameless, asks_case=subject.asks_case)
        values = form_values(manner, services, asked, Typed(holes, posted=posted))
        own_ones = {"action": hole("action"), "pressed": hole("pressed")}
        return rendered("rate.html", manner, **values, **own_ones, served=open_ones)

    absent = tuple(name for name, text in words.items() if not text)
    staff_label = staff.label if staff else ""
    asked_of = (subject.nameless, subject.asks_case, bool(form.seen))
    key = (manner, subject.profile.label, staff_label, absent, posted, *asked_of)
    pattern = _PATTERNS.get(key, render)
    return answer(200, pattern.filled(words | own), manner)


def filled_form(
    status: int,
    request: Request,
    services: Services,
    subject: Served,
    filled: Filled,
    *,
    problems: Sequence[Problem] = (),
    trouble: str = "",
) -> Response:
    """The form with all that was typed, the problems beside their fields, or the trouble above."""
    manner = manner_of(request)
    asked = Asked(
        subject.profile,
        subject.governed.staff_rules(subject.profile),
        nameless=subject.nameless,
        asks_case=subject.asks_case,
    )
    typed = Typed(showable(filled), request.method == "POST", problems, trouble)
    return page(
        status,
        "rate.html",
        manner,
        headers=RETRY if status == 503 else (),
        action=action_of(request, manner),
        pressed=pressed_of(request, manner),
        served=subject.words(manner),
        **form_values(manner, services, asked, typed),
    )


def action_of(request: Request, manner: Manner) -> str:
    """Where the form goes: back to its own address."""
    return f"{request.path}{manner.query()}"


def pressed_of(request: Request, manner: Manner) -> str:
    """Where somebody reports that he is pressed into this rating. A static code leads to no single service."""
    of_place = request.path.startswith("/r/w/")
    return f"{'' if of_place else '/r/' + request.parameters['token']}/pressure{manner.query()}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks by the rules. `staff`: by which of them the member of staff is rated beside the item, None: he is
    not. `nameless`: 实名 cannot be chosen. `asks_case`: for the number of the case as well."""

    profile: Profile
    staff: Profile | None = None
    nameless: bool = False
    asks_case: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was filled in, with what is wrong with it, or what went wrong: a marked message. `posted`: by whoever
    sent it, not as everybody meets it first."""

    filled: Filled
    posted: bool
    problems: Sequence[Problem] = ()
    trouble: str = ""


def form_values(manner: Manner, services: Services, asked: Asked, typed: Typed) -> dict[str, Any]:
    """What a form of a rating says by the rules, and what was typed into it."""
    words = catalogue(manner.language).gettext
    profile, staff, problems, trouble = asked.profile, asked.staff, typed.problems, typed.trouble
    return {
        "posted": typed.posted,
        "nameless": asked.nameless,
        "asks_case": asked.asks_case,
        "number_limit": NUMBER_LIMIT,
        "levels": [
            _Choice(number, label, services.tags.offered(number))
            for number, label in sorted(profile.labels.items(), reverse=True)
        ],
        "staff_levels": [
            _Choice(number, label) for number, label in sorted(staff.labels.items(), reverse=True)
        ]
        if staff
        else [],
        "staff_required": staff is not None and staff.staff is not None and staff.staff.required,
        "filled": typed.filled,
        "problems": [Problem(problem.field, problem.code, words(problem.message)) for problem in problems],
        "wrong": {problem.field for problem in problems},
        "anchors": _ANCHORS,
        "trouble": words(trouble) if trouble else "",
        "reason_needed": profile.reason_needed,
        "bad_labels": _either(manner, profile),
        "encouraged": profile.naming is not None and profile.naming.value.encouraged,
        # All of them, or the bad ones: where every level must be 实名 there is no choice.
        "named_only": bool(profile.named_levels) and profile.named_levels >= profile.labels.keys(),
        "named_bad": bool(profile.named_levels),
        "text_limit": TEXT_LIMIT,
        "correctable": profile.correction is not None,
    }


def _either(manner: Manner, profile: Profile) -> str:
    """The names of the levels that need a reason: “不满意”或“非常不满意”."""
    words = catalogue(manner.language).gettext
    names = (profile.labels[level] for level in sorted(profile.bad_levels, reverse=True))
    return words(mark("或")).join(f"“{words(name)}”" for name in names)
