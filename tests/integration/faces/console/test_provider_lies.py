"""A provider that lies, is slow or away lets nobody in, and says so; what somebody else was given is good for nobody."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from joserfc.jwk import OctKey, RSAKey

from haochaping.exchange.identity_provider import peer as peers
from tests.by_provider import A_MINUTE, BACK, START, led_back, refusals, signed_in_there, text
from tests.identity_provider import SUBJECT, IdentityProvider, Lies, unsigned

LIES: dict[str, tuple[Callable[[IdentityProvider], Lies], str]] = {
    "nonce": (lambda there: Lies(claims={"nonce": "another"}), "token: invalid_claim nonce"),
    "no nonce": (lambda there: Lies(claims={"nonce": None}), "token: missing_claim nonce"),
    "audience": (lambda there: Lies(claims={"aud": "another"}), "token: invalid_claim aud"),
    "several": (lambda there: Lies(claims={"aud": ["haochaping", "another"]}), "token: azp"),
    "party": (lambda there: Lies(claims={"azp": "another"}), "token: azp"),
    "issuer": (lambda there: Lies(claims={"iss": "https://example.org"}), "token: invalid_claim iss"),
    "expired": (lambda there: Lies(claims={"exp": 1700000000}), "token: expired_token exp"),
    "for ever": (lambda there: Lies(claims={"exp": None}), "token: missing_claim exp"),
    "subject": (lambda there: Lies(claims={"sub": "x" * 256}), "token: subject"),
    "none": (lambda there: Lies(token=unsigned({"sub": SUBJECT})), "token: unsupported_algorithm"),
    "no token": (lambda there: Lies(token="what"), "token: decode_error"),
    "unknown key": (
        lambda there: Lies(signs_with=RSAKey.generate_key(2048, {"kid": "new"})),
        "token: unknown key",
    ),
    "another key": (
        lambda there: Lies(signs_with=RSAKey.generate_key(2048, {"kid": "rsa-1"})),
        "token: bad_signature",
    ),
    "our own secret": (
        lambda there: Lies(
            algorithm="HS256", signs_with=OctKey.import_key("geheim: mit %" * 3, {"kid": "rsa-1"})
        ),
        "token: unsupported_algorithm",
    ),
    "garbage": (lambda there: Lies(body=b"<html>"), "away: HTTP 200"),
    "broken": (lambda there: Lies(body=b"{}", status=500), "away: HTTP 500"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_provider_that_lies_lets_nobody_in(linked: UUID, provider: IdentityProvider, lie: str) -> None:
    client = Client()
    address = led_back(client)
    provider.lies = LIES[lie][0](provider)
    answer = client.get("/" + address.split("/", 3)[3])
    assert answer.status_code == (503 if LIES[lie][1].startswith("away") else 403)
    assert re.search(r'role="alert">\S+请\S+', text(answer))
    (said,) = refusals()
    assert said.startswith(LIES[lie][1]), said
    assert client.get("/console/").status_code == 302


def test_a_new_key_is_fetched_when_a_token_names_it(linked: UUID, provider: IdentityProvider) -> None:
    signed_in_there(Client())
    fresh = RSAKey.generate_key(2048, {"kid": "rsa-2", "use": "sig"})
    provider.published.append(fresh)
    provider.lies = Lies(signs_with=fresh)
    client = Client()
    signed_in_there(client)
    assert client.get("/console/").status_code == 200
    provider.lies = Lies(algorithm="ES256")
    signed_in_there(client)
    assert provider.asked.count("/keys") == 2


def test_a_code_is_good_once_and_in_the_browser_that_began(linked: UUID, provider: IdentityProvider) -> None:
    client, other = Client(), Client()
    address = "/" + led_back(client).split("/", 3)[3]
    led_back(other)
    # Somebody is given the address that another one came back to.
    assert "不是从本浏览器开始的" in text(other.get(address))
    assert "不是从本浏览器开始的" in text(Client().get(address))
    kept = client.cookies["provider"].value
    assert client.get(address).status_code == 200
    client.cookies["provider"] = kept
    again = client.get(address)
    assert (again.status_code, "已经用过" in text(again)) == (403, True)
    assert refusals() == ["code: HTTP 400"]


def test_what_comes_back_too_late_from_another_or_declined_is_refused(
    linked: UUID, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    client = Client()
    address = "/" + led_back(client).split("/", 3)[3]
    mixed = address.split("&iss=")[0] + "&iss=https%3A%2F%2Fexample.org"
    kept = client.cookies["provider"].value
    assert client.get(mixed).status_code == 403
    state = re.search(r"state=([\w-]+)", address)
    assert state
    client.cookies["provider"] = kept
    assert "没有让您登录" in text(client.get(BACK, {"state": state.group(1), "error": "access_denied"}))
    client.cookies["provider"] = kept
    monkeypatch.setattr("haochaping.faces.console.provider.now", lambda: now + 11 * A_MINUTE)
    assert client.get(address).status_code == 403
    assert "/token" not in provider.asked


def test_while_it_is_slow_or_away_one_is_told_and_others_do_not_wait(
    linked: UUID, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    client = Client()
    address = "/" + led_back(client).split("/", 3)[3]
    monkeypatch.setattr(peers, "SECONDS", 0.2)
    provider.lies = Lies(slow=0.5)
    answer = client.get(address)
    assert (answer.status_code, "没有应答" in text(answer)) == (503, True)
    asked = len(provider.asked)
    provider.lies = Lies()
    peers.peer(provider.settings(name="昆明政务统一身份认证"))._endpoints = None
    assert client.get(START).status_code == 503
    assert len(provider.asked) == asked
    monkeypatch.setattr("haochaping.faces.console.provider.now", lambda: now + A_MINUTE)
    assert client.get(START).status_code == 302
    peers.peer.cache_clear()
    provider.stop()
    assert "用用户名和密码登录" in text(client.get(START))


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://example.org"},
        {"token_endpoint": "http://example.org/token"},
        {"jwks_uri": None},
        {"end_session_endpoint": "javascript:alert(1)"},
    ],
)
def test_what_it_says_of_itself_is_looked_at(
    linked: UUID, provider: IdentityProvider, document: dict[str, Any]
) -> None:
    provider.lies = Lies(document=document)
    assert Client().get(START).status_code == 503


def test_who_tries_too_often_waits(linked: UUID, provider: IdentityProvider) -> None:
    provider.lies = Lies(claims={"aud": "another"})
    answers = [signed_in_there(Client()).status_code for _ in range(31)]
    assert answers == [403] * 30 + [429]
