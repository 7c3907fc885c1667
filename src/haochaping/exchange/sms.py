"""Text messages by an SMS gateway: one signed POST of JSON each, in the words of the gateway (docs/notices.md)."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from haochaping.exchange.outcome import Message, NotTold
from haochaping.exchange.signed import Webhook, WebhookUnusable, post, webhook_of
from haochaping.foundation.outgoing import NoAnswer

KEY: Final = "notices"
PREFIX: Final = "HAOCHAPING_SMS"
# What the gateway is sent, unless the settings say otherwise; each word in braces is put in as it stands.
TEMPLATE: Final = '{"id": "{id}", "phone": "{phone}", "text": "{text}"}'
WORDS: Final = ("id", "phone", "text", "title", "link")
# What its answer must say: 2xx alone is not enough, for gateways answer errors with 200.
ACCEPTED: Final = "status=accepted"
_BUSY: Final = frozenset({408, 425, 429})
_WORD: Final = re.compile(r"\{([a-z]*)\}")


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where text messages go, how they are said (JSON whose strings may hold words in braces), and what field of the answer
    has to have what value."""

    where: Webhook
    template: Any
    field: tuple[str, ...]
    value: str


def gateway(environment: Mapping[str, str] = os.environ) -> Gateway | None:
    """From HAOCHAPING_SMS_URL, _SECRET, _ALGORITHM, _TEMPLATE and _ACCEPTED; None without an address. Raises
    WebhookUnusable."""
    where = webhook_of(environment, PREFIX, key=KEY)
    if where is None:
        return None
    field, equals, value = environment.get(f"{PREFIX}_ACCEPTED", ACCEPTED).partition("=")
    if not (field.strip() and equals and value.strip()):
        raise WebhookUnusable(
            "sms_accepted", f"{PREFIX}_ACCEPTED is FIELD=VALUE, such as code=0 or result.status=ok."
        )
    template = _template(environment.get(f"{PREFIX}_TEMPLATE", TEMPLATE))
    return Gateway(where, template, tuple(field.strip().split(".")), value.strip())


def send(to: Gateway, message: Message, *, now: datetime) -> None:
    """One message. Raises NotTold when the gateway did not say that it has taken it."""
    said = {
        "id": message.id,
        "phone": message.to,
        "text": "".join((message.title, "。", *message.lines)),
        "title": message.title,
        "link": message.link,
    }
    body = json.dumps(_filled(to.template, said), ensure_ascii=False).encode()
    try:
        answer = post(to.where, body, idempotency=message.id, now=now)
    except NoAnswer as problem:
        raise NotTold(problem.reason, away=True) from None
    if not 200 <= answer.status < 300:
        raise NotTold(f"HTTP {answer.status}", away=answer.status >= 500 or answer.status in _BUSY)
    if not _accepted(to, answer.body):
        raise NotTold("not accepted")


def _template(text: str) -> Any:
    """Raises WebhookUnusable."""
    try:
        template = json.loads(text)
    except ValueError as error:
        raise WebhookUnusable("sms_template", f"{PREFIX}_TEMPLATE is no JSON: {error}.") from None
    words = set(_WORD.findall(json.dumps(template, ensure_ascii=False)))
    if unknown := sorted(words - set(WORDS)):
        raise WebhookUnusable(
            "sms_template", f"{PREFIX}_TEMPLATE knows {', '.join(WORDS)}, not {', '.join(unknown)}."
        )
    if "phone" not in words or words.isdisjoint({"text", "title"}):
        raise WebhookUnusable(
            "sms_template", f"{PREFIX}_TEMPLATE needs {{phone}}, and {{text}} or {{title}}."
        )
    return template


def _filled(template: Any, said: Mapping[str, str]) -> Any:
    """The same shape with the words put in; each string is filled once, so that what is put in is never read as a word."""
    if isinstance(template, str):
        return _WORD.sub(lambda word: said[word[1]], template)
    if isinstance(template, list):
        return [_filled(each, said) for each in template]
    if isinstance(template, dict):
        return {name: _filled(each, said) for name, each in template.items()}
    return template


def _accepted(to: Gateway, body: bytes) -> bool:
    try:
        found = json.loads(body)
    except ValueError:
        return False
    for name in to.field:
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, bool):
        return to.value == ("true" if found else "false")
    return isinstance(found, str | int) and str(found) == to.value
