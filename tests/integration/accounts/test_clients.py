"""A client gets a key; the secret is shown once and lies sealed."""

from datetime import datetime, timedelta

import pytest

from haochaping.accounts.fragments import SECRET_PURPOSE, secret_place
from haochaping.accounts.models import ApiKey, ApiNonce
from haochaping.accounts.operations.clients import create_client, purge_nonces
from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import Invalid, NotFound
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import unseal
from haochaping.registry.models import Organisation

pytestmark = pytest.mark.django_db
CODE = "11532216MB3585447A"


@pytest.fixture
def organisation() -> Organisation:
    return Organisation.objects.create(credit_code=CODE)


def test_the_secret_is_shown_once_and_lies_sealed(organisation: Organisation, now: datetime) -> None:
    issued = create_client(organisation=CODE, rights=["report", "rate"], actor="test", now=now)
    stored = ApiKey.objects.select_related("client").get(pk=issued.key)
    sealed = bytes(stored.sealed_secret)
    assert issued.secret.encode() not in sealed
    assert unseal(key_for(SECRET_PURPOSE), sealed, secret_place(issued.key)).decode() == issued.secret
    assert stored.client.organisation_id == organisation.id
    assert (stored.client.platform, stored.client.rights) == (CODE, ["rate", "report"])
    entry = AuditEntry.objects.get(act="client.create")
    assert entry.detail["key"] == issued.key
    assert issued.secret not in str(entry.detail)
    assert issued.secret not in repr(issued)


@pytest.mark.parametrize("rights", [[], ["report", "rule"], ["Report"]])
def test_unknown_rights_are_refused(organisation: Organisation, now: datetime, rights: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        create_client(organisation=CODE, rights=rights, actor="test", now=now)
    assert refused.value.problems[0].field == "rights"
    assert not ApiKey.objects.exists()


def test_an_unknown_organisation_is_refused(now: datetime) -> None:
    with pytest.raises(NotFound) as refused:
        create_client(organisation=CODE, rights=["report"], actor="test", now=now)
    assert CODE in refused.value.message
    assert not AuditEntry.objects.exists()


def test_a_platform_name_has_a_limit(organisation: Organisation, now: datetime) -> None:
    with pytest.raises(Invalid):
        create_client(organisation=CODE, rights=["report"], platform="x" * 41, actor="test", now=now)


def test_nonces_are_forgotten_when_no_timestamp_can_bring_them_back(now: datetime) -> None:
    """The longest tolerance is 15 minutes: a timestamp that far ahead passes for half an hour."""
    for minutes in (34, 36):
        ApiNonce.objects.create(key_id="k", nonce=str(minutes), seen_at=now - timedelta(minutes=minutes))
    assert purge_nonces(now=now) == 1
    assert [nonce.nonce for nonce in ApiNonce.objects.all()] == ["34"]
