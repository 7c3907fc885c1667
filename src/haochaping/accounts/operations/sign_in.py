"""Signing in by username and password, slowed down for whoever guesses."""

from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils.translation import gettext as _

from haochaping.accounts.models import FailedSignIn, Official
from haochaping.accounts.queries.officials import actor_of
from haochaping.accounts.rules import (
    FORGOTTEN_AFTER,
    FORGOTTEN_OF_ALL_AFTER,
    FREE_FAILURES_ADDRESS,
    FREE_FAILURES_USERNAME,
    FREE_FAILURES_USERNAME_THERE,
    lock_after,
)
from haochaping.audit import operations as audit
from haochaping.foundation.errors import NotAllowed, Refused
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3
from haochaping.foundation.subscribers import subscriber

_ONE_MINUTE = timedelta(minutes=1)

# Counted before the password is looked at: a hundred guesses at once are a hundred failures, not one.
_COUNT = """
INSERT INTO accounts_failedsignin AS f (key, failures, last_at) VALUES (%(key)s, 1, %(now)s)
ON CONFLICT (key) DO UPDATE
SET failures = CASE WHEN f.last_at < %(forgotten)s THEN 1 ELSE f.failures + 1 END, last_at = %(now)s
WHERE f.locked_until IS NULL OR f.locked_until <= %(now)s
RETURNING failures
"""

# The attempt counted above was a good one; earlier failures from the address stay counted.
_TAKE_BACK = """
UPDATE accounts_failedsignin SET failures = greatest(failures - 1, 0), locked_until = NULL WHERE key = %s
"""


class TooManyFailures(Refused):
    """Nobody may try this username, or from this address, before the lock is over, even with the password."""


def sign_in(*, username: str, password: str, address: str, now: datetime) -> Official:
    """The official, for the session to be opened. `address` is the browser's, kept as a keyed hash only; of IPv6 the
    subscriber's network counts.

    Raises TooManyFailures while locked; NotAllowed for an unknown name, a wrong password, an account that has
    ended or has no password yet: all alike, and all take as long.
    """
    username, address = username.strip().lower(), subscriber(address)
    _begin_attempt(username, address, now)
    official = Official.objects.filter(username=username, is_active=True).first()
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
    FailedSignIn.objects.filter(key=_key("username", username)).delete()


def purge_failures(*, now: datetime) -> int:
    """Removes counts that no longer count; how many. The longest lock is over by then."""
    return FailedSignIn.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()[0]


def sign_out(*, official: AbstractBaseUser, now: datetime) -> None:
    """Notes that the official left; the session is the caller's to end."""
    with transaction.atomic():
        actor = actor_of(official.get_username())
        audit.record(now=now, actor=actor, act="official.sign_out", subject=actor)


def _begin_attempt(username: str, address: str, now: datetime) -> None:
    for kind, value, free, forgotten_after in (
        ("address", address, FREE_FAILURES_ADDRESS, FORGOTTEN_AFTER),
        # Before the username: who is locked here adds nothing to what locks it everywhere.
        ("username there", _there(username, address), FREE_FAILURES_USERNAME_THERE, FORGOTTEN_AFTER),
        ("username", username, FREE_FAILURES_USERNAME, FORGOTTEN_OF_ALL_AFTER),
    ):
        if not _counted(_key(kind, value), free, now - forgotten_after, now):
            raise TooManyFailures("locked", _locked_message(_key(kind, value), now))


@transaction.atomic
def _counted(key: str, free: int, forgotten: datetime, now: datetime) -> bool:
    """Whether the attempt may go on; it already counts as failed."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "now": now, "forgotten": forgotten})
        row = cursor.fetchone()
    if row is None:  # locked: the condition of the update did not hold
        return False
    lock = lock_after(row[0], free)
    FailedSignIn.objects.filter(key=key).update(locked_until=now + lock if lock else None)
    return True


def _locked_message(key: str, now: datetime) -> str:
    until = FailedSignIn.objects.filter(key=key).values_list("locked_until", flat=True).first()
    minutes = max(1, -(-(until - now) // _ONE_MINUTE)) if until else 1
    return _("登录失败次数过多，为防止他人猜测密码已暂停登录。请在{minutes}分钟后再试。").format(
        minutes=minutes
    )


def _succeeded(official: Official, address: str, now: datetime) -> None:
    with transaction.atomic():
        forget_failures(official.username)
        there = _key("username there", _there(official.username, address))
        FailedSignIn.objects.filter(key=there).delete()
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_BACK, [_key("address", address)])
        actor = actor_of(official.username)
        audit.record(now=now, actor=actor, act="official.sign_in", subject=actor)


def _failed(official: Official | None, now: datetime) -> None:
    # What was typed as an unknown username may be a password: it is not noted.
    with transaction.atomic():
        subject = actor_of(official.username) if official else ""
        audit.record(now=now, actor="anonymous", act="official.sign_in", subject=subject, result="refused")


def _there(username: str, address: str) -> str:
    return f"{address} {username}"


def _key(kind: str, value: str) -> str:
    return hmac_sm3(key_for("failed sign-in"), f"{kind}:{value}".encode()).hex()
