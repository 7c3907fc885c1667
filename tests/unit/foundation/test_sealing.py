import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from haochaping.foundation.sealing import (
    SealBroken,
    Sealer,
    Sm3,
    derive,
    hmac_sm3,
    same,
    seal,
    sm3,
    unseal,
)

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")


def test_sm4_gcm_agrees_with_rfc_8998() -> None:
    nonce = bytes.fromhex("00001234567800000000abcd")
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex(
        "aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8
    )
    body = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    tag = bytes.fromhex("83de3541e4c2b58177e065a9bf7b62ec")
    decryptor = Cipher(algorithms.SM4(KEY), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(bound)
    assert decryptor.update(body) + decryptor.finalize() == plain
    assert unseal(KEY, nonce + body + tag, bound) == plain


def test_sm3_agrees_with_the_example_of_the_standard() -> None:
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_hmac_sm3_is_hmac_as_rfc_2104_defines_it() -> None:
    block = KEY.ljust(64, b"\0")
    inner = sm3(bytes(byte ^ 0x36 for byte in block) + b"text")
    assert hmac_sm3(KEY, b"text") == sm3(bytes(byte ^ 0x5C for byte in block) + inner)


@given(st.binary(max_size=200), st.binary(max_size=30))
def test_what_was_sealed_opens_only_where_it_was_bound(plain: bytes, bound: bytes) -> None:
    sealed = seal(KEY, plain, bound)
    assert unseal(KEY, sealed, bound) == plain
    with pytest.raises(SealBroken):
        unseal(KEY, sealed, bound + b"x")
    with pytest.raises(SealBroken):
        unseal(derive(KEY, "another"), sealed, bound)


@given(st.binary(max_size=50), st.integers(0, 1000), st.integers(1, 255))
def test_one_changed_byte_breaks_the_seal(plain: bytes, place: int, change: int) -> None:
    sealed = bytearray(seal(KEY, plain, b"row"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(SealBroken):
        unseal(KEY, bytes(sealed), b"row")


def test_two_seals_of_the_same_differ() -> None:
    assert seal(KEY, b"same", b"") != seal(KEY, b"same", b"")


@pytest.mark.parametrize("sealed", [b"", b"short", b"0" * 27])
def test_what_is_too_short_is_broken(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(KEY, sealed, b"")


def test_purposes_have_keys_of_their_own() -> None:
    assert derive(KEY, "one") != derive(KEY, "two")
    assert len(derive(KEY, "one", 32)) == 32
    assert same(derive(KEY, "one"), derive(KEY, "one"))


def test_many_seals_open_as_one_does_and_no_nonce_comes_twice() -> None:
    make = Sealer(KEY)
    sealed = [make(b"the same", b"place") for _ in range(600)]
    assert {unseal(KEY, each, b"place") for each in sealed} == {b"the same"}
    assert len({each[:12] for each in sealed}) == 600
    with pytest.raises(SealBroken):
        unseal(KEY, sealed[0], b"another")


def test_a_digest_made_bit_by_bit_is_the_digest() -> None:
    digest = Sm3()
    for part in (b"a", b"", b"bc"):
        digest.update(part)
    assert digest.hexdigest() == digest.hexdigest() == sm3(b"abc").hex()
