"""Looking into the vault needs a purpose and is written down."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import Invalid, NotFound
from haochaping.identity.models import DataKey, VaultRecord
from haochaping.identity.operations import Contact, reveal
from haochaping.identity.vault import Vault, key_id_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def record_id(now: datetime) -> UUID:
    vault, row, key_id = Vault(), uuid4(), key_id_at(now)
    wrapped = vault.wrap_new(key_id)
    vault.learn(key_id, wrapped)
    DataKey.objects.create(id=key_id, year=key_id, wrapped=wrapped, created_at=now)
    VaultRecord.objects.create(
        id=row,
        key_id=key_id,
        name=vault.seal("李小明", row=row, column="name", key_id=key_id),
        document=vault.seal("53010219800101123X", row=row, column="document", key_id=key_id),
        record=vault.seal("{}", row=row, column="record", key_id=key_id),
    )
    return row


def test_a_purpose_opens_name_and_phone_and_leaves_a_row(record_id: UUID, now: datetime) -> None:
    contact = reveal(record_id=record_id, actor="zhang", purpose="核实差评", now=now, clause="第十二条")
    assert contact == Contact(name="李小明", phone="", document="53**************3X")
    entry = AuditEntry.objects.get(act="identity.reveal")
    assert (entry.actor, entry.subject, entry.clause) == ("zhang", str(record_id), "第十二条")
    assert entry.detail == {"purpose": "核实差评"}


def test_without_purpose_or_record_nothing_opens(record_id: UUID, now: datetime) -> None:
    with pytest.raises(Invalid):
        reveal(record_id=record_id, actor="zhang", purpose="  ", now=now)
    with pytest.raises(NotFound):
        reveal(record_id=uuid4(), actor="zhang", purpose="核实差评", now=now)
    assert not AuditEntry.objects.exists()
