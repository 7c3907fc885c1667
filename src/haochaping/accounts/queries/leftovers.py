"""How much is left that should be gone: asked of the tables in words of their own, not by what deletes."""

from datetime import datetime
from typing import Final

from django.db import connection

_NONCES: Final = "SELECT count(*) FROM accounts_apinonce WHERE seen_at < %s"
_SIGN_INS: Final = "SELECT count(*) FROM accounts_failedsignin WHERE last_at < %s"
_LINKS: Final = "SELECT count(*) FROM accounts_loginlink WHERE expires_at < %s"
_SESSIONS: Final = "SELECT count(*) FROM accounts_officialsession WHERE expire_date < %s"


def nonces_before(before: datetime) -> int:
    """Nonces that were seen before that instant."""
    return _counted(_NONCES, before)


def failed_sign_ins_before(before: datetime) -> int:
    """Counts of failures of which the last was before that instant."""
    return _counted(_SIGN_INS, before)


def login_links_before(before: datetime) -> int:
    """First links that had run out before that instant."""
    return _counted(_LINKS, before)


def sessions_before(before: datetime) -> int:
    """Sessions that had run out before that instant."""
    return _counted(_SESSIONS, before)


def _counted(statement: str, before: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [before])
        number: int = cursor.fetchone()[0]
    return number
