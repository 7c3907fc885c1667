"""Looking into the vault: an act with a purpose, written down before anything is shown."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.audit.operations import record
from haochaping.foundation.errors import Invalid, NotFound, Problem
from haochaping.identity.masks import mask_document, mask_text
from haochaping.identity.models import DataKey, VaultRecord
from haochaping.identity.vault import Vault

_LONGEST_PURPOSE = 200
NAME_HIDDEN = "[姓名]"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to speak to about a rating given under 实名. The document is masked; what was not reported is
    empty.
    """

    name: str
    phone: str
    document: str


@transaction.atomic
def reveal(*, record_id: UUID, actor: str, purpose: str, now: datetime, clause: str = "") -> Contact:
    """Opens name and phone of one vault record; the document comes masked. One audit row in the same
    transaction.

    `record_id` is that of the stored version (`cases.queries.occasion_facts(...).version_id`). `purpose` says
    in words why, 1 to 200 characters, without personal data. Whether the person agreed to be contacted (实名)
    is for the caller to check. Raises Invalid without a purpose and NotFound when the vault holds no such
    record.
    """
    if not 0 < len(purpose.strip()) <= _LONGEST_PURPOSE:
        raise Invalid([Problem("purpose", "required", _("请用1至200个字说明查看联系方式的目的。"))])
    row = VaultRecord.objects.filter(pk=record_id).first()
    if row is None:
        raise NotFound("no_such_record", _("没有可查看的联系方式：记录不存在或已按保存期限删除。"))
    record(
        now=now,
        actor=actor,
        act="identity.reveal",
        subject=str(record_id),
        clause=clause,
        detail={"purpose": purpose.strip()},
    )
    opened = _opened(row, "name", "phone", "document")
    return Contact(name=opened["name"], phone=opened["phone"], document=mask_document(opened["document"]))


def hide_person(*, record_id: UUID, text: str) -> str:
    """Free text without the name of the person it is from, and without numbers as `mask_text` hides them.

    Nothing of the vault is shown to anybody, so nothing is written down. Raises NotFound without such a record
    and SealBroken when it cannot be opened.
    """
    row = VaultRecord.objects.filter(pk=record_id).first()
    if row is None:
        raise NotFound("no_such_record", _("没有可查看的联系方式：记录不存在或已按保存期限删除。"))
    name = _opened(row, "name")["name"].strip()
    return mask_text(text.replace(name, NAME_HIDDEN) if len(name) > 1 else text)


def _opened(row: VaultRecord, *columns: str) -> dict[str, str]:
    """The columns in plain, "" for what was not reported."""
    vault = Vault()
    vault.learn(row.key_id, bytes(DataKey.objects.get(pk=row.key_id).wrapped))
    found: dict[str, str] = {}
    for column in columns:
        sealed = getattr(row, column)
        found[column] = (
            vault.open(bytes(sealed), row=row.id, column=column, key_id=row.key_id) if sealed else ""
        )
    return found
