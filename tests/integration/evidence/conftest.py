"""A city, an order of an anonymous rating, a place for files."""

from datetime import datetime
from pathlib import Path

import pytest

from haochaping.rectification.models import WorkOrder
from tests.objections import People
from tests.orders import City, open_order


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's files lie."""
    monkeypatch.setenv("HAOCHAPING_EVIDENCE_DIR", str(tmp_path / "evidence"))
    return tmp_path / "evidence"


@pytest.fixture
def people(city: City, now: datetime) -> People:
    return People(city, now)


@pytest.fixture
def order(city: City, now: datetime) -> WorkOrder:
    return open_order(city, now)
