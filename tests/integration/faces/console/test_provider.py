"""Officials sign in by an identity provider, a real one on this machine, which also lies."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.http import HttpResponse
from django.test import Client
from joserfc.jwk import OctKey, RSAKey
from pytest_django.fixtures import Settings

from haochaping.accounts import second_factor as codes
from haochaping.accounts.models import Official, OfficialSession, ProviderSubject
from haochaping.accounts.operations.provider import link_subject
from haochaping.accounts.operations.second_factor import offer, opened, set_up
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.exchange.identity_provider import peer as peers
from tests.identity_provider import SUBJECT, IdentityProvider, Lies, unsigned
from tests.orders import City, make_official

START, BACK = "/console/login/provider/", "/console/login/provider/back/"
A_MINUTE = timedelta(minutes=1)


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


def link(provider: IdentityProvider, official: UUID, administrator: UUID, now: datetime) -> None:
    link_subject(
        official_id=official, issuer=provider.issuer, subject=SUBJECT, administrator_id=administrator, now=now
    )


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


def test_the_button_is_there_where_there_is_a_provider_and_nothing_else_is_without_one(db: None) -> None:
    assert "provider" not in text(Client().get("/console/login/"))
    for address in (START, BACK, "/console/login/provider/left/"):
        assert Client().get(address)["Location"] == "/console/login/"


def test_who_is_linked_comes_in_where_he_wanted_to(linked: UUID, provider: IdentityProvider) -> None:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    page = text(client.get("/console/login/?next=/console/revisits/"))
    assert f'href="{START}?next=/console/revisits/"' in page
    assert "用昆明政务统一身份认证登录" in page
    answer = signed_in_there(client, "/console/revisits/")
    # The session's cookie is strict: the browser takes it along from a page of ours only.
    assert (answer.status_code, 'content="0; url=/console/revisits/"' in text(answer)) == (200, True)
    assert client.get("/console/revisits/").status_code == 200
    row = AuditEntry.objects.get(act="official.sign_in")
    assert (row.actor, row.detail) == ("official:handler", {"by": "provider", "ended": 0})
    assert OfficialSession.objects.get(official_id=linked).browser == "Firefox · Linux"
    assert provider.asked == ["/.well-known/openid-configuration", "/authorize", "/token", "/keys"]


def test_elsewhere_is_nowhere_to_go_after_it(linked: UUID) -> None:
    assert "url=/console/&quot;" not in (page := text(signed_in_there(Client(), "https://example.org/")))
    assert 'content="0; url=/console/"' in page


def test_the_cookie_of_an_attempt_is_for_the_way_back_alone(linked: UUID) -> None:
    client = Client()
    led_back(client)
    cookie = client.cookies["provider"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (BACK, "Lax", True)
    assert SUBJECT not in cookie.value
    signed_in_there(client)
    assert client.cookies["provider"].value == ""


def test_nobody_unlinked_comes_in_and_no_account_is_made(provider: IdentityProvider, handler: UUID) -> None:
    answer = signed_in_there(Client())
    assert answer.status_code == 403
    assert f'id="subject">{SUBJECT}<' in text(answer)
    assert "告诉系统管理员" in text(answer)
    assert Official.objects.count() == 1
    assert not OfficialSession.objects.filter(official_id__isnull=False).exists()
    assert refusals() == ["unlinked"]


def test_an_account_that_has_ended_stays_out(linked: UUID) -> None:
    Official.objects.filter(id=linked).update(is_active=False)
    assert signed_in_there(Client()).status_code == 403


def test_our_second_factor_is_asked_for_unless_the_provider_says_that_it_has_done_so(
    provider: IdentityProvider, city: City, administrator: UUID, now: datetime, settings: Settings
) -> None:
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    link(provider, officer, administrator, now)
    client = Client()
    assert "url=/console/login/authenticator/" in text(signed_in_there(client))
    assert client.get("/console/").status_code == 302
    sealed = offer(officer)
    secret = opened(officer, sealed)
    set_up(official_id=officer, sealed=sealed, code=codes.code_at(secret, now - A_MINUTE / 2), now=now)
    assert "url=/console/login/code/" in text(signed_in_there(client))
    assert "统一身份认证已通过" in text(client.get("/console/login/code/"))
    answer = client.post("/console/login/code/", {"code": codes.code_at(secret, now)})
    assert answer["Location"] == "/console/"
    for claims, then in (
        ({"amr": ["pwd", "mfa"]}, "/console/"),
        ({"amr": ["pwd"]}, "/console/login/code/"),
        ({"amr": "mfa"}, "/console/login/code/"),
        ({"acr": "gold"}, "/console/"),
        ({"acr": "silver"}, "/console/login/code/"),
    ):
        settings.IDENTITY_PROVIDER = provider.settings(strong_acr=frozenset({"gold"}))
        provider.lies = Lies(claims=claims)
        assert f'url={then}"' in text(signed_in_there(Client())), claims


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


def test_signing_out_says_that_the_providers_session_goes_on(
    linked: UUID, provider: IdentityProvider, signed_in: Callable[[UUID], Client]
) -> None:
    client = Client()
    signed_in_there(client)
    assert client.post("/console/logout/")["Location"] == "/console/login/provider/left/"
    page = text(client.get("/console/login/provider/left/"))
    assert re.search(
        rf'href="{provider.issuer}/leave\?client_id=haochaping&amp;post_logout_redirect_uri=', page
    )
    assert client.get("/console/").status_code == 302
    assert signed_in(linked).post("/console/logout/")["Location"] == "/console/login/"


def test_an_administrator_links_and_unlinks_on_the_page_of_an_official(
    provider: IdentityProvider,
    handler: UUID,
    administrator: UUID,
    city: City,
    now: datetime,
    signed_in: Callable[[UUID], Client],
) -> None:
    admin = signed_in(administrator)
    page = f"/console/officials/{handler}/"

    def act(what: str, whose: str = page, **fields: str) -> HttpResponse:
        return admin.post(f"{whose}act/", {"act": what, **fields})

    assert act("provider.link", subject=" ").status_code == 422
    assert act("provider.link", subject=SUBJECT).status_code == 302
    assert "解除关联" in text(admin.get(page))
    assert act("provider.link", subject="another").status_code == 409
    other = make_official(city.police, now, "other")
    taken = act("provider.link", f"/console/officials/{other}/", subject=SUBJECT)
    assert (taken.status_code, "另一名人员" in text(taken)) == (422, True)
    assert SUBJECT.encode() not in bytes(ProviderSubject.objects.get().digest)
    client = Client()
    signed_in_there(client)
    assert act("provider.unlink").status_code == 302
    assert act("provider.unlink").status_code == 409
    assert client.get("/console/").status_code == 302
    assert signed_in_there(Client()).status_code == 403
    acts = AuditEntry.objects.filter(actor="official:admin", subject="official:handler")
    assert sorted(acts.values_list("act", flat=True)) == [
        "official.provider.link",
        "official.provider.unlink",
    ]
    assert not AuditEntry.objects.filter(detail__icontains=SUBJECT).exists()
