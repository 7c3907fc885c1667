"""Editions of a client's dialect. An edition is added, never changed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.models import ApiClient, ApiDialect
from haochaping.accounts.queries.clients import client_id_of
from haochaping.audit.operations import record
from haochaping.foundation.errors import Conflict, Invalid, Problem
from haochaping.foundation.ids import new_id
from haochaping.foundation.sealing import sm3


@transaction.atomic
def set_dialect(
    *, client: str, text: str, now: datetime, actor: str, in_force_from: datetime | None = None
) -> tuple[UUID, int]:
    """The next edition of the dialect of a client (its id or a key of it), in force at once or from an instant to come.

    `text` has been read by `intake.dialects.read` without a problem; what it means is not known here. Returns the
    edition's id and number. Raises NotFound for an unknown client, Invalid for an instant that is past, Conflict
    for the same text as the edition before.
    """
    start = in_force_from or now
    if start < now:
        past = _("生效时间已经过去：已判定的记录不会重新判定，请给出以后的时间，或不填时间，立即生效。")
        raise Invalid([Problem("from", "past", past)])
    found = ApiClient.objects.select_for_update().get(id=client_id_of(client))
    last = ApiDialect.objects.filter(client=found).order_by("-edition").first()
    if last is not None and last.text == text:
        raise Conflict("same_dialect", _("内容与上一版相同，没有保存新的版本。"))
    made = ApiDialect.objects.create(
        id=new_id(now),
        client=found,
        edition=last.edition + 1 if last else 1,
        in_force_from=start,
        text=text,
        created_at=now,
    )
    detail = {"edition": made.edition, "from": start.isoformat(), "sm3": sm3(text.encode()).hex()}
    record(now=now, actor=actor, act="client.dialect.set", subject=str(found.id), detail=detail)
    return made.id, made.edition
