"""One's own account: posts, sessions, password; and the permission map as a page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from haochaping.accounts.models import Official, OfficialSession
from haochaping.accounts.operations.officials import issue_login_link, set_password
from haochaping.accounts.rules import MAP, Permission, Role
from haochaping.accounts.sign_in_rules import SignInRules
from haochaping.audit.models import AuditEntry
from tests.orders import City, make_official

OLD, NEW = "昆明-春城-2026-滇池", "翠湖-海鸥-2027-大观楼"
PASSWORD = "/console/account/password/"


@pytest.fixture
def known(handler: UUID, now: datetime) -> UUID:
    """The handler with a password."""
    token = issue_login_link(official_id=handler, now=now, actor="test")
    set_password(token=token, password=OLD, now=now)
    return handler


def signed_in(agent: str = "Firefox Linux") -> Client:
    client = Client(headers={"User-Agent": agent})
    answer = client.post("/console/login/", {"username": "handler", "password": OLD})
    assert answer.status_code == 302
    return client


def page(client: Client, address: str = "/console/account/") -> str:
    return client.get(address).content.decode()


def test_it_says_who_one_is_and_where_one_is_signed_in(known: UUID) -> None:
    here, there = signed_in(), signed_in("Chrome Android")
    shown = page(here)
    assert "昆明市公安局 · 承办单位经办人" in shown
    assert ("Firefox · Linux" in shown, "Chrome · Android" in shown) == (True, True)
    assert shown.count("本设备") == 1
    other = OfficialSession.objects.get(browser="Chrome · Android")
    assert other.session_key not in shown
    assert here.post("/console/account/session/end/", {"session": str(other.label)}).status_code == 302
    assert there.get("/console/").status_code == 302
    assert here.get("/console/").status_code == 200
    assert here.post("/console/account/session/end/", {"session": "x"}).status_code == 400
    again = here.post("/console/account/session/end/", {"session": str(other.label)}, follow=True)
    assert "这次登录已经结束" in again.content.decode()


def test_the_fourth_sign_in_ends_the_first(known: UUID) -> None:
    clients = [signed_in() for _ in range(4)]
    assert [client.get("/console/").status_code for client in clients] == [302, 200, 200, 200]
    last = AuditEntry.objects.filter(act="official.sign_in").latest("at")
    assert last.detail == {"ended": 1}


def change(client: Client, old: str = OLD, new: str = NEW, again: str = NEW) -> tuple[int, str]:
    answer = client.post(PASSWORD, {"old": old, "password": new, "again": again})
    return answer.status_code, answer.content.decode()


def test_another_password_ends_the_other_sessions_and_not_this_one(known: UUID) -> None:
    here, there = signed_in(), signed_in()
    for given, words in (
        ({"old": "wrong"}, "现在的密码不正确"),
        ({"again": OLD}, "两次输入的密码不一致"),
        ({"new": OLD, "again": OLD}, "近期用过"),
        ({"new": "12345", "again": "12345"}, "至少用10个字符"),
    ):
        status, said = change(here, **given)
        assert (status, words in said) == (422, True), words
    assert change(here)[0] == 302
    assert here.get("/console/").status_code == 200
    assert there.get("/console/").status_code == 302
    assert Official.objects.get().check_password(NEW)


def test_a_password_that_is_too_old_is_changed_before_anything_else(known: UUID, settings: Settings) -> None:
    settings.SIGN_IN_RULES = SignInRules(password_days=90)
    Official.objects.update(password_set_at=Official.objects.get().created_at - timedelta(days=90))
    client = signed_in()
    for address in ("/console/", "/console/account/", "/console/orders/" + str(UUID(int=1)) + "/"):
        assert client.get(address)["Location"] == PASSWORD
    assert "超过本单位的规定" in page(client, PASSWORD)
    assert change(client)[0] == 302
    assert client.get("/console/").status_code == 200


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.ORGANISATION_HANDLER, "/console/"),
        (Role.SYSTEM_ADMINISTRATOR, "/console/officials/"),
        (Role.SECURITY_ADMINISTRATOR, "/console/sign-ins/"),
        (Role.AUDIT_ADMINISTRATOR, "/console/audit/"),
        (Role.WINDOW_STAFF, "/console/own-ratings/"),
        (Role.HOTLINE_AGENT, "/console/revisits/"),
    ],
)
def test_everybodys_day_begins_where_he_may_be(
    city: City, now: datetime, settings: Settings, role: Role, address: str
) -> None:
    settings.SIGN_IN_RULES = SignInRules(second_factor_roles=frozenset())
    official = make_official(city.police, now, "somebody", role)
    token = issue_login_link(official_id=official, now=now, actor="test")
    client = Client()
    answer = client.post("/console/first-login/", {"token": token, "password": OLD, "again": OLD})
    assert answer["Location"] == address
    shown = page(client, address)
    assert f'<a href="{address}">' in shown
    assert ("工作台" in shown) is (Permission.VIEW_ORDERS in MAP[role])


def test_the_map_is_a_page_in_both_languages(browser: Client) -> None:
    shown = page(browser, "/console/permissions/")
    assert "承办单位经办人</strong>可以签收、核实、整改、答复、办结差评工单。" in shown
    assert "第十二条" in shown
    browser.cookies["django_language"] = "en"
    english = page(browser, "/console/permissions/")
    assert "may take, verify, rectify, answer and close orders" in english
    assert "可以" not in english


def test_an_administrator_may_not_look_at_orders(
    city: City, now: datetime, signed_in: Callable[[UUID], Client]
) -> None:
    client = signed_in(make_official(city.authority, now, "admin", Role.SYSTEM_ADMINISTRATOR))
    assert client.get("/console/ledger/").status_code == 403
    assert client.get("/console/")["Location"] == "/console/officials/", "where his own work is"
