"""A packed record is masked, forgotten and sealed anew as any other; what it shares with others stays shared."""

from datetime import datetime
from uuid import UUID

import pytest

from haochaping.identity.models import DataKey, Phrase, VaultRecord
from haochaping.identity.operations import begin_rekeying, forget_people, masked_records, rekey_batch
from haochaping.identity.operations.reading import OpenedRecord, opened_records
from haochaping.identity.packing import UNSTORED, packed
from haochaping.identity.records import phrase_text
from haochaping.identity.vault import Vault
from tests.orders import put_person

pytestmark = pytest.mark.django_db
ROW = UUID(int=9)
PEOPLE = {"name": "李小明", "phone": "13812345678"}
PLACE = {"areaCode": "530102", "proManager": "王伟"}
ITEM = {"taskCode": "T1", "taskName": "婚姻登记"}
RECORD = {"userName": "李小明", "mobile": "13812345678", "projectNo": "A1", "ours": "乙", **PLACE, **ITEM}


@pytest.fixture(autouse=True)
def _packed_row(now: datetime) -> None:
    put_person(ROW, now, **PEOPLE)
    stored = [(Phrase.objects.create(text=phrase_text(each)).pk, frozenset(each)) for each in (PLACE, ITEM)]
    row = VaultRecord.objects.get()
    plain = packed(RECORD, PEOPLE, [*stored, UNSTORED])
    row.record = _vault().seal(plain, row=ROW, column="record", key_id=row.key_id)
    row.save()


def _vault() -> Vault:
    made = Vault()
    for key in DataKey.objects.all():
        made.learn(key.id, bytes(key.wrapped), key.wrapped_by)
    return made


def _opened() -> OpenedRecord:
    return opened_records(_vault(), [VaultRecord.objects.get()])[ROW]


def test_it_is_shown_masked() -> None:
    shown = masked_records(record_ids=[ROW])[ROW]
    assert (shown["userName"], shown["mobile"], shown["taskName"]) == ("李**", "138****5678", "婚姻登记")


def test_with_new_keys_it_says_the_same(now: datetime) -> None:
    begin_rekeying(actor="test", now=now)
    assert rekey_batch(after=None, size=10, actor="test", now=now).done == 1
    assert _opened().fields == RECORD


def test_what_is_forgotten_is_gone_and_what_is_left_is_shared_still() -> None:
    assert forget_people([ROW]) == 1
    left = _opened()
    assert left.fields == {"areaCode": "530102", "projectNo": "A1", **ITEM}
    assert [bool(number) for number, _ in left.phrases] == [False, True, False]
