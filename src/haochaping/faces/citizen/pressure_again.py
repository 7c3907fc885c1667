"""A report that is not taken just now: nothing is looked up, and all that was typed is in the page that comes back."""

from collections.abc import Mapping
from typing import Final

from haochaping.faces.citizen import notices
from haochaping.faces.citizen.language import catalogue, manner_of, mark
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.rate import ELSEWHERE
from haochaping.faces.citizen.rating_form import NotAForm, Overfull, fields_of, shown_text
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services
from haochaping.oversight.reporting import TEXT_LIMIT

FORM_FIELDS: Final = ("submission", "organisation", "text", "name", "phone", "consent")
# What goes back as it came. Of a receipt its number and password lead to what it is about.
_KEPT: Final = (*FORM_FIELDS, "matters", "number", "secret")
_WHY: Final[Mapping[int, str]] = {
    429: mark(
        "短时间内提交的次数过多，不是您填写有误。您填写的内容都保留在这个页面里，请不要关闭，稍等片刻后再次提交。"
    ),
    503: mark("系统暂时没有响应，反映还没有存下。您填写的内容都还在，请稍后再次提交。"),
}


def again(
    status: int, request: Request, fields: Mapping[str, list[str]], headers: tuple[tuple[str, str], ...]
) -> Response:
    """429 or 503 with what was typed, and a button that sends it again."""
    manner = manner_of(request)
    return page(
        status,
        "pressure_again.html",
        manner,
        headers=headers,
        action=f"{request.path}{manner.query()}",
        why=catalogue(manner.language).gettext(_WHY[status]),
        fields=[(name, shown_text(each)) for name in _KEPT for each in fields.get(name, ())],
        text=shown_text(fields.get("text", [""])[-1]),
        text_limit=TEXT_LIMIT,
    )


def is_report(fields: Mapping[str, list[str]]) -> bool:
    """Whether a form was filled in, not only opened."""
    return "submission" in fields


async def slow_down(wait: int, request: Request, services: Services) -> Response:  # noqa: ARG001 (the door's signature)
    """429 before anything is looked up. What another site made the browser send is not kept, or it would be planted in a
    page of ours."""
    manner = manner_of(request)
    if request.method != "POST" or request.headers.get("sec-fetch-site") in ELSEWHERE:
        return notices.too_often(manner, wait)
    try:
        fields = fields_of(request)
    except (NotAForm, Overfull):
        return notices.too_often(manner, wait)
    if not is_report(fields):
        return notices.too_often(manner, wait)
    return again(429, request, fields, (("Retry-After", str(wait)),))
