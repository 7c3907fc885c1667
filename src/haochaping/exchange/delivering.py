"""Notices that wait are carried out of the house: by mail and by text message, each to its end, one after the other."""

import logging
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final

from django.utils.translation import override

from haochaping.audit.queries import recorded
from haochaping.exchange import mail, sms
from haochaping.exchange.outcome import Message, NotTold
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Refused
from haochaping.foundation.sealing import SealBroken
from haochaping.notices.operations import outbox
from haochaping.notices.queries.outbox import Letter, letter
from haochaping.notices.queries.preferences import address_of
from haochaping.notices.states import CARRIED, Channel, Withheld
from haochaping.notices.words import lines, page_of, title
from haochaping.simulation.marks import BEGUN

# Seconds for one channel in one round; what is under way then is finished.
PATIENCE: Final = 20.0

Clock = Callable[[], datetime]
Send = Callable[[Message, Letter, datetime], None]

_log = logging.getLogger(__name__)


def carry_out(
    *,
    clock: Clock,
    environment: Mapping[str, str] = os.environ,
    timer: Callable[[], float] = time.monotonic,
) -> int:
    """Sends what is due by each channel for some twenty seconds; how many arrived.

    A demo sends nothing, nor does a channel that is not set up: what waits for it is withheld. Settings that cannot be used
    keep their own channel waiting, and are complained of. A peer that is away is asked once a round. Raises Refused for the
    first setting that cannot be used, after all that can be done is done.
    """
    arrived, unusable = 0, list[Refused]()
    for channel, found in _SENDERS.items():
        if recorded(BEGUN):
            outbox.withhold_all(channel=channel, reason=Withheld.DEMO, now=clock())
            continue
        try:
            send = found(environment)
        except Refused as refusal:
            unusable.append(refusal)
            continue
        if send is None:
            outbox.withhold_all(channel=channel, reason=Withheld.OFF, now=clock())
        else:
            arrived += _carry(channel, send, clock, timer)
    if unusable:
        raise unusable[0]
    return arrived


def set_up(environment: Mapping[str, str] = os.environ) -> frozenset[Channel]:
    """By which channels people can be told here; one that cannot be used now counts as one that is meant to be."""
    if recorded(BEGUN):
        return frozenset()
    names = {Channel.EMAIL: f"{mail.PREFIX}_HOST", Channel.SMS: f"{sms.PREFIX}_URL"}
    return frozenset(channel for channel in CARRIED if environment.get(names[channel]))


def _carry(channel: Channel, send: Send, clock: Clock, timer: Callable[[], float]) -> int:
    end, arrived = timer() + PATIENCE, 0
    while timer() < end:
        taken = outbox.take(channel=channel, now=clock())
        if taken is None:
            break
        try:
            arrived += _told(taken, send, clock)
        except NotTold as problem:
            given_up = taken.last or problem.for_good
            _log.warning(
                "a notice could not be sent by %s (%s)%s",
                channel,
                problem.reason,
                ", given up" if given_up else "",
            )
            outbox.not_sent(taken, error=problem.reason, now=clock(), for_good=problem.for_good)
            if problem.away:
                break
    return arrived


def _told(taken: outbox.Taken, send: Send, clock: Clock) -> bool:
    """Raises NotTold."""
    found = letter(taken.id)
    if found is None:
        raise NotTold("nobody", for_good=True)
    address = ""
    with suppress(SealBroken):
        address = address_of(official_id=found.official_id, channel=taken.channel)
    if not address:
        outbox.withhold(taken, reason=Withheld.NO_ADDRESS, now=clock())
        return False
    send(message_of(found, address), found, clock())
    outbox.sent(taken, now=clock())
    return True


def message_of(found: Letter, address: str) -> Message:
    """What is said, in Chinese: about what, what to do, by when, by which rule. The link needs the recipient's sign-in."""
    base = os.environ.get("HAOCHAPING_BASE_URL", "").rstrip("/")
    with override("zh-hans"):
        return Message(str(found.id), address, title(found), lines(found), base + page_of(found))


def _by_mail(environment: Mapping[str, str]) -> Send | None:
    server = mail.mail_server(environment)
    if server is None:
        return None
    return lambda message, found, _now: mail.send(server, message, created_at=found.created_at.astimezone(CN))


def _by_sms(environment: Mapping[str, str]) -> Send | None:
    gateway = sms.gateway(environment)
    if gateway is None:
        return None
    return lambda message, _found, now: sms.send(gateway, message, now=now)


_SENDERS: Final[Mapping[Channel, Callable[[Mapping[str, str]], Send | None]]] = {
    Channel.EMAIL: _by_mail,
    Channel.SMS: _by_sms,
}
