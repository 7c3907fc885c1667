"""Signing in, setting the first password, signing out."""

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haochaping.accounts.operations.officials import set_password
from haochaping.accounts.operations.sign_in import TooManyFailures, sign_in, sign_out
from haochaping.faces.console.asking import browser_address
from haochaping.faces.console.entering import came_by_provider, password_was_right, wanted_address
from haochaping.faces.console.forms import FirstLoginForm, LoginForm
from haochaping.foundation.clock import now
from haochaping.foundation.errors import Invalid, NotAllowed, NotFound


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The form, or the session and back to where the official wanted to go."""
    if request.method != "POST":
        return _login_page(request, LoginForm(), 200)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _login_page(request, form, 422)
    try:
        official = sign_in(**form.cleaned_data, address=browser_address(request), now=now())
    except (NotAllowed, TooManyFailures) as refusal:
        form.add_error(None, refusal.message)
        return _login_page(request, form, 429 if isinstance(refusal, TooManyFailures) else 403)
    return password_was_right(request, official)


@cache_control(no_store=True)
@require_safe
def first_login_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the one-time link opens.

    Nothing is asked of the database and nothing used up: programs that look at links in mails open them too,
    and whatever fails here could name the path in a log.
    """
    # Without the request the frame has no link that carries this address on, without the user no session.
    page = {"form": FirstLoginForm(initial={"token": token}), "known_token": True}
    page |= {"request": None, "user": None}
    return render(request, "console/first_login.html", page)


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def first_login(request: HttpRequest) -> HttpResponse:
    """Sets the password, uses up the link and signs in."""
    form = FirstLoginForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "console/first_login.html", {"form": form})
    if form.is_valid():
        try:
            official = set_password(
                token=form.cleaned_data["token"], password=form.cleaned_data["password"], now=now()
            )
        except NotFound as refusal:
            form.add_error("token", refusal.message)
        except Invalid as refusal:
            for problem in refusal.problems:
                form.add_error("password", problem.message)
        else:
            words = _("密码已设置。以后请用用户名 {username} 和新密码登录。")
            messages.success(request, words.format(username=official.username))
            return password_was_right(request, official)
    page = {"form": form, "known_token": "token" not in form.errors}
    return render(request, "console/first_login.html", page, status=422)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Ends the session. The provider's own goes on: who came by it is told so."""
    if request.user.is_authenticated:
        sign_out(official=request.user, now=now())
    by_provider = came_by_provider(request)
    auth.logout(request)
    if by_provider and settings.IDENTITY_PROVIDER is not None:
        return redirect("console:provider-left")
    messages.success(request, _("您已退出登录。"))
    return redirect("console:login")


def _login_page(request: HttpRequest, form: LoginForm, status: int) -> HttpResponse:
    page = {"form": form, "next": wanted_address(request), "provider": settings.IDENTITY_PROVIDER}
    return render(request, "console/login.html", page, status=status)
