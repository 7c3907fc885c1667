"""The second factor: set up by its official, asked for at every sign-in, taken away by an administrator when it is lost."""

import os
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts import second_factor as codes
from haochaping.accounts.models import Official, RecoveryCode, SecondFactor
from haochaping.accounts.operations.guessing import begin_attempt, forget
from haochaping.accounts.operations.sessions import make_room
from haochaping.accounts.queries.officials import actor_of
from haochaping.audit import operations as audit
from haochaping.foundation import base32
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from haochaping.foundation.ids import new_id
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3, seal, unseal

_PURPOSE = "second factor"
_KIND = "second factor"


def offer(official_id: UUID) -> bytes:
    """A fresh secret for an official's authenticator, sealed as it would be kept: to be carried until it is confirmed."""
    return seal(key_for(_PURPOSE), os.urandom(codes.SECRET_BYTES), _place(official_id))


def opened(official_id: UUID, sealed: bytes) -> bytes:
    """The secret of a seal of that official. Raises SealBroken."""
    return unseal(key_for(_PURPOSE), sealed, _place(official_id))


@transaction.atomic
def set_up(
    *, official_id: UUID, sealed: bytes, code: str, now: datetime, entering: bool = False
) -> tuple[str, ...]:
    """Keeps the offered secret once a code of it was typed; returns the recovery codes, here and never again. `entering`: he
    signs in by it as well, which is an act of its own.

    Raises NotFound for an account that has ended, Conflict where one is set up already, Invalid for a wrong code,
    SealBroken for what was not offered to him.
    """
    official = Official.objects.select_for_update().filter(id=official_id, is_active=True).first()
    if official is None:
        raise NotFound("official", _("没有这个人员，或者其账号已停用。"))
    if SecondFactor.objects.filter(official=official).exists():
        raise Conflict("enrolled", _("动态口令已经设置过。更换手机请向系统管理员申请重置。"))
    step = codes.step_of(opened(official_id, sealed), _digits(code), now)
    if step is None:
        raise Invalid([Problem("code", "wrong", _wrong_words())])
    SecondFactor.objects.create(official=official, sealed_secret=sealed, created_at=now, last_step=step)
    fresh = _fresh_recovery_codes(official_id, now)
    actor = actor_of(official.username)
    audit.record(now=now, actor=actor, act="official.second_factor.set", subject=actor)
    if entering:
        enter(official_id=official_id, by="new authenticator", now=now)
    return fresh


def renew_recovery_codes(*, official_id: UUID, password: str, code: str, now: datetime) -> tuple[str, ...]:
    """New recovery codes in place of all earlier ones, used or not; returned here and never again. He proves himself anew:
    by his password, where he has one, and by his authenticator, not by a recovery code, which somebody may have found.

    Raises NotFound for an account that has ended or has no authenticator, TooManyFailures while locked, Invalid for a wrong
    password or code.
    """
    official = Official.objects.filter(id=official_id, is_active=True, second_factor__isnull=False).first()
    if official is None:
        raise NotFound("second_factor", _("没有设置动态口令，也就没有恢复码。"))
    actor = actor_of(official.username)
    begin_attempt(_KIND, official.username, free=codes.FREE_FAILURES, now=now, subject=actor)
    with transaction.atomic():
        problem = _unproved(official, password, code, now)
        if problem is None:
            forget(_KIND, official.username)
            # Whoever renews at the same moment waits here: the codes of one of the two are good, not of both.
            SecondFactor.objects.select_for_update().get(official_id=official_id)
            fresh = _fresh_recovery_codes(official_id, now)
            audit.record(now=now, actor=actor, act="official.recovery_codes.renew", subject=actor)
            return fresh
        audit.record(
            now=now, actor=actor, act="official.recovery_codes.renew", subject=actor, result="refused"
        )
    raise Invalid([problem])


def _unproved(official: Official, password: str, code: str, now: datetime) -> Problem | None:
    """What is wrong of what he typed. A code is used up by a right password only."""
    if official.has_usable_password() and not check_password(password, official.password):
        return Problem("password", "wrong", _("密码不正确，请重新输入。"))
    if not _by_authenticator(official.id, _digits(code), now):
        return Problem("code", "wrong", _wrong_words())
    return None


def _fresh_recovery_codes(official_id: UUID, now: datetime) -> tuple[str, ...]:
    """Puts new codes in the place of all that there were, in the caller's transaction."""
    fresh = [os.urandom(codes.RECOVERY_BYTES) for _each in range(codes.RECOVERY_CODES)]
    RecoveryCode.objects.filter(official_id=official_id).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(id=new_id(now), official_id=official_id, digest=_digest(official_id, each))
        for each in fresh
    )
    return tuple(_grouped(base32.encode(each)) for each in fresh)


def pass_code(*, official_id: UUID, code: str, now: datetime) -> None:
    """The second step of signing in: a code of the authenticator, good once, or a recovery code, good once.

    Raises TooManyFailures while locked, NotAllowed for a wrong or used code, also of an account that has ended.
    """
    official = Official.objects.filter(id=official_id, is_active=True).first()
    if official is None:
        raise NotAllowed("code", _wrong_words())
    actor = actor_of(official.username)
    begin_attempt(_KIND, official.username, free=codes.FREE_FAILURES, now=now, subject=actor)
    with transaction.atomic():
        by = _by_authenticator(official_id, _digits(code), now) or _by_recovery(official_id, code, now)
        if by:
            forget(_KIND, official.username)
            enter(official_id=official_id, by=by, now=now)
            return
        audit.record(
            now=now, actor="anonymous", act="official.second_factor", subject=actor, result="refused"
        )
    raise NotAllowed("code", _wrong_words())


def enter(*, official_id: UUID, by: str, now: datetime) -> None:
    """Notes, in the caller's transaction, that an official signed in; the oldest of too many sessions end."""
    actor = actor_of(Official.objects.get(id=official_id).username)
    detail = {"by": by, "ended": make_room(official_id=official_id)}
    audit.record(now=now, actor=actor, act="official.sign_in", subject=actor, detail=detail)


def _by_authenticator(official_id: UUID, code: str, now: datetime) -> str:
    factor = SecondFactor.objects.filter(official_id=official_id).first()
    if factor is None:
        return ""
    step = codes.step_of(opened(official_id, bytes(factor.sealed_secret)), code, now)
    if step is None:
        return ""
    # Claimed by condition: of two who hand in the same code one comes in.
    taken = SecondFactor.objects.filter(official_id=official_id, last_step__lt=step).update(last_step=step)
    return "authenticator" if taken else ""


def _by_recovery(official_id: UUID, code: str, now: datetime) -> str:
    try:
        digest = _digest(official_id, base32.decode(code, codes.RECOVERY_BYTES))
    except ValueError:
        return ""
    good = RecoveryCode.objects.filter(official_id=official_id, digest=digest, used_at__isnull=True)
    return "recovery code" if good.update(used_at=now) else ""


def _wrong_words() -> str:
    return _("动态口令不正确，或者已经用过。请等手机上出现下一个口令再输入，并核对手机的时间是否准确。")


def _digits(code: str) -> str:
    return "".join(code.split())


def _grouped(text: str) -> str:
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _place(official_id: UUID) -> bytes:
    return b"accounts_secondfactor.sealed_secret:" + official_id.bytes


def _digest(official_id: UUID, code: bytes) -> bytes:
    return hmac_sm3(key_for("recovery code"), official_id.bytes + code)
