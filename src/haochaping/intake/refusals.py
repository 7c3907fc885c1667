"""How a client that sends too much is answered."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from haochaping.foundation.clock import CN
from haochaping.intake.http import Response
from haochaping.intake.limits import Limited

_THEN: Final = "本次未保存任何内容，请在{at}之后重新发送；需要提高限额时请联系好差评系统管理员。"


def too_much(limited: Limited, now: datetime) -> Response:
    """429 with Retry-After; the body says which limit it was and when to send again."""
    at = (now + timedelta(seconds=limited.wait)).astimezone(CN)
    message = limited.message + _THEN.format(at=f"{at:%Y-%m-%d %H:%M:%S}")
    error = {
        "code": limited.code,
        "message": message,
        "limit": {"kind": limited.kind, "perSecond": limited.rate, "burst": limited.burst},
        "retryAt": f"{at:%Y-%m-%d %H:%M:%S}",
    }
    return Response(
        429,
        msgspec.json.encode({"error": error}),
        "application/json; charset=utf-8",
        (("Retry-After", str(limited.wait)),),
    )
