"""Signing in by an identity provider: whom it means by an official is laid down by a system administrator, never guessed."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from haochaping.accounts.models import Official, ProviderSubject
from haochaping.accounts.operations.guessing import begin_attempt, take_back
from haochaping.accounts.operations.posts import managed
from haochaping.accounts.operations.second_factor import enter
from haochaping.accounts.operations.sessions import end_all
from haochaping.accounts.queries.officials import actor_of
from haochaping.accounts.queries.second_factor import Stage, stage
from haochaping.accounts.rules import FREE_FAILURES_ADDRESS
from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, Problem
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3
from haochaping.foundation.subscribers import subscriber

_ACT: Final = "official.provider"
_LONGEST: Final = 255


@transaction.atomic
def link_subject(
    *, official_id: UUID, issuer: str, subject: str, administrator_id: UUID, now: datetime
) -> None:
    """The provider `issuer` means this official by `subject`. Raises NotFound and NotAllowed as all acts on officials do,
    Conflict where one is linked already, Invalid for what is no subject or another official's."""
    official, who, _reach = managed(official_id, administrator_id, now)
    subject = subject.strip()
    if not 0 < len(subject) <= _LONGEST:
        words = _(
            "请填写该人员在统一身份认证中的标识，不超过255个字符。本人第一次登录未成功时，页面上会显示。"
        )
        raise Invalid([Problem("subject", "form", words)])
    if ProviderSubject.objects.filter(official=official).exists():
        raise Conflict("linked", _("统一身份已经关联。要更换的，请先解除关联。"))
    try:
        with transaction.atomic():
            ProviderSubject.objects.create(official=official, digest=_digest(issuer, subject), linked_at=now)
    except IntegrityError as error:
        words = _("这个标识已经关联另一名人员，请核对。")
        raise Invalid([Problem("subject", "taken", words)]) from error
    audit.record(now=now, actor=who.actor, act="official.provider.link", subject=actor_of(official.username))


@transaction.atomic
def unlink_subject(*, official_id: UUID, administrator_id: UUID, now: datetime) -> None:
    """He signs in by the provider no longer; his sessions end. Raises NotFound, NotAllowed, and Conflict where nothing is
    linked."""
    official, who, _reach = managed(official_id, administrator_id, now)
    if not ProviderSubject.objects.filter(official=official).delete()[0]:
        raise Conflict("unlinked", _("没有关联统一身份。"))
    detail = {"ended": end_all(official_id=official_id)}
    actor = actor_of(official.username)
    audit.record(now=now, actor=who.actor, act="official.provider.unlink", subject=actor, detail=detail)


def begin_by_provider(*, address: str, now: datetime) -> None:
    """Counts what comes back from a provider as an attempt of that address (the browser's) to get in, until it was a good
    one. Raises TooManyFailures while locked."""
    begin_attempt("address", subscriber(address), free=FREE_FAILURES_ADDRESS, now=now)


@transaction.atomic
def refuse_by_provider(*, why: str, now: datetime) -> None:
    """Puts on record that somebody came from the provider and was not let in; `why` quotes nothing that was sent."""
    audit.record(now=now, actor="anonymous", act=_ACT, result="refused", detail={"why": why})


def sign_in_by_provider(*, issuer: str, subject: str, strong: bool, address: str, now: datetime) -> Official:
    """The official whom a checked token means, for the session to be opened: at once where the provider asked for a second
    factor (`strong`) or none is asked for, else after ours.

    Raises NotAllowed for a subject that nobody laid down, and for an account that has ended: no account is ever made here.
    """
    official = Official.objects.filter(
        provider_subject__digest=_digest(issuer, subject), is_active=True
    ).first()
    if official is None:
        refuse_by_provider(why="unlinked", now=now)
        raise NotAllowed("unlinked", _("您的统一身份没有关联本系统的账号，或者账号已停用。"))
    with transaction.atomic():
        take_back("address", subscriber(address))
        if strong or stage(official_id=official.id, on=local_day(now)) is Stage.NONE:
            enter(official_id=official.id, by="provider", now=now)
        else:
            actor = actor_of(official.username)
            audit.record(now=now, actor=actor, act=_ACT, subject=actor)
    return official


def _digest(issuer: str, subject: str) -> bytes:
    return hmac_sm3(key_for("provider subject"), f"{issuer}\n{subject}".encode())
