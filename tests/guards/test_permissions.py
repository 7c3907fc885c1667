"""Every page of the console × every role × {own, other, superior, anonymous}: the running views answer as the map says.

Routes are taken from the urls. A route whose parameter nobody here knows, and an answer that the map does not give, fail.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.urls.resolvers import URLPattern
from django.utils import translation

from haochaping.accounts.models import Official
from haochaping.accounts.operations.clients import create_client
from haochaping.accounts.queries.clients import client_of_platform
from haochaping.accounts.rules import MAP, Permission, Role, Scope
from haochaping.cases.models import QuarantinedOccasion
from haochaping.faces.console.urls import urlpatterns
from haochaping.faces.shared.routes import METRICS, PUBLIC, SIGNED_IN
from haochaping.foundation.clock import now as present
from haochaping.foundation.ids import new_id
from haochaping.oversight.models import Revisit
from haochaping.oversight.queries.watch import latest_run
from haochaping.oversight.revisiting import Terms
from haochaping.rectification.contests import By
from haochaping.rectification.models import Objection
from haochaping.rectification.sight import Place, Way
from haochaping.registry import models as registry
from haochaping.scoring.models import EnteredValue, Remark, Run, Unit
from tests.evidence import bring, put_camera
from tests.integration.oversight.test_alarms import concluded
from tests.joint import make_tax, put_part
from tests.objections import link_to_staff, name_staff, put_objection
from tests.orders import SERVICE_DAY, City, make_city, make_official, open_order
from tests.pressure import put_report
from tests.released import put_released

PLATFORM, CODE = "its platform", "11532216MB3585447A"


@dataclass(frozen=True)
class World:
    """What belongs to one organisation, the police of the city. Whoever looks sits there (own), in the authority of the city
    (superior), or in the authority of a county below it, which has no say there (other)."""

    city: City
    places: Mapping[str, int]
    values: dict[str, object] = field(default_factory=dict)


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("HAOCHAPING_EVIDENCE_DIR", str(tmp_path))
    now, city = present(), make_city()
    county = registry.OrganisationRecord.objects.get(organisation=city.county).division
    other = registry.Organisation.objects.create(credit_code="11530102MB1234567X")
    registry.OrganisationRecord.objects.create(
        organisation=other, name="五华区政务服务管理局", division=county, kind="authority"
    )
    made = World(city, {"own": city.police, "superior": city.authority, "other": other.id})
    create_client(organisation=CODE, rights=["report"], actor="test", now=now, platform=PLATFORM)
    made.values.update(
        order_id=open_order(city, now, named=True).id,
        record_id=_kept_aside(now),
        report_id=put_report(city, now, authority=city.police, organisation=city.county, contact=True).id,
        official_id=make_official(city.police, now, "subject"),
        platform=PLATFORM,
        code=CODE,
    )
    # Decided by the police about the county; filed by the police.
    about_county = open_order(city, now, organisation=city.county)
    about_police = open_order(city, now)
    made.values.update(
        objection_id=put_objection(about_county, now, body=city.police).id,
        filed_id=put_objection(about_police, now, body=city.authority).id,
    )
    # Of the police, beside an order that none of the places leads.
    made.values["part_id"] = put_part(open_order(city, now, organisation=make_tax(city)), city.police).id
    brings = make_official(city.police, now, "brings.evidence")
    made.values["file_id"] = bring(UUID(str(made.values["order_id"])), brings, now)
    made.values["part_file_id"] = bring(Place(Way.PART, UUID(str(made.values["part_id"]))), brings, now)
    made.values["own_file_id"] = new_id(now)
    about_staff = name_staff(open_order(city, now - timedelta(days=1)))
    filed = put_objection(about_staff, now, body=city.authority, by=By.PERSON)
    made.values.update(own_id=about_staff.id, own_filed_id=filed.id)
    made.values["revisit_id"] = _to_be_revisited(made, now)
    made.values.update(_scored(city, now))
    concluded(now)
    latest = latest_run()
    assert latest is not None
    made.values.update(run_id=latest.row.id, form="csv", token="A" * 26, kind="objection")
    made.values.update(template="report.docx")
    made.values["view_id"] = new_id(now)
    made.values.update(put_released(about_police, now))
    window = _window_of(city)
    made.values.update(subject="window", thing_id=window, drawn="svg")
    made.values.update(look_id=UUID(int=1), camera_id=put_camera(window, now).id)
    return made


def _scored(city: City, now: datetime) -> dict[str, object]:
    """A score run of the city that has the police alone, and a remark of theirs. Before it there was an equal one."""
    day = date(2025, 1, 1)
    said = {"division_id": city.division, "kind": "year", "first": day, "last": date(2025, 12, 31)}
    said |= {"cut_off": now, "made_at": now, "state": "preview"}
    before = Run.objects.create(id=new_id(now), number="DF1", **said)
    run = Run.objects.create(id=new_id(now), number="DF2", previous=before, **said)
    beside = {
        "counts": {},
        "shares": {},
        "interval": None,
        "shrunk": None,
        "group": None,
        "rank": None,
        "of": None,
    }
    inputs = {"cells": [], "external": {}}
    unit, _ = (
        Unit.objects.create(
            id=new_id(now),
            run=each,
            kind="organisation",
            number=city.police,
            name="昆明市公安局",
            inputs=inputs,
            beside=beside,
        )
        for each in (run, before)
    )
    remark = Remark.objects.create(id=new_id(now), unit=unit, text="有误", filed_by=new_id(now), filed_at=now)
    value = EnteredValue.objects.create(
        **{"id": new_id(now), "name": "third_party", "unit_kind": "organisation", "unit_number": city.police},
        **{"kind": "year", "first": day, "value": 90, "source": "评估报告", "entered_at": now},
        **{"division_id": city.division, "entered_by": "他人", "entered_by_id": new_id(now)},
    )
    return {
        "number": run.number,
        "unit_id": unit.id,
        "remark_id": remark.id,
        "value_id": value.id,
        "word": "orders",
    }


def _window_of(city: City) -> int:
    """A window of the police."""
    hall, window = registry.Hall.objects.create(code="H1"), registry.Window.objects.create(code="W1")
    registry.HallRecord.objects.create(hall=hall, name="市民中心", division_id=city.division)
    registry.WindowRecord.objects.create(
        window=window, name="户籍窗口", hall=hall, organisation_id=city.police
    )
    return window.id


def _to_be_revisited(world: World, now: datetime) -> UUID:
    """A revisit that the police themselves owe."""
    row = Revisit.objects.create(
        id=new_id(now),
        order_id=world.values["order_id"],
        number="CP1",
        organisation_id=world.city.police,
        body="handling_unit",
        occasion="answered",
        conductors=[world.city.police],
        terms=[Terms("a", "bad", "", "1", None, (), "handling_unit", (), None, (), "", "").kept()],
        arisen_at=now,
        state="due",
    )
    return row.pk


def _kept_aside(now: datetime) -> UUID:
    client = client_of_platform(PLATFORM)
    assert client is not None
    row = QuarantinedOccasion.objects.create(
        id=new_id(now),
        platform=PLATFORM,
        project_no="1",
        service_number=1,
        digest=b"1",
        reasons=[],
        received_at=now,
        client_id=client.id,
    )
    return row.pk


# The parameters of addresses that name something of one organisation, and those that do not.
BOUND = {
    "order_id",
    "revisit_id",
    "record_id",
    "report_id",
    "official_id",
    "objection_id",
    "filed_id",
    "part_id",
    "file_id",
    "part_file_id",
    "own_file_id",
    "look_id",
    "camera_id",
    "own_id",
    "own_filed_id",
    "platform",
    "code",
    "thing_id",
    "unit_id",
    "answered_id",
    "answer_id",
}
# A view is the official's own: another's is not there, which is no error.
FREE = {
    "template",
    "number",
    "remark_id",
    "run_id",
    "form",
    "token",
    "kind",
    "subject",
    "drawn",
    "view_id",
    "value_id",
    "word",
}
# Evidence has the same forms by each way to it.
EVIDENCE_WAYS = ("", "part-", "rated-", "own-")
# What is asked with a form: its fields, and the permission that the act itself asks for where it is not the route's.
FORMS: Mapping[str, tuple[Callable[[World], dict[str, object]], Permission | None]] = {
    "act": (lambda world: {"act": "take", "revision": "0"}, Permission.HANDLE_ORDERS),
    "contact": (lambda world: {"purpose": "核实情况"}, None),
    "form": (lambda world: {"kind": "docx"}, None),
    "forms": (lambda world: {"kind": "pdf", "order": world.values["order_id"]}, None),
    "part-act": (lambda world: {"act": "take", "revision": "0"}, Permission.HANDLE_ORDERS),
    "quarantine-decide": (
        lambda world: {"record": world.values["record_id"], "act": "refuse", "note": "经核对不属实"},
        None,
    ),
    "quarantined-decide": (lambda world: {"act": "refuse", "note": "经核对不属实"}, None),
    "pressure-act": (lambda world: {"act": "take", "revision": "0"}, None),
    "pressure-contact": (lambda world: {"purpose": "核实情况"}, None),
    "objection-withdraw": (lambda world: {}, None),
    "own-objection-withdraw": (lambda world: {}, None),
    "objection-act": (lambda world: {"act": "accept", "revision": "0"}, None),
    "objection-confirm": (lambda world: {"act": "confirm", "revision": "0"}, None),
    "revisit-attempt": (
        lambda world: {"revision": "0", "outcome": "not_reached", "means": "person"},
        None,
    ),
    "revisit-contact": (lambda world: {"purpose": "电话回访"}, None),
    "official-act": (lambda world: {"act": "link"}, None),
    "score-make": (lambda world: {"division": world.city.division, "period": "year:2025-01-01"}, None),
    "score-sign": (lambda world: {"digest": ""}, None),
    "score-publish": (lambda world: {}, None),
    "score-withdraw": (lambda world: {"reason": "有误"}, None),
    "score-remark": (lambda world: {"text": "有误"}, None),
    "score-answer": (lambda world: {"text": "已核对"}, None),
    "score-value-enter": (lambda world: {"division": world.city.division, "period": "year:2025-01-01"}, None),
    "score-value-decide": (lambda world: {"act": "confirm"}, None),
    "answer-draft": (lambda world: {"said": "", "answer": ""}, None),
    "answer-release": (lambda world: {}, None),
    "answer-withdraw": (lambda world: {"reason": "有误"}, None),
    **{f"{way}evidence-add": (lambda world: {"note": "叫号记录"}, None) for way in EVIDENCE_WAYS},
    **{f"{way}evidence-withdraw": (lambda world: {"reason": "传错了文件"}, None) for way in EVIDENCE_WAYS},
    "order-video": (lambda world: {"video_purpose": "核实差评反映的情况"}, None),
    "camera-register": (lambda world: {"window": "W1", "code": "cam-2", "valid_from": "2026-11-02"}, None),
    "camera-end": (lambda world: {"last_day": "2026-11-02"}, None),
}
# Forms that name something of one organisation where the address does not.
BOUND_BY_FORM = {"quarantine-decide", "forms"}
REFUSED = {"forbidden", "not there"}


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    yield
    translation.deactivate()


def parameters(route: URLPattern) -> set[str]:
    return set(route.pattern.converters)


def permission_of(route: URLPattern) -> str:
    said: str = route.callback.permission  # type: ignore[attr-defined]
    return said


def bound(route: URLPattern) -> bool:
    """Whether it speaks of something of one organisation."""
    return bool(parameters(route) & BOUND) or route.name in BOUND_BY_FORM


def ask(client: Client, route: URLPattern, world: World) -> str:
    """What became of a real request; whatever it did is undone."""
    named = {name: world.values[name] for name in parameters(route)}
    address = reverse(f"console:{route.name}", kwargs=named)
    form = FORMS.get(str(route.name))
    with transaction.atomic():
        answer = client.post(address, form[0](world)) if form else client.get(address)
        transaction.set_rollback(True)
    found = verdict(answer)
    if found == "in" and answer.status_code == 302 and route.callback.others is not None:  # type: ignore[attr-defined]
        return "forbidden"  # sent to where his own work is
    return found


def verdict(answer: HttpResponse) -> str:
    if answer.status_code == 302 and answer["Location"].startswith("/console/login/"):
        return "sign in"
    return {403: "forbidden", 404: "not there", 500: "broken"}.get(answer.status_code, "in")


def declared(route: URLPattern, role: Role, where: str) -> set[str]:
    """What the map gives for one cell."""
    permission = permission_of(route)
    if permission == METRICS:
        return {"not there"}
    if permission == PUBLIC:
        return {"in", "sign in"}
    if permission == SIGNED_IN:
        return {"in"}
    asked = [Permission(permission), *filter(None, [FORMS.get(str(route.name), (None, None))[1]])]
    scopes = [MAP[role].get(each) for each in asked]
    if None in scopes:
        return REFUSED
    reached = not bound(route) or where == "own" or (where == "superior" and set(scopes) == {Scope.SUBTREE})
    return {"in"} if reached else REFUSED


def test_every_parameter_of_an_address_is_known() -> None:
    unknown = {f"{route.name}: {name}" for route in urlpatterns for name in parameters(route) - BOUND - FREE}
    assert unknown == set()
    assert {route.name for route in urlpatterns} >= FORMS.keys() | BOUND_BY_FORM


@pytest.mark.parametrize("role", Role)
def test_the_views_answer_as_the_map_says(role: Role, world: World) -> None:
    wrong = []
    for where, organisation in world.places.items():
        official = make_official(organisation, present(), f"{role.replace('_', '.')}.{where}", role)
        if where == "own":
            # The rating of `own_id` is of whoever sits there, and so is the objection to it.
            link_to_staff(official, SERVICE_DAY)
            Objection.objects.filter(pk=world.values["own_filed_id"]).update(filed_by=official)
            if Permission.FILE_OWN_OBJECTIONS in MAP[role]:
                world.values["own_file_id"] = _brought_for_himself(world, official)
        client = Client()
        client.force_login(Official.objects.get(id=official))
        for route in urlpatterns:
            # Where it does not matter whose it is, or the permission is missing altogether, once is enough.
            if where != "own" and (not bound(route) or declared(route, role, "own") == REFUSED):
                continue
            got, wanted = ask(client, route, world), declared(route, role, where)
            if got not in wanted:
                wrong.append((route.name, where, got, wanted))
    assert wrong == []


def _brought_for_himself(world: World, official: UUID) -> UUID:
    """A file that whoever was rated brings for his objection."""
    own, filed = (UUID(str(world.values[name])) for name in ("own_id", "own_filed_id"))
    return bring(Place(Way.OWN, own), official, present(), part_id=filed)


def test_nobody_sees_anything_without_signing_in(world: World) -> None:
    anonymous = Client()
    answers = {route.name: ask(anonymous, route, world) for route in urlpatterns}
    wanted = {PUBLIC: {"in", "sign in"}, METRICS: {"not there"}}
    wrong = {
        route.name: answers[route.name]
        for route in urlpatterns
        if answers[route.name] not in wanted.get(permission_of(route), {"sign in"})
    }
    assert wrong == {}


def test_the_guard_sees_an_answer_that_the_map_does_not_give(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A right that is in the map and not in the views, and the other way round."""
    official = make_official(world.city.authority, present(), "inspector", Role.INSPECTOR)
    client = Client()
    client.force_login(Official.objects.get(id=official))
    (order,) = [route for route in urlpatterns if route.name == "order"]
    assert ask(client, order, world) in declared(order, Role.INSPECTOR, "superior")
    monkeypatch.setitem(world.values, "order_id", UUID(int=1))
    assert ask(client, order, world) not in declared(order, Role.INSPECTOR, "superior")
    assert declared(order, Role.WINDOW_STAFF, "own") == REFUSED
