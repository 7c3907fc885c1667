"""The history of a report of pressure, and what follows by rule from what was done: both in the caller's transaction."""

import os
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from haochaping.accounts.queries.officials import OfficialView
from haochaping.audit import operations as audit
from haochaping.foundation import base32
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id
from haochaping.oversight.following import EVENTS, RECEIVED, consequences, wanted
from haochaping.oversight.models import PressureReport, PressureStep
from haochaping.oversight.queries.pressure import rules_for
from haochaping.oversight.sealed import sealed_words
from haochaping.oversight.states import FOUND, Act, Matter, Verdict
from haochaping.policy.redress import ACTIONS
from haochaping.policy.vocabulary import BODIES

SYSTEM: Final = "system"
# 直办: handled by the authority itself. No number of an order out of a bad rating begins so.
_PREFIX: Final = "ZB"
_NUMBER_BYTES: Final = 5


def new_order_number() -> str:
    """Random: it tells neither when nor how many."""
    return _PREFIX + base32.encode(os.urandom(_NUMBER_BYTES))


def step(
    report: PressureReport, act: Act, who: OfficialView | None, text: str, clause: str, now: datetime
) -> None:
    """One act of the history under the report's revision; `who` None: it follows by rule."""
    step_id = new_id(now)
    PressureStep.objects.create(
        id=step_id,
        report=report,
        act=act.value,
        actor=who.label if who else SYSTEM,
        at=now,
        note=sealed_words(text, row=step_id, column="note"),
        clause=clause,
        revision=report.revision,
    )


def follow(report: PressureReport, act: Act, now: datetime) -> None:
    """What the rules of the reported place say after an act: what they set off once it was found to be so, and until when
    they want something done. Changes the report, which the caller saves."""
    rules = rules_for(report, local_day(now))
    if rules is None:
        return
    matters = [Matter(each) for each in report.matters]
    if act is Act.DECIDE and report.verdict in FOUND:
        for each in consequences(rules, matters):
            report.revision += 1
            step(report, Act.ESCALATE, None, _words(each.action, each.to), each.clause[:200], now)
            audit.record(
                now=now,
                actor=SYSTEM,
                act="pressure.escalate",
                subject=f"pressure:{report.number}",
                clause=each.clause[:200],
                detail={"action": each.action, "to": each.to},
            )
    found = None if report.verdict == Verdict.UNFOUNDED else wanted(rules, matters, _events(report))
    report.due_at = found.due.due_at if found else None
    report.due_provisional = found.due.provisional if found else False
    report.due_clause = found.clause[:200] if found else ""


def _events(report: PressureReport) -> dict[str, datetime]:
    """What has happened, in the rules' words; of what was done twice the last time."""
    done = {act.value: event for act, event in EVENTS.items()}
    steps = PressureStep.objects.filter(report=report, act__in=done).order_by("revision")
    return {RECEIVED: report.received_at} | {done[each.act]: each.at for each in steps}


def _words(action: str, to: str) -> str:
    """In the regulations' own words: they are terms of the law."""
    what = ACTIONS.get(action, action.removeprefix("named:"))
    whom = (BODIES.get(to) or to.removeprefix("named:")) if to else _("未规定")
    return _("按照规定：{what}；向：{whom}").format(what=what, whom=whom)
