"""The video platform of the halls: addresses that open a clip, signed, and requests to keep one (docs/evidence.md)."""

import hashlib
import hmac
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import quote

from haochaping.audit.queries import recorded
from haochaping.evidence.clips import ADDRESS_FOR, Clip
from haochaping.exchange.outcome import NotTold
from haochaping.exchange.signed import Webhook, WebhookUnusable, post, webhook_of
from haochaping.foundation.outgoing import NoAnswer, checked_address
from haochaping.foundation.sealing import hmac_sm3
from haochaping.intake.signature import SHA256, SM3
from haochaping.notices.operations import outbox
from haochaping.notices.states import Channel, Withheld
from haochaping.simulation.marks import BEGUN

KEY: Final = "video"
PREFIX: Final = "HAOCHAPING_VIDEO"
KEEP: Final = "HAOCHAPING_VIDEO_KEEP"
WORDS: Final = frozenset({"camera", "begin", "end", "expires", "signature"})
_WORD: Final = re.compile(r"\{([a-z_]*)\}")
_LEAST_SECRET: Final = 16
_AT_ONCE: Final = 10
_BUSY: Final = frozenset({408, 425, 429})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Platform:
    """How a clip is opened: the address with words in braces, and what it is signed with."""

    template: str = field(repr=False)
    secret: str = field(repr=False)
    algorithm: str


def platform(environment: Mapping[str, str] = os.environ) -> Platform | None:
    """From HAOCHAPING_VIDEO_URL, _SECRET and _ALGORITHM; None without an address, and always for a demo. Raises
    WebhookUnusable."""
    template = environment.get(f"{PREFIX}_URL", "").strip()
    if not template or recorded(BEGUN):
        return None
    words = _WORD.findall(template)
    if set(words) != WORDS or len(words) != len(WORDS):
        wanted = ", ".join(f"{{{word}}}" for word in sorted(WORDS))
        raise WebhookUnusable("video_url", f"{PREFIX}_URL needs {wanted}, each once, and knows no others.")
    try:
        checked_address(_WORD.sub("0", template))
    except ValueError as error:
        raise WebhookUnusable("video_url", f"{PREFIX}_URL is {error}.") from None
    secret = environment.get(f"{PREFIX}_SECRET", "")
    if len(secret) < _LEAST_SECRET:
        raise WebhookUnusable(
            "video_secret", f"{PREFIX}_SECRET must have at least {_LEAST_SECRET} characters."
        )
    algorithm = environment.get(f"{PREFIX}_ALGORITHM", SM3)
    if algorithm not in (SM3, SHA256):
        raise WebhookUnusable("video_algorithm", f"{PREFIX}_ALGORITHM is {SM3} or {SHA256}.")
    return Platform(template, secret, algorithm)


def address(where: Platform, clip: Clip, *, now: datetime) -> str:
    """The address that opens a clip for some minutes: seconds since 1970, and the HMAC of camera, begin, end and end of
    validity, a line each, in hexadecimal digits."""
    said = {
        "camera": clip.camera,
        "begin": str(int(clip.begins_at.timestamp())),
        "end": str(int(clip.ends_at.timestamp())),
        "expires": str(int((now + ADDRESS_FOR).timestamp())),
    }
    text = "\n".join(said.values()).encode()
    said["signature"] = _signed(where, text)
    return _WORD.sub(lambda word: quote(said[word[1]], safe=""), where.template)


def ask_to_keep(*, now: datetime, environment: Mapping[str, str] = os.environ) -> int:
    """Asks the platform to keep what waits to be kept; how many requests it took. Where it is away, or does not take one,
    it is asked again later, by the same key. Raises WebhookUnusable."""
    where = webhook_of(environment, KEEP, key=KEY)
    if recorded(BEGUN) or where is None:
        reason = Withheld.DEMO if recorded(BEGUN) else Withheld.OFF
        outbox.withhold_all(channel=Channel.VIDEO, reason=reason, now=now)
        return 0
    taken_by_it = 0
    for _ in range(_AT_ONCE):
        taken = outbox.take(channel=Channel.VIDEO, now=now)
        if taken is None:
            break
        try:
            _ask(where, taken, now)
        except NotTold as problem:
            _log.warning("the video platform was not asked to keep a clip (%s)", problem.reason)
            outbox.not_sent(taken, error=problem.reason, now=now)
            if problem.away:
                break
        else:
            outbox.sent(taken, now=now)
            taken_by_it += 1
    return taken_by_it


def _ask(where: Webhook, taken: outbox.Taken, now: datetime) -> None:
    """Raises NotTold."""
    try:
        answer = post(where, taken.body.encode(), idempotency=str(taken.id), now=now)
    except NoAnswer as problem:
        raise NotTold(problem.reason, away=True) from None
    if not 200 <= answer.status < 300:
        raise NotTold(f"HTTP {answer.status}", away=answer.status >= 500 or answer.status in _BUSY)


def _signed(where: Platform, text: bytes) -> str:
    key = where.secret.encode()
    if where.algorithm == SHA256:
        return hmac.new(key, text, hashlib.sha256).hexdigest()
    return hmac_sm3(key, text).hex()
