"""Where an official wants to be told: his own words, sealed, heeded, and taken back."""

from datetime import datetime
from uuid import UUID

import pytest

from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import Invalid, NotFound
from haochaping.foundation.sealing import SealBroken
from haochaping.notices.models import Preference
from haochaping.notices.operations.preferences import Wanted, set_preference
from haochaping.notices.queries.preferences import address_of, channels_of, preference
from haochaping.notices.states import TOLD, Channel, Kind
from tests.notices import EMAIL, PHONE, wants
from tests.orders import City, make_city, make_official

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return make_city()


def test_addresses_are_sealed_and_open_only_in_their_place(city: City, handler: UUID, now: datetime) -> None:
    wants(handler, now)
    row = Preference.objects.get()
    assert EMAIL.encode() not in bytes(row.email or b"")
    assert PHONE.encode() not in bytes(row.phone or b"")
    assert preference(official_id=handler).email == EMAIL
    assert address_of(official_id=handler, channel=Channel.SMS) == PHONE
    told = str(AuditEntry.objects.filter(act="notice.preference").values_list("detail", flat=True))
    assert EMAIL not in told
    assert PHONE not in told
    other = make_official(city.police, now, "other")
    Preference.objects.create(official_id=other, email=row.email, changed_at=now)
    with pytest.raises(SealBroken):
        preference(official_id=other)


def test_what_is_taken_back_is_gone(handler: UUID, now: datetime) -> None:
    wants(handler, now)
    wants(handler, now, phone="")
    assert preference(official_id=handler).sms_kinds == ()
    assert address_of(official_id=handler, channel=Channel.SMS) == ""
    assert Preference.objects.get().phone is None


def test_by_which_way_of_what(city: City, handler: UUID, now: datetime) -> None:
    silent = make_official(city.police, now, "silent")
    wanted = Wanted(EMAIL, PHONE, [Kind.OVERDUE, Kind.NEARING], [Kind.OVERDUE])
    set_preference(official_id=handler, wanted=wanted, now=now)
    found = channels_of([handler, silent])
    alone = dict.fromkeys(TOLD, (Channel.CONSOLE,))
    assert found[handler] == {
        **alone,
        Kind.NEARING: (Channel.CONSOLE, Channel.EMAIL),
        Kind.OVERDUE: (Channel.CONSOLE, Channel.EMAIL, Channel.SMS),
    }
    assert found[silent] == alone


@pytest.mark.parametrize(
    ("wanted", "problems"),
    [
        (Wanted("zhao", "1388801"), {("email", "form"), ("phone", "form")}),
        (Wanted("", "", ["overdue"], ["overdue"]), {("email", "required"), ("phone", "required")}),
    ],
)
def test_what_cannot_be_is_refused_with_a_word_for_each_field(
    handler: UUID, now: datetime, wanted: Wanted, problems: set[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        set_preference(official_id=handler, wanted=wanted, now=now)
    assert {(each.field, each.code) for each in refused.value.problems} == problems
    assert not Preference.objects.exists()


def test_unknown_kinds_and_unknown_people_are_nothing(handler: UUID, now: datetime) -> None:
    set_preference(official_id=handler, wanted=Wanted(EMAIL, "", ["alarm", "overdue"]), now=now)
    assert preference(official_id=handler).email_kinds == ("overdue",)
    with pytest.raises(NotFound):
        set_preference(official_id=UUID(int=1), wanted=Wanted(), now=now)
