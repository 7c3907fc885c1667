"""What becomes of a well-formed record: is it progress, is it suspicious.

Pure: registry and rules come as `placing.Places`, `now` is the instant of reception. The order
in which verdicts are looked at is laid down in `intake.judging`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from haochaping.cases.formats import instant, is_dummy
from haochaping.cases.placing import Places
from haochaping.cases.rules import TIMES, Record
from haochaping.foundation.errors import Problem


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
    "not_ratable": "按规定此类办件不评价：已接收，不提供评价。",
    "stage_not_rated": "按规定此环节不单独评价：已接收，不提供评价。",
    "rated_by_parts": "按规定由各部分分别评价，不作总体评价：已接收，此记录不提供评价。",
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


def suspicions(
    record: Record, places: Places, now: datetime, tolerance: timedelta = TIME_TOLERANCE
) -> list[Problem]:
    """All reasons for which a well-formed record is kept aside; [] when there are none. `tolerance` is by how much the
    service, or the result, may precede the acceptance."""
    reasons = [problem(name, "dummy") for name in _IDENTITY if name in record and is_dummy(record[name])]
    doubts = (problem(name, code) for name, code in places.doubts(record))
    return [*reasons, *_doubtful_times(record, now, tolerance), *doubts]


def _at(record: Record, name: str) -> datetime:
    found = instant(record[name])
    if found is None:
        raise ValueError(f"{name} was not checked before")
    return found


def _doubtful_times(record: Record, now: datetime, tolerance: timedelta) -> list[Problem]:
    """accept <= service <= now, likewise result and delivery, the order with the sender's tolerance; told of the later
    field."""
    reasons = []
    latest, earliest = now + TIME_TOLERANCE, _at(record, "acceptDate") - tolerance
    for name in TIMES:
        if name not in record:
            continue
        at = _at(record, name)
        if at > latest:
            reasons.append(problem(name, "future"))
        if at < earliest:
            words = MESSAGES["before_acceptance"].format(minutes=tolerance // timedelta(minutes=1))
            reasons.append(Problem(name, "before_acceptance", words))
    return reasons
