"""What comes in from the form is read strictly and loses nothing."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from haochaping.faces.citizen.rating_form import (
    Filled,
    NotAForm,
    Overfull,
    blank,
    elapsed_ms,
    fields_of,
    read_filled,
    showable,
    tags_meant,
)
from haochaping.foundation.clock import now as clock_now
from haochaping.intake.http import Request
from haochaping.policy.tags import Tags
from haochaping.ratings.rules import SUBMISSION_LENGTH

OCCASION = uuid.UUID(int=7)
FORM = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8"}


def test_fields_are_decoded_and_repeated_ones_kept(request_with: Callable[..., Request]) -> None:
    fields = fields_of(
        request_with(b"satisfaction=2&evalDetail=207&evalDetail=208&writingEvaluation=a+b%0D%0A%E5%A5%BD")
    )
    assert fields == {
        "satisfaction": ["2"],
        "evalDetail": ["207", "208"],
        "writingEvaluation": ["a b\r\n好"],
    }


@pytest.mark.parametrize(
    "body", [b"evalDetail=207&evalDetail=208", b"evalDetail=207,208", b"evalDetail=207%7C+208"]
)
def test_tags_come_repeated_or_in_one_field(request_with: Callable[..., Request], body: bytes) -> None:
    assert read_filled(fields_of(request_with(body))).tags == ("207", "208")


def test_bytes_that_are_no_text_are_marked_for_the_checks_and_shown_as_such(
    request_with: Callable[..., Request],
) -> None:
    filled = read_filled(fields_of(request_with("writingEvaluation=好".encode("gbk"))))
    assert any("\ud800" <= character <= "\udfff" for character in filled.text)
    assert showable(filled).text.encode() == "\ufffd\ufffd".encode()


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""])
def test_what_our_forms_do_not_send_is_no_form(request_with: Callable[..., Request], kind: str) -> None:
    with pytest.raises(NotAForm):
        fields_of(request_with(b"{}", headers={"content-type": kind}))


def test_more_fields_than_a_form_has_are_not_read(request_with: Callable[..., Request]) -> None:
    with pytest.raises(Overfull):
        fields_of(request_with(b"a=1&" * 200))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(body: bytes) -> None:
    request = Request("POST", "/r/x", "", FORM, "", clock_now(), body)
    try:
        filled = read_filled(fields_of(request))
    except Overfull:
        assert body.count(b"&") >= 100
    else:
        showable(filled).text.encode()


def test_ticks_left_in_a_group_that_is_no_longer_shown_do_not_count() -> None:
    tags = Tags.load()
    filled = Filled("", "", satisfaction="2", tags=("510", "207", "101", "999"), grouped=True)
    assert tags_meant(filled, tags) == ("207", "101", "999"), (
        "retired and unknown ones are for the checks to refuse"
    )
    assert tags_meant(replace(filled, grouped=False), tags) == filled.tags, "not our page: every tag is meant"
    assert tags_meant(replace(filled, satisfaction=""), tags) == filled.tags


def test_time_on_the_page_is_believed_only_under_our_seal(now: datetime) -> None:
    filled = blank(OCCASION, now)
    later = now + timedelta(seconds=42, milliseconds=7)
    assert elapsed_ms(filled, OCCASION, later) == 42_007
    assert elapsed_ms(filled, uuid.UUID(int=8), later) is None, "of another occasion"
    stamp, _, seal = filled.opened.partition(".")
    assert elapsed_ms(replace(filled, opened=f"{int(stamp) - 60_000}.{seal}"), OCCASION, later) is None
    assert elapsed_ms(filled, OCCASION, now - timedelta(seconds=1)) is None, "before it was opened"
    assert elapsed_ms(filled, OCCASION, now + timedelta(days=8)) is None, "more than the trace can hold"


@pytest.mark.parametrize("opened", ["", ".", "x", "9" * 400, "1.\udce5", "-1.00", "１２.00"])
def test_an_altered_instant_is_passed_over(now: datetime, opened: str) -> None:
    assert elapsed_ms(Filled("", opened), OCCASION, now) is None


def test_every_page_has_a_submission_id_of_its_own(now: datetime) -> None:
    first, second = blank(OCCASION, now).submission, blank(OCCASION, now).submission
    assert first != second
    assert len(first) == SUBMISSION_LENGTH
