"""An official says himself where and of what he is to be told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.audit.operations import record
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Invalid, NotFound, Problem
from haochaping.notices.models import Preference
from haochaping.notices.rules import email_of, phone_of
from haochaping.notices.sealed import sealed_address
from haochaping.notices.states import TOLD


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed: addresses, "" for none, and kinds (`states.TOLD`) by each way."""

    email: str = ""
    phone: str = ""
    email_kinds: Collection[str] = ()
    sms_kinds: Collection[str] = ()


@transaction.atomic
def set_preference(*, official_id: UUID, wanted: Wanted, now: datetime) -> None:
    """Keeps what is wanted, in place of what was. One audit row, which names no address.

    Raises NotFound for who may no longer sign in, Invalid for what is no address, and for a way that is asked for without
    its address.
    """
    who = officials.official(official_id=official_id, on=local_day(now))
    if who is None:
        raise NotFound("official", _("没有这个人员，或者其账号已停用。"))
    email, phone = email_of(wanted.email), phone_of(wanted.phone)
    if problems := _problems(wanted, email, phone):
        raise Invalid(problems)
    kept = {
        "email": sealed_address(email or "", official_id=official_id, column="email"),
        "phone": sealed_address(phone or "", official_id=official_id, column="phone"),
        "email_kinds": [kind for kind in TOLD if kind in wanted.email_kinds],
        "sms_kinds": [kind for kind in TOLD if kind in wanted.sms_kinds],
    }
    Preference.objects.update_or_create(official_id=official_id, defaults={**kept, "changed_at": now})
    detail = {name: kept[name] for name in ("email_kinds", "sms_kinds")}
    record(now=now, actor=who.actor, act="notice.preference", subject=who.actor, detail=detail)


def _problems(wanted: Wanted, email: str | None, phone: str | None) -> list[Problem]:
    problems = []
    if email is None:
        words = _("这不是电子邮箱地址，请按 name@example.cn 的样子填写；不需要邮件的，请留空。")
        problems.append(Problem("email", "form", words))
    if phone is None:
        words = _("这不是手机号码，请填写11位数字；不需要短信的，请留空。")
        problems.append(Problem("phone", "form", words))
    if email == "" and wanted.email_kinds:
        words = _("您选择了用邮件通知，请填写电子邮箱，或者取消邮件一栏的选择。")
        problems.append(Problem("email", "required", words))
    if phone == "" and wanted.sms_kinds:
        words = _("您选择了用短信通知，请填写手机号码，或者取消短信一栏的选择。")
        problems.append(Problem("phone", "required", words))
    return problems
