"""The words that are signed, and the headers that carry the signature."""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from haochaping.foundation.sealing import hmac_sm3, sm3
from haochaping.intake.http import Request
from haochaping.intake.signature import (
    SHA256,
    SM3,
    Unauthenticated,
    check_timestamp,
    read_credentials,
    signature,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
REQUEST = Request(
    method="POST",
    path="/api/v1/occasions",
    query="b=2&a=1&a=0",
    headers={},
    address="127.0.0.1",
    received_at=NOW,
    body=b"{}",
)
HEADERS = {
    "x-hcp-key": "K",
    "x-hcp-timestamp": "1795399200",
    "x-hcp-nonce": "n" * 16,
    "x-hcp-signature": "ab" * 32,
}


def test_the_signed_words() -> None:
    words = f"POST\n/api/v1/occasions\na=0&a=1&b=2\n17\nnnnnnnnn\n{sm3(b'{}').hex()}"
    due = hmac_sm3(b"secret", words.encode()).hex()
    assert signature(b"secret", REQUEST, timestamp="17", nonce="nnnnnnnn") == due


def test_the_signed_words_by_sha256() -> None:
    words = f"POST\n/api/v1/occasions\na=0&a=1&b=2\n17\nnnnnnnnn\n{hashlib.sha256(b'{}').hexdigest()}"
    due = hmac.new(b"secret", words.encode(), "sha256").hexdigest()
    assert signature(b"secret", REQUEST, timestamp="17", nonce="nnnnnnnn", algorithm=SHA256) == due


@pytest.mark.parametrize("algorithm", [SM3, SHA256])
def test_every_part_is_signed(algorithm: str) -> None:
    given = {"timestamp": "17", "nonce": "n", "algorithm": algorithm}
    due = signature(b"secret", REQUEST, **given)
    others = [
        signature(b"secret", replace(REQUEST, **change), **given)
        for change in ({"method": "PUT"}, {"path": "/"}, {"query": "a=1"}, {"body": b"[]"})
    ]
    others += [signature(b"secret", REQUEST, **(given | {key: "1"})) for key in ("timestamp", "nonce")]
    others.append(
        signature(b"secret", REQUEST, **(given | {"algorithm": SM3 if algorithm == SHA256 else SHA256}))
    )
    others.append(signature(b"Secret", REQUEST, **given))
    assert due not in others
    assert signature(b"secret", replace(REQUEST, query="a=0&a=1&b=2"), **given) == due


@pytest.mark.parametrize("missing", HEADERS)
def test_a_missing_header_is_named(missing: str) -> None:
    with pytest.raises(Unauthenticated, match=f"(?i){missing}") as refused:
        read_credentials({name: value for name, value in HEADERS.items() if name != missing})
    assert refused.value.code == "signature_missing"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("x-hcp-timestamp", "soon", "timestamp_malformed"),
        ("x-hcp-timestamp", "-5", "timestamp_malformed"),
        ("x-hcp-timestamp", "²", "timestamp_malformed"),
        ("x-hcp-timestamp", "1" * 400, "timestamp_malformed"),
        ("x-hcp-nonce", "short", "nonce_malformed"),
        ("x-hcp-nonce", "n" * 65, "nonce_malformed"),
        ("x-hcp-nonce", "nnnnnnn\x00n", "nonce_malformed"),
        ("x-hcp-signature", "é", "signature_wrong"),
        ("x-hcp-key", "钥", "signature_wrong"),
        ("x-hcp-algorithm", "HMAC-SHA1", "algorithm_unknown"),
    ],
)
def test_malformed_headers(name: str, value: str, code: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        read_credentials(HEADERS | {name: value})
    assert refused.value.code == code


def test_a_clock_may_be_five_minutes_off() -> None:
    second = int(NOW.timestamp())
    for fine in (second - 300, second, second + 300):
        check_timestamp(str(fine), NOW)
    for stale in (second - 301, second + 301, 0, 10**11):
        with pytest.raises(Unauthenticated) as refused:
            check_timestamp(str(stale), NOW)
        assert refused.value.code == "timestamp_stale"
