"""Looking into the vault needs a purpose and is written down."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import Invalid, NotFound
from haochaping.identity.operations import Contact, Match, find_people, reveal
from tests.orders import put_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def record_id(now: datetime) -> UUID:
    row = uuid4()
    put_person(row, now, name="李小明", document="53010219800101123X")
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


def test_what_an_official_writes_as_a_purpose_is_masked_where_it_is_kept(
    record_id: UUID, now: datetime
) -> None:
    reveal(record_id=record_id, actor="official 1", purpose="李小明 13812345678 来电", now=now)
    assert AuditEntry.objects.get().detail == {"purpose": "李** [电话] 来电"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [("document", " 53010219800101123x"), ("name", "李 小明"), ("phone", "+86-13812345678")],
)
def test_a_person_is_found_in_any_writing_and_shown_masked(kind: str, value: str, now: datetime) -> None:
    for number, name in enumerate(("李小明", "王伟")):
        document, phone = f"5301021980010112{3 - number}X", f"1381234567{8 + number}"
        put_person(UUID(int=number), now, name=name, document=document, phone=phone)
    found = find_people(kind=kind, value=value, actor="command line", purpose="本人查询", now=now)
    assert found == (Match(UUID(int=0), "李**", "53**************3X"),)
    assert AuditEntry.objects.get().detail == {"purpose": "本人查询", "kind": kind, "found": 1}


def test_nobody_looks_for_nothing_or_without_a_purpose(now: datetime) -> None:
    for value, purpose in ((" ", "本人查询"), ("李小明", "")):
        with pytest.raises(Invalid):
            find_people(kind="name", value=value, actor="command line", purpose=purpose, now=now)
    assert not AuditEntry.objects.exists()
