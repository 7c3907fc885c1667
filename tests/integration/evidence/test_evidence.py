"""Evidence of an order: brought, seen by whom it is for, verified, withdrawn, swept; two at once; kept for its term."""

import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from haochaping.accounts.models import StaffLink
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.evidence import shelf
from haochaping.evidence.models import EvidenceFile
from haochaping.evidence.operations import forget_about, sweep
from haochaping.evidence.operations.looking import Unreadable
from haochaping.evidence.queries import left_about
from haochaping.evidence.rules import LONGEST_UPLOAD, Limits
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.foundation.ids import new_id
from haochaping.jobs.daily import evidence as nightly
from haochaping.oversight.queries.watch import alarms_on
from haochaping.rectification import operations
from haochaping.rectification.evidence_shown import evidence_of
from haochaping.rectification.leftovers import done_with, handled_before
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.sight import Place, Way
from haochaping.rectification.video_shown import Bar, VideoView, video_of
from tests.evidence import NOTE, TEXT, bring, docx, drafted
from tests.objections import People, file
from tests.orders import SERVICE_DAY, City, make_city, make_official, open_order

DAY = timedelta(days=1)


def at(order: WorkOrder) -> Place:
    return Place(Way.ORDER, order.id)


def look(order: WorkOrder, file_id: UUID, official: UUID, now: datetime) -> bytes:
    found = operations.see_evidence(place=at(order), file_id=file_id, official_id=official, now=now)
    return b"".join(found.pieces)


def names(order: WorkOrder, official: UUID, now: datetime) -> list[str]:
    found = evidence_of(place=at(order), official_id=official, now=now)
    return [each.file.name for each in found.files]


def withdraw(
    order: WorkOrder, file_id: UUID, official: UUID, now: datetime, reason: str = "传错了文件。"
) -> None:
    operations.withdraw_evidence(
        place=at(order), file_id=file_id, official_id=official, reason=reason, now=now
    )


def test_a_file_is_kept_sealed_with_its_digests_and_every_look_is_on_record(
    place: Path, people: People, order: WorkOrder, now: datetime
) -> None:
    file_id = bring(order.id, people.handler, now)
    (row,) = EvidenceFile.objects.all()
    assert b"A012" not in (place / "kept" / file_id.hex).read_bytes()
    assert NOTE.encode() not in bytes(row.note or b"")
    assert look(order, file_id, people.handler, now) == TEXT
    (shown,) = evidence_of(place=at(order), official_id=people.handler, now=now).files
    assert (shown.file.name, shown.file.note, shown.organisation) == ("叫号记录.txt", NOTE, "昆明市公安局")
    added, looked = AuditEntry.objects.filter(subject=f"order:{order.number}", act__startswith="evidence.")
    assert (added.act, added.detail["sha256"]) == ("evidence.add", row.sha256)
    assert (looked.act, looked.actor, looked.detail) == (
        "evidence.look",
        "official:handler",
        {"file": str(file_id)},
    )


def test_the_rated_side_sees_its_own_and_the_authority_all(
    place: Path, people: People, order: WorkOrder, city: City, now: datetime
) -> None:
    own = bring(order.id, people.handler, now, name="own.txt")
    gathered = bring(order.id, people.first, now + timedelta(seconds=1), name="gathered.txt")
    colleague = make_official(city.police, now, "approver", Role.ORGANISATION_APPROVER)
    assert names(order, people.handler, now) == names(order, colleague, now) == ["own.txt"]
    assert names(order, people.second, now) == ["own.txt", "gathered.txt"]
    with pytest.raises(NotFound):
        look(order, gathered, people.handler, now)
    with pytest.raises(NotFound):
        withdraw(order, gathered, people.handler, now)
    # The authority does not take back what the other side brought.
    with pytest.raises(Conflict):
        withdraw(order, own, people.first, now)
    with pytest.raises(NotAllowed):
        bring(order.id, colleague, now)
    inspector = make_official(city.authority, now, "inspector", Role.INSPECTOR)
    stranger = make_official(city.county, now, "stranger")
    for nobody in (inspector, stranger):
        with pytest.raises(NotFound):
            evidence_of(place=at(order), official_id=nobody, now=now)


def test_an_authority_that_is_itself_rated_is_the_rated_side(
    place: Path, people: People, city: City, now: datetime
) -> None:
    order = open_order(city, now, organisation=city.authority)
    assert not evidence_of(place=at(order), official_id=people.first, now=now).authority


def test_who_was_rated_himself_sees_what_he_brought_and_no_more(
    place: Path, people: People, order: WorkOrder, city: City, now: datetime
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE ratings_rating SET staff_id = 41 WHERE id = %s", [order.subject_id])
        cursor.execute("SET session_replication_role = origin")
    rated = make_official(city.police, now, "rated")
    StaffLink.objects.create(id=new_id(now), official_id=rated, staff_id=41, valid_from=SERVICE_DAY)
    others = bring(order.id, people.handler, now, name="others.txt")
    bring(order.id, rated, now + timedelta(seconds=1), name="his.txt")
    assert names(order, rated, now) == ["his.txt"]
    assert names(order, people.handler, now) == ["others.txt", "his.txt"]
    with pytest.raises(NotFound):
        look(order, others, rated, now)
    assert video_of(order_id=order.id, official_id=rated, now=now) == VideoView(order.id, Bar.OWN_CASE)


def test_an_objection_has_evidence_of_its_own_until_it_is_decided(
    place: Path, people: People, order: WorkOrder, now: datetime
) -> None:
    objection = file(order, people.handler, now)
    bring(order.id, people.handler, now, part_id=objection.id)
    (shown,) = evidence_of(place=at(order), official_id=people.first, now=now).files
    assert shown.contest is not None
    assert shown.contest.id == objection.id
    operations.withdraw(objection_id=objection.id, official_id=people.handler, now=now)
    with pytest.raises(Conflict):
        bring(order.id, people.handler, now, part_id=objection.id)


def test_a_withdrawn_file_stays_with_the_reason_and_is_never_replaced(
    place: Path, people: People, order: WorkOrder, now: datetime
) -> None:
    file_id = bring(order.id, people.handler, now)
    with pytest.raises(Invalid):
        withdraw(order, file_id, people.handler, now, "错")
    withdraw(order, file_id, people.handler, now)
    with pytest.raises(Conflict):
        withdraw(order, file_id, people.handler, now)
    (shown,) = evidence_of(place=at(order), official_id=people.first, now=now).files
    assert shown.file.withdrawal == "传错了文件。"
    assert look(order, file_id, people.first, now) == TEXT
    for change in ({"sha256": "0" * 64}, {"withdrawal": b""}, {"withdrawn_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            EvidenceFile.objects.update(**change)


def test_what_is_refused_leaves_nothing(
    place: Path, people: People, order: WorkOrder, now: datetime, settings: object
) -> None:
    for content, said in (
        (b"", {}),
        (docx({"word/vbaProject.bin": b"x"}), {}),
        (TEXT, {"note": "电话13888012345"}),
    ):
        with pytest.raises(Invalid):
            bring(order.id, people.handler, now, content, **said)
    settings.EVIDENCE_LIMITS = Limits(size=3)  # type: ignore[attr-defined]
    with pytest.raises(Invalid):
        bring(order.id, people.handler, now)
    WorkOrder.objects.update(state="closed", closed_at=now)
    settings.EVIDENCE_LIMITS = Limits()  # type: ignore[attr-defined]
    with pytest.raises(Conflict):
        bring(order.id, people.handler, now)
    assert not EvidenceFile.objects.exists()
    assert [each for each in place.rglob("*") if each.is_file()] == []


def test_a_file_that_is_missing_or_altered_is_told_and_shown_to_nobody(
    place: Path, people: People, order: WorkOrder, now: datetime
) -> None:
    file_id = bring(order.id, people.handler, now)
    path = shelf.path_of(file_id)
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(Unreadable) as refusal:
        look(order, file_id, people.handler, now)
    assert refusal.value.code == "altered"
    EvidenceFile.objects.all()._raw_delete(EvidenceFile.objects.db)
    again = bring(order.id, people.handler, now)
    shelf.path_of(again).unlink()
    with pytest.raises(Unreadable):
        look(order, again, people.handler, now)
    assert evidence_of(place=at(order), official_id=people.handler, now=now).files[0].file.missing
    assert AuditEntry.objects.filter(act="evidence.look", result="failed").count() == 2
    for night, lost in enumerate((1, 1, 0)):
        nightly.run(now=now + night * DAY)
        assert alarms_on()["evidence"] == lost
        swept = AuditEntry.objects.filter(act="evidence.sweep").latest("at").detail
        assert swept["files"] == [str(again)] * lost
        if night == 1:
            shelf.path_of(again).write_bytes(sealed)  # out of the backup


def test_what_a_crash_left_is_swept_and_what_is_coming_in_is_not(
    place: Path, people: People, order: WorkOrder, now: datetime
) -> None:
    file_id = bring(order.id, people.handler, now)
    with drafted(TEXT) as orphan:
        orphan.keep()  # and then the machine stopped
    with drafted(TEXT) as coming:
        old = now - LONGEST_UPLOAD - DAY
        for path in place.rglob("*"):
            os.utime(path, (old.timestamp(), old.timestamp()))
        os.utime(place / "incoming" / coming.id.hex, (now.timestamp(), now.timestamp()))
        assert sweep(now=now) == (1, 0)
        assert sweep(now=now) == (0, 0)
        left = {each.name for each in place.rglob("*") if each.is_file()}
    assert left == {file_id.hex, coming.id.hex}


def test_row_and_file_go_when_the_term_is_over(
    place: Path,
    people: People,
    order: WorkOrder,
    city: City,
    now: datetime,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    other = open_order(city, now)
    bring(order.id, people.handler, now)
    kept = bring(other.id, people.handler, now)
    objection = file(other, people.handler, now)
    WorkOrder.objects.update(state="closed", closed_at=now - DAY)
    assert done_with([order.id, other.id], now - 2 * DAY) == handled_before(now - 2 * DAY) == ()
    # Of the other an objection goes on.
    assert done_with([order.id, other.id], now) == handled_before(now) == (order.id,)
    assert objection.pk
    assert left_about([order.id], now=now) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_about([order.id], limit=9) == 1
    assert left_about([order.id], now=now) == 0
    assert [each.name for each in place.rglob("*") if each.is_file()] == [kept.hex]


@pytest.mark.usefixtures("committed_db")
def test_two_at_once_are_never_more_than_may_be(place: Path, now: datetime) -> None:
    city = make_city()
    official, order = make_official(city.police, now, "handler"), open_order(city, now)
    most = settings.EVIDENCE_LIMITS.files
    for _ in range(most - 1):
        bring(order.id, official, now)
    gate, refused = threading.Barrier(2), list[str]()

    def one() -> None:
        gate.wait()
        try:
            bring(order.id, official, now)
        except Conflict as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["too_many"]
    assert EvidenceFile.objects.count() == most == len(list((place / "kept").iterdir()))
