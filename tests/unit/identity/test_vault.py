"""A seal opens in its own row and column only; equal values find each other by their blind index."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from haochaping.foundation.masters import HeldMaster, MasterUnknown, Ring
from haochaping.foundation.sealing import SealBroken
from haochaping.identity.vault import KeyUnknown, Vault, key_year, normalised

ROW = UUID(int=7)
OLD, NEW = HeldMaster(b"w" * 32), HeldMaster(b"x" * 32)


def vault_of(*rings: Ring) -> Vault:
    """A vault that finds these rings, one after the other, the last again and again."""
    found = list(rings)
    return Vault(read=lambda: found.pop(0) if len(found) > 1 else found[0])


@pytest.fixture
def vault() -> Vault:
    made = vault_of(Ring(OLD))
    for key_id in (2026, 2):
        made.learn(key_id, *made.wrap_new(key_id))
    return made


def test_what_is_sealed_comes_back(vault: Vault) -> None:
    sealed = vault.seal("李小明𠮷", row=ROW, column="name", key_id=2026)
    assert "李小明".encode() not in sealed
    assert vault.open(sealed, row=ROW, column="name", key_id=2026) == "李小明𠮷"


def test_a_seal_opens_nowhere_else(vault: Vault) -> None:
    sealed = vault.seal("李小明", row=ROW, column="name", key_id=2026)
    with pytest.raises(SealBroken):
        vault.open(sealed, row=uuid4(), column="name", key_id=2026)
    with pytest.raises(SealBroken):
        vault.open(sealed, row=ROW, column="document", key_id=2026)


def test_a_data_key_opens_under_its_own_name_and_master_only(vault: Vault) -> None:
    wrapped, by = vault.wrap_new(2027)
    with pytest.raises(SealBroken):
        vault.learn(2028, wrapped, by)
    with pytest.raises(MasterUnknown):
        vault_of(Ring(NEW)).learn(2027, wrapped, by)
    with pytest.raises(KeyUnknown):
        vault.seal("x", row=ROW, column="name", key_id=2028)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("document", "53010219800101123x", "５３０１０２ 19800101 123X"),
        ("phone", "138-1234-5678", "13812345678"),
        ("phone", "+86 138 1234 5678", "13812345678"),
        ("phone", "０086-13812345678", "13812345678"),
        ("document", "H1234567(8)", "h12345678"),
        ("name", "阿卜杜·买买提", "阿卜杜.买买提"),
        ("name", "李\u200b小明\u3000", "李小明"),
    ],
)
def test_writings_of_one_value_share_an_index(vault: Vault, kind: str, one: str, other: str) -> None:
    assert vault.blind(kind, one, key_id=2) == vault.blind(kind, other, key_id=2)
    assert vault.blind(kind, one, key_id=2) != vault.blind(kind, one + "1", key_id=2)
    assert vault.blind(kind, one, key_id=2) != vault.blind(kind, one, key_id=2026)


def test_kinds_do_not_meet(vault: Vault) -> None:
    number = "13812345678"
    assert vault.blind("phone", number, key_id=2) != vault.blind("document", number, key_id=2)


def test_only_a_phone_loses_the_country() -> None:
    assert normalised("document", "8613812345678") == "8613812345678"
    assert normalised("phone", "861381234567") == "861381234567"


def test_a_key_under_a_new_master_key_makes_the_vault_look_again() -> None:
    renewed = Ring(OLD).succeeded_by(NEW)
    wrapped, by = vault_of(renewed).wrap_new(3)
    running = vault_of(Ring(OLD), renewed)
    running.learn(3, wrapped, by)
    assert running.knows(3)


def test_the_key_follows_the_local_year() -> None:
    assert key_year(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == 2026
    assert key_year(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == 2027


def test_many_rows_are_sealed_as_one_is(vault: Vault) -> None:
    seal = vault.sealer(2026)
    name, phone, record = seal(ROW, (("name", "李小明"), ("phone", ""), ("record", "{}")))
    assert phone is None
    assert name is not None
    assert record is not None
    assert vault.open(name, row=ROW, column="name", key_id=2026) == "李小明"
    assert vault.open(record, row=ROW, column="record", key_id=2026) == "{}"
    with pytest.raises(SealBroken):
        vault.open(name, row=ROW, column="record", key_id=2026)
    with pytest.raises(KeyUnknown):
        vault.sealer(1999)


def test_a_blind_index_is_the_beginning_of_what_it_was_before(vault: Vault) -> None:
    short = vault.blind("phone", "13812345678", key_id=2)
    assert len(short) == 7
    assert vault.blind_as_before("phone", "13812345678", key_id=2)[:7] == short
