"""The way in: a one-time link, then username and password; and the way out."""

import re
from datetime import datetime
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from haochaping.accounts.models import Official
from haochaping.accounts.operations.officials import issue_login_link
from haochaping.audit.models import AuditEntry

PASSWORD = "昆明-春城-2026-滇池"


@pytest.fixture
def link(handler: UUID, now: datetime) -> str:
    return issue_login_link(official_id=handler, now=now, actor="test")


def first_login(client: Client, token: str, password: str = PASSWORD, again: str = PASSWORD) -> HttpResponse:
    return client.post("/console/first-login/", {"token": token, "password": password, "again": again})


def sign_in(client: Client, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post("/console/login/", {"username": "handler", "password": password, **more})


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_the_link_opens_a_form_sets_the_password_and_signs_in(link: str) -> None:
    client = Client()
    page = client.get(f"/console/first-login/{link}/")
    assert page.status_code == 200
    assert link in text(page)
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    answer = first_login(client, link)
    assert (answer.status_code, answer["Location"]) == (302, "/console/")
    assert client.get("/console/").status_code == 200
    assert sign_in(Client())["Location"] == "/console/"


def test_looking_at_the_link_asks_nothing_of_the_database(
    browser: Client, link: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert browser.get(f"/console/first-login/{link}/").status_code == 200


def test_looking_at_the_link_uses_nothing_up_and_its_page_passes_the_link_on_nowhere(link: str) -> None:
    for _ in range(3):
        page = Client().get(f"/console/first-login/{link}/")
    assert link not in "".join(re.findall(r"(?:href|action|src)=\"([^\"]*)\"", text(page)))
    assert first_login(Client(), link).status_code == 302


@pytest.mark.parametrize("path", ["/console/login/", "/console/first-login/"])
def test_browsers_may_name_the_site_that_a_form_came_from(db: None, path: str) -> None:
    # Under no-referrer they would send "Origin: null" with every form, which the check against forgery refuses.
    page = text(Client().get(path))
    assert re.findall(r'<meta name="referrer" content="([\w-]+)">', page)[-1] == "same-origin"


def test_a_used_link_is_refused_in_words_and_asks_for_another_code(link: str) -> None:
    first_login(Client(), link)
    answer = first_login(Client(), link, "another-password-1", "another-password-1")
    assert answer.status_code == 422
    assert "登录链接无效" in text(answer)
    assert 'name="token" value' in text(answer)
    assert "another-password-1" not in text(answer)
    assert Official.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        (PASSWORD, "昆明", "两次输入的密码不一致"),
        ("short", "short", "密码太短，请至少用10个字符"),
        ("", "", "这个字段是必填项"),
        ("昆明\x00" + PASSWORD, "昆明\x00" + PASSWORD, "空字符"),
    ],
)
def test_a_refused_password_says_why_and_keeps_the_link(
    link: str, password: str, again: str, words: str
) -> None:
    answer = first_login(Client(), link, password, again)
    assert answer.status_code == 422
    assert words in text(answer)
    assert link in text(answer)
    assert first_login(Client(), link).status_code == 302


def test_a_new_password_ends_the_sessions_begun_before(link: str, handler: UUID, now: datetime) -> None:
    old = Client()
    first_login(old, link)
    assert old.get("/console/").status_code == 200
    first_login(
        Client(),
        issue_login_link(official_id=handler, now=now, actor="test"),
        "新的-密码-2026-翠湖",
        "新的-密码-2026-翠湖",
    )
    assert old.get("/console/").status_code == 302


def test_a_wrong_password_says_no_more_than_that_and_the_sixth_waits(link: str) -> None:
    first_login(Client(), link)
    answers = [sign_in(Client(), "wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [403] * 5 + [429]
    assert "用户名或密码不正确" in text(answers[0])
    assert "请在1分钟后再试" in text(answers[5])
    assert 'value="handler"' in text(answers[0])
    assert sign_in(Client()).status_code == 429


def test_after_signing_in_one_is_where_one_wanted_to_go_but_on_this_site(link: str) -> None:
    first_login(Client(), link)
    assert sign_in(Client(), next="/console/?show=closed")["Location"] == "/console/?show=closed"
    for elsewhere in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        assert sign_in(Client(), next=elsewhere)["Location"] == "/console/"


def test_signing_out_ends_the_session_and_is_on_record(browser: Client) -> None:
    assert browser.get("/console/logout/").status_code == 405
    assert browser.post("/console/logout/")["Location"] == "/console/login/"
    assert browser.get("/console/").status_code == 302
    assert AuditEntry.objects.filter(act="official.sign_out", actor="official:handler").count() == 1


def test_the_session_is_a_new_one_after_signing_in(link: str) -> None:
    client = Client()
    client.get("/console/login/")
    before = client.session.session_key
    first_login(client, link)
    assert client.session.session_key != before
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")


@pytest.mark.parametrize("path", ["/console/login/", "/console/first-login/"])
def test_a_form_without_its_token_against_forgery_is_refused(handler: UUID, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"username": "handler", "password": PASSWORD}).status_code == 403
