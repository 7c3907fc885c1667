"""What an installation lays down for signing in: sessions, passwords, who needs a second factor. Read from the environment
once, by the settings. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from haochaping.accounts.rules import SECOND_FACTOR_ROLES, Role

NOBODY: Final = "none"
_ROLES: Final = "HAOCHAPING_SECOND_FACTOR_ROLES"


@dataclass(frozen=True, slots=True)
class SignInRules:
    """A session ends `idle` after the last page and `longest` after it began; an official has at most `sessions` at once.

    A password has at least `password_length` characters, is none of the last `password_history` and is good for
    `password_days` days (None: for ever). Who holds one of `second_factor_roles` needs a code beside it.
    """

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=8)
    sessions: int = 3
    password_length: int = 10
    password_history: int = 5
    password_days: int | None = None
    second_factor_roles: frozenset[str] = frozenset(role.value for role in SECOND_FACTOR_ROLES)


def sign_in_rules(environment: Mapping[str, str]) -> SignInRules:
    """The rules, the product's own where the environment says nothing. Raises ValueError: what is wrong and what may stand
    there.

    HAOCHAPING_SESSION_IDLE_MINUTES, HAOCHAPING_SESSION_HOURS, HAOCHAPING_SESSIONS, HAOCHAPING_PASSWORD_LENGTH,
    HAOCHAPING_PASSWORD_HISTORY, HAOCHAPING_PASSWORD_DAYS are whole numbers; HAOCHAPING_SECOND_FACTOR_ROLES are roles with
    blanks between, or "none".
    """
    own = SignInRules()
    days = _number(environment, "HAOCHAPING_PASSWORD_DAYS", 0, range(3651))
    return SignInRules(
        idle=timedelta(
            minutes=_number(
                environment,
                "HAOCHAPING_SESSION_IDLE_MINUTES",
                own.idle // timedelta(minutes=1),
                range(1, 1441),
            )
        ),
        longest=timedelta(
            hours=_number(
                environment, "HAOCHAPING_SESSION_HOURS", own.longest // timedelta(hours=1), range(1, 169)
            )
        ),
        sessions=_number(environment, "HAOCHAPING_SESSIONS", own.sessions, range(1, 101)),
        password_length=_number(environment, "HAOCHAPING_PASSWORD_LENGTH", own.password_length, range(8, 65)),
        password_history=_number(environment, "HAOCHAPING_PASSWORD_HISTORY", own.password_history, range(25)),
        password_days=days or None,
        second_factor_roles=_roles(environment.get(_ROLES, ""), own.second_factor_roles),
    )


def _number(environment: Mapping[str, str], name: str, own: int, allowed: range) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return own
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) in allowed):
        raise ValueError(f"{name} is {text!r}: a whole number from {allowed[0]} to {allowed[-1]} is wanted")
    return int(text)


def _roles(text: str, own: frozenset[str]) -> frozenset[str]:
    words = frozenset(text.split())
    if not words or words == {NOBODY}:
        return frozenset() if words else own
    if unknown := words - set(Role):
        raise ValueError(
            f"{_ROLES} names {', '.join(sorted(unknown))}: "
            f"known roles are {', '.join(Role)}, or {NOBODY} alone"
        )
    return words
