"""Rows get new keys batch by batch; what breaks off is gone on with; what hangs on a key keeps it alive."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest

from haochaping.audit.models import AuditEntry
from haochaping.foundation.keys import read_ring
from haochaping.foundation.masters import HeldMaster, MasterUnknown, Ring
from haochaping.identity.models import DataKey, VaultRecord
from haochaping.identity.operations import (
    begin_rekeying,
    destroy_old_keys,
    find_people,
    rekey_batch,
    reveal,
    rewrap_keys,
)
from haochaping.identity.queries import key_states, rows_on_old_keys
from haochaping.identity.vault import Vault
from tests.orders import put_person

pytestmark = pytest.mark.django_db
ROWS = [UUID(int=number) for number in range(1, 8)]


@pytest.fixture(autouse=True)
def people(now: datetime) -> None:
    for number, row in enumerate(ROWS):
        put_person(row, now, name=f"李小{number}", phone=f"1381234567{number}")


def batches(now: datetime, size: int) -> Iterator[tuple[int, tuple[UUID, ...]]]:
    after = None
    while True:
        batch = rekey_batch(after=after, size=size, actor="test", now=now)
        yield batch.done, batch.broken
        if batch.last is None:
            return
        after = batch.last


def test_every_row_gets_new_keys_and_says_the_same(now: datetime) -> None:
    before = dict(VaultRecord.objects.values_list("id", "name"))
    assert begin_rekeying(actor="test", now=now) == 2
    assert rows_on_old_keys() == 7
    assert list(batches(now, 3)) == [(3, ()), (3, ()), (1, ())]
    assert rows_on_old_keys() == 0
    assert destroy_old_keys(actor="test", now=now) == (2, 0)
    assert [(key.kind, key.generation, key.rows, key.current) for key in key_states()] == [
        ("data", 2, 7, True),
        ("index", 2, 7, True),
    ]
    assert all(bytes(before[row.id]) != bytes(row.name) for row in VaultRecord.objects.all())
    assert reveal(record_id=ROWS[3], actor="test", purpose="核实", now=now).name == "李小3"
    found = find_people(kind="phone", value="138 1234 5673", actor="test", purpose="查询", now=now)
    assert [match.record_id for match in found] == [ROWS[3]]
    acts = AuditEntry.objects.filter(act__startswith="identity.rekey")
    assert sorted((entry.act, sorted(entry.detail.items())) for entry in acts) == [
        ("identity.rekey.batch", [("broken", 0), ("rows", 1)]),
        ("identity.rekey.batch", [("broken", 0), ("rows", 3)]),
        ("identity.rekey.batch", [("broken", 0), ("rows", 3)]),
        ("identity.rekey.begin", [("keys", 2)]),
        ("identity.rekey.destroy", [("keys", [1, 2]), ("left", 0)]),
    ]


def test_what_broke_off_goes_on_with_the_same_keys(now: datetime) -> None:
    begin_rekeying(actor="test", now=now)
    assert next(batches(now, 3)) == (3, ())
    assert destroy_old_keys(actor="test", now=now) == (0, 2)
    assert begin_rekeying(actor="test", now=now) == 0
    assert rows_on_old_keys() == 4
    find = {"kind": "name", "actor": "test", "purpose": "查询", "now": now}
    assert len(find_people(value="李小0", **find)) == len(find_people(value="李小6", **find)) == 1  # type: ignore[arg-type]
    assert list(batches(now, 4)) == [(4, ()), (0, ())]
    assert destroy_old_keys(actor="test", now=now) == (2, 0)


def test_a_row_that_does_not_open_is_named_and_keeps_its_key(now: datetime) -> None:
    VaultRecord.objects.filter(pk=ROWS[2]).update(phone=b"0" * 40)
    begin_rekeying(actor="test", now=now)
    assert list(batches(now, 100)) == [(6, (ROWS[2],))]
    assert destroy_old_keys(actor="test", now=now) == (0, 2)
    assert begin_rekeying(actor="test", now=now) == 0
    assert list(batches(now, 100)) == [(0, (ROWS[2],))]


def test_what_had_no_index_gets_none_and_old_ones_are_made_anew(now: datetime) -> None:
    VaultRecord.objects.filter(pk=ROWS[0]).update(phone_index=None)
    VaultRecord.objects.filter(pk=ROWS[1]).update(index_key_id=0, phone_index=b"old")
    begin_rekeying(actor="test", now=now)
    assert list(batches(now, 100)) == [(7, ())]
    assert VaultRecord.objects.get(pk=ROWS[0]).phone_index is None
    found = find_people(kind="phone", value="13812345671", actor="test", purpose="查询", now=now)
    assert [match.record_id for match in found] == [ROWS[1]]


def test_what_only_shares_an_index_is_not_found(now: datetime) -> None:
    index = VaultRecord.objects.get(pk=ROWS[1]).phone_index
    VaultRecord.objects.filter(pk=ROWS[2]).update(phone_index=index)
    found = find_people(kind="phone", value="13812345671", actor="test", purpose="查询", now=now)
    assert [match.record_id for match in found] == [ROWS[1]]


def test_rows_with_indexes_of_before_are_found_and_shortened_with_their_keys(now: datetime) -> None:
    vault, row = Vault(), VaultRecord.objects.get(pk=ROWS[1])
    for key in DataKey.objects.all():
        vault.learn(key.id, bytes(key.wrapped), key.wrapped_by)
    row.phone_index = vault.blind_as_before("phone", "13812345671", key_id=row.index_key_id)
    row.save()
    find = {"kind": "phone", "value": "13812345671", "actor": "test", "purpose": "查询", "now": now}
    assert [match.record_id for match in find_people(**find)] == [ROWS[1]]  # type: ignore[arg-type]
    begin_rekeying(actor="test", now=now)
    assert list(batches(now, 100)) == [(7, ())]
    assert len(VaultRecord.objects.get(pk=ROWS[1]).phone_index) == 7
    assert [match.record_id for match in find_people(**find)] == [ROWS[1]]  # type: ignore[arg-type]


def test_nothing_sealed_means_nothing_to_do(now: datetime) -> None:
    VaultRecord.objects.all().delete()
    DataKey.objects.all().delete()
    assert begin_rekeying(actor="test", now=now) == 0
    assert list(batches(now, 10)) == [(0, ())]
    assert destroy_old_keys(actor="test", now=now) == (0, 0)
    assert not AuditEntry.objects.filter(act="identity.rekey.batch").exists()


def test_a_new_master_key_wraps_all_keys_anew_once(now: datetime) -> None:
    ring = read_ring().succeeded_by(HeldMaster(b"n" * 32))
    assert rewrap_keys(ring=ring, actor="test", now=now) == 2
    assert rewrap_keys(ring=ring, actor="test", now=now) == 0
    assert {key.wrapped_by for key in key_states()} == {ring.current.fingerprint}
    told = AuditEntry.objects.filter(act="identity.rewrap").values_list("detail", flat=True)
    assert sorted(detail["keys"] for detail in told) == [0, 2]
    with pytest.raises(MasterUnknown):
        reveal(record_id=ROWS[0], actor="test", purpose="核实", now=now)
    with pytest.raises(MasterUnknown):
        rewrap_keys(ring=Ring(HeldMaster(b"o" * 32)), actor="test", now=now)
