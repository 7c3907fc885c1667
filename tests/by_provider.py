"""Browsers of Django's test client that are led to a provider and back."""

from datetime import datetime, timedelta
from uuid import UUID

import httpx
from django.http import HttpResponse
from django.test import Client

from haochaping.accounts.operations.provider import link_subject
from haochaping.audit.models import AuditEntry
from tests.identity_provider import SUBJECT, IdentityProvider

START, BACK = "/console/login/provider/", "/console/login/provider/back/"
A_MINUTE = timedelta(minutes=1)


def led_back(client: Client, wanted: str = "") -> str:
    """By way of the provider, as the browser is led, up to the address at which it comes back."""
    sent = client.get(START, {"next": wanted} if wanted else {})
    assert sent.status_code == 302, text(sent)
    return str(httpx.get(sent["Location"]).headers["Location"])


def signed_in_there(client: Client, wanted: str = "") -> HttpResponse:
    return client.get("/" + led_back(client, wanted).split("/", 3)[3])


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def refusals() -> list[str]:
    rows = AuditEntry.objects.filter(act="official.provider", result="refused").order_by("at")
    return [row.detail["why"] for row in rows]


def link(provider: IdentityProvider, official: UUID, administrator: UUID, now: datetime) -> None:
    link_subject(
        official_id=official, issuer=provider.issuer, subject=SUBJECT, administrator_id=administrator, now=now
    )
