"""Objections on the console: filed from the order, decided by due date, confirmed by another; what each sees."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from haochaping.rectification.contests import State
from haochaping.rectification.models import Objection, WorkOrder
from tests.objections import FILING, UPHELD, People, decide, file
from tests.orders import NAME, City, open_order

LIST = "/console/objections/"
Sign = Callable[[UUID], Client]
TYPED = {"by": FILING.by, "ground": FILING.ground, "reasons": FILING.reasons, "evidence": ""}
DECIDED = {
    "act": "decide",
    "outcome": "upheld",
    "ground": "mistaken",
    "findings": UPHELD.findings,
    "reply": UPHELD.reply,
}


@pytest.fixture
def people(city: City, now: datetime) -> People:
    return People(city, now)


@pytest.fixture
def order(city: City, now: datetime) -> WorkOrder:
    return open_order(city, now)


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def new(order: WorkOrder, kind: str = "objection") -> str:
    return f"/console/orders/{order.id}/objections/new/{kind}/"


def submit(client: Client, objection: Objection, where: str = "act", **typed: str) -> HttpResponse:
    objection.refresh_from_db()
    fields = {"revision": str(objection.revision), **typed}
    return client.post(f"{LIST}{objection.id}/{where}/", fields)


def test_the_whole_way_on_the_pages(people: People, order: WorkOrder, signed_in: Sign) -> None:
    handler, first, second = (signed_in(each) for each in (people.handler, people.first, people.second))
    page = text(handler.get(f"/console/orders/{order.id}/"))
    assert "提出异议（申请复核）" in page
    assert "由昆明市政务服务管理局决定" in page
    assert "在本页提交即为书面申请" in text(handler.get(new(order)))
    assert handler.post(new(order), TYPED).status_code == 302
    filed = Objection.objects.get()
    page = text(handler.get(f"/console/orders/{order.id}/"))
    assert "等待决定" in page
    assert "还剩 10 个工作日" in page

    listed = text(first.get(LIST))
    assert order.number in listed
    assert "误评" in listed
    shown = text(first.get(f"{LIST}{filed.id}/"))
    assert "13888012345" not in shown
    assert NAME not in shown
    assert submit(first, filed, **DECIDED).status_code == 302
    assert UPHELD.reply not in text(handler.get(f"/console/orders/{order.id}/")), "only proposed"
    own = text(first.get(f"{LIST}{filed.id}/"))
    assert "须由本单位另一名有权限的人员确认" in own
    assert "确认，立即生效" not in own
    assert submit(first, filed, "confirm", act="confirm").status_code == 403
    assert "确认，立即生效" in text(second.get(f"{LIST}{filed.id}/"))
    assert submit(second, filed, "confirm", act="confirm").status_code == 302
    page = text(handler.get(f"/console/orders/{order.id}/"))
    assert UPHELD.reply in page
    assert "这条评价不计入任何统计，原评价保留" in page
    assert "这张工单已经撤销" in page
    assert order.number not in text(first.get(LIST))
    assert order.number in text(first.get(f"{LIST}?show=closed"))
    rates = re.sub(r"<[^>]+>", " ", text(first.get(f"{LIST}rates/")))
    assert "100.0%" in rates


def test_what_was_typed_is_kept_with_what_is_wrong(people: People, order: WorkOrder, signed_in: Sign) -> None:
    handler, first = signed_in(people.handler), signed_in(people.first)
    answer = handler.post(new(order), TYPED | {"ground": "", "reasons": "太短"})
    assert answer.status_code == 422
    assert "请选择一项规则允许的理由" in text(answer)
    assert "太短" in text(answer)
    filed = file(order, people.handler, order.opened_at)
    answer = submit(first, filed, **DECIDED | {"reply": "短", "ground": ""})
    assert answer.status_code == 422
    assert UPHELD.findings in text(answer)
    assert "请选择认定成立的理由" in text(answer)
    decide(filed, people.second, order.opened_at)
    stale = first.post(f"{LIST}{filed.id}/act/", DECIDED | {"revision": "1"})
    assert stale.status_code == 409
    assert UPHELD.findings in text(stale)


def test_nobody_else_sees_any_of_it(
    people: People, order: WorkOrder, signed_in: Sign, client: Client, city: City, now: datetime
) -> None:
    filed = file(order, people.handler, now)
    handler, first = signed_in(people.handler), signed_in(people.first)
    for page in (LIST, f"{LIST}rates/", f"{LIST}{filed.id}/"):
        assert client.get(page).status_code == 302
        assert handler.get(page).status_code == 403
    assert submit(handler, filed, **DECIDED).status_code == 403
    assert first.get(new(order)).status_code == 403
    assert first.post(f"/console/orders/{order.id}/objections/{filed.id}/withdraw/").status_code == 403
    assert handler.get(new(order, "nothing")).status_code == 404
    assert submit(first, filed, act="none").status_code == 400
    assert handler.get(f"/console/orders/{order.id}/objections/{filed.id}/withdraw/").status_code == 302
    assert "提出异议" not in text(first.get(f"/console/orders/{order.id}/"))


def test_taken_back_from_the_order(people: People, order: WorkOrder, signed_in: Sign) -> None:
    filed = file(order, people.handler, order.opened_at)
    handler = signed_in(people.handler)
    assert handler.post(f"/console/orders/{order.id}/objections/{filed.id}/withdraw/").status_code == 302
    filed.refresh_from_db()
    assert filed.state == State.WITHDRAWN
    page = text(handler.get(f"/console/orders/{order.id}/"))
    assert "已撤回" in page
    answer = handler.post(f"/console/orders/{order.id}/objections/{filed.id}/withdraw/", follow=True)
    assert "刚刚有了新的进展" in text(answer)


def test_the_first_due_comes_first_and_lists_say_when_empty(
    people: People, city: City, now: datetime, signed_in: Sign
) -> None:
    first = signed_in(people.first)
    assert "现在没有待办理的异议" in text(first.get(LIST))
    assert "还没有已结束的异议" in text(first.get(f"{LIST}?show=closed"))
    assert "还没有人提出异议" in text(first.get(f"{LIST}rates/"))
    orders = [open_order(city, now) for _ in range(2)]
    later, earlier = (file(each, people.handler, now) for each in orders)
    for filed, days in ((later, 9), (earlier, 3)):
        Objection.objects.filter(pk=filed.id).update(due_at=now + timedelta(days=days))
    shown = text(first.get(LIST))
    assert shown.index(orders[1].number) < shown.index(orders[0].number)


def test_in_english(people: People, order: WorkOrder, signed_in: Sign) -> None:
    filed = file(order, people.handler, order.opened_at)
    first = signed_in(people.first)
    first.cookies["django_language"] = "en"
    shown = text(first.get(f"{LIST}{filed.id}/"))
    assert "Limit for the decision" in shown
    assert "To be reviewed" in shown
