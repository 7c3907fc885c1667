"""What becomes of a well-formed record: is it progress, is it suspicious, where does it belong.

Pure: the registry comes as a Directory, the rules as a Rulebook, `now` is the instant of reception. The order
in which verdicts are looked at is laid down in `intake.judging`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from haochaping.cases.facts import Facts, facts_of, item_of, occasion_of, same_name, service_day
from haochaping.cases.formats import instant, is_dummy
from haochaping.cases.instants import Instants, Progress, derive
from haochaping.cases.rules import Record
from haochaping.foundation.errors import Problem
from haochaping.policy.rulebook import Profile, Rulebook
from haochaping.registry.directory import Directory


class Verdict(StrEnum):
    """What became of a reported record; every record gets exactly one."""

    REJECTED = "rejected"
    REPEATED = "repeated"
    UPDATED = "updated"
    CONFLICTING = "conflicting"
    QUARANTINED = "quarantined"
    ACCEPTED = "accepted"


MESSAGES: Final[Mapping[str, str]] = {
    "dummy": "疑似占位内容（如“0”“无”或同一字符重复）：请填写真实信息。",
    "before_acceptance": "早于受理时间（acceptDate）超过{minutes}分钟：请核对两个时间。",
    "future": "晚于接收时间：请核对时间和系统时钟。",
    "unknown_organisation": "机构库中没有该机构，或服务当日已停用：请核对代码或联系管理员。",
    "unknown_item": "事项库中没有该实施编码，或服务当日已停用：请核对编码或联系管理员。",
    "unknown_handling_item": "事项库中没有该业务办理项，或服务当日已停用：请核对编码或联系管理员。",
    "other_item": "该业务办理项不属于所填的实施编码（taskCode）：请核对。",
    "item_name": "与事项库中的名称不一致：请按事项库填写。",
    "division": "该行政区划在服务当日无效：请使用当时有效的区划代码。",
    "differs": "与已接收的记录不一致，未予更改：如需更正请联系管理员。",
    "late": "迟报：评价期限已过，已接收，但不再提供评价。",
}

TIME_TOLERANCE: Final = timedelta(minutes=10)
_IDENTITY: Final = ("userName", "certKey", "certKeyGOV")
_ADDED: Final = frozenset({"resultDate", "deliveryDate"})
_PROGRESS: Final = _ADDED | {"proStatus"}
_SERVED_BY: Final = frozenset({"windowNo", "proManagerNo", "proManager"})


def problem(field: str, code: str) -> Problem:
    """One reason, in the words due for its code."""
    return Problem(field, code, MESSAGES[code])


@dataclass(frozen=True, slots=True)
class ServedBy:
    """Registry ids of the service day; None for what was not reported or the registry does not know."""

    hall_id: int | None
    window_id: int | None
    staff_id: int | None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an occasion belongs, by which facts its rules were chosen, and what they make of it. `late`: its window was
    closed when it was reported.
    """

    service_at: datetime
    facts: Facts
    served_by: ServedBy
    profile: Profile
    instants: Instants
    late: bool


def differences(old: Record, new: Record) -> list[str]:
    """The names of the fields in which two records differ, in order."""
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def is_progress(old: Record, new: Record, *, window_open: bool) -> bool:
    """Whether `new` differs from `old` by progress only: status forward, the date of result or delivery added,
    or - while the rating window is open, rated or not - the window or the staff corrected.
    """
    changed = set(differences(old, new))
    allowed = _PROGRESS | _SERVED_BY if window_open else _PROGRESS
    return (
        changed <= allowed
        and int(new["proStatus"]) >= int(old["proStatus"])
        and not changed & _ADDED & old.keys()
    )


def served_by_changed(old: Record, new: Record) -> bool:
    """Whether the window or the staff was corrected."""
    return any(old.get(name) != new.get(name) for name in _SERVED_BY)


def window_is_open(
    record: Record, progress: Progress, directory: Directory, rulebook: Rulebook, now: datetime
) -> bool:
    """Whether the window of an occasion is open at `now`, rated or not. Without a laid down one it never
    closes, nor before the event from which it runs.
    """
    profile = _rules(facts_of(record, directory), directory, rulebook)
    events = progress.events(_at(record, "serviceTime"))
    return not derive(profile, events, known_at=now).closed(now)


def suspicions(
    record: Record, directory: Directory, now: datetime, tolerance: timedelta = TIME_TOLERANCE
) -> list[Problem]:
    """All reasons for which a well-formed record is kept aside; [] when there are none. `tolerance` is by how much the
    service, or the result, may precede the acceptance."""
    day = service_day(record)
    reasons = [problem(name, "dummy") for name in _IDENTITY if name in record and is_dummy(record[name])]
    reasons += _times(record, now, tolerance)
    if directory.division(record["areaCode"], day) is None:
        reasons.append(problem("areaCode", "division"))
    if directory.organisation(record["deptCode"], day) is None:
        reasons.append(problem("deptCode", "unknown_organisation"))
    return reasons + _item_reasons(record, directory, day)


def placement(
    record: Record, progress: Progress, directory: Directory, rulebook: Rulebook, now: datetime
) -> Placement:
    """Where an unsuspicious record belongs, its case having come so far. Raises LookupError when the registry
    does not know it."""
    facts = facts_of(record, directory)
    if facts.item_id is None:
        raise LookupError("placed before it was checked against the registry")
    profile = _rules(facts, directory, rulebook)
    service_at = _at(record, "serviceTime")
    instants = derive(profile, progress.events(service_at), known_at=now)
    return Placement(
        service_at=service_at,
        facts=facts,
        served_by=served_by(record, directory),
        profile=profile,
        instants=instants,
        late=instants.closed(now),
    )


def served_by(record: Record, directory: Directory) -> ServedBy:
    """The window with its hall, and the member of staff, by their numbers in the registry (not by name)."""
    day = service_day(record)
    window = directory.window(record.get("windowNo", ""), day)
    staff = directory.staff(record.get("proManagerNo", ""), day)
    return ServedBy(
        hall_id=window.hall_id if window else None,
        window_id=window.id if window else None,
        staff_id=staff.id if staff else None,
    )


def _rules(facts: Facts, directory: Directory, rulebook: Rulebook) -> Profile:
    occasion = occasion_of(facts, directory)
    if occasion is None:
        raise LookupError("the division was never in the registry")
    return rulebook.rules(occasion, facts.service_day)


def _at(record: Record, name: str) -> datetime:
    found = instant(record[name])
    if found is None:
        raise ValueError(f"{name} was not checked before")
    return found


def _times(record: Record, now: datetime, tolerance: timedelta) -> list[Problem]:
    """accept <= service <= now, likewise result and delivery, the order with the sender's tolerance; told of the later
    field."""
    reasons = []
    accepted = _at(record, "acceptDate")
    for name in ("acceptDate", "serviceTime", "resultDate", "deliveryDate"):
        if name not in record:
            continue
        at = _at(record, name)
        if at > now + TIME_TOLERANCE:
            reasons.append(problem(name, "future"))
        if at < accepted - tolerance:
            words = MESSAGES["before_acceptance"].format(minutes=tolerance // timedelta(minutes=1))
            reasons.append(Problem(name, "before_acceptance", words))
    return reasons


def _item_reasons(record: Record, directory: Directory, day: date) -> list[Problem]:
    reasons = []
    if not directory.items_of_task(record["taskCode"], day):
        reasons.append(problem("taskCode", "unknown_item"))
    item = item_of(record, directory, day)
    if item is None:
        if "taskHandleItem" in record:
            reasons.append(problem("taskHandleItem", "unknown_handling_item"))
        return reasons
    if item.task_code != record["taskCode"]:
        reasons.append(problem("taskHandleItem", "other_item"))
    if not same_name(item.name, record["taskName"]):
        reasons.append(problem("taskName", "item_name"))
    return reasons
