"""Whether an official needs a code beside his password, and has the means."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from django.conf import settings

from haochaping.accounts.models import RecoveryCode, SecondFactor
from haochaping.accounts.queries.officials import posts


class Stage(StrEnum):
    """What stands between the right password and the session."""

    NONE = "none"
    CODE = "code"  # a code of the authenticator
    ENROL = "enrol"  # one must be set up first


def stage(*, official_id: UUID, on: date) -> Stage:
    """By whether an authenticator is set up, and by the roles of the day, those of a deputy too."""
    if enrolled(official_id):
        return Stage.CODE
    return Stage.ENROL if required(official_id=official_id, on=on) else Stage.NONE


def enrolled(official_id: UUID) -> bool:
    """Whether an authenticator is set up."""
    return SecondFactor.objects.filter(official_id=official_id).exists()


def required(*, official_id: UUID, on: date) -> bool:
    """Whether a role of that day asks for a second factor (settings.SIGN_IN_RULES)."""
    asked = settings.SIGN_IN_RULES.second_factor_roles
    return any(post.role in asked for post in posts(official_id=official_id, on=on))


def recovery_codes_left(official_id: UUID) -> int:
    """How many recovery codes are still good."""
    return RecoveryCode.objects.filter(official_id=official_id, used_at__isnull=True).count()
