"""Officials sign in by an identity provider, a real one on this machine."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from haochaping.accounts import second_factor as codes
from haochaping.accounts.models import Official, OfficialSession, ProviderSubject
from haochaping.accounts.operations.second_factor import offer, opened, set_up
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from tests.by_provider import A_MINUTE, BACK, START, led_back, link, refusals, signed_in_there, text
from tests.identity_provider import SUBJECT, IdentityProvider, Lies
from tests.orders import City, make_official


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
