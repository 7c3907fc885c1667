"""Ratings that a business system hands in: signed by a client with the right to, read in its dialect, marked as such.

Without a signature nothing of this applies: the token alone gives the right, and the citizen or a device of ours rates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from haochaping.accounts.clients import Right
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Problem
from haochaping.intake.http import Request
from haochaping.intake.scope import Reached
from haochaping.intake.signature import Client, Forbidden, authenticate
from haochaping.ratings.states import Origin

if TYPE_CHECKING:
    import asyncpg

    from haochaping.intake.services import Services

_PF: Final = "pf"
_NUMBER: Final = "assessNumber"
_DEFAULT: Final = "isdefault"
_SOURCE: Final = "dataSource"
# What a rating may hold besides the fields of a form, when a client signs it.
CLIENT_FIELDS: Final = (_PF, _NUMBER, _DEFAULT, _SOURCE)
_CHANNELS: Final = frozenset("123456")
# The convention's channel of what the system itself puts where nobody rated.
_BY_DEFAULT: Final = "7"
_MESSAGES: Final = {
    "unknown_code": "评价渠道不在数据规范的代码表内：请核对。",
    "default_rating": "默认评价由本系统按规则产生，不接收报送的默认评价：请不要发送。",
    "later_rating": "此接口只接收第一次评价（assessNumber为1）：该字段另有含义时，请好差评系统管理员登记对照表。",
}


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The fields of a rating in the convention's words, its channel (`pf`) and origin, and what is wrong so far.

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


def handed_in(
    client: Client | None,
    sent: dict[str, Any],
    *,
    channel: int,
    row: "Mapping[str, Any] | asyncpg.Record",
    services: "Services",
    at: datetime,
) -> HandedIn:
    """What was sent, read. `channel` is the token's, `row` has organisation_id and service_day of the occasion.

    Raises Forbidden when the client may not report for the organisation of the occasion, and DirectoryNotRead.
    """
    if client is None:
        return HandedIn(sent, channel)
    reached = Reached(client.scope, services.directory.current(), local_day(at))
    if not reached.allows_organisation(row["organisation_id"], row["service_day"]):
        raise Forbidden("out_of_scope", "该接入系统不能为此机构报送评价：请联系好差评系统管理员。")
    fields, problems = client.dialect.rating(sent) if client.dialect else (dict(sent), [])
    fields.pop(_SOURCE, None)
    wrong = {problem.field for problem in problems}
    through = _digits(fields.pop(_PF, None), str(channel))
    if _digits(fields.pop(_DEFAULT, None), "0") != "0" or through == _BY_DEFAULT:
        problems.append(Problem(_DEFAULT, "default_rating", _MESSAGES["default_rating"]))
    elif through not in _CHANNELS and _PF not in wrong:
        problems.append(Problem(_PF, "unknown_code", _MESSAGES["unknown_code"]))
    if _digits(fields.pop(_NUMBER, None), "1") != "1":
        problems.append(Problem(_NUMBER, "later_rating", _MESSAGES["later_rating"]))
    # Said by a system of the rated themselves: kept apart, so that their share can be shown.
    own = client.organisation_id == row["organisation_id"]
    origin = Origin.CLIENT_OF_RATED if own else Origin.CLIENT
    return HandedIn(fields, channel if problems else int(through), origin, tuple(problems), traced=False)


def _digits(value: object, absent: str) -> str:
    """A code, sent as text or number; what is neither is no code at all."""
    if value is None or value == "":
        return absent
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1000:
        return str(value)
    return value.strip() if isinstance(value, str) and value.isascii() else "?"
