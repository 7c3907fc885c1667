"""Passwords: chosen, changed, not taken up again."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.models import Official, PastPassword
from haochaping.accounts.operations.guessing import begin_attempt, forget
from haochaping.accounts.operations.sessions import end_all
from haochaping.accounts.queries.officials import actor_of
from haochaping.accounts.rules import FREE_FAILURES_USERNAME_THERE
from haochaping.audit import operations as audit
from haochaping.foundation.errors import Invalid, NotFound, Problem
from haochaping.foundation.ids import new_id

_KIND = "change of password"


def change_password(
    *, official_id: UUID, old: str, new: str, now: datetime, session: UUID | None = None
) -> Official:
    """Another password for who knows the present one; all his sessions end but the one with the label `session`.

    Raises NotFound for an account that has ended, TooManyFailures for who guesses, Invalid for a wrong `old` or weak `new`.
    """
    official = Official.objects.filter(id=official_id, is_active=True).first()
    if official is None:
        raise NotFound("official", _("没有这个人员，或者其账号已停用。"))
    actor = actor_of(official.username)
    begin_attempt(_KIND, official.username, free=FREE_FAILURES_USERNAME_THERE, now=now, subject=actor)
    if not check_password(old, official.password):
        raise Invalid([Problem("old", "wrong", _("现在的密码不正确，请重新输入。"))])
    with transaction.atomic():
        forget(_KIND, official.username)
        official = Official.objects.select_for_update().get(id=official_id)
        choose(official, new, now)
        ended = end_all(official_id=official_id, but=session)
        audit.record(
            now=now, actor=actor, act="official.change_password", subject=actor, detail={"ended": ended}
        )
    return official


def choose(official: Official, password: str, now: datetime) -> None:
    """Sets the password of a locked official, in the caller's transaction. Raises Invalid for what the validators refuse
    and for one of the last passwords."""
    try:
        validate_password(password, official)
    except ValidationError as error:
        raise Invalid([_weakness(each) for each in error.error_list]) from error
    history = settings.SIGN_IN_RULES.password_history
    past = official.past_passwords.order_by("-ended_at", "-id")
    if history and any(
        check_password(password, each)
        for each in [official.password, *past.values_list("password", flat=True)[: history - 1]]
    ):
        words = _("这个密码近期用过，请换一个没有用过的。")
        raise Invalid([Problem("password", "used", words)])
    if official.has_usable_password():
        PastPassword.objects.create(
            id=new_id(now), official=official, password=official.password, ended_at=now
        )
    PastPassword.objects.filter(official=official).exclude(
        id__in=past.values("id")[: max(history - 1, 0)]
    ).delete()
    official.set_password(password)
    official.password_set_at = now
    official.save(update_fields=["password", "password_set_at"])


def _weakness(error: ValidationError) -> Problem:
    """A validator's finding in our own words: Django's are not all in Chinese, and none says what to do."""
    words = {
        "password_too_short": _("密码太短，请至少用{least}个字符。").format(
            least=settings.SIGN_IN_RULES.password_length
        ),
        "password_too_common": _("这是很多人都在用的密码，容易被猜中，请换一个。"),
        "password_too_similar": _("密码与用户名太相近，容易被猜中，请换一个。"),
        "password_entirely_numeric": _("密码不能全是数字，请加上文字、字母或符号。"),
    }
    return Problem("password", "weak", words.get(error.code or "", error.messages[0]))
