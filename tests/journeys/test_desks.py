"""The desk of every role, with orders in all kinds of states: what it shows fits, and every link of its navigation leads
somewhere its holder may go."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.plugin import DjangoDbBlocker

from haochaping.accounts.rules import Role
from haochaping.foundation.clock import CN
from haochaping.foundation.clock import now as clock
from haochaping.ratings.models import Rating
from haochaping.rectification.models import BadRating, WorkOrder
from haochaping.rectification.operations import open_orders, plan_escalations, set_off_due
from haochaping.rectification.states import Act
from haochaping.registry import queries as registry
from tests import objections
from tests.journeys.conftest import DESKTOP
from tests.journeys.in_process import Served, serving, set_clock
from tests.journeys.look import Looker
from tests.orders import City, lead_to, make_official, rate_badly

BEGUN = datetime(2026, 11, 23, 10, tzinfo=CN)  # a Monday
RATED, AUTHORITY = "11532216MB3585447A", "11535863MB36169043"
OF_THE_RATED = frozenset({Role.WINDOW_STAFF, Role.ORGANISATION_HANDLER, Role.ORGANISATION_APPROVER})
# What was done before the day on which everybody looks: days after the beginning, and up to which act.
STORIES = ((0, None), (0, Act.TAKE), (3, Act.VERIFY), (9, Act.VERIFY), (12, Act.RECTIFY), (14, Act.ANSWER))
LOOKED_AT = 16


@pytest.fixture(scope="module")
def served(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Served, dict[Role, UUID]]]:
    with pytest.MonkeyPatch.context() as patch, pytest.MonkeyPatch.context() as clocks:
        set_clock(clocks, BEGUN)
        with serving(django_db_blocker, patch) as found:
            people = found.elsewhere(_people)
            found.elsewhere(_orders, people, clocks)
            yield found, people


def _people() -> dict[Role, UUID]:
    known = {each.credit_code: each.id for each in registry.organisations(clock().date())}
    found = {}
    for role in Role:
        where = known[RATED if role in OF_THE_RATED else AUTHORITY]
        found[role] = make_official(where, clock(), role.value, role)
    return found


def _orders(people: dict[Role, UUID], clocks: pytest.MonkeyPatch) -> None:
    """One order for each story, one to which the rated object, and one whose rater is known."""
    known = {each.credit_code: each for each in registry.organisations(clock().date())}
    police, authority = known[RATED], known[AUTHORITY]
    item = registry.items_of(police.id, clock().date())[0]
    number = min(n for n, code in registry.item_codes(range(100_000)).items() if code == item.code)
    city = City(police.division_id, authority.id, police.id, authority.id, number)
    handler = people[Role.ORGANISATION_HANDLER]
    for days, last in STORIES:
        set_clock(clocks, BEGUN + timedelta(days=days))
        order = _opened(city, named=days % 2 == 1)
        if last is not None:
            lead_to(order, last, handler, clock())
    objections.file(_opened(city, named=False), handler, clock())
    set_clock(clocks, BEGUN + timedelta(days=LOOKED_AT))
    plan_escalations(now=clock(), limit=100)
    set_off_due(now=clock(), limit=100)


def _opened(city: City, *, named: bool) -> WorkOrder:
    rating = rate_badly(city, clock(), named=named, service_day=clock().date())
    open_orders(now=clock(), limit=10)
    assert not BadRating.objects.exists()
    assert Rating.objects.filter(id=rating).exists()
    return WorkOrder.objects.get(subject_id=rating)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("role", Role)
def test_the_desk_of_a_role(
    role: Role, served: tuple[Served, dict[Role, UUID]], page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, BEGUN + timedelta(days=LOOKED_AT))
    city, people = served
    look = Looker()
    look.listen(page, city.console)
    city.sign_in(page, people[role])
    page.goto(city.console + "/console/")
    look.at(page, f"desk-{role}")
    assert look.complaints == []
    links = page.locator("header a[href], .nav a[href]").evaluate_all("found => found.map(each => each.href)")
    assert links, "somebody who has nowhere to go"
    for each in links:
        answer = page.request.get(each)
        assert answer.ok, f"{each} is in the navigation and answers {answer.status}"
