"""Several keys a client, their ends, and what is laid down for it: each act audited, no secret shown again."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from haochaping.accounts.clients import Allowance, Reach
from haochaping.accounts.models import ApiKey
from haochaping.accounts.operations.clients import Terms, change_client, create_client, end_client
from haochaping.accounts.operations.dialects import set_dialect
from haochaping.accounts.operations.keys import IssuedKey, add_key, end_key
from haochaping.accounts.queries.clients import clients, dialects_of
from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import Conflict, Invalid, NotFound
from haochaping.registry.models import Organisation

pytestmark = pytest.mark.django_db
CODE, OTHER = "11532216MB3585447A", "11535863MB36169043"
HOUR = timedelta(hours=1)


@pytest.fixture
def issued(now: datetime) -> IssuedKey:
    Organisation.objects.create(credit_code=CODE)
    Organisation.objects.create(credit_code=OTHER)
    return create_client(organisation=CODE, rights=["report"], actor="test", now=now)


def ends(now: datetime) -> dict[str, datetime | None]:
    (sheet,) = clients(now=now)
    return {key.key: key.ends_at for key in sheet.keys}


def details(act: str) -> list[dict[str, Any]]:
    return [entry.detail for entry in AuditEntry.objects.filter(act=act).order_by("at")]


def test_two_keys_overlap_until_the_first_ends(issued: IssuedKey, now: datetime) -> None:
    second = add_key(client=issued.key, now=now, actor="test")
    assert second.secret != issued.secret
    assert ends(now) == {issued.key: None, second.key: None}
    assert end_key(key=issued.key, at=now + HOUR, now=now, actor="test") == now + HOUR
    assert ends(now) == {issued.key: now + HOUR, second.key: None}
    # The end that has not come may be moved, and the key may still be revoked at once.
    end_key(key=issued.key, at=now + 2 * HOUR, now=now, actor="test")
    assert end_key(key=issued.key, now=now + HOUR, actor="test") == now + HOUR
    assert ends(now)[issued.key] == now + HOUR
    assert [each["end"] for each in details("client.key.end")] == [
        (now + hours * HOUR).isoformat() for hours in (1, 2, 1)
    ]
    assert second.secret not in str(details("client.key.add"))


def test_an_end_that_has_come_cannot_be_taken_back(issued: IssuedKey, now: datetime) -> None:
    end_key(key=issued.key, at=now + HOUR, now=now, actor="test")
    for at in (None, now + 5 * HOUR):
        with pytest.raises(Conflict):
            end_key(key=issued.key, at=at, now=now + HOUR, actor="test")
    with pytest.raises(Invalid):
        end_key(key=add_key(client=issued.key, now=now, actor="test").key, at=now, now=now, actor="test")
    with pytest.raises(NotFound):
        end_key(key="NOBODY", now=now, actor="test")


def test_an_ended_client_gets_no_key_and_no_other_terms(issued: IssuedKey, now: datetime) -> None:
    end_client(client=issued.key, now=now, actor="test")
    for act in (
        lambda: add_key(client=issued.key, now=now, actor="test"),
        lambda: change_client(client=issued.key, terms=Terms(reach="own"), now=now, actor="test"),
        lambda: end_client(client=issued.key, now=now, actor="test"),
    ):
        with pytest.raises(Conflict):
            act()
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize("reference", ["", "nobody", "01963e4c-0000-7000-8000-000000000000"])
def test_an_unknown_client_is_refused(issued: IssuedKey, now: datetime, reference: str) -> None:
    with pytest.raises(NotFound):
        add_key(client=reference, now=now, actor="test")


def test_terms_are_laid_down_and_changed(issued: IssuedKey, now: datetime) -> None:
    (before,) = clients(now=now)
    assert (before.scope.reach, before.clock_tolerance, before.allowance) == (
        Reach.PLATFORM,
        300,
        Allowance(),
    )
    terms = Terms(
        rights=["quarantine", "report"],
        listed=[OTHER],
        clock_tolerance=600,
        limits={"calls": 7, "records_burst": 20_000},
    )
    change_client(client=str(before.id), terms=terms, now=now, actor="test")
    (after,) = clients(now=now)
    listed = Organisation.objects.get(credit_code=OTHER).id
    assert (after.rights, after.scope.reach, set(after.scope.listed)) == (
        ("quarantine", "report"),
        Reach.LISTED,
        {listed},
    )
    assert after.allowance == Allowance(calls=7, records_burst=20_000)
    (change,) = details("client.change")
    assert (change["before"]["clock_tolerance"], change["after"]["clock_tolerance"]) == (300, 600)
    # What is not given stays; a limit may be given back, and a scope without a list has none.
    change_client(client=issued.key, terms=Terms(reach="own", limits={"calls": None}), now=now, actor="test")
    (last,) = clients(now=now)
    assert (last.scope.reach, last.scope.listed, last.clock_tolerance) == (Reach.OWN, frozenset(), 600)
    assert last.allowance == Allowance(records_burst=20_000)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(rights=[]), "rights"),
        (Terms(rights=["rule"]), "rights"),
        (Terms(reach="everything"), "scope"),
        (Terms(reach="listed"), "scope"),
        (Terms(reach="own", listed=[OTHER]), "scope"),
        (Terms(listed=[OTHER, "91110000600037341L"]), "listed"),
        (Terms(clock_tolerance=29), "clock_tolerance"),
        (Terms(clock_tolerance=901), "clock_tolerance"),
        (Terms(limits={"calls": 0}), "calls"),
        (Terms(limits={"records": 1_000_001}), "records"),
    ],
)
def test_terms_that_cannot_be_change_nothing(
    issued: IssuedKey, now: datetime, terms: Terms, field: str
) -> None:
    (before,) = clients(now=now)
    with pytest.raises(Invalid) as refused:
        change_client(client=issued.key, terms=terms, now=now, actor="test")
    assert [problem.field for problem in refused.value.problems] == [field]
    assert clients(now=now) == (before,)
    if field != "rights":
        with pytest.raises(Invalid):
            create_client(organisation=CODE, rights=["report"], terms=terms, actor="test", now=now)


def test_editions_of_a_dialect_follow_each_other(issued: IssuedKey, now: datetime) -> None:
    for edition, (text, start) in enumerate([("a", None), ("b", now + HOUR), ("a", None)], start=1):
        made = set_dialect(client=issued.key, text=text, now=now, actor="test", in_force_from=start)
        assert made[1] == edition
    assert [(one.edition, one.text) for one in dialects_of(client=issued.key)] == [
        (1, "a"),
        (2, "b"),
        (3, "a"),
    ]
    assert [sheet.dialect for sheet in clients(now=now)] == [3]
    assert [each["edition"] for each in details("client.dialect.set")] == [1, 2, 3]
    with pytest.raises(Conflict):
        set_dialect(client=issued.key, text="a", now=now, actor="test")
    with pytest.raises(Invalid):
        set_dialect(
            client=issued.key, text="c", now=now, actor="test", in_force_from=now - timedelta(seconds=1)
        )
