"""What an official sees of himself: posts, sessions, password, second factor; and the permission map."""

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.accounts.law import lines
from haochaping.accounts.operations.passwords import change_password
from haochaping.accounts.operations.sessions import end_session
from haochaping.accounts.operations.sign_in import TooManyFailures
from haochaping.accounts.queries.directory import sheet_of
from haochaping.accounts.queries.officials import posts
from haochaping.accounts.queries.second_factor import required
from haochaping.accounts.queries.sessions import sessions_of
from haochaping.accounts.rules import ADMINISTRATORS, Role
from haochaping.faces.console.asking import id_in, me
from haochaping.faces.console.entering import home
from haochaping.faces.console.forms import PasswordForm
from haochaping.faces.shared.routes import MUST_CHANGE
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.errors import Invalid, NotFound


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """His own account."""
    at, mine = now(), me(request)
    today = local_day(at)
    shown = {
        "sheet": sheet_of(mine, today),
        "deputised": [post for post in posts(official_id=mine, on=today) if post.for_username],
        "required": required(official_id=mine, on=today),
        "sessions": sessions_of(official_id=mine, now=at),
        "here": getattr(request.session, "label", None),
        "account_page": True,
    }
    return render(request, "console/account.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Another password; the other sessions end."""
    must = bool(request.session.get(MUST_CHANGE))
    form = PasswordForm(request.POST if request.method == "POST" else None)
    page = {"form": form, "must": must, "account_page": True}
    if request.method != "POST":
        return render(request, "console/password.html", page)
    status = 422
    if form.is_valid():
        try:
            official = change_password(
                official_id=me(request),
                old=form.cleaned_data["old"],
                new=form.cleaned_data["password"],
                now=now(),
                session=getattr(request.session, "label", None),
            )
        except Invalid as refusal:
            for problem in refusal.problems:
                form.add_error(problem.field, problem.message)
        except TooManyFailures as refusal:
            form.add_error("old", refusal.message)
            status = 429
        else:
            request.session.pop(MUST_CHANGE, None)
            auth.update_session_auth_hash(request, official)
            messages.success(request, _("密码已更改，其他设备上的登录已全部退出。"))
            return redirect(home(official.id) if must else "console:account")
    return render(request, "console/password.html", page, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def session_end(request: HttpRequest) -> HttpResponse:
    """Ends one of his own sessions."""
    if request.method == "POST":
        try:
            end_session(official_id=me(request), label=id_in(request.POST.get("session", "")), now=now())
        except NotFound as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, _("已退出该设备上的登录。"))
    return redirect("console:account")


@require_safe
def permissions(request: HttpRequest) -> HttpResponse:
    """Who may do what, how far, why: made of the map itself."""
    shown = {"lines": lines(), "roles": list(Role), "administrators": ADMINISTRATORS, "account_page": True}
    return render(request, "console/permissions.html", shown)
