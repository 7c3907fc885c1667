"""Codes of authenticators: the vectors of RFC 6238, and what is around them."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from haochaping.accounts.second_factor import address, code_at, step_of, written

# RFC 6238, appendix B, SHA-1: its codes have eight digits, the last six of which are ours.
SECRET = b"12345678901234567890"
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_the_codes_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert code_at(SECRET, at) == code
    assert step_of(SECRET, code, at) == seconds // 30


def test_a_step_early_or_late_is_taken_and_two_are_not() -> None:
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    code = code_at(SECRET, at)
    taken = [step_of(SECRET, code, at + timedelta(seconds=30 * off)) is not None for off in range(-2, 3)]
    assert taken == [False, True, True, True, False]
    assert {step_of(SECRET, code, at + timedelta(seconds=30 * off)) for off in (-1, 0, 1)} == {
        int(at.timestamp()) // 30
    }


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "28708 ", "-87082"])
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert step_of(SECRET, code, datetime.fromtimestamp(59, UTC)) is None


def test_the_secret_is_told_to_the_phone() -> None:
    assert written(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    told = urlsplit(address(SECRET, "zhao.min"))
    assert (told.scheme, told.netloc) == ("otpauth", "totp")
    assert unquote(told.path).endswith("zhao.min")
    asked = parse_qs(told.query)
    assert asked["secret"] == [written(SECRET).replace(" ", "")]
    assert asked["period"] == ["30"]
    assert asked["digits"] == ["6"]
