"""Keys of business systems: a second one beside the first, an end for the first, all of it without a gap."""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.fragments import SECRET_PURPOSE, secret_place
from haochaping.accounts.models import ApiClient, ApiKey
from haochaping.accounts.queries.clients import client_id_of
from haochaping.audit.operations import record
from haochaping.foundation import base32
from haochaping.foundation.errors import Conflict, Invalid, NotFound, Problem
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import seal

_KEY_BYTES = 10
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A key with its secret: shown once, here, and never again."""

    key: str
    secret: str

    def __repr__(self) -> str:
        """Without the secret: this may end up in a log."""
        return f"IssuedKey(key={self.key!r})"


@transaction.atomic
def add_key(*, client: str, now: datetime, actor: str) -> IssuedKey:
    """One more key for a client (its id or any of its keys); those that it has stay good.

    Raises NotFound for an unknown client, Conflict for one that has ended.
    """
    found = ApiClient.objects.select_for_update().get(id=client_id_of(client))
    if found.ended_at is not None and found.ended_at <= now:
        raise Conflict("client_ended", _("该接入系统已停用，不能再发放密钥：请新建一个接入系统。"))
    issued = issue(found, now)
    record(now=now, actor=actor, act="client.key.add", subject=str(found.id), detail={"key": issued.key})
    return issued


@transaction.atomic
def end_key(*, key: str, now: datetime, actor: str, at: datetime | None = None) -> datetime:
    """Ends a key at an instant to come, or at once; returns when. Requests of later are refused.

    An end that was set may be moved as long as it has not come. Raises NotFound for an unknown key, Conflict for
    one that has ended, Invalid for an instant that is past.
    """
    found = ApiKey.objects.select_for_update().filter(id=key.strip()).first()
    if found is None:
        raise NotFound("unknown_key", _("没有这个密钥：请核对，或用 client list 查看。"))
    ends = [end for end in (found.expires_at, found.revoked_at) if end is not None]
    if ends and min(ends) <= now:
        raise Conflict("key_ended", _("该密钥已经停用。"))
    if at is not None and at <= now:
        past = _("停用时间已经过去：请给出以后的时间，或不填时间，立即停用。")
        raise Invalid([Problem("at", "past", past)])
    if at is None:
        found.revoked_at = now
    else:
        found.expires_at = at
    found.save(update_fields=["expires_at", "revoked_at"])
    end = at or now
    detail = {"key": found.id, "end": end.isoformat()}
    record(now=now, actor=actor, act="client.key.end", subject=str(found.client_id), detail=detail)
    return end


def issue(client: ApiClient, now: datetime) -> IssuedKey:
    """A new key, in the caller's transaction."""
    issued = IssuedKey(key=base32.encode(os.urandom(_KEY_BYTES)), secret=secrets.token_hex(_SECRET_BYTES))
    ApiKey.objects.create(
        id=issued.key,
        client=client,
        sealed_secret=seal(key_for(SECRET_PURPOSE), issued.secret.encode(), secret_place(issued.key)),
        created_at=now,
    )
    return issued
