"""A city whose rules the test writes: reported through the signed door, rated on the page and by the interface, swept."""

import asyncio
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.db import connection

from haochaping.cases import token as tokens
from haochaping.foundation.clock import CN
from haochaping.foundation.keys import key_for
from haochaping.intake.http import Request, Response
from haochaping.intake.ratings_api import rate
from haochaping.policy.keeping import one_edition
from haochaping.ratings.operations import GRACE, default_due
from tests.integration.faces.citizen.person import Citizen
from tests.reporting import Sender, sample_lines

Result = TypeVar("Result")

HEAD = """
[jurisdiction]
name = "示例办法"
layer = "operator"
applies_to = ["530100"]
[documents.d]
title = "示例办法"
"""


def rules(**values: str | None) -> str:
    """A profile over Kunming's: each dimension with its value, None for: laid down that it does not apply.

    `window__2` is a second entry of the window; behind a value may follow further keys of the entry, each in a line.
    """
    text = HEAD
    for name, value in values.items():
        said = "absent = true" if value is None else f"value = {value}"
        text += (
            f'[[{name.partition("__")[0]}]]\nfrom = 2020-01-01\ndocument = "d"\narticle = "第一条"\n{said}\n'
        )
    return text


def days(n: int, unit: str = "workday", after: str = "service") -> str:
    """A limit that does not count its first day."""
    first = "" if unit in ("hour", "minute") else ", count_first = false"
    return f'{{ n = {n}, unit = "{unit}", after = "{after}"{first} }}'


def write_rules(directory: Path, text: str) -> None:
    folder = directory / "jurisdictions" / "example"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profile.toml").write_text(text, encoding="utf-8")


@dataclass
class Town:
    """`sender.now[0]` is the clock of everybody."""

    sender: Sender
    citizen: Citizen
    rules_dir: Path
    number: int = 0
    record: dict[str, Any] = field(default_factory=lambda: json.loads(sample_lines()[0]))

    def at(self, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
        """Sets the clock, to a time of 2026 in Kunming."""
        self.sender.now[0] = datetime(2026, month, day, hour, minute, tzinfo=CN)
        self.citizen.now = self.sender.now[0]
        return self.citizen.now

    def served(self, month: int, day: int, *, hours: str = "09:30:00", **changes: Any) -> dict[str, Any]:
        """The record of a service at that time, accepted a quarter of an hour before, without a result."""
        self.number += 1
        at = f"2026-{month:02}-{day:02} {hours}"
        accepted = datetime.fromisoformat(at) - timedelta(minutes=15)
        record = self.record | {
            "projectNo": f"T{self.number}",
            "proStatus": "2",
            "acceptDate": f"{accepted:%Y-%m-%d %H:%M:%S}",
            "serviceTime": at,
        }
        record.pop("resultDate", None)
        return record | changes

    async def report(self, record: dict[str, Any]) -> str | None:
        """Reports it; the path of its page, None where it was late."""
        (result,) = await self.sender.report(record)
        assert result["verdict"] in ("accepted", "updated", "repeated"), result
        return urlsplit(result["url"]).path if result["url"] else None

    async def opens(self, path: str) -> bool:
        status = (await self.citizen.get(path)).status
        assert status in (200, 410)
        return status == 200

    async def rate(self, path: str, level: int = 5) -> Response:
        """On the page; a browser that has the form open already does not ask for it again."""
        form = {"satisfaction": str(level), "named": "0", "submission": uuid.uuid4().hex}
        return await self.citizen.post(path, form | ({"evalDetail": "108"} if level == 1 else {}))

    async def rate_by_api(self, path: str, level: int = 5, **said: Any) -> Response:
        body = {"satisfaction": str(level), "named": "0", "submission": uuid.uuid4().hex} | said
        request = Request(
            method="POST",
            path=path,
            query="",
            headers={"content-type": "application/json"},
            address="127.0.0.1",
            received_at=self.citizen.now,
            body=json.dumps(body).encode(),
            parameters={"token": path.rpartition("/")[2]},
        )
        return await rate(request, self.citizen.services)

    async def sweep(self) -> int:
        """All that is due now, and what was closed an hour ago."""
        now = self.citizen.now + GRACE

        def work() -> int:
            with one_edition(every=0):
                return default_due(now=now)

        return await self.django(work)

    async def django(self, call: Callable[[], Result]) -> Result:
        def work() -> Result:
            try:
                return call()
            finally:
                connection.close()

        return await asyncio.to_thread(work)

    async def counts(self) -> dict[str, int]:
        """What the tallies say that is not nothing."""
        names = ("occasions", "late", *(f"{kind}{level}" for kind in "nd" for level in range(1, 6)))
        sums = ", ".join(f"sum({name})::int AS {name}" for name in names)
        row = await self.citizen.database.fetchrow(f"SELECT {sums} FROM tallies_change")  # noqa: S608
        assert row is not None
        return {name: count for name, count in row.items() if count}

    async def waiting(self, path: str) -> dict[str, Any] | None:
        """The row of what the page is about."""
        found = tokens.read(path.rpartition("/")[2], key_for("rating token")).occasion_id
        row = await self.citizen.database.fetchrow("SELECT * FROM cases_waiting WHERE id = $1", found)
        return dict(row) if row else None
