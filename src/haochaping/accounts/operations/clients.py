"""Business systems that may call the API: made, changed, ended, and the nonces they used forgotten in time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.clients import TOLERANCE, TOLERANCES, Reach, Right
from haochaping.accounts.models import ApiClient, ApiNonce
from haochaping.accounts.operations.keys import IssuedKey, issue
from haochaping.accounts.queries.clients import client_id_of
from haochaping.audit.operations import record
from haochaping.foundation.errors import Conflict, Invalid, NotFound, Problem
from haochaping.foundation.ids import new_id
from haochaping.registry.queries import organisation_id_by_credit_code

# A nonce must be remembered for as long as a timestamp could pass: twice the longest tolerance, and a little more.
NONCES_KEPT: Final = timedelta(seconds=2 * TOLERANCES[-1] + 300)
LIMITS: Final = ("calls", "calls_burst", "records", "records_burst")
_LONGEST_PLATFORM = 40
_LARGEST_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What is laid down for a client and may be changed; None leaves a thing as it is (or as the product has it).

    `reach` one of clients.Reach, `listed` the credit codes that go with "listed"; `clock_tolerance` in seconds, within
    clients.TOLERANCES; `limits` by the names in LIMITS, each a number from 1 on, or None for the product's own.
    """

    rights: Collection[str] | None = None
    reach: str | None = None
    listed: Collection[str] = ()
    clock_tolerance: int | None = None
    limits: Mapping[str, int | None] = field(default_factory=dict)


@transaction.atomic
def create_client(
    *,
    organisation: str,
    rights: Collection[str],
    actor: str,
    now: datetime,
    platform: str = "",
    terms: Terms | None = None,
) -> IssuedKey:
    """A new client of the organisation with this credit code, with its first key.

    `rights` out of clients.Right. `platform`: whose case numbers it reports (1 to 40 characters), by default the
    credit code. Without `terms` it may report for every organisation of its platform. Raises Invalid for rights,
    platform or terms, NotFound for an organisation that the registry does not know.
    """
    client = ApiClient(id=new_id(now), created_at=now, rights=[], clock_tolerance=TOLERANCE)
    wanted = terms or Terms()
    problems = [*_rights_problems(rights), *_apply(client, wanted)]
    if len(platform.strip()) > _LONGEST_PLATFORM:
        problems.append(Problem("platform", "too_long", _("平台标识最多40个字符。")))
    if problems:
        raise Invalid(problems)
    organisation_id = organisation_id_by_credit_code(organisation)
    if organisation_id is None:
        raise NotFound(
            "unknown_organisation",
            _("机构库中没有统一社会信用代码为 %(code)s 的机构：请核对代码，或先导入机构库。")
            % {"code": organisation},
        )
    client.organisation_id = organisation_id
    client.platform = platform.strip() or organisation
    client.rights = sorted(set(rights))
    client.save(force_insert=True)
    issued = issue(client, now)
    detail = {"organisation": organisation, "platform": client.platform, "key": issued.key}
    record(now=now, actor=actor, act="client.create", subject=str(client.id), detail=detail | _told(client))
    return issued


@transaction.atomic
def change_client(*, client: str, terms: Terms, now: datetime, actor: str) -> None:
    """Other terms for a client (its id or a key of it), from the next call on.

    Raises NotFound for an unknown client, Conflict for an ended one, Invalid for terms that cannot be.
    """
    found = _locked(client, now)
    before = _told(found)
    problems = [] if terms.rights is None else _rights_problems(terms.rights)
    problems += _apply(found, terms)
    if problems:
        raise Invalid(problems)
    if terms.rights is not None:
        found.rights = sorted(set(terms.rights))
    found.save()
    detail = {"before": before, "after": _told(found)}
    record(now=now, actor=actor, act="client.change", subject=str(found.id), detail=detail)


@transaction.atomic
def end_client(*, client: str, now: datetime, actor: str) -> None:
    """No key of the client is good any more, from now on. Raises NotFound, and Conflict when it has ended already."""
    found = _locked(client, now)
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    record(now=now, actor=actor, act="client.end", subject=str(found.id), detail={"platform": found.platform})


def purge_nonces(*, now: datetime) -> int:
    """Forgets nonces whose timestamp could no longer pass; returns how many."""
    return ApiNonce.objects.filter(seen_at__lt=now - NONCES_KEPT).delete()[0]


def _locked(reference: str, now: datetime) -> ApiClient:
    found = ApiClient.objects.select_for_update().get(id=client_id_of(reference))
    if found.ended_at is not None and found.ended_at <= now:
        raise Conflict("client_ended", _("该接入系统已停用：请新建一个接入系统。"))
    return found


def _told(client: ApiClient) -> dict[str, object]:
    """The terms of a client, for the audit trail."""
    told = ("rights", "reach", "listed", "clock_tolerance", *LIMITS)
    return {name: getattr(client, name) for name in told}


def _apply(client: ApiClient, terms: Terms) -> list[Problem]:
    """Lays the terms down for a client that is not yet saved; what cannot be is returned instead."""
    problems = _reach_problems(client, terms)
    if terms.clock_tolerance is not None:
        if terms.clock_tolerance not in TOLERANCES:
            words = _("时钟误差只能在%(least)d至%(most)d秒之间。")
            bounds = {"least": TOLERANCES[0], "most": TOLERANCES[-1]}
            problems.append(Problem("clock_tolerance", "range", words % bounds))
        client.clock_tolerance = terms.clock_tolerance
    for name, limit in terms.limits.items():
        if limit is not None and not 1 <= limit <= _LARGEST_LIMIT:
            problems.append(Problem(name, "range", _("限额应为1至1000000之间的整数。")))
        setattr(client, name, limit)
    return problems


def _reach_problems(client: ApiClient, terms: Terms) -> list[Problem]:
    if terms.reach is None and not terms.listed:
        return []
    reach = terms.reach or Reach.LISTED
    if reach not in list(Reach):
        known = ", ".join(Reach)
        return [Problem("scope", "unknown", _("报送范围只能是：%(known)s。") % {"known": known})]
    if (reach == Reach.LISTED) != bool(terms.listed):
        return [Problem("scope", "listed", _("机构清单只用于报送范围“listed”，且至少要有一个机构。"))]
    ids = {code: organisation_id_by_credit_code(code) for code in terms.listed}
    client.reach = reach
    client.listed = sorted(number for number in ids.values() if number is not None)
    unknown = sorted(code for code, number in ids.items() if number is None)
    words = _("机构库中没有这些统一社会信用代码：%(codes)s。请核对代码，或先导入机构库。")
    return [Problem("listed", "unknown", words % {"codes": ", ".join(unknown)})] if unknown else []


def _rights_problems(rights: Collection[str]) -> list[Problem]:
    unknown = sorted(set(rights) - set(Right))
    if rights and not unknown:
        return []
    words = _("权限只能是：%(known)s；不认识：%(unknown)s。")
    named = {"known": ", ".join(Right), "unknown": ", ".join(unknown) or _("（空）")}
    return [Problem("rights", "unknown_right" if unknown else "required", words % named)]
