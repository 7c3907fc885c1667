"""Business systems that may call the API: made, given keys, and the nonces they used forgotten in time."""

import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.fragments import SECRET_PURPOSE, secret_place
from haochaping.accounts.models import ApiClient, ApiKey, ApiNonce
from haochaping.audit.operations import record
from haochaping.foundation import base32
from haochaping.foundation.errors import Invalid, NotFound, Problem
from haochaping.foundation.ids import new_id
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import seal
from haochaping.registry.queries import organisation_id_by_credit_code

RIGHTS = ("report", "rate")
# A timestamp may be five minutes off either way; a nonce must be remembered for longer than that.
NONCES_KEPT = timedelta(minutes=15)
_LONGEST_PLATFORM = 40
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
def create_client(
    *, organisation: str, rights: Collection[str], actor: str, now: datetime, platform: str = ""
) -> IssuedKey:
    """A new client of the organisation with this credit code, with its first key.

    `rights` out of RIGHTS. `platform`: whose case numbers it reports (1 to 40 characters), by default the
    credit code. Raises Invalid for rights or platform, NotFound for an organisation that the registry does
    not know.
    """
    problems = _problems(rights, platform)
    if problems:
        raise Invalid(problems)
    organisation_id = organisation_id_by_credit_code(organisation)
    if organisation_id is None:
        raise NotFound(
            "unknown_organisation",
            _("机构库中没有统一社会信用代码为 %(code)s 的机构：请核对代码，或先导入机构库。")
            % {"code": organisation},
        )
    client = ApiClient.objects.create(
        id=new_id(now),
        organisation_id=organisation_id,
        platform=platform.strip() or organisation,
        rights=sorted(set(rights)),
        created_at=now,
    )
    issued = _issue_key(client, now)
    record(
        now=now,
        actor=actor,
        act="client.create",
        subject=str(client.id),
        detail={
            "organisation": organisation,
            "platform": client.platform,
            "rights": client.rights,
            "key": issued.key,
        },
    )
    return issued


def purge_nonces(*, now: datetime) -> int:
    """Forgets nonces whose timestamp could no longer pass; returns how many."""
    return ApiNonce.objects.filter(seen_at__lt=now - NONCES_KEPT).delete()[0]


def _problems(rights: Collection[str], platform: str) -> list[Problem]:
    problems = []
    unknown = sorted(set(rights) - set(RIGHTS))
    if unknown or not rights:
        problems.append(
            Problem(
                "rights",
                "unknown_right" if unknown else "required",
                _("权限只能是：%(known)s；不认识：%(unknown)s。")
                % {"known": ", ".join(RIGHTS), "unknown": ", ".join(unknown) or _("（空）")},
            )
        )
    if len(platform.strip()) > _LONGEST_PLATFORM:
        problems.append(Problem("platform", "too_long", _("平台标识最多40个字符。")))
    return problems


def _issue_key(client: ApiClient, now: datetime) -> IssuedKey:
    issued = IssuedKey(key=base32.encode(os.urandom(_KEY_BYTES)), secret=secrets.token_hex(_SECRET_BYTES))
    ApiKey.objects.create(
        id=issued.key,
        client=client,
        sealed_secret=seal(key_for(SECRET_PURPOSE), issued.secret.encode(), secret_place(issued.key)),
        created_at=now,
    )
    return issued
