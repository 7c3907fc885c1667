"""Ratings that a business system hands in: signed by a client with the right to, read in its dialect, marked as such.

Without a signature nothing of this applies: the token alone gives the right, and the citizen or an app of ours rates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from haochaping.accounts.clients import Right
from haochaping.cases import rules as records
from haochaping.cases.formats import instant
from haochaping.cases.fragments import SELECT_KNOWN
from haochaping.cases.verdicts import TIME_TOLERANCE
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Invalid, Problem
from haochaping.foundation.sealing import sm3
from haochaping.intake.asking import asking
from haochaping.intake.http import Request
from haochaping.intake.scope import Reached
from haochaping.intake.signature import Client, authenticate
from haochaping.ratings.states import Origin

if TYPE_CHECKING:
    import asyncpg

    from haochaping.intake.services import Services

# By which a client names the occasion where it has no token.
KEY_FIELDS: Final = ("projectNo", "serviceNumber")
_PF: Final = "pf"
_NUMBER: Final = "assessNumber"
_DEFAULT: Final = "isdefault"
_SOURCE: Final = "dataSource"
_AT: Final = "assessTime"
# What a rating may hold besides the fields of a form, when a client signs it.
CLIENT_FIELDS: Final = (_PF, _NUMBER, _DEFAULT, _SOURCE, _AT)
_CHANNELS: Final = frozenset("123456")
# Tablets and other terminals in the hall: somebody pressed there.
_DEVICES: Final = frozenset("45")
_PATIENCE_SECONDS: Final = 5
# The convention's channel of what the system itself puts where nobody rated.
_BY_DEFAULT: Final = "7"
_MESSAGES: Final = {
    "unknown_code": "评价渠道不在数据规范的代码表内：请核对。",
    "default_rating": "默认评价由本系统按规则产生，不接收报送的默认评价：请不要发送。",
    "later_rating": "此接口只接收第一次评价（assessNumber为1）：该字段另有含义时，请好差评系统管理员登记对照表。",
    "required": "缺少评价渠道：按办件编号报送时必须填写pf。",
    "future": "评价时间晚于现在：请校准时钟后重新发送。",
    "before_service": "评价时间早于办理日期：请核对办件编号、服务次数和评价时间。",
}


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The fields of a rating in the convention's words, its channel (`pf`, 0 for none that we know) and origin, and what is
    wrong so far.

    `traced` says whether address and device are those of the rater."""

    fields: dict[str, Any]
    channel: int
    origin: Origin = Origin.CITIZEN
    problems: tuple[Problem, ...] = ()
    traced: bool = True


async def signer(request: Request, services: "Services") -> Client | None:
    """The client that hands the rating in; None when nothing was signed. Raises what `authenticate` raises."""
    if "x-hcp-key" not in request.headers:
        return None
    return await authenticate(request, services, Right.RATE)


def own_key(sent: dict[str, Any]) -> tuple[str, int]:
    """Case number and service number, taken out of what was sent; never in a dialect. Raises Invalid."""
    key, problems = records.flattened({name: sent.pop(name, None) for name in KEY_FIELDS})
    told = {problem.field for problem in problems}
    for name in KEY_FIELDS:
        fault = records.fault_of(name, key[name]) if name in key else "required"
        if fault and name not in told:
            problems.append(Problem(name, fault, records.MESSAGES[fault]))
    if problems:
        raise Invalid(problems)
    return key["projectNo"], int(key["serviceNumber"])


def named(request: Request, sent: Mapping[str, Any]) -> UUID:
    """What stands for an occasion that is named by its numbers, before anybody was asked who signs and what they mean: by it
    an attempt is known again. Of this key and these numbers alone."""
    said = (request.headers.get("x-hcp-key", ""), *(repr(sent.get(name)) for name in KEY_FIELDS))
    return UUID(bytes=sm3("\n".join(("named", *said)).encode("utf-8", "replace"))[:16])


async def claim_of(client: Client, key: tuple[str, int], services: "Services") -> UUID | None:
    """The id of the claim on an occasion of the client's platform; None where none was accepted. Raises as `asking`."""
    project_no, number = key
    async with asking(services.pool, seconds=_PATIENCE_SECONDS) as connection:
        row = await connection.fetchrow(SELECT_KNOWN, client.platform, [project_no], [number])
    return row["claim_id"] if row else None


def in_scope(
    client: Client, row: "Mapping[str, Any] | asyncpg.Record", services: "Services", at: datetime
) -> bool:
    """Whether the client may rate what it may report: `row` has organisation_id and service_day of the occasion.

    Raises DirectoryNotRead."""
    reached = Reached(client.scope, services.directory.current(), local_day(at))
    return reached.allows_organisation(row["organisation_id"], row["service_day"])


def handed_in(
    client: Client,
    sent: dict[str, Any],
    *,
    channel: int | None,
    row: "Mapping[str, Any] | asyncpg.Record",
    at: datetime,
) -> HandedIn:
    """What was sent, read. `channel` is the token's, None where only the client says it; `row` as in `in_scope`."""
    fields, problems = client.dialect.rating(sent) if client.dialect else (dict(sent), [])
    fields.pop(_SOURCE, None)
    wrong = {problem.field for problem in problems}
    through = _digits(fields.pop(_PF, None), "" if channel is None else str(channel))
    if _digits(fields.pop(_DEFAULT, None), "0") != "0" or through == _BY_DEFAULT:
        problems.append(_problem(_DEFAULT, "default_rating"))
    elif through not in _CHANNELS and _PF not in wrong:
        problems.append(_problem(_PF, "unknown_code" if through else "required"))
    if _digits(fields.pop(_NUMBER, None), "1") != "1":
        problems.append(_problem(_NUMBER, "later_rating"))
    problems += _time_problems(fields.pop(_AT, None), row, at)
    # Said by a system of the rated themselves: kept apart, so that their share can be shown.
    own = client.organisation_id == row["organisation_id"]
    origin = Origin.CLIENT_OF_RATED if own else Origin.DEVICE if through in _DEVICES else Origin.CLIENT
    kept = int(through) if not problems else channel or 0
    return HandedIn(fields, kept, origin, tuple(problems), traced=False)


def _time_problems(said: object, row: "Mapping[str, Any] | asyncpg.Record", at: datetime) -> list[Problem]:
    """Of the time at which the sender took the rating: it must be possible. What counts is when we received it."""
    if said is None or said == "":
        return []
    when = instant(said.strip()) if isinstance(said, str) else None
    if when is None:
        return [Problem(_AT, "date", records.MESSAGES["date"])]
    if when > at + TIME_TOLERANCE:
        return [_problem(_AT, "future")]
    if local_day(when + TIME_TOLERANCE) < row["service_day"]:
        return [_problem(_AT, "before_service")]
    return []


def _problem(field: str, code: str) -> Problem:
    return Problem(field, code, _MESSAGES[code])


def _digits(value: object, absent: str) -> str:
    """A code, sent as text or number; what is neither is no code at all."""
    if value is None or value == "":
        return absent
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1000:
        return str(value)
    return value.strip() if isinstance(value, str) and value.isascii() else "?"
