"""A seal opens in its own row and column only; equal values find each other by their blind index."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from haochaping.foundation.sealing import SealBroken
from haochaping.identity.vault import KeyUnknown, Vault, key_id_at

ROW = UUID(int=7)


@pytest.fixture
def vault() -> Vault:
    made = Vault(wrapping=b"w" * 16, blinding=b"b" * 16)
    made.learn(2026, made.wrap_new(2026))
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
    wrapped = vault.wrap_new(2027)
    with pytest.raises(SealBroken):
        vault.learn(2028, wrapped)
    with pytest.raises(SealBroken):
        Vault(wrapping=b"x" * 16, blinding=b"b" * 16).learn(2027, wrapped)
    with pytest.raises(KeyUnknown):
        vault.seal("x", row=ROW, column="name", key_id=2028)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("document", "53010219800101123x", "５３０１０２ 19800101 123X"),
        ("phone", "138-1234-5678", "13812345678"),
        ("name", "阿卜杜·买买提", "阿卜杜.买买提"),
    ],
)
def test_writings_of_one_value_share_an_index(vault: Vault, kind: str, one: str, other: str) -> None:
    assert vault.blind(kind, one) == vault.blind(kind, other)
    assert vault.blind(kind, one) != vault.blind(kind, one + "1")


def test_kinds_do_not_meet(vault: Vault) -> None:
    assert vault.blind("phone", "13812345678") != vault.blind("document", "13812345678")


def test_the_key_follows_the_local_year() -> None:
    assert key_id_at(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == 2026
    assert key_id_at(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == 2027
