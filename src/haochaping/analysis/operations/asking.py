"""A question of an official: within his reach, without small groups, and on record."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.analysis.queries import Answer, answer
from haochaping.analysis.questions import Dimension, Question
from haochaping.audit.operations import record
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotAllowed


@transaction.atomic
def ask(question: Question, *, official_id: UUID, now: datetime) -> Answer:
    """The answer for the organisations that the official looks after. One act, one audit row, with what was asked and how
    many groups came of it. Raises NotAllowed, also for an organisation out of his reach, NoExport, TooMany, TooLong.
    """
    today = local_day(now)
    official = officials.acting(official_id=official_id, permission=Permission.ASK_EXPORT, on=today)
    reach = officials.scope(official_id=official_id, permission=Permission.ASK_EXPORT, on=today)
    if official is None or question.where.get(Dimension.ORGANISATION, next(iter(reach), None)) not in reach:
        raise NotAllowed("ask", _("您没有查询该单位统计数据的权限。"))
    found = answer(question, reach=reach, small_groups=False)
    detail = {**described(question), "groups": len(found.groups), "withheld": found.withheld}
    record(now=now, actor=official.actor, act="analysis.ask", subject="export", detail=detail)
    return found


@transaction.atomic
def ask_as_operator(question: Question, *, small_groups: bool, now: datetime) -> Answer:
    """The answer for all organisations, for who runs the installation; with `small_groups` nothing is withheld. One act, one
    audit row. Raises NoExport, TooMany, TooLong."""
    found = answer(question, reach=None, small_groups=small_groups)
    detail = {**described(question), "groups": len(found.groups), "small_groups": small_groups}
    record(now=now, actor="command", act="analysis.ask", subject="export", detail=detail)
    return found


def described(question: Question) -> dict[str, object]:
    """A question for the trail: ids and numbers of the registry, none of a person."""
    return {
        "by": [each.value for each in question.by],
        "where": {each.value: str(value) for each, value in question.where.items()},
        "first": question.first.isoformat() if question.first else "",
        "last": question.last.isoformat() if question.last else "",
    }
