"""A clerk signs in by an identity provider, another site to the browser, and objects to a rating of himself, with a file; an
officer looks at the clip of the hall."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from haochaping.accounts.operations.provider import link_subject
from haochaping.accounts.rules import Role
from haochaping.exchange.identity_provider import peer
from haochaping.foundation.clock import now as clock
from haochaping.rectification.models import WorkOrder
from haochaping.registry import models as registry
from tests.evidence import put_camera
from tests.identity_provider import IdentityProvider
from tests.journeys.in_process import Served, serving
from tests.journeys.look import Looker
from tests.journeys.test_pages import AUTHORITY
from tests.objections import link_to_staff, name_staff
from tests.orders import make_official

PLATFORM = (
    "https://video.example.cn/play?camera={camera}&begin={begin}&end={end}&expires={expires}&sign={signature}"
)
REASONS = "当日本窗口没有办理这笔业务，请核对叫号记录。"


@pytest.fixture
def served(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Served]:
    monkeypatch.setenv("HAOCHAPING_EVIDENCE_DIR", str(tmp_path))
    monkeypatch.setenv("HAOCHAPING_VIDEO_URL", PLATFORM)
    monkeypatch.setenv("HAOCHAPING_VIDEO_SECRET", "of sixteen characters")
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
    page.goto(f"{served.console}/console/own-ratings/{order.id}/evidence/")
    chosen = {"name": "叫号记录.txt", "mimeType": "text/plain", "buffer": "A012 九时四十分".encode()}
    page.locator("#evidence-file").set_input_files(chosen)  # type: ignore[arg-type]
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator(".evidence-file")).to_contain_text("叫号记录.txt")
    look.at(page, "console-own-evidence")
    page.get_by_role("button", name="退出登录").click()
    look.at(page, "console-provider-left")
    expect(page.get_by_role("link", name="同时退出统一身份认证")).to_be_visible()
    clip(look, served, page, order)
    assert "\n".join(look.complaints) == ""


def clip(look: Looker, served: Served, page: Page, order: WorkOrder) -> None:
    """The officer says what he needs it for; the page leads on to the platform."""
    served.elsewhere(filmed, order)
    authority = served.elsewhere(registry.Organisation.objects.get, credit_code=AUTHORITY).id
    served.sign_in(
        page, served.elsewhere(make_official, authority, clock(), "officer", Role.AUTHORITY_OFFICER)
    )
    page.goto(f"{served.console}/console/orders/{order.id}/")
    page.locator("#video summary").click()
    page.locator("input[name=video_purpose]").first.check()
    page.get_by_role("button", name="申请查看").click()
    expect(page.locator("h1")).to_have_text("大厅录像")
    look.at(page, "console-video")


def filmed(order: WorkOrder) -> None:
    """The rating was given at a window that a camera looks at."""
    window = registry.Window.objects.order_by("id").values_list("id", flat=True)[0]
    put_camera(window, clock())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE ratings_rating SET window_id = %s WHERE id = %s", [window, order.subject_id])
        cursor.execute("SET session_replication_role = origin")
