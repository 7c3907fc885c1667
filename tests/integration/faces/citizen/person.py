"""A citizen in front of the pages: it goes to the handlers as the door hands it over."""

import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import asyncpg

from haochaping.cases import token as tokens
from haochaping.faces.citizen.routes import ROUTES
from haochaping.foundation.keys import key_for
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services
from tests.markup import Page
from tests.occasions import SERVICE_DAY, add_occasion

WINDOW = "W530100010"
STAFF = "S530100010"
FORM = {"content-type": "application/x-www-form-urlencoded"}
ITEM = "11539436MB36597916205301000000001"


@dataclass
class Citizen:
    """Opens addresses and posts forms, as the door would hand them to the handlers."""

    services: Services
    now: datetime
    database: asyncpg.Connection
    address: str = "203.0.113.9"
    headers: dict[str, str] = field(default_factory=lambda: {"user-agent": "a phone"})

    async def occasion(self, **given: Any) -> uuid.UUID:
        """An occasion at a window of Kunming's employment bureau, open unless told otherwise."""
        occasion = await add_occasion(self.database, self.now, **given)
        directory = self.services.directory.current()
        window = directory.window(WINDOW, SERVICE_DAY)
        staff = directory.staff(STAFF, SERVICE_DAY)
        item = directory.item(ITEM, SERVICE_DAY)
        assert window is not None
        assert staff is not None
        assert item is not None
        organisation = directory.organisation_by_id(item.organisation_id, SERVICE_DAY)
        assert organisation is not None
        await self.database.execute(
            """UPDATE cases_serviceoccasion SET division_id = $2, organisation_id = $3, hall_id = $4,
            window_id = $5, staff_id = $6, item_id = $7 WHERE id = $1""",
            *(
                occasion,
                organisation.division_id,
                organisation.id,
                window.hall_id,
                window.id,
                staff.id,
                item.id,
            ),
        )
        return occasion

    def link(self, occasion: uuid.UUID) -> str:
        """The address on the slip."""
        return f"/r/{tokens.mint(occasion, 3, key_for('rating token'))}"

    async def get(self, path: str) -> Response:
        return await self._send("GET", path, b"", {})

    async def post(self, path: str, form: dict[str, Any] | list[tuple[str, str]], **headers: str) -> Response:
        return await self._send("POST", path, urlencode(form, doseq=True).encode(), FORM | headers)

    async def fill(self, path: str, **said: Any) -> list[tuple[str, str]]:
        """The form as a browser would send it after these choices."""
        page = Page((await self.get(path)).body)
        kept = [(name, value) for name, value in page.fields if name not in said]
        chosen = [
            (name, each)
            for name, value in said.items()
            for each in ([value] if isinstance(value, str) else value)
        ]
        return kept + chosen

    async def _send(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> Response:
        request = self.request(method, address, body, headers)
        route = next(each for each in ROUTES if each.method == method and _fits(each.pattern, request.path))
        return await route.handler(request, self.services)

    def request(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> Request:
        """As the door would hand it over. Raises StopIteration for an address that is none of ours."""
        path, _, query = address.partition("?")
        pattern = next(each.pattern for each in ROUTES if each.method == method and _fits(each.pattern, path))
        pairs = zip(_segments(pattern), _segments(path), strict=True)
        return Request(
            method=method,
            path=path,
            query=query,
            headers=self.headers | headers,
            address=self.address,
            received_at=self.now,
            body=body,
            parameters={name[1:-1]: part for name, part in pairs if name.startswith("{")},
        )

    def with_services(self, **given: Any) -> "Citizen":
        """The same citizen before a system of which a part is another."""
        return replace(self, services=replace(self.services, **given))


def _segments(path: str) -> list[str]:
    return path.strip("/").split("/")


def _fits(pattern: str, path: str) -> bool:
    names, parts = _segments(pattern), _segments(path)
    return len(names) == len(parts) and all(
        name.startswith("{") or name == part for name, part in zip(names, parts, strict=True)
    )


CODE = re.compile(rb'class="code">([0-9A-Z-]+)<')


def receipt(answer: Response) -> tuple[str, str]:
    """Number and secret as the page of thanks shows them."""
    number, secret = CODE.findall(answer.body)
    return number.decode(), secret.decode()
