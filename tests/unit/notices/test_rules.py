"""How a notice is tried, by what it is known, what an address looks like; and that every word has its words."""

from datetime import UTC, datetime, timedelta
from typing import get_type_hints
from uuid import UUID

import pytest

from haochaping.notices import words
from haochaping.notices.rules import ATTEMPTS, LEASE, by_day, email_of, id_of, pause, phone_of
from haochaping.notices.states import Channel, Kind, State, Withheld
from haochaping.oversight.states import CARRIERS
from haochaping.policy.redress import ACTIONS, Escalation
from haochaping.policy.shapes import OneOf
from haochaping.rectification.escalations import OVERDUE_AGAIN

MINUTE = timedelta(minutes=1)
OFFICIAL = UUID(int=7)


def test_the_pauses_grow_and_have_an_end() -> None:
    pauses = [pause(attempt) for attempt in range(1, ATTEMPTS)]
    assert [each // MINUTE for each in pauses[:9]] == [1, 2, 4, 8, 16, 32, 64, 128, 240]
    assert pauses == sorted(pauses)
    assert timedelta(days=2) < sum(pauses, timedelta()) < timedelta(days=3)
    assert timedelta(seconds=100) < LEASE


def test_the_same_told_to_the_same_by_the_same_way_has_one_id() -> None:
    assert id_of("escalation:1", Channel.EMAIL, OFFICIAL) == id_of("escalation:1", "email", OFFICIAL)
    ids = {
        id_of(cause, channel, official)
        for cause in ("escalation:1", "escalation:2")
        for channel in Channel
        for official in (OFFICIAL, UUID(int=8), None)
    }
    assert len(ids) == 2 * len(Channel) * 3


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-11-23T00:00+00:00", "2026-11-23T00:00+00:00"),  # 08:00 in Shanghai
        ("2026-11-22T23:59+00:00", "2026-11-23T00:00+00:00"),
        ("2026-11-23T11:59+00:00", "2026-11-23T11:59+00:00"),
        ("2026-11-23T12:00+00:00", "2026-11-24T00:00+00:00"),  # 20:00
        ("2026-11-22T16:01+00:00", "2026-11-23T00:00+00:00"),  # a minute after midnight
    ],
)
def test_phones_are_silent_at_night(at: str, then: str) -> None:
    assert by_day(datetime.fromisoformat(at)) == datetime.fromisoformat(then)
    assert by_day(datetime.fromisoformat(at)).astimezone(UTC) >= datetime.fromisoformat(at)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  ", ""),
        ("zhao@km.gov.cn", "zhao@km.gov.cn"),
        (" zhao.min+1@km.gov.cn ", "zhao.min+1@km.gov.cn"),
        ("zhao＠km．gov．cn", "zhao@km.gov.cn"),
        ("zhao", None),
        ("zhao@km", None),
        ("zhao@@km.gov.cn", None),
        ("zhao@km..cn", None),
        ("a@b.cn\nBcc: c@d.cn", None),
        ("a@b.cn, c@d.cn", None),
        ("赵@km.gov.cn", None),
        ("x" * 190 + "@km.gov.cn", None),
    ],
)
def test_an_address_is_one_address(typed: str, kept: str | None) -> None:
    assert email_of(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("13888012345", "13888012345"),
        ("138 8801-2345", "13888012345"),
        ("＋86 138 8801 2345", "13888012345"),
        ("008613888012345", "13888012345"),
        ("12888012345", None),
        ("1388801234", None),
        ("0871-63136000", None),
        ("13888012345;13888012346", None),
    ],
)
def test_a_phone_is_a_mobile_number_of_the_mainland(typed: str, kept: str | None) -> None:
    assert phone_of(typed) == kept


def test_every_channel_kind_state_and_reason_has_its_words() -> None:
    assert words.CHANNELS.keys() == set(Channel)
    assert words.KINDS.keys() == set(Kind)
    assert words.STATES.keys() == set(State)
    assert set(words.REASONS) == set(Withheld)
    assert words.ACTIONS.keys() == ACTIONS.keys()
    assert {str(each) for each in words.ACTIONS.values()} == set(ACTIONS.values())
    assert {Channel(each) for each in CARRIERS.values()} < set(Channel)


def test_whatever_the_rules_say_has_happened_has_its_words() -> None:
    hints = get_type_hints(Escalation, include_extras=True)["on"].__metadata__
    known = next(each.words for each in hints if isinstance(each, OneOf))
    said = {key: str(each) for key, each in words.HAPPENED.items()}
    # A word of ours: what the rules call late, for the so-manieth time.
    assert said == {**known, OVERDUE_AGAIN: "多次逾期"}
