"""Whoever guesses passwords or codes is slowed down: attempts are counted before what was typed is looked at."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haochaping.accounts.models import FailedSignIn
from haochaping.accounts.queries.locks import key_of
from haochaping.accounts.rules import FORGOTTEN_AFTER, lock_after
from haochaping.audit import operations as audit
from haochaping.foundation.errors import Refused

_ONE_MINUTE: Final = timedelta(minutes=1)

# Counted before the password is looked at: a hundred guesses at once are a hundred failures, not one.
_COUNT = """
INSERT INTO accounts_failedsignin AS f (key, failures, last_at) VALUES (%(key)s, 1, %(now)s)
ON CONFLICT (key) DO UPDATE
SET failures = CASE WHEN f.last_at < %(forgotten)s THEN 1 ELSE f.failures + 1 END, last_at = %(now)s
WHERE f.locked_until IS NULL OR f.locked_until <= %(now)s
RETURNING failures
"""

# The attempt counted above was a good one; earlier failures of the same kind stay counted.
_TAKE_BACK = """
UPDATE accounts_failedsignin SET failures = greatest(failures - 1, 0), locked_until = NULL WHERE key = %s
"""


class TooManyFailures(Refused):
    """Nobody may try this username, or from this address, before the lock is over, even with the password."""


def begin_attempt(
    kind: str,
    value: str,
    *,
    free: int,
    now: datetime,
    subject: str = "",
    forgotten: timedelta = FORGOTTEN_AFTER,
) -> None:
    """Counts an attempt as failed, until `take_back` or `forget`. `subject`: the official as the audit trail names him, ""
    for nobody known. Raises TooManyFailures while locked."""
    if not _counted(kind, value, free, now - forgotten, now, subject):
        raise TooManyFailures("locked", _locked_message(key_of(kind, value), now))


def take_back(kind: str, value: str) -> None:
    """The attempt was a good one; earlier failures stay counted."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, [key_of(kind, value)])


def forget(kind: str, value: str) -> None:
    """The count starts anew: whoever it protects has proved himself."""
    FailedSignIn.objects.filter(key=key_of(kind, value)).delete()


@transaction.atomic
def _counted(kind: str, value: str, free: int, forgotten: datetime, now: datetime, subject: str) -> bool:
    """Whether the attempt may go on; it already counts as failed. A lock that begins is on record, of an address without
    the address, of a name that is nobody's without the name: it may be a password."""
    key = key_of(kind, value)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "now": now, "forgotten": forgotten})
        row = cursor.fetchone()
    if row is None:  # locked: the condition of the update did not hold
        return False
    lock = lock_after(row[0], free)
    FailedSignIn.objects.filter(key=key).update(locked_until=now + lock if lock else None)
    if lock:
        detail = {"what": kind, "minutes": lock // _ONE_MINUTE}
        audit.record(now=now, actor="anonymous", act="official.lock", subject=subject, detail=detail)
    return True


def _locked_message(key: str, now: datetime) -> str:
    until = FailedSignIn.objects.filter(key=key).values_list("locked_until", flat=True).first()
    minutes = max(1, -(-(until - now) // _ONE_MINUTE)) if until else 1
    return _("登录失败次数过多，为防止他人猜测密码已暂停登录。请在{minutes}分钟后再试。").format(
        minutes=minutes
    )
