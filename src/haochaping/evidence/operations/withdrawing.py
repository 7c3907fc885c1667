"""Taking back what was brought: it stays where it is, and everybody who sees it sees why it does not stand."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries.officials import OfficialView
from haochaping.audit import operations as audit
from haochaping.evidence.queries import seen_files
from haochaping.evidence.sealed import sealed_words
from haochaping.evidence.states import Sight
from haochaping.foundation.errors import Conflict, NotFound


@transaction.atomic
def withdraw(
    *,
    file_id: UUID,
    matter_id: UUID,
    sight: Sight,
    organisation_id: int,
    reason: str,
    who: OfficialView,
    now: datetime,
) -> None:
    """Withdraws a file that was brought for this organisation. Its words were checked by the caller.

    Raises NotFound for what he does not see, Conflict when another organisation brought it or it was withdrawn before.
    """
    row = seen_files(matter_id, sight).select_for_update().filter(pk=file_id).first()
    if row is None:
        raise NotFound("evidence", _("没有这个文件，或者您无权查看。"))
    if row.organisation_id != organisation_id:
        raise Conflict("not_ours", _("这个文件是其他单位上传的，只能由它撤回。"))
    if row.withdrawn_at is not None:
        raise Conflict("withdrawn", _("这个文件已经撤回，没有重复撤回。"))
    row.withdrawn_at, row.withdrawer = now, who.label
    row.withdrawal = sealed_words(reason, row=row.id, column="withdrawal")
    row.save(update_fields=["withdrawn_at", "withdrawer", "withdrawal"])
    audit.record(
        now=now,
        actor=who.actor,
        act="evidence.withdraw",
        subject=f"order:{row.number}",
        detail={"file": str(row.id)},
    )
