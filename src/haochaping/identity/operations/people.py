"""Looking into the vault: an act with a purpose, written down before anything is shown."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.audit.operations import record
from haochaping.foundation.errors import Invalid, NotFound, Problem
from haochaping.identity.masks import hide_name, mask_document, mask_name, mask_text
from haochaping.identity.models import DataKey, VaultRecord
from haochaping.identity.operations.reading import opened, sealed_rows
from haochaping.identity.vault import INDEX, Vault, normalised

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
    in words why, 1 to 200 characters; names and numbers in it are masked. Whether the person agreed to be contacted (实名)
    is for the caller to check. Raises Invalid without a purpose and NotFound when the vault holds no such
    record.
    """
    _check_purpose(purpose)
    plain = _person(record_id, "name", "phone", "document")
    record(
        now=now,
        actor=actor,
        act="identity.reveal",
        subject=str(record_id),
        clause=clause,
        detail={"purpose": mask_text(purpose.strip(), [plain["name"]])},
    )
    return Contact(name=plain["name"], phone=plain["phone"], document=mask_document(plain["document"]))


def hide_person(*, record_id: UUID, text: str) -> str:
    """Free text without the name of the person it is from, and without numbers as `mask_text` hides them.

    Nothing of the vault is shown to anybody, so nothing is written down. Raises NotFound without such a record
    and SealBroken when it cannot be opened.
    """
    return mask_text(hide_name(text, _person(record_id, "name")["name"], NAME_HIDDEN))


def speaks_of(*, record_id: UUID, text: str) -> bool:
    """Whether the name of the person stands in a text. Only for people who may see it: to others it would answer guesses.

    Raises as `hide_person`.
    """
    return hide_person(record_id=record_id, text=text) != mask_text(text)


@dataclass(frozen=True, slots=True)
class Match:
    """A vault record in which a value was found. Name and document are masked."""

    record_id: UUID
    name: str
    document: str


@transaction.atomic
def find_people(
    *, kind: str, value: str, actor: str, purpose: str, now: datetime, clause: str = ""
) -> tuple[Match, ...]:
    """The vault records that hold this document, phone or name, in the order of their reporting; one audit row.

    For people who ask what is kept of them. `kind` is "document", "phone" or "name"; the value is looked up by its
    blind index, in any writing, and is written down nowhere. Raises Invalid for a blank value and without a
    purpose.
    """
    _check_purpose(purpose)
    if not value.strip():
        raise Invalid([Problem("value", "required", _("请给出要查找的内容。"))])
    vault = Vault()
    hashes = []
    for key in DataKey.objects.filter(kind=INDEX):
        vault.learn(key.id, bytes(key.wrapped), key.wrapped_by)
        hashes.append(vault.blind(kind, value, key_id=key.id))
        hashes.append(vault.blind_as_before(kind, value, key_id=key.id))
    ids = VaultRecord.objects.filter(**{f"{kind}_index__in": hashes}).values_list("id", flat=True)
    vault, rows = sealed_rows(list(ids))
    found = []
    for row in rows:
        plain = _opened(vault, row, "name", "document", "phone")
        if normalised(kind, plain[kind]) == normalised(kind, value):
            found.append(Match(row.id, mask_name(plain["name"]), mask_document(plain["document"])))
    record(
        now=now,
        actor=actor,
        act="identity.find",
        clause=clause,
        detail={"purpose": mask_text(purpose.strip()), "kind": kind, "found": len(found)},
    )
    return tuple(found)


def _check_purpose(purpose: str) -> None:
    if not 0 < len(purpose.strip()) <= _LONGEST_PURPOSE:
        raise Invalid([Problem("purpose", "required", _("请用1至200个字说明查看联系方式的目的。"))])


def _person(record_id: UUID, *columns: str) -> dict[str, str]:
    vault, rows = sealed_rows([record_id])
    if not rows:
        raise NotFound("no_such_record", _("没有可查看的联系方式：记录不存在或已按保存期限删除。"))
    return _opened(vault, rows[0], *columns)


def _opened(vault: Vault, row: VaultRecord, *columns: str) -> dict[str, str]:
    """The columns in plain, "" for what was not reported."""
    return {column: opened(vault, row, column) for column in columns}
