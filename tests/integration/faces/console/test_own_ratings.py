"""The pages of window staff: bad ratings of oneself, the objection in one's own name."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.rectification.models import Objection, WorkOrder
from tests.objections import FILING, link_to_staff, name_staff
from tests.orders import NAME, PHONE, SERVICE_DAY, City, make_official, open_order

LIST = "/console/own-ratings/"
TYPED = {"by": "rated_person", "ground": FILING.ground, "reasons": FILING.reasons, "evidence": ""}


@pytest.fixture
def order(city: City, now: datetime) -> WorkOrder:
    """Of the day before: on the same one he would know who has just left."""
    return name_staff(open_order(city, now - timedelta(days=1), named=True))


@pytest.fixture
def clerk(city: City, now: datetime, signed_in: Callable[[UUID], Client]) -> Client:
    return signed_in(link_to_staff(make_official(city.police, now, "clerk", Role.WINDOW_STAFF), SERVICE_DAY))


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_the_whole_way_on_the_pages(clerk: Client, order: WorkOrder) -> None:
    page = f"{LIST}{order.id}/"
    assert page in text(clerk.get(LIST))
    shown = text(clerk.get(page))
    assert "提出异议（申请复核）" in shown
    assert [each for each in (NAME, PHONE, order.number, "实名") if each in shown] == []
    form = text(clerk.get(f"{page}objections/new/objection/"))
    assert ('value="rated_person"' in form, 'value="rated_organisation"' in form) == (True, False)
    refused = clerk.post(f"{page}objections/new/objection/", TYPED | {"reasons": "太短"})
    assert (refused.status_code, "太短" in text(refused)) == (422, True)
    assert clerk.post(f"{page}objections/new/objection/", TYPED)["Location"] == page
    assert "等待决定" in text(clerk.get(page))
    assert "提出过" in text(clerk.get(LIST))
    filed = Objection.objects.get()
    assert clerk.get(f"{page}objections/{filed.id}/withdraw/")["Location"] == page
    assert clerk.post(f"{page}objections/{filed.id}/withdraw/")["Location"] == page
    assert "已撤回" in text(clerk.get(page))
    assert clerk.get(f"{page}objections/new/nothing/").status_code == 404


def test_nothing_is_said_of_what_is_not_there(
    city: City, now: datetime, signed_in: Callable[[UUID], Client], order: WorkOrder
) -> None:
    other = signed_in(make_official(city.police, now, "other", Role.WINDOW_STAFF))
    assert "没有评价到您本人的差评" in text(other.get(LIST))
    assert other.get(f"{LIST}{order.id}/").status_code == 404
    assert other.post(f"{LIST}{order.id}/objections/new/objection/", TYPED).status_code == 404
