"""The hall's record: never of an anonymous rating below the authority; with a purpose, on record, for some minutes."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.cases.models import ServiceOccasion
from haochaping.cli.import_cameras import lines_of
from haochaping.evidence.cameras import camera_at, cameras_in_reach
from haochaping.evidence.clips import OPEN_FOR
from haochaping.evidence.models import Camera, VideoLook
from haochaping.evidence.operations import CameraLine, end_camera, import_cameras, register_camera
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.notices.models import Notice
from haochaping.rectification import operations
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations.video import NoVideo
from haochaping.rectification.states import Act
from haochaping.rectification.video_shown import Bar, video_of
from haochaping.registry import models as registry
from tests.evidence import put_camera
from tests.objections import People
from tests.orders import SERVICE_DAY, City, lead_to, make_official, open_order

PURPOSE = "核实差评反映的情况"
SERVED = datetime(2026, 11, 19, 1, 40, tzinfo=UTC)
DAY = timedelta(days=1)


def window_of(city: City) -> int:
    hall, window = registry.Hall.objects.create(code="H1"), registry.Window.objects.create(code="W1")
    registry.HallRecord.objects.create(hall=hall, name="市民中心", division_id=city.division)
    registry.WindowRecord.objects.create(
        window=window, name="户籍窗口", hall=hall, organisation_id=city.police
    )
    return window.id


def filmed(city: City, now: datetime, *, named: bool, camera: bool = True) -> WorkOrder:
    """An order of a rating at a window, served on a Thursday at 09:40."""
    window = window_of(city)
    order = open_order(city, now, named=named)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE ratings_rating SET window_id = %s WHERE id = %s", [window, order.subject_id])
        cursor.execute("SET session_replication_role = origin")
    ServiceOccasion.objects.update(service_at=SERVED)
    if camera:
        put_camera(window, now)
    return order


def ask(order: WorkOrder, official: UUID, now: datetime, purpose: str = PURPOSE) -> object:
    return operations.ask_for_video(order_id=order.id, official_id=official, purpose=purpose, now=now)


def barred(order: WorkOrder, official: UUID, now: datetime) -> Bar | None:
    found = video_of(order_id=order.id, official_id=official, now=now)
    assert found is not None
    return found.bar


@pytest.fixture
def camera_keeper(city: City, now: datetime) -> UUID:
    return make_official(city.authority, now, "keeper", Role.SYSTEM_ADMINISTRATOR)


def test_of_an_anonymous_rating_the_authority_alone_and_no_minute_is_told(
    city: City, people: People, now: datetime
) -> None:
    order = lead_to(filmed(city, now, named=False), Act.TAKE, people.handler, now)
    assert barred(order, people.handler, now) is Bar.ANONYMOUS
    with pytest.raises(NotAllowed) as refusal:
        ask(order, people.handler, now)
    assert refusal.value.code == Bar.ANONYMOUS
    assert not VideoLook.objects.exists()
    assert not Notice.objects.exists()
    assert barred(order, people.first, now) is None
    look = operations.ask_for_video(order_id=order.id, official_id=people.first, purpose=PURPOSE, now=now)
    # 08:00 to 11:00 on the clock of the hall: the hours around 09:40.
    assert (look.clip.begins_at, look.clip.ends_at) == (
        SERVED.replace(hour=0, minute=0),
        SERVED.replace(hour=3, minute=0),
    )
    body = json.loads(Notice.objects.get().body)
    assert (body["begin"], body["end"]) == (
        int(look.clip.begins_at.timestamp()),
        int(look.clip.ends_at.timestamp()),
    )
    assert order.number not in Notice.objects.get().body


def test_consent_that_was_withdrawn_makes_it_anonymous(city: City, people: People, now: datetime) -> None:
    order = lead_to(filmed(city, now, named=True), Act.TAKE, people.handler, now)
    assert barred(order, people.handler, now) is None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ratings_withdrawnconsent (rating_id, withdrawn_at) VALUES (%s, %s)",
            [order.subject_id, now],
        )
    assert barred(order, people.handler, now) is Bar.ANONYMOUS


def test_the_handler_of_a_named_one_sees_it_to_verify_and_each_step_is_on_record(
    city: City, people: People, now: datetime
) -> None:
    order = filmed(city, now, named=True)
    with pytest.raises(NoVideo):
        ask(order, people.handler, now)
    lead_to(order, Act.TAKE, people.handler, now)
    for nothing in ("", " ", "x" * 101):
        with pytest.raises(Invalid):
            ask(order, people.handler, now, nothing)
    look = operations.ask_for_video(order_id=order.id, official_id=people.handler, purpose=PURPOSE, now=now)
    margin = timedelta(minutes=15)
    assert (look.clip.camera, look.clip.begins_at, look.clip.ends_at) == (
        "cam-1",
        SERVED - margin,
        SERVED + margin,
    )

    def opened(official: UUID, at: datetime) -> object:
        return operations.open_video(order_id=order.id, look_id=look.id, official_id=official, now=at)

    assert opened(people.handler, now + OPEN_FOR) == look.clip
    with pytest.raises(NotFound):
        opened(people.first, now)
    with pytest.raises(Conflict):
        opened(people.handler, now + OPEN_FOR + timedelta(seconds=1))
    rows = AuditEntry.objects.filter(act__startswith="video.").order_by("id")
    assert [(row.act, row.subject) for row in rows] == [
        ("video.look", f"order:{order.number}"),
        ("video.open", f"order:{order.number}"),
    ]
    assert {row.detail["purpose"] for row in rows} == {PURPOSE}
    assert not any("2026" in str(row.detail) for row in rows)
    ask(order, people.handler, now)
    assert Notice.objects.count() == 1  # kept once, however often it is looked at
    order.refresh_from_db()
    operations.act(
        order_id=order.id,
        act=Act.VERIFY,
        official_id=people.handler,
        revision=order.revision,
        now=now,
        text="已向窗口了解，情况属实。",
        finding="true",
    )
    assert barred(order, people.handler, now) is Bar.NOT_NOW


def test_where_there_is_none_that_is_said(city: City, people: People, now: datetime) -> None:
    without = filmed(city, now, named=False, camera=False)
    assert barred(without, people.first, now) is Bar.NO_CAMERA
    with pytest.raises(NoVideo):
        ask(without, people.first, now)
    nowhere = open_order(city, now)
    assert barred(nowhere, people.first, now) is Bar.NO_WINDOW
    WorkOrder.objects.update(state="closed", closed_at=now)
    assert barred(nowhere, people.first, now) is Bar.OVER
    inspector = make_official(city.authority, now, "inspector", Role.INSPECTOR)
    with pytest.raises(NotFound):
        video_of(order_id=nowhere.id, official_id=inspector, now=now)


def test_cameras_are_dated_and_succeed_each_other(city: City, camera_keeper: UUID, now: datetime) -> None:
    window = window_of(city)

    def register(code: str, day: date | None, official: UUID = camera_keeper, name: str = "W1") -> None:
        register_camera(window=name, code=code, valid_from=day, official_id=official, now=now)

    register("cam-1", date(2026, 11, 1))
    register("cam-2", SERVICE_DAY)
    with pytest.raises(Conflict):
        register("cam-3", SERVICE_DAY)
    assert camera_at(window, date(2026, 10, 31)) is None
    assert camera_at(window, SERVICE_DAY - DAY) == "cam-1"
    assert camera_at(window, SERVICE_DAY) == "cam-2"
    rows, without = cameras_in_reach(official_id=camera_keeper, now=now)
    assert [(row.code, row.valid_to) for row in rows] == [("cam-2", None), ("cam-1", SERVICE_DAY - DAY)]
    assert without == 0
    with pytest.raises(Invalid) as refusal:
        register("cam 4?", None, name="W9")
    assert {each.field for each in refusal.value.problems} == {"window", "code", "valid_from"}
    last = Camera.objects.get(code="cam-2")
    with pytest.raises(Invalid):
        end_camera(camera_id=last.id, last_day=SERVICE_DAY - DAY, official_id=camera_keeper, now=now)
    end_camera(camera_id=last.id, last_day=SERVICE_DAY, official_id=camera_keeper, now=now)
    assert camera_at(window, SERVICE_DAY + DAY) is None
    assert cameras_in_reach(official_id=camera_keeper, now=now)[1] == 1
    acts = AuditEntry.objects.filter(subject="window:W1").values_list("act", flat=True)
    assert sorted(acts) == ["camera.end", "camera.register", "camera.register"]
    handler = make_official(city.police, now, "handler2")
    with pytest.raises(NotFound):
        register("cam-5", date(2026, 12, 1), handler)


def test_many_cameras_come_out_of_a_file_all_or_none(city: City, now: datetime, tmp_path: Path) -> None:
    window, path = window_of(city), tmp_path / "cameras.csv"
    path.write_text("\ufeffwindow,camera,from\nW1,cam-1,2026-11-01\nW1,cam-2,2026-11-19\n", encoding="utf-8")
    lines = lines_of(path)
    assert import_cameras(lines=lines, actor="test", now=now) == 2
    assert import_cameras(lines=lines, actor="test", now=now) == 0
    assert camera_at(window, SERVICE_DAY) == "cam-2"
    wrong = [
        CameraLine("W1", "cam-3", date(2026, 12, 1)),
        CameraLine("W9", "", None),
        lines[0]._replace(code="x"),
    ]
    with pytest.raises(Invalid) as refusal:
        import_cameras(lines=wrong, actor="test", now=now)
    assert [each.field for each in refusal.value.problems] == ["2", "2", "2", "3"]
    assert Camera.objects.count() == 2
    path.write_text("a,b\n1,2\n")
    for unreadable in (path, tmp_path):
        with pytest.raises(Invalid):
            lines_of(unreadable)
