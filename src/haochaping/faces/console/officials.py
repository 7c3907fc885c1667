"""Officials as a system administrator manages them: the list, a new one, one with posts, deputies and what else there is."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.accounts.operations import appointing
from haochaping.accounts.operations import posts as operations
from haochaping.accounts.operations.provider import link_subject, unlink_subject
from haochaping.accounts.queries import directory
from haochaping.accounts.rules import LINK_DAYS, Permission, Role
from haochaping.faces.console.asking import id_in, me
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refused

_LONGEST_NUMBER: Final = 9
# Where nothing was typed or what was typed is no day: before every day that an act takes.
_NO_DAY: Final = date.min


@require_safe
def officials(request: HttpRequest) -> HttpResponse:
    """The list, all or those whose name holds a text."""
    text = request.GET.get("text", "")
    page = _number(request.GET.get("page", "")) or 1
    found = directory.officials_in_reach(administrator_id=me(request), now=now(), text=text, page=page)
    return render(request, "console/officials.html", {"found": found, "text": text, "officials_page": True})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form for a new official, and his one-time link once he is made."""
    if request.method != "POST":
        return _new_page(request, {})
    asked = request.POST
    try:
        official_id, token = appointing.appoint(
            username=asked.get("username", ""),
            name=asked.get("name", ""),
            organisation_id=_number(asked.get("organisation", "")) or 0,
            role=asked.get("role", ""),
            administrator_id=me(request),
            now=now(),
        )
    except Invalid as refusal:
        return _new_page(request, {each.field: each.message for each in refusal.problems}, 422)
    return _page(request, official_id, link=_link(request, token))


@require_safe
def official(request: HttpRequest, official_id: UUID) -> HttpResponse:
    """One official."""
    return _page(request, official_id)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, official_id: UUID) -> HttpResponse:
    """What is laid down for him. A refused act shows the page with the reason and what was typed."""
    if request.method != "POST":
        return redirect("console:official", official_id=official_id)
    chosen = request.POST.get("act", "")
    try:
        if chosen == "link":
            token = appointing.let_in_again(official_id=official_id, administrator_id=me(request), now=now())
            return _page(request, official_id, link=_link(request, token))
        if chosen not in _ACTS:
            raise BadRequest
        carry_out, done = _ACTS[chosen]
        carry_out(request.POST, official_id=official_id, administrator_id=me(request), now=now())
    except Refused as refusal:
        return _refused(request, official_id, refusal, chosen)
    messages.success(request, str(done))
    return redirect("console:official", official_id=official_id)


def _add_post(asked: QueryDict, **who: Any) -> None:
    operations.add_post(
        organisation_id=_number(asked.get("organisation", "")) or 0,
        role=asked.get("role", ""),
        valid_from=_day(asked, "valid_from") or _NO_DAY,
        valid_to=_day(asked, "valid_to"),
        **who,
    )


def _end_post(asked: QueryDict, **who: Any) -> None:
    last = _day(asked, "last_day") or _NO_DAY
    operations.end_post(post_id=id_in(asked.get("post", "")), last_day=last, **_by(who))


def _add_deputy(asked: QueryDict, **who: Any) -> None:
    operations.add_deputy(
        post_id=id_in(asked.get("post", "")),
        deputy_username=asked.get("deputy", ""),
        valid_from=_day(asked, "valid_from") or _NO_DAY,
        valid_to=_day(asked, "valid_to") or _NO_DAY,
        **_by(who),
    )


def _end_deputy(asked: QueryDict, **who: Any) -> None:
    operations.end_deputy(deputy_id=id_in(asked.get("deputy", "")), **_by(who))


def _link_staff(asked: QueryDict, **who: Any) -> None:
    first = _day(asked, "valid_from") or local_day(who["now"])
    operations.link_staff(staff_code=asked.get("staff", ""), valid_from=first, **who)


def _unlink_staff(asked: QueryDict, **who: Any) -> None:
    operations.unlink_staff(link_id=id_in(asked.get("link", "")), **_by(who))


def _by(who: dict[str, Any]) -> dict[str, Any]:
    """Who acts, and when: what is acted on says by itself whose it is."""
    return {"administrator_id": who["administrator_id"], "now": who["now"]}


def _reset(_asked: QueryDict, **who: Any) -> None:
    operations.reset_second_factor(**who)


def _link_subject(asked: QueryDict, **who: Any) -> None:
    provider = settings.IDENTITY_PROVIDER
    if provider is None:
        raise BadRequest
    link_subject(issuer=provider.issuer, subject=asked.get("subject", ""), **who)


def _unlink_subject(_asked: QueryDict, **who: Any) -> None:
    unlink_subject(**who)


def _end(_asked: QueryDict, **who: Any) -> None:
    operations.end_official(**who)


_ACTS: Final[Mapping[str, tuple[Callable[..., None], Promise]]] = {
    "post.add": (_add_post, _("岗位已增加。")),
    "post.end": (_end_post, _("岗位的最后一天已定。")),
    "deputy.add": (_add_deputy, _("代理已指定。代理期间的办理，记录中写明代谁办理。")),
    "deputy.end": (_end_deputy, _("代理已结束。")),
    "staff.link": (_link_staff, _("工号已关联。评价该工号的差评，本人不能办理。")),
    "staff.unlink": (_unlink_staff, _("工号关联已结束。")),
    "second_factor.reset": (_reset, _("动态口令已重置，下次登录时重新设置。")),
    "provider.link": (_link_subject, _("统一身份已关联，本人可以用它登录。")),
    "provider.unlink": (_unlink_subject, _("统一身份的关联已解除，其登录已全部退出。")),
    "end": (_end, _("账号已停用，其登录已全部退出。")),
}


def _refused(request: HttpRequest, official_id: UUID, refusal: Refused, chosen: str) -> HttpResponse:
    match refusal:
        case NotFound():
            raise Http404 from refusal
        case Invalid():
            problems = {each.field: each.message for each in refusal.problems}
            return _page(request, official_id, 422, problems=problems, refused=chosen)
        case Conflict():
            return _page(request, official_id, 409, problem=refusal.message)
        case NotAllowed():
            return _page(request, official_id, 403, problem=refusal.message)
    raise refusal


def _page(request: HttpRequest, official_id: UUID, status: int = 200, **more: Any) -> HttpResponse:
    at, mine = now(), me(request)
    try:
        sheet = directory.official_sheet(official_id=official_id, administrator_id=mine, now=at)
    except NotFound as refusal:
        raise Http404 from refusal
    shown = {
        "sheet": sheet,
        "myself": official_id == mine,
        "typed": request.POST,
        "today": local_day(at),
        "link_days": LINK_DAYS,
        "provider": settings.IDENTITY_PROVIDER,
        "officials_page": True,
        **_choices(request),
        **more,
    }
    return render(request, "console/official.html", shown, status=status)


def _new_page(request: HttpRequest, problems: Mapping[str, str], status: int = 200) -> HttpResponse:
    shown = {"typed": request.POST, "problems": problems, "officials_page": True, **_choices(request)}
    return render(request, "console/official_new.html", shown, status=status)


def _choices(request: HttpRequest) -> dict[str, object]:
    manage = Permission.MANAGE_OFFICIALS
    reach = directory.organisations_in_reach(official_id=me(request), permission=manage, on=local_day(now()))
    return {"organisations": reach, "roles": list(Role)}


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("console:first-login-link", args=[token]))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


def _day(asked: QueryDict, name: str) -> date | None:
    try:
        return date.fromisoformat(asked.get(name, ""))
    except ValueError:
        return None
