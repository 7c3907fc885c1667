"""Whether a password has been in use for too long."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from haochaping.accounts.models import Official


def password_expired(*, official_id: UUID, now: datetime) -> bool:
    """By the days that the installation lays down; never where it lays none down."""
    days = settings.SIGN_IN_RULES.password_days
    if days is None:
        return False
    found = Official.objects.filter(id=official_id).values_list("password_set_at", "created_at").first()
    return found is not None and (found[0] or found[1]) + timedelta(days=days) <= now
