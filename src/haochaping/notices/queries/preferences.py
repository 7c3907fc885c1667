"""Where and of what officials are to be told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from haochaping.notices.models import Preference
from haochaping.notices.sealed import opened_address
from haochaping.notices.states import TOLD, Channel, Kind


@dataclass(frozen=True, slots=True)
class PreferenceView:
    """An official's own words, in plain: for him alone."""

    email: str = ""
    phone: str = ""
    email_kinds: tuple[str, ...] = ()
    sms_kinds: tuple[str, ...] = ()


def preference(*, official_id: UUID) -> PreferenceView:
    """His own; empty before he has said anything. Raises SealBroken."""
    row = Preference.objects.filter(official_id=official_id).first()
    if row is None:
        return PreferenceView()
    return PreferenceView(
        opened_address(row.email, official_id=official_id, column="email"),
        opened_address(row.phone, official_id=official_id, column="phone"),
        tuple(row.email_kinds),
        tuple(row.sms_kinds),
    )


def address_of(*, official_id: UUID, channel: Channel) -> str:
    """Where to send, "" when he has given no such address, or has taken it back. Raises SealBroken."""
    column = "email" if channel is Channel.EMAIL else "phone"
    sealed = Preference.objects.filter(official_id=official_id).values_list(column, flat=True).first()
    return opened_address(sealed, official_id=official_id, column=column)


def channels_of(official_ids: Collection[UUID]) -> Mapping[UUID, Mapping[Kind, tuple[Channel, ...]]]:
    """By which ways each of these officials is told of what: in the console always, by others as he has asked for."""
    said = {row.official_id: row for row in Preference.objects.filter(official_id__in=official_ids)}
    return {each: {kind: _channels(said.get(each), kind) for kind in TOLD} for each in official_ids}


def _channels(said: Preference | None, kind: Kind) -> tuple[Channel, ...]:
    if said is None:
        return (Channel.CONSOLE,)
    email = (Channel.EMAIL,) if said.email and kind in said.email_kinds else ()
    sms = (Channel.SMS,) if said.phone and kind in said.sms_kinds else ()
    return (Channel.CONSOLE, *email, *sms)
