"""Several orders dispatched in the browser, without a script: chosen, looked over, done, and sent once more."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.states import Act
from haochaping.registry import models as registry
from tests.orders import City, lead_to, make_official, open_order

WHY = "属五华区职责，由其承办。"


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.fixture
def officer(signed_in: Callable[[UUID], Client], city: City, now: datetime) -> Client:
    return signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))


def fields(page: str) -> dict[str, list[str]]:
    """What the form on a page sends by itself."""
    found: dict[str, list[str]] = {}
    main = page[page.index("<main") :]
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', main):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return found


def code(city: City) -> str:
    said: str = registry.Organisation.objects.get(id=city.county).credit_code
    return said


def test_chosen_looked_over_done_and_never_twice(
    officer: Client, handler: UUID, city: City, now: datetime
) -> None:
    orders = [open_order(city, now) for _ in range(3)]
    lead_to(orders[2], Act.TAKE, handler, now)
    listed = text(officer.get("/console/?show=open"))
    assert listed.count('type="checkbox" name="order"') == 3
    chosen = {**fields(listed), "order": [str(each.id) for each in orders]}
    asked = text(officer.post("/console/dispatch/", chosen))
    assert "2张可以转办" in asked
    assert "1张不能转办" in asked
    assert "已经签收或者办结" in asked
    refused = officer.post("/console/dispatch/", {**fields(asked), "text": WHY})
    assert refused.status_code == 422
    assert "请选择转办给哪个单位" in text(refused)
    assert WHY in text(refused)
    check = {**fields(text(refused)), "text": WHY, "organisation": code(city)}
    confirm = text(officer.post("/console/dispatch/", check))
    assert "将把2张工单转办给五华区人力资源和社会保障局" in confirm
    assert not OrderStep.objects.filter(act=Act.DISPATCH).exists()
    sure = {**fields(confirm), "step": "do"}
    done = text(officer.post("/console/dispatch/", sure))
    assert "已转办2张" in done
    assert WorkOrder.objects.filter(organisation_id=city.county).count() == 2
    again = text(officer.post("/console/dispatch/", sure))
    assert "已转办0张" in again
    assert again.count("没有重复办理") == 2
    assert OrderStep.objects.filter(act=Act.DISPATCH).count() == 2


def test_one_that_was_taken_meanwhile_is_told_and_stops_no_other(
    officer: Client, handler: UUID, city: City, now: datetime
) -> None:
    first, second = open_order(city, now), open_order(city, now)
    chosen = {"order": [f"{each.id}:0" for each in (first, second)], "organisation": code(city), "text": WHY}
    lead_to(first, Act.TAKE, handler, now)
    done = text(officer.post("/console/dispatch/", {**chosen, "step": "do"}))
    assert "已转办1张" in done
    assert "1张没有转办" in done
    first.refresh_from_db()
    assert first.organisation_id == city.police


def test_nothing_chosen_is_said_and_an_address_leads_back(officer: Client, browser: Client) -> None:
    assert "没有勾选工单" in text(officer.post("/console/dispatch/", {"step": "choose"}))
    assert officer.get("/console/dispatch/")["Location"] == "/console/"
    assert officer.post("/console/dispatch/", {"step": "explode"}).status_code == 400
    assert officer.post("/console/dispatch/", {"step": "choose", "order": "x"}).status_code == 400
    assert browser.post("/console/dispatch/", {"step": "choose"}).status_code == 403
