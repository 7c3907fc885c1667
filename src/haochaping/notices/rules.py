"""How often, how late and at which hours a notice is tried, by what it is known, and what an address looks like. Pure."""

import hashlib
import re
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from haochaping.foundation.clock import CN

# 1, 2, 4 ... 128 minutes, then every four hours: two days and a half in all.
ATTEMPTS: Final = 22
_LONGEST_PAUSE: Final = timedelta(hours=4)
# Nobody else takes a notice that is being sent before this is over: longer than any send may last (foundation.outgoing).
LEASE: Final = timedelta(minutes=2)
# So many failures of one notice, with nothing that arrived since, are an alarm: about half an hour.
TROUBLE: Final = 5
# Phones are silent at night.
_FROM: Final = time(8)
_UNTIL: Final = time(20)

_EMAIL: Final = re.compile(
    r"[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_LONGEST_EMAIL: Final = 200
_NARROW: Final = str.maketrans("０１２３４５６７８９＋－　＠．", "0123456789+- @.")


def pause(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts (from 1 on)."""
    return min(timedelta(minutes=1 << min(attempts - 1, 10)), _LONGEST_PAUSE)


def by_day(at: datetime) -> datetime:
    """The instant itself between 08:00 and 20:00 of Asia/Shanghai, else the next 08:00: when a text message may go out."""
    local = at.astimezone(CN)
    if _FROM <= local.time() < _UNTIL:
        return at
    day = local.date() if local.time() < _FROM else local.date() + timedelta(days=1)
    return datetime.combine(day, _FROM, CN)


def id_of(cause: str, channel: str, official_id: UUID | None) -> UUID:
    """The id of a notice, made of what it is about: whoever puts the same out a second time finds it there.

    As `notices.fragments` makes it in the database.
    """
    said = f"{cause}:{channel}:{official_id or ''}"
    return UUID(bytes=hashlib.sha256(said.encode()).digest()[:16])


def email_of(text: str) -> str | None:
    """An e-mail address as it is kept, "" for none; None for what is no address."""
    plain = text.translate(_NARROW).strip()
    if not plain:
        return ""
    return plain if len(plain) <= _LONGEST_EMAIL and _EMAIL.fullmatch(plain) and ".." not in plain else None


def phone_of(text: str) -> str | None:
    """The eleven digits of a mobile number of the mainland, written with blanks, hyphens or +86 or not; "" for none, None
    for what is no such number."""
    plain = re.sub(r"[\s\-]", "", text.translate(_NARROW))
    plain = re.sub(r"(?:\+|00)86(?=1\d{10}$)", "", plain)
    if not plain:
        return ""
    return plain if _MOBILE.fullmatch(plain) else None
