"""The terms of keeping: what is over goes, what is not stays, and what should have gone and did not is told loudly."""

import json
import os
import shutil
import uuid
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from haochaping.accounts.models import ApiNonce, FailedSignIn, LoginLink, Official, OfficialSession
from haochaping.audit.models import AuditEntry
from haochaping.cases.models import Case, OccasionVersion, QuarantinedOccasion, ServiceOccasion
from haochaping.foundation.errors import NotFound
from haochaping.foundation.ids import new_id
from haochaping.identity import operations as identity
from haochaping.identity.models import DataKey, VaultRecord
from haochaping.identity.operations.reading import opened_records
from haochaping.identity.vault import Vault
from haochaping.jobs.daily import retention as job
from haochaping.notices.models import Notice
from haochaping.oversight.operations.retention import WAYS, RetentionFailed, Way, apply_terms
from haochaping.oversight.operations.retention_alarms import ALL, watch_terms
from haochaping.oversight.queries.retention import failures
from haochaping.oversight.queries.watch import alarms_on, watch
from haochaping.policy.retention import terms
from haochaping.policy.sources import RulesError
from haochaping.ratings.models import Rating, Trace
from haochaping.rectification.models import WorkOrder
from tests.notices import put_notice
from tests.orders import PHONE, PROJECT_NO, City, make_official, open_order, put_person, rate_badly
from tests.pressure import put_report

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ORDER = '[documents.order]\ntitle = "留存规定"\nissuer = "某局"\nissued = 2026-11-01\n'


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The operator's file of terms."""
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path))
    return tmp_path / "retention.toml"


def lay_down(operator: Path, **days: int) -> None:
    term = '[[term]]\nkey = "{}"\nn = {}\nunit = "day"\ndocument = "order"\narticle = "第三条"\n'
    operator.write_text(ORDER + "".join(term.format(key, n) for key, n in days.items()), "utf-8")


def apply(now: datetime) -> int:
    return apply_terms(terms=terms(), now=now, others={"imports": Way(lambda *_: 0, lambda *_: 0)})


def traced(city: City, now: datetime, *, received: datetime, kept_until: date) -> uuid.UUID:
    rating = rate_badly(city, now)
    with connection.cursor() as cursor:  # a rating is not to be changed, but here it is to be old
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE ratings_rating SET received_at = %s WHERE id = %s", [received, rating])
        cursor.execute("SET session_replication_role = origin")
    Trace.objects.create(rating_id=rating, address=b"a", kept_until=kept_until)
    return rating


def test_what_is_over_goes_and_the_rest_stays(city: City, now: datetime) -> None:
    today = date(2026, 11, 23)
    traced(city, now, received=now - 191 * DAY, kept_until=today - DAY)
    young = traced(city, now, received=now - 190 * DAY + HOUR, kept_until=today)
    officer = Official.objects.get(pk=make_official(city.police, now, "handler"))
    for over in (True, False):
        before = now - 25 * HOUR if over else now - HOUR
        seen = before if over else now - timedelta(minutes=30)
        ApiNonce.objects.create(key_id="k", nonce=str(over), seen_at=seen)
        FailedSignIn.objects.create(key=str(over), failures=1, last_at=before)
        ends = now - HOUR if over else now + HOUR
        OfficialSession.objects.create(
            session_key=str(over),
            session_data="",
            expire_date=ends,
            label=new_id(now),
            begun_at=now,
            seen_at=now,
        )
        LoginLink.objects.create(id=new_id(now), official=officer, digest=bytes([over]), expires_at=ends)
    assert apply(now) == 5
    assert Trace.objects.get().rating_id == young
    assert Rating.objects.count() == 2
    for model in (ApiNonce, FailedSignIn, OfficialSession, LoginLink):
        assert model.objects.count() == 1, model
    proofs = AuditEntry.objects.filter(act="retention.prove")
    assert {(each.result, each.detail["left"]) for each in proofs} == {("done", 0)}
    removed = AuditEntry.objects.get(act="retention.apply", subject="traces")
    assert removed.detail["removed"] == 1
    assert "第二十一条" in removed.clause
    assert apply(now) == 0
    assert failures() == ()


def test_a_term_that_was_shortened_holds_for_traces_that_were_promised_a_longer_one(
    city: City, now: datetime, operator: Path
) -> None:
    traced(city, now, received=now - 40 * DAY, kept_until=date(2027, 4, 1))
    assert apply(now) == 0
    lay_down(operator, traces=30)
    assert apply(now) == 1
    assert not Trace.objects.exists()


def test_what_no_document_lays_down_is_kept_until_an_operator_does(
    city: City, now: datetime, operator: Path
) -> None:
    old, young, waiting = (put_report(city, now, contact=True) for _ in range(3))
    for report, answered in ((old, now - 400 * DAY), (young, now - 300 * DAY)):
        report.state, report.answered_at = "answered", answered
        report.save()
    assert apply(now) == 0
    assert VaultRecord.objects.count() == 3
    lay_down(operator, pressure_contacts=365)
    assert apply(now) == 1
    assert set(VaultRecord.objects.values_list("id", flat=True)) == {young.id, waiting.id}
    with pytest.raises(NotFound):
        identity.reveal(record_id=old.id, actor="test", purpose="核实情况", now=now)
    assert "《留存规定》第三条" in AuditEntry.objects.filter(subject="pressure_contacts").latest("at").clause


def test_the_content_of_what_was_kept_aside_goes_after_it_was_closed(
    city: City, now: datetime, operator: Path
) -> None:
    rows = [
        QuarantinedOccasion.objects.create(
            id=new_id(now),
            platform="test",
            project_no=str(number),
            service_number=1,
            digest=bytes([number]),
            reasons=[],
            received_at=now,
            closed_at=closed,
        )
        for number, closed in enumerate((now - 100 * DAY, now - 10 * DAY, None))
    ]
    for row in rows:
        put_person(row.id, now, name="段誉之", phone=PHONE)
    lay_down(operator, quarantine=90)
    assert apply(now) == 1
    assert set(VaultRecord.objects.values_list("id", flat=True)) == {row.id for row in rows[1:]}
    assert QuarantinedOccasion.objects.count() == 3


def test_people_of_cases_long_done_are_forgotten_but_not_while_an_order_is_open(
    city: City, now: datetime, operator: Path
) -> None:
    order = open_order(city, now, named=True)
    occasion = ServiceOccasion.objects.get()
    OccasionVersion.objects.create(
        id=occasion.version_id, occasion_id=occasion.id, digest=b"d", received_at=now
    )
    seal_record(occasion.version_id, {"userName": "李小明", "mobile": PHONE, "projectNo": PROJECT_NO})
    Case.objects.update(result_at=now - 800 * DAY)
    lay_down(operator, people=730)
    assert apply(now) == 0
    WorkOrder.objects.filter(pk=order.pk).update(state="closed", closed_at=now)
    assert apply(now) == 1
    row = VaultRecord.objects.get()
    assert (row.name, row.phone, row.name_index, row.phone_index) == (None, None, None, None)
    assert opened_records(opened_vault(), [row])[row.id].fields == {"projectNo": PROJECT_NO}
    assert apply(now) == 0
    Case.objects.update(result_at=now - 100 * DAY)
    assert identity.find_people(kind="phone", value=PHONE, actor="t", purpose="查询", now=now) == ()


def seal_record(record_id: uuid.UUID, record: dict[str, str]) -> None:
    vault, row = opened_vault(), VaultRecord.objects.get(pk=record_id)
    row.record = vault.seal(json.dumps(record), row=row.id, column="record", key_id=row.key_id)
    row.save()


def opened_vault() -> Vault:
    vault = Vault()
    for key in DataKey.objects.all():
        vault.learn(key.id, bytes(key.wrapped), key.wrapped_by)
    return vault


def test_what_should_have_gone_and_did_not_is_told_loudly(
    city: City, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    traced(city, now, received=now - 191 * DAY, kept_until=date(2026, 11, 22))
    ApiNonce.objects.create(key_id="k", nonce="n", seen_at=now - 25 * HOUR)

    def broken(now: datetime, before: datetime) -> int:
        raise ValueError(PHONE)

    forgetful = {
        "traces": Way(lambda *_: 0, WAYS["traces"].left),
        "sessions": Way(broken, WAYS["sessions"].left),
        "imports": Way(lambda *_: 0, lambda *_: 0),
    }
    with pytest.raises(RetentionFailed, match=r"^traces, sessions$"):
        apply_terms(terms=terms(), now=now, others=forgetful)
    assert not ApiNonce.objects.exists(), "one kind that fails keeps none of the others"
    assert {each.key for each in failures()} == {"traces", "sessions"}
    proof = AuditEntry.objects.get(act="retention.prove", subject="traces")
    assert (proof.result, proof.detail["left"]) == ("failed", 1)
    assert "1 of traces" in caplog.text
    assert PHONE not in caplog.text
    assert {alarm.kept: alarm.reason for alarm in watch().on} == {
        "traces": "1 left",
        "sessions": "ValueError",
    }
    with pytest.raises(RetentionFailed):
        apply_terms(terms=terms(), now=now + HOUR / 2, others=forgetful)
    assert {alarm.since for alarm in watch().on} == {now}, "one alarm until it is over"
    assert apply(now + HOUR) == 1
    assert failures() == ()
    assert watch().on == ()
    assert alarms_on()["retention"] == 0


def test_terms_that_cannot_be_read_delete_nothing(city: City, now: datetime, operator: Path) -> None:
    ApiNonce.objects.create(key_id="k", nonce="n", seen_at=now - 25 * HOUR)
    operator.write_text("nonsense", "utf-8")
    with pytest.raises(RulesError):
        job.run(now=now)
    assert ApiNonce.objects.exists()
    (alarm,) = watch().on
    assert (alarm.kind, alarm.kept, alarm.way) == ("retention", "", None)
    assert alarm.reason.startswith("retention.toml")
    operator.unlink()
    assert apply(now + HOUR) == 1
    assert watch().on == ()


def test_while_the_terms_cannot_be_read_what_was_not_deleted_stays_an_alarm(db: None, now: datetime) -> None:
    watch_terms({"traces": "1 left"}, now=now, tell=False)
    watch_terms({ALL: "x" * 1000}, now=now + HOUR, tell=False)
    assert [(alarm.kept, alarm.since) for alarm in watch().on] == [("traces", now), ("", now + HOUR)]
    watch_terms({}, now=now + 2 * HOUR, tell=False)
    assert watch().on == ()


def test_the_job_takes_away_old_imports_of_the_data_directory(
    city: City, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(Path(os.environ["HAOCHAPING_DATA"]) / "keys", tmp_path / "keys")
    monkeypatch.setenv("HAOCHAPING_DATA", str(tmp_path))
    for name, age in (("old", 31 * DAY), ("young", 29 * DAY)):
        folder = tmp_path / "imports" / name
        folder.mkdir(parents=True)
        for file in ("journal.ndjson", "errors.ndjson"):
            (folder / file).write_text("{}")
            at = (now - age).timestamp()
            os.utime(folder / file, (at, at))
    assert job.run(now=now) == 1
    assert [each.name for each in (tmp_path / "imports").iterdir()] == ["young"]


def test_notices_go_by_the_operators_term_and_those_that_wait_stay(
    city: City, operator: Path, now: datetime
) -> None:
    someone = make_official(city.police, now, "someone")
    old = now - 40 * DAY
    put_notice(someone, old, channel="console")
    waits, fresh = put_notice(someone, old), put_notice(someone, now, channel="console")
    assert apply(now) == 0
    lay_down(operator, notices=30)
    assert apply(now) == 1
    assert {row.id for row in Notice.objects.all()} == {waits.id, fresh.id}
