"""The pages of joint orders: the parts on the order, the part of one organisation, the desk, the form of the officer."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client

from haochaping.rectification.models import OrderPart
from haochaping.rectification.parts import PartAct
from haochaping.rectification.states import Act
from haochaping.registry.models import Organisation
from tests.integration.faces.console.test_orders import text
from tests.joint import ASKED, REPORTED, do_part, joint_order, part_of
from tests.orders import City, lead_to, make_official, open_order


@pytest.fixture
def other(city: City, now: datetime) -> UUID:
    return make_official(city.county, now, "other")


def test_a_part_is_work_on_its_own_desk_and_its_report_stands_on_the_order(
    browser: Client,
    handler: UUID,
    signed_in: Callable[[UUID], Client],
    other: UUID,
    city: City,
    now: datetime,
) -> None:
    order = joint_order(city, now, city.county)
    part = part_of(order, city.county)
    theirs = signed_in(other)
    desk = text(theirs.get("/console/"))
    assert f'href="/console/parts/{part.id}/"' in desk
    assert order.number in desk
    assert f"/console/parts/{part.id}/" not in text(browser.get("/console/"))
    address = f"/console/parts/{part.id}/"
    taken = theirs.post(address + "act/", {"act": "take", "revision": "0"})
    assert (taken.status_code, taken["Location"]) == (302, address)
    refused = theirs.post(
        address + "act/", {"act": "report", "revision": "1", "text": "问过<窗口>", "finding": "true"}
    )
    assert refused.status_code == 422
    page = text(refused)
    assert "问过&lt;窗口&gt;</textarea>" in page
    assert 'id="report-measures-error"' in page
    assert 'value="true" checked' in page
    said = {"text": REPORTED.text, "finding": "true", "measures": REPORTED.measures}
    lead_to(order, Act.RECTIFY, handler, now)
    waiting = text(browser.get(f"/console/orders/{order.id}/"))
    assert "全部提交后才能答复" in waiting
    assert 'name="act" value="answer"' not in waiting
    assert theirs.post(address + "act/", {"act": "report", "revision": "1", **said}).status_code == 302
    shown = text(browser.get(f"/console/orders/{order.id}/"))
    assert REPORTED.text in shown
    assert REPORTED.measures in shown
    assert 'name="act" value="answer"' in shown
    assert theirs.get(f"/console/orders/{order.id}/").status_code == 404
    assert browser.get(address).status_code == 200
    assert browser.post(address + "act/", {"act": "take", "revision": "2"}).status_code == 403
    assert theirs.post(address + "act/", {"act": "give", "revision": "2"}).status_code == 400


def test_an_officer_gives_a_part_and_goes_on_without_it(
    signed_in: Callable[[UUID], Client], officer: UUID, other: UUID, city: City, now: datetime
) -> None:
    order = open_order(city, now)
    client = signed_in(officer)
    new = f"/console/orders/{order.id}/parts/"
    assert new in text(client.get(f"/console/orders/{order.id}/"))
    assert "五华区人力资源和社会保障局" in text(client.get(new))
    refused = client.post(new, {"organisation": "x", "text": ASKED, "until": "2020-01-01"})
    assert refused.status_code == 422
    assert ASKED in text(refused)
    assert "这个日期太早" in text(refused)
    code = Organisation.objects.get(id=city.county).credit_code
    assert client.post(new, {"organisation": code, "text": ASKED, "until": ""}).status_code == 302
    part = OrderPart.objects.get()
    do_part(part, PartAct.TAKE, other, now)
    address = f"/console/parts/{part.id}/"
    assert 'value="release"' in text(client.get(address)), "no limit is laid down yet: he decides"
    words = {"act": "release", "revision": "2", "text": "这一部分与评价无关。"}
    assert client.post(address + "act/", words).status_code == 302
    again = client.post(address + "act/", words)
    assert again.status_code == 409
    assert "这一部分与评价无关。" in text(again)
    assert signed_in(other).get(new).status_code == 403


def test_the_pages_are_there_in_english(
    signed_in: Callable[[UUID], Client], officer: UUID, city: City, now: datetime
) -> None:
    order = joint_order(city, now, city.county)
    client = signed_in(officer)
    client.cookies["django_language"] = "en"
    part = part_of(order, city.county)
    for address in (f"/console/orders/{order.id}/", f"/console/orders/{order.id}/parts/"):
        shown = text(client.get(address))
        assert "联办" not in shown
        assert "牵头" not in shown
    shown = text(client.get(f"/console/parts/{part.id}/"))
    assert "Joint task" in shown
    assert "牵头" not in shown
