"""Signing in by username and password, slowed down for whoever guesses."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.models import FailedSignIn, Official
from haochaping.accounts.operations.guessing import TooManyFailures, begin_attempt, forget, take_back
from haochaping.accounts.operations.sessions import make_room
from haochaping.accounts.queries.officials import actor_of
from haochaping.accounts.queries.second_factor import Stage, stage
from haochaping.accounts.rules import (
    FORGOTTEN_AFTER,
    FORGOTTEN_OF_ALL_AFTER,
    FREE_FAILURES_ADDRESS,
    FREE_FAILURES_USERNAME,
    FREE_FAILURES_USERNAME_THERE,
)
from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotAllowed
from haochaping.foundation.subscribers import subscriber

__all__ = ["Official", "TooManyFailures", "forget_failures", "purge_failures", "sign_in", "sign_out"]


def sign_in(*, username: str, password: str, address: str, now: datetime) -> Official:
    """The official, for the session to be opened: at once, or after the second factor where `stage` asks for one.
    `address` is the browser's, kept as a keyed hash only; of IPv6 the subscriber's network counts.

    Raises TooManyFailures while locked; NotAllowed for an unknown name, a wrong password, an account that has
    ended or has no password yet: all alike, and all take as long.
    """
    username, address = username.strip().lower(), subscriber(address)
    official = Official.objects.filter(username=username, is_active=True).first()
    _begin(username, address, now, official)
    if official is None:
        make_password(password)  # takes as long as checking one
    elif official.check_password(password):
        _succeeded(official, address, now)
        return official
    _failed(official, now)
    raise NotAllowed(
        "credentials", _("用户名或密码不正确。请检查大小写后重试；忘记密码请向管理员索取登录链接。")
    )


def forget_failures(username: str) -> None:
    """The count of a username starts anew, from all addresses together: its holder has proved himself."""
    forget("username", username)


def purge_failures(*, now: datetime) -> int:
    """Removes counts that no longer count; how many. The longest lock is over by then."""
    return FailedSignIn.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()[0]


def sign_out(*, official: AbstractBaseUser, now: datetime) -> None:
    """Notes that the official left; the session is the caller's to end."""
    with transaction.atomic():
        actor = actor_of(official.get_username())
        audit.record(now=now, actor=actor, act="official.sign_out", subject=actor)


def _begin(username: str, address: str, now: datetime, official: Official | None) -> None:
    subject = actor_of(official.username) if official else ""
    begin_attempt("address", address, free=FREE_FAILURES_ADDRESS, now=now)
    # Before the username: who is locked here adds nothing to what locks it everywhere.
    begin_attempt(
        "username there",
        _there(username, address),
        free=FREE_FAILURES_USERNAME_THERE,
        now=now,
        subject=subject,
    )
    begin_attempt(
        "username",
        username,
        free=FREE_FAILURES_USERNAME,
        now=now,
        subject=subject,
        forgotten=FORGOTTEN_OF_ALL_AFTER,
    )


def _succeeded(official: Official, address: str, now: datetime) -> None:
    with transaction.atomic():
        forget_failures(official.username)
        forget("username there", _there(official.username, address))
        take_back("address", address)
        actor = actor_of(official.username)
        if stage(official_id=official.id, on=local_day(now)) is not Stage.NONE:
            audit.record(now=now, actor=actor, act="official.password", subject=actor)
            return
        ended = make_room(official_id=official.id)
        audit.record(now=now, actor=actor, act="official.sign_in", subject=actor, detail={"ended": ended})


def _failed(official: Official | None, now: datetime) -> None:
    # What was typed as an unknown username may be a password: it is not noted.
    with transaction.atomic():
        subject = actor_of(official.username) if official else ""
        audit.record(now=now, actor="anonymous", act="official.sign_in", subject=subject, result="refused")


def _there(username: str, address: str) -> str:
    return f"{address} {username}"
