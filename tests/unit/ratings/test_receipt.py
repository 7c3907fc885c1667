"""The receipt: the same for the same submission, readable from paper, kept as a hash only."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.foundation import base32
from haochaping.ratings.receipt import (
    ReceiptKeys,
    Unreadable,
    issue,
    kept_secret,
    kept_submission,
    read_number,
    read_secret,
    secret_fits,
)

KEYS = ReceiptKeys(number=b"n" * 16, secret=b"s" * 16, kept=b"k" * 16, submission=b"u" * 16)
OCCASION = uuid.UUID(int=7)
SUBMISSION = b"1" * 16


@given(st.uuids(), st.binary(min_size=16, max_size=16))
def test_a_receipt_can_be_typed_on_any_keyboard_and_leads_back(
    occasion: uuid.UUID, submission: bytes
) -> None:
    receipt = issue(occasion, submission, KEYS).receipt
    assert set(receipt.number + receipt.secret) <= set(base32.ALPHABET + "-")
    assert len(receipt.number) == 14
    assert len(receipt.secret) == 21
    assert receipt == issue(occasion, submission, KEYS).receipt
    assert secret_fits(
        receipt.number, receipt.secret, kept_secret(receipt.number, receipt.secret, KEYS), KEYS
    )


def test_another_submission_or_occasion_gets_another_receipt() -> None:
    receipts = {
        issue(occasion, submission, KEYS).receipt
        for occasion in (OCCASION, uuid.UUID(int=8))
        for submission in (SUBMISSION, b"2" * 16)
    }
    assert len({receipt.number for receipt in receipts}) == len({receipt.secret for receipt in receipts}) == 4


def test_number_secret_and_what_is_kept_have_keys_of_their_own() -> None:
    receipt = issue(OCCASION, SUBMISSION, KEYS).receipt
    for field in ("number", "secret", "kept"):
        changed = ReceiptKeys(
            **{name: getattr(KEYS, name) for name in ("number", "secret", "kept", "submission")}
            | {field: b"x" * 16}
        )
        other = issue(OCCASION, SUBMISSION, changed).receipt
        assert (other.number != receipt.number) == (field == "number")
        assert (other.secret != receipt.secret) == (field == "secret")
        kept = kept_secret(receipt.number, receipt.secret, changed)
        assert (kept != kept_secret(receipt.number, receipt.secret, KEYS)) == (field == "kept")


def test_what_people_make_of_a_receipt_when_they_type_it_is_read() -> None:
    receipt = issue(OCCASION, SUBMISSION, KEYS).receipt
    kept = kept_secret(receipt.number, receipt.secret, KEYS)
    full_width = "".join(chr(ord(c) + 0xFEE0) if c != "-" else " " for c in receipt.secret)
    with_letters = receipt.secret.lower().replace("0", "o").replace("1", "l")
    for typed in (receipt.secret.replace("-", " "), full_width, with_letters, f"  {receipt.secret}\n"):
        assert secret_fits(receipt.number.lower(), typed, kept, KEYS)


def test_every_single_wrong_character_is_noticed_by_the_check_character() -> None:
    secret = issue(OCCASION, SUBMISSION, KEYS).receipt.secret.replace("-", "")
    for place, right in enumerate(secret):
        for wrong in base32.ALPHABET.replace(right, ""):
            with pytest.raises(Unreadable):
                read_secret(secret[:place] + wrong + secret[place + 1 :])


def test_what_is_stored_is_what_a_typed_receipt_is_measured_against() -> None:
    issued = issue(OCCASION, SUBMISSION, KEYS)
    assert issued.number == read_number(issued.receipt.number)
    assert issued.kept == kept_secret(issued.receipt.number, issued.receipt.secret, KEYS)
    assert issued.receipt.secret.replace("-", "").encode() not in issued.kept


def test_a_right_secret_of_another_receipt_does_not_fit() -> None:
    mine, other = issue(OCCASION, SUBMISSION, KEYS).receipt, issue(OCCASION, b"2" * 16, KEYS).receipt
    kept = kept_secret(mine.number, mine.secret, KEYS)
    assert not secret_fits(mine.number, other.secret, kept, KEYS)
    assert not secret_fits(other.number, mine.secret, kept, KEYS)


@given(st.text())
def test_no_text_breaks_the_readers(text: str) -> None:
    assert not secret_fits(text, text, b"", KEYS)
    with pytest.raises(Unreadable):
        read_number(text + "!")


def test_a_submission_is_kept_as_a_hash_bound_to_its_occasion() -> None:
    kept = kept_submission(OCCASION, SUBMISSION, KEYS)
    assert SUBMISSION not in kept
    assert kept != kept_submission(uuid.UUID(int=8), SUBMISSION, KEYS)
