"""The pages of the three administrators: officials with posts and deputies; sign-ins and locks; the audit trail."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from haochaping.accounts.models import Deputy, Official, Post, StaffLink
from haochaping.accounts.operations.sign_in import TooManyFailures, sign_in
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotAllowed
from haochaping.registry import models as registry
from tests.orders import City, make_official


@pytest.fixture
def admin(city: City, now: datetime, signed_in: Callable[[UUID], Client]) -> Client:
    return signed_in(make_official(city.authority, now, "admin", Role.SYSTEM_ADMINISTRATOR))


def act(client: Client, official: UUID, what: str, **fields: object) -> tuple[int, str]:
    answer = client.post(f"/console/officials/{official}/act/", {"act": what, **fields})
    return answer.status_code, answer.content.decode()


def test_an_official_is_made_with_a_link_that_is_shown_once(admin: Client, city: City) -> None:
    new = "/console/officials/new/"
    assert "请选择" in admin.get(new).content.decode()
    fields = {
        "username": "Li Si",
        "name": "李四",
        "organisation": city.county,
        "role": "organisation_handler",
    }
    refused = admin.post(new, fields)
    assert refused.status_code == 422
    assert 'value="Li Si"' in refused.content.decode()
    assert "只能用小写字母" in refused.content.decode()
    shown = admin.post(new, fields | {"username": "li.si"}).content.decode()
    (link,) = re.findall(r'id="link">http://testserver(/console/first-login/[0-9A-Z]{26}/)<', shown)
    assert Client().get(link).status_code == 200
    made = Official.objects.get(username="li.si")
    again = admin.get(f"/console/officials/{made.id}/").content.decode()
    assert link not in again
    assert "还没有设置密码" in again
    listed = admin.get("/console/officials/?text=李").content.decode()
    assert ("li.si" in listed, "handler" in listed) == (True, False)
    assert "没有符合的人员" in admin.get("/console/officials/?text=nobody").content.decode()


def test_posts_deputies_and_staff_are_laid_down_on_one_page(
    admin: Client, city: City, handler: UUID, now: datetime
) -> None:
    today = local_day(now)
    post = Post.objects.get(official_id=handler)
    make_official(city.county, now, "li.si")
    days = {"valid_from": today.isoformat(), "valid_to": (today + timedelta(days=3)).isoformat()}
    assert act(admin, handler, "deputy.add", post=post.id, deputy="li.si", **days)[0] == 302
    page = admin.get(f"/console/officials/{handler}/").content.decode()
    assert "代理：赵敏（li.si）" in page
    assert act(admin, handler, "deputy.end", deputy=Deputy.objects.get().id)[0] == 302
    status, said = act(admin, handler, "deputy.add", post=post.id, deputy="nobody", **days)
    assert (status, "没有这个用户名" in said) == (422, True)
    added = {"organisation": city.county, "role": "organisation_approver", "valid_from": today.isoformat()}
    assert act(admin, handler, "post.add", **added)[0] == 302
    status, said = act(admin, handler, "post.add", **added | {"role": "audit_administrator"})
    assert (status, "须由不同的人承担" in said) == (422, True)
    assert act(admin, handler, "post.add", **added | {"valid_from": "tomorrow"})[0] == 422
    assert act(admin, handler, "post.end", post=post.id, last_day=today.isoformat())[0] == 302
    assert act(admin, handler, "post.end", post=post.id, last_day="")[0] == 422
    staff = registry.Staff.objects.create(code="KM001")
    registry.StaffRecord.objects.create(
        staff=staff, name="赵敏", organisation=registry.Organisation.objects.get(id=city.police)
    )
    assert act(admin, handler, "staff.link", staff="KM001", valid_from="")[0] == 302
    assert act(admin, handler, "staff.link", staff="KM001")[0] == 409
    assert act(admin, handler, "staff.unlink", link=StaffLink.objects.get().id)[0] == 302


def test_accounts_are_let_in_again_and_ended(admin: Client, handler: UUID) -> None:
    assert "first-login" in act(admin, handler, "link")[1]
    assert act(admin, handler, "second_factor.reset")[0] == 409
    assert act(admin, handler, "promote")[0] == 400
    assert act(admin, handler, "post.end", post="x")[0] == 400
    assert act(admin, handler, "end")[0] == 302
    assert not Official.objects.get(id=handler).is_active
    assert act(admin, handler, "end")[0] == 409
    myself = Official.objects.get(username="admin").id
    assert act(admin, myself, "link")[0] == 403
    assert act(admin, UUID(int=1), "link")[0] == 404


def failed(username: str, address: str, now: datetime) -> None:
    with pytest.raises((NotAllowed, TooManyFailures)):
        sign_in(username=username, password="wrong", address=address, now=now)


def test_the_security_administrator_sees_failures_and_locks(
    city: City, handler: UUID, now: datetime, signed_in: Callable[[UUID], Client]
) -> None:
    security = signed_in(make_official(city.authority, now, "security", Role.SECURITY_ADMINISTRATOR))
    assert "没有在各处都被暂停登录的人员" in security.get("/console/sign-ins/").content.decode()
    for number in range(50):
        failed("handler", f"192.0.2.{number // 4}", now - timedelta(seconds=60 - number))
    page = security.get("/console/sign-ins/").content.decode()
    assert page.count("未通过") == 49
    assert "同一用户名在各处的多次失败" in page
    assert "更早的记录" in page
    assert "192.0.2." not in page
    nobody = security.get("/console/sign-ins/?subject=official:nobody").content.decode()
    assert "这段时间没有记录" in nobody


def test_the_audit_administrator_reads_the_trail_by_filters_and_pages(
    city: City, handler: UUID, now: datetime, signed_in: Callable[[UUID], Client]
) -> None:
    audit = signed_in(make_official(city.authority, now, "audit", Role.AUDIT_ADMINISTRATOR))
    for number in range(60):
        failed(f"name{number}", f"192.0.2.{number}", now - timedelta(seconds=60 - number))
    first = audit.get("/console/audit/?act=official.sign_in").content.decode()
    assert first.count("<code>official.sign_in</code>") == 50
    (older,) = re.findall(r'href="\?([^"]+)" rel="next"', first)
    second = audit.get("/console/audit/?" + older.replace("&amp;", "&")).content.decode()
    assert second.count("<code>official.sign_in</code>") == 10
    made = audit.get("/console/audit/?actor=test&subject=official:handler").content.decode()
    assert made.count("<code>official.create</code>") == 1
    assert "没有符合的记录" in audit.get("/console/audit/?until=2020-01-31").content.decode()
    for odd in ("since=x&until=9999-12-31", "before=x", "actor=%00", "since=2026-12-31&until=2026-01-01"):
        assert audit.get(f"/console/audit/?{odd}").status_code == 200
    assert audit.post("/console/audit/").status_code == 405


def test_below_the_top_one_sees_ones_own_people_alone(
    city: City, handler: UUID, now: datetime, signed_in: Callable[[UUID], Client]
) -> None:
    make_official(city.county, now, "elsewhere")
    audit = signed_in(make_official(city.police, now, "audit", Role.AUDIT_ADMINISTRATOR))
    failed("nobody", "192.0.2.1", now)
    page = audit.get("/console/audit/").content.decode()
    assert ("official:handler" in page, "official:elsewhere" in page) == (True, False)
    assert (
        page.count("<code>")
        == AuditEntry.objects.filter(subject__in=("official:handler", "official:audit")).count()
    )
