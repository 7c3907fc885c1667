"""A city, a handler, and browsers with and without his session. Tokens against forgery are asked for."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from haochaping.accounts.models import Official
from haochaping.accounts.rules import Role
from haochaping.exchange.identity_provider import peer as peers
from haochaping.foundation.clock import now as present
from tests.by_provider import link
from tests.identity_provider import IdentityProvider
from tests.orders import City, make_official


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """How long the hash of a password takes is not what is tested here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A request leaves its language behind in the thread: the next test begins without."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture
def now() -> datetime:
    """Views read the clock themselves: these tests play today."""
    return present()


@pytest.fixture
def signed_in(db: None) -> Callable[[UUID], Client]:
    """A browser with the session of an official."""

    def sign_in(official: UUID) -> Client:
        client = Client()
        client.force_login(Official.objects.get(id=official))
        return client

    return sign_in


@pytest.fixture
def browser(signed_in: Callable[[UUID], Client], handler: UUID) -> Client:
    """The handler's."""
    return signed_in(handler)


@pytest.fixture
def provider(settings: Settings) -> Iterator[IdentityProvider]:
    with IdentityProvider().running() as there:
        settings.IDENTITY_PROVIDER = there.settings(name="昆明政务统一身份认证")
        yield there
    peers.peer.cache_clear()


@pytest.fixture
def administrator(city: City, now: datetime) -> UUID:
    return make_official(city.authority, now, "admin", Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def linked(provider: IdentityProvider, handler: UUID, administrator: UUID, now: datetime) -> UUID:
    link(provider, handler, administrator, now)
    return handler
