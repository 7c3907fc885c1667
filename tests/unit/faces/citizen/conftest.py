"""One occasion in words, as the pages of these tests show it."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from haochaping.cases.facts import RuledOccasion
from haochaping.faces.citizen.served import Served, What
from haochaping.intake.governing import Governed
from haochaping.intake.http import Request
from haochaping.policy.occasions import Occasion
from haochaping.policy.rulebook import Rulebook

KUNMING = "530100"
DAY = date(2026, 11, 20)


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return Rulebook.load()


@pytest.fixture
def subject(rulebook: Rulebook) -> Served:
    what = What(
        item="失业登记",
        step="受理",
        organisation="昆明市人力资源和社会保障局",
        hall="昆明市政务服务中心",
        window="1号窗口",
        staff="王梓娜",
        staff_code="S530100010",
    )
    return Served(
        occasion_id=uuid.UUID(int=7),
        governed=Governed(rulebook, RuledOccasion(Occasion(KUNMING), DAY, DAY), "", DAY),
        what=lambda: what,
        is_open=True,
        closes_at=None,
    )


@pytest.fixture
def request_with(now: datetime) -> Callable[..., Request]:
    """A request as the door hands it over."""

    def make(body: bytes = b"", **given: Any) -> Request:
        values: dict[str, Any] = {
            "method": "POST",
            "path": "/r/x",
            "query": "",
            "headers": {"content-type": "application/x-www-form-urlencoded"},
            "address": "203.0.113.9",
            "received_at": now.astimezone(UTC),
        }
        return Request(**(values | {"body": body} | given))

    return make
