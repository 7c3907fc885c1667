"""The demo is loaded once, wholly, and never over somebody's own registry."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

import pytest

from haochaping.accounts.queries.officials import official_id_by_username
from haochaping.accounts.sign_in_rules import sign_in_rules
from haochaping.cli import demo
from haochaping.registry.operations import import_registry
from tests.occasions import database_address


class CutOff(Exception):
    pass


@pytest.fixture
def small(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(demo, "RATINGS", 60)
    monkeypatch.setenv("DATABASE_URL", database_address())
    return


def test_an_empty_database_wants_the_demo_and_a_loaded_one_does_not(small: None) -> None:
    said: list[str] = []
    assert demo.needed()
    assert not demo.loaded()
    demo.load(say=said.append)
    assert not demo.needed()
    assert demo.loaded()
    assert "occasions" in said[-1]


def test_a_demo_that_was_cut_off_is_loaded_again(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: object, **__: object) -> None:
        raise CutOff

    with monkeypatch.context() as once:
        once.setattr("haochaping.cli.simulate.simulate_city", cut)
        with pytest.raises(CutOff):
            demo.load(say=print)
    assert demo.needed()
    demo.load(say=print)
    assert not demo.needed()


def test_the_demos_officials_need_a_password_alone_unless_told_otherwise() -> None:
    plain: dict[str, str] = {}
    assert demo.without_second_factor(plain)
    assert sign_in_rules(plain).second_factor_roles == frozenset()
    told = {demo.ROLES: "authority_officer"}
    assert not demo.without_second_factor(told)
    assert sign_in_rules(told).second_factor_roles == {"authority_officer"}


@pytest.mark.django_db
def test_nobodys_own_registry_gets_a_demo(now: datetime) -> None:
    import_registry(directory=demo.CITY, now=now, actor="test")
    assert not demo.needed()


def test_the_addresses_lead_to_a_fresh_occasion_and_a_first_login(small: None) -> None:
    demo.load(say=print)
    addresses = dict(demo.addresses("http://127.0.0.1:8000"))
    assert [label.split()[1] for label in addresses] == ["Rating", "Console", "Portal"]
    assert "/first-login/" in addresses["工作台 Console (one-time link)"]
    assert official_id_by_username(demo.OFFICIAL) is not None
    with asyncio.Runner() as runner:
        assert runner.run(_waiting(addresses["评价链接 Rating link"].rsplit("/", 1)[1])) == 1


async def _waiting(token: str) -> int:
    import asyncpg

    from haochaping.cases.token import read
    from haochaping.foundation.keys import key_for

    connection = await asyncpg.connect(database_address())
    try:
        identifier = read(token, key_for("rating token")).occasion_id
        found: int = await connection.fetchval("SELECT count(*) FROM cases_waiting WHERE id = $1", identifier)
        return found
    finally:
        await connection.close()


@pytest.mark.django_db
def test_without_a_demo_only_what_is_there_is_named() -> None:
    assert dict(demo.addresses("http://127.0.0.1:8000")) == {
        "工作台 Console": "http://127.0.0.1:8000/console/",
        "公开页 Portal": "http://127.0.0.1:8000/",
    }
