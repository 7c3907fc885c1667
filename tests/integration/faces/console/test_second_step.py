"""Password, then the code of an authenticator: set up with a picture, asked for at the next sign-in, recovery codes once."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from haochaping.accounts import second_factor as codes
from haochaping.accounts.models import OfficialSession, SecondFactor
from haochaping.accounts.operations.officials import issue_login_link
from haochaping.accounts.operations.second_factor import offer, opened, set_up
from haochaping.audit.models import AuditEntry

PASSWORD = "昆明-春城-2026-滇池"
ENROL, CODE = "/console/login/authenticator/", "/console/login/code/"


def first_login(official: UUID, now: datetime) -> tuple[Client, HttpResponse]:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    token = issue_login_link(official_id=official, now=now, actor="test")
    form = {"token": token, "password": PASSWORD, "again": PASSWORD}
    return client, client.post("/console/first-login/", form)


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def secret_on(page: str) -> bytes:
    import base64

    found = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    assert found
    return base64.b32decode(found.group(1).replace(" ", ""))


def test_an_officer_sets_it_up_before_the_first_page(officer: UUID, now: datetime) -> None:
    client, answer = first_login(officer, now)
    assert (answer.status_code, answer["Location"]) == (302, ENROL)
    assert client.get("/console/").status_code == 302
    page = client.get(ENROL)
    assert "no-store" in page["Cache-Control"]
    assert re.search(r"<svg [^>]*viewBox", text(page))
    assert not re.search(r"style=|<script|<style", text(page))
    secret = secret_on(text(page))
    assert secret_on(text(client.get(ENROL))) == secret  # it stays while the phone is being fetched
    wrong = client.post(ENROL, {"code": "000000"})
    assert (wrong.status_code, "动态口令不正确" in text(wrong)) == (422, True)
    done = client.post(ENROL, {"code": codes.code_at(secret, now)})
    assert done.status_code == 200
    assert len(re.findall(r"<li><code>[0-9A-Z-]{19}</code>", text(done))) == codes.RECOVERY_CODES
    assert "no-store" in done["Cache-Control"]
    assert client.get("/console/").status_code == 200
    acts = AuditEntry.objects.filter(actor="official:officer").values_list("act", flat=True)
    assert sorted(acts) == ["official.second_factor.set", "official.set_password", "official.sign_in"]
    assert OfficialSession.objects.get(official_id=officer).browser == "Firefox · Linux"


def enrolled(official: UUID, now: datetime) -> tuple[bytes, tuple[str, ...]]:
    sealed = offer(official)
    secret = opened(official, sealed)
    code = codes.code_at(secret, now - timedelta(seconds=30))
    return secret, set_up(official_id=official, sealed=sealed, code=code, now=now)


def sign_in(client: Client, **more: str) -> HttpResponse:
    return client.post("/console/login/", {"username": "officer", "password": PASSWORD, **more})


def test_the_next_time_the_code_is_asked_for_after_the_password(officer: UUID, now: datetime) -> None:
    secret, recovery = enrolled(officer, now)
    first_login(officer, now)
    client = Client()
    answer = sign_in(client, next="/console/coverage/")
    assert answer["Location"] == CODE
    assert client.get("/console/").status_code == 302
    assert "one-time-code" in text(client.get(CODE))
    wrong = client.post(CODE, {"code": "123"})
    assert (wrong.status_code, "动态口令不正确" in text(wrong)) == (403, True)
    assert client.post(CODE, {"code": codes.code_at(secret, now)})["Location"] == "/console/coverage/"
    assert client.get("/console/").status_code == 200
    other = Client()
    sign_in(other)
    assert other.post(CODE, {"code": recovery[0]})["Location"] == "/console/"


def test_the_right_password_stays_good_for_ten_minutes_only(
    officer: UUID, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, _ = enrolled(officer, now)
    first_login(officer, now)
    client = Client()
    sign_in(client)
    monkeypatch.setattr("haochaping.faces.console.entering.now", lambda: now + timedelta(minutes=11))
    answer = client.post(CODE, {"code": codes.code_at(secret, now)})
    assert (answer.status_code, answer["Location"]) == (302, "/console/login/")


def test_without_the_password_there_is_nothing_to_type_a_code_into(officer: UUID, now: datetime) -> None:
    for address in (CODE, ENROL):
        for answer in (Client().get(address), Client().post(address, {"code": "123456"})):
            assert (answer.status_code, answer["Location"]) == (302, "/console/login/")
    enrolled(officer, now)
    client, answer = first_login(officer, now)
    assert answer["Location"] == CODE
    assert client.get(ENROL)["Location"] == CODE  # who has one sets up no other


def test_after_six_wrong_codes_one_waits(officer: UUID, now: datetime) -> None:
    enrolled(officer, now)
    client, _ = first_login(officer, now)
    answers = [client.post(CODE, {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]


def test_whose_role_does_not_ask_for_it_may_have_one(browser: Client, handler: UUID, now: datetime) -> None:
    account = text(browser.get("/console/account/"))
    assert "没有设置动态口令" in account
    page = text(browser.get("/console/account/authenticator/"))
    done = browser.post("/console/account/authenticator/", {"code": codes.code_at(secret_on(page), now)})
    assert "恢复码" in text(done)
    assert SecondFactor.objects.get().official_id == handler
    assert "还有 8 个恢复码可用" in text(browser.get("/console/account/"))
    assert browser.get("/console/account/authenticator/")["Location"] == "/console/account/"


def test_recovery_codes_are_renewed_on_a_page_that_shows_them_once(
    officer: UUID, now: datetime, signed_in: Callable[[UUID], Client]
) -> None:
    address = "/console/account/recovery-codes/"
    client = signed_in(officer)
    assert client.get(address)["Location"] == "/console/account/"
    secret, recovery = enrolled(officer, now)
    assert address in text(client.get("/console/account/"))
    page = text(client.get(address))
    assert ("全部作废" in page, 'name="password"' in page) == (True, False)  # he has no password yet
    wrong = client.post(address, {"code": "123"})
    assert (wrong.status_code, "动态口令不正确" in text(wrong)) == (422, True)
    done = client.post(address, {"code": codes.code_at(secret, now)})
    shown = re.findall(r"<li><code>([0-9A-Z-]{19})</code>", text(done))
    assert (len(shown), set(shown) & set(recovery)) == (codes.RECOVERY_CODES, set())
    assert "no-store" in done["Cache-Control"]
    assert not re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", text(client.get(address)))
