"""A business system as tests play it: with a key of its own, it signs and sends; and the services that answer
it.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

from haochaping.accounts.operations.keys import IssuedKey
from haochaping.identity.vault import Vault
from haochaping.intake.directory import DirectoryKeeper
from haochaping.intake.http import Request, Response
from haochaping.intake.occasions import report_occasions
from haochaping.intake.services import Services
from haochaping.intake.signature import SM3, signature
from haochaping.policy.keeping import RulesKeeper

ROOT = Path(__file__).resolve().parents[1]
REGISTRY = ROOT / "src/haochaping/simulation/cities/kunming"
SAMPLE = ROOT / "tests/data/kunming"
# Belongs to the registry of Kunming.
AUTHORITY = "11535863MB36169043"
BASE_URL = "https://example.test"

Sign = Callable[..., Request]


def sample_lines() -> list[str]:
    """The 506 lines of the sample, without line ends."""
    return (SAMPLE / "occasions.ndjson").read_text(encoding="utf-8").removesuffix("\n").split("\n")


def expected() -> Iterator[tuple[str, str]]:
    """Verdict and field ("" for none) due for each line of the sample."""
    for row in (SAMPLE / "occasions.expected.csv").read_text(encoding="utf-8").splitlines()[1:]:
        _, verdict, field = row.split(",")
        yield verdict, field


def signed(issued: IssuedKey, body: bytes, now: datetime, **changes: Any) -> Request:
    """A rightly signed call; `changes` replace fields of the request before it is signed. `algorithm` names another than
    HMAC-SM3."""
    algorithm = changes.pop("algorithm", SM3)
    headers = {"content-type": "application/x-ndjson", **changes.pop("headers", {})}
    plain = Request(
        method="POST",
        path="/api/v1/occasions",
        query="",
        headers={},
        address="127.0.0.1",
        received_at=now,
        body=body,
    )
    request = replace(plain, **changes)
    timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
    headers |= {
        "x-hcp-key": issued.key,
        "x-hcp-timestamp": timestamp,
        "x-hcp-nonce": nonce,
        "x-hcp-signature": signature(
            issued.secret.encode(), request, timestamp=timestamp, nonce=nonce, algorithm=algorithm
        ),
    } | ({} if algorithm == SM3 else {"x-hcp-algorithm": algorithm})
    return replace(request, headers=headers)


async def services(pool: "asyncpg.Pool[asyncpg.Record]", now: Callable[[], datetime]) -> Services:
    """All that the handler of occasions asks for: registry, vault, rules. Nothing here is rated."""
    keeper = DirectoryKeeper()
    async with pool.acquire() as connection:
        await keeper.refresh(connection)
    unused: Any = None
    return Services(
        pool=pool,
        writer=unused,
        directory=keeper,
        vault=Vault(),
        rules=RulesKeeper(),
        tags=unused,
        base_url=BASE_URL,
        now=now,
    )


class Sender:
    """Reports through one key, at a time that the test sets."""

    def __init__(self, issued: IssuedKey, served_by: Services, now: list[datetime]) -> None:
        self.issued = issued
        self.services = served_by
        self.now = now

    async def post(self, body: bytes, **changes: Any) -> Response:
        """One signed call as it is answered."""
        return await report_occasions(signed(self.issued, body, self.now[0], **changes), self.services)

    async def report(self, *records: Mapping[str, Any] | str) -> list[dict[str, Any]]:
        """The results for these records (or raw lines), in one call."""
        lines = [each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in records]
        response = await self.post("\n".join(lines).encode())
        assert response.status == 200, response.body
        results: list[dict[str, Any]] = json.loads(response.body)["results"]
        return results

    async def verdicts(self, *records: Mapping[str, Any] | str) -> list[str]:
        """The verdicts alone."""
        return [result["verdict"] for result in await self.report(*records)]


def fields(result: Mapping[str, Any]) -> Sequence[str]:
    """The fields among the reasons of a result."""
    return [reason["field"] for reason in result["reasons"]]
