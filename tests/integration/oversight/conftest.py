"""Rules, officials and answered orders of a small city, for the tests of revisits."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from haochaping.oversight.models import Revisit
from haochaping.oversight.operations.duties import assess_answered
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.states import Act
from tests.guards.floors import ROOT
from tests.orders import City, lead_to, open_order


@pytest.fixture(scope="session")
def shipped() -> Rulebook:
    return Rulebook.load()


@pytest.fixture(scope="session")
def sampling() -> Rulebook:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HAOCHAPING_RULES_DIR", str(ROOT / "tests/data/revisits"))
        return Rulebook.load()


@pytest.fixture
def answered(city: City, handler: UUID, now: datetime) -> Callable[..., WorkOrder]:
    """Makes an order that was answered."""

    def make(last: Act = Act.ANSWER, **rating: object) -> WorkOrder:
        return lead_to(open_order(city, now, **rating), last, handler, now)

    return make


@pytest.fixture
def due(answered: Callable[..., WorkOrder], now: datetime, shipped: Rulebook) -> Revisit:
    answered(named=True)
    assess_answered(now=now, rulebook=shipped)
    return Revisit.objects.get()
