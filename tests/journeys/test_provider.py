"""A clerk signs in by an identity provider, another site to the browser, and objects to a rating of himself."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from haochaping.accounts.operations.provider import link_subject
from haochaping.accounts.rules import Role
from haochaping.exchange.identity_provider import peer
from haochaping.foundation.clock import now as clock
from haochaping.rectification.models import WorkOrder
from tests.identity_provider import IdentityProvider
from tests.journeys.in_process import Served, serving
from tests.journeys.look import Looker
from tests.objections import link_to_staff, name_staff
from tests.orders import make_official

REASONS = "当日本窗口没有办理这笔业务，请核对叫号记录。"


@pytest.fixture
def served(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    with serving(django_db_blocker, monkeypatch) as found:
        yield found


@pytest.fixture
def provider(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    """By another name than the console's, so that what it leads back to comes from another site."""
    there = IdentityProvider()
    there.issuer = there.issuer.replace("127.0.0.1", "localhost")
    with there.running():
        monkeypatch.setattr(settings, "IDENTITY_PROVIDER", there.settings())
        monkeypatch.setattr(settings, "BASE_URL", served.console)
        yield there
    peer.peer.cache_clear()


def rated(served: Served, page: Page) -> WorkOrder:
    """The order out of a rating, as if it were of yesterday: who was rated sees nothing of what came today."""
    page.goto(served.link())
    page.locator("#level-1").check()
    page.locator(".group-1 input").first.check()
    page.locator("#named-0").check()
    page.locator("main form button").first.click()
    expect(page.locator(".receipt .code").first).to_be_visible()
    served.work()
    order = served.elsewhere(WorkOrder.objects.get)
    served.elsewhere(name_staff, order)
    order.opened_at -= timedelta(days=1)
    served.elsewhere(order.save)
    return order


def test_signed_in_elsewhere_one_is_signed_in_here(
    served: Served, provider: IdentityProvider, desktop: Page
) -> None:
    look, page, at = Looker(), desktop, clock()
    order = rated(served, page)
    clerk = served.elsewhere(make_official, order.organisation_id, at, "clerk", Role.WINDOW_STAFF)
    admin = served.elsewhere(make_official, order.organisation_id, at, "admin", Role.SYSTEM_ADMINISTRATOR)
    served.elsewhere(link_to_staff, clerk, date(2026, 1, 1))

    page.goto(served.console + "/console/own-ratings/")
    look.at(page, "console-login-provider")
    page.get_by_role("link", name="用统一身份认证登录").click()
    look.at(page, "console-provider-unlinked")
    subject = page.locator("#subject").inner_text()
    served.elsewhere(
        link_subject,
        official_id=clerk,
        issuer=provider.issuer,
        subject=subject,
        administrator_id=admin,
        now=at,
    )
    page.get_by_role("link", name="再登录一次").click()
    # The session's cookie is strict, and the browser has it with it all the same.
    page.wait_for_url("**/console/own-ratings/")
    look.at(page, "console-own-ratings")
    page.locator("main table th a").click()
    look.at(page, "console-own-rating")
    page.get_by_role("link", name="提出异议").click()
    page.locator("main form button[type=submit]").click()
    look.at(page, "console-own-objection-refused")
    page.locator("input[name=by]").check()
    page.locator("input[name=ground]").first.check()
    page.locator("[name=reasons]").fill(REASONS)
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".objections")).to_contain_text("等待决定")
    look.at(page, "console-own-objection")
    page.get_by_role("button", name="退出登录").click()
    look.at(page, "console-provider-left")
    expect(page.get_by_role("link", name="同时退出统一身份认证")).to_be_visible()
    assert "\n".join(look.complaints) == ""
