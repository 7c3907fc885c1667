"""An officer dispatches an order to another organisation: the rated one may still object, and sees no more than it may."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.rectification.models import Objection, WorkOrder
from haochaping.rectification.states import Act
from tests.markup import Page
from tests.orders import NAME, City, do_act, lead_to, make_official, open_order

OTHER = "11539436MB36597916"
REASONS = "办事人把评价点在了另一个单位的名下。"


@pytest.fixture
def order(city: City, now: datetime) -> WorkOrder:
    """Of the city's police, handled by an office of the county."""
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    order = open_order(city, now, named=True)
    return do_act(order, Act.DISPATCH, officer, now, "由五华区人社局办理", organisation=OTHER)


def test_the_rated_sees_the_rating_and_not_how_it_is_handled(
    browser: Client, city: City, order: WorkOrder, now: datetime
) -> None:
    lead_to(order, Act.ANSWER, make_official(city.county, now, "county"), now)
    assert browser.get(f"/console/orders/{order.id}/").status_code == 404
    assert order.number in browser.get("/console/rated/").content.decode()
    text = Page(browser.get(f"/console/rated/{order.id}/").content).text
    for seen in (order.number, "户口迁移", "昆明市公安局", "当周", "排队两小时"):
        assert seen in text
    for hidden in (NAME, "13888012345", "办理记录", "五华区", "实名", "属实", "增设一个窗口", "期限"):
        assert hidden not in text.replace("期限内", ""), hidden


def test_the_rated_objects_and_takes_it_back_by_its_own_page(browser: Client, order: WorkOrder) -> None:
    page, form = f"/console/rated/{order.id}/", f"/console/orders/{order.id}/objections/new/objection/"
    assert form in browser.get(page).content.decode()
    assert page in browser.get(form).content.decode()
    said = {"by": "rated_organisation", "ground": "mistaken", "reasons": REASONS}
    answer = browser.post(form, said)
    assert (answer.status_code, answer["Location"]) == (302, page)
    filed = Objection.objects.get(order=order)
    assert filed.state == "filed"
    assert "等待决定" in browser.get(page).content.decode()
    back = browser.post(f"/console/orders/{order.id}/objections/{filed.id}/withdraw/")
    assert back["Location"] == page
    filed.refresh_from_db()
    assert filed.state == "withdrawn"


def test_who_handles_the_order_does_not_object_for_the_rated_and_strangers_see_nothing(
    order: WorkOrder, city: City, now: datetime, signed_in: Callable[[UUID], Client]
) -> None:
    handling = signed_in(make_official(city.county, now, "county"))
    assert handling.get(f"/console/rated/{order.id}/")["Location"] == f"/console/orders/{order.id}/"
    form = f"/console/orders/{order.id}/objections/new/objection/"
    assert handling.get(form).status_code == 404
    stranger = signed_in(make_official(city.authority, now, "stranger"))
    for address in (f"/console/rated/{order.id}/", form):
        assert stranger.get(address).status_code == 404
    assert "没有。" in stranger.get("/console/rated/").content.decode()


def test_an_order_that_is_with_the_rated_is_seen_where_it_always_was(
    browser: Client, city: City, now: datetime
) -> None:
    mine = open_order(city, now)
    assert mine.number not in browser.get("/console/rated/").content.decode()
    assert browser.get(f"/console/rated/{mine.id}/")["Location"] == f"/console/orders/{mine.id}/"
