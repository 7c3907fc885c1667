"""The small city of most tests, who handles its bad ratings and who looks on; a test that wants others makes its own."""

from datetime import datetime
from uuid import UUID

import pytest

from haochaping.accounts.rules import Role
from tests.orders import City, make_city, make_official


@pytest.fixture
def city(db: None) -> City:
    return make_city()


@pytest.fixture
def handler(city: City, now: datetime) -> UUID:
    return make_official(city.police, now, "handler")


@pytest.fixture
def officer(city: City, now: datetime) -> UUID:
    return make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
