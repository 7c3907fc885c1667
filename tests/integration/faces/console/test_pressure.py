"""Reports of pressure on the console: led by the officers of the authority, not there for anybody else."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from haochaping.accounts.operations.officials import NewPost, create_official
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.oversight.models import PressureReport, PressureStep
from haochaping.registry import models as registry
from tests.orders import City, make_official, rate_badly
from tests.pressure import NAME, PHONE, STORY, put_report

LIST = "/console/pressure/"
FINDING = "经查，窗口人员确有此事，已停岗。"
ANSWER = "您反映的情况属实，我们已责令改正。"
LOOKED, MEASURES = "已向双方了解，并调取了录像。", "已责令该单位改正，相关人员停岗。"
Sign = Callable[[UUID], Client]
# What any page of the console says of itself: the address in the link to the other language, the token against forgery.
OWN = re.compile(r"next=[^\"&]*|csrfmiddlewaretoken\" value=\"[^\"]*")


@pytest.fixture
def officer(city: City, now: datetime, signed_in: Sign) -> Client:
    return signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))


def page_of(report: PressureReport, what: str = "") -> str:
    return f"{LIST}{report.id}/" + (f"{what}/" if what else "")


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def submit(client: Client, report: PressureReport, act: str, **typed: str) -> HttpResponse:
    report.refresh_from_db()
    fields = {"act": act, "revision": str(report.revision), **typed}
    return client.post(page_of(report, "act"), fields)


def test_an_empty_list_says_so_and_the_newest_comes_first(officer: Client, city: City, now: datetime) -> None:
    assert "现在没有待处理的反映" in text(officer.get(LIST))
    assert "还没有已答复的反映" in text(officer.get(f"{LIST}?show=closed"))
    older, newer = put_report(city, now.replace(hour=1)), put_report(city, now.replace(hour=2))
    shown = text(officer.get(LIST))
    assert shown.index(newer.number) < shown.index(older.number)
    assert "办理期限：未规定" in shown
    assert "昆明市公安局" in shown
    assert STORY not in shown


def test_a_report_is_taken_up_noted_decided_and_answered(officer: Client, city: City, now: datetime) -> None:
    report = put_report(city, now)
    assert STORY in text(officer.get(page_of(report)))
    assert submit(officer, report, "decide", verdict="founded", text=FINDING).status_code == 409
    for act, typed in (
        ("take", {}),
        ("note", {"text": "已调取当日录像。"}),
        ("verify", {"text": LOOKED}),
        ("decide", {"verdict": "founded", "text": FINDING}),
        ("measure", {"text": MEASURES}),
        ("answer", {"text": ANSWER}),
        ("close", {"text": "已归档。"}),
        ("note", {"text": "已移交档案。"}),
    ):
        assert submit(officer, report, act, **typed).status_code == 302, act
    shown = text(officer.get(page_of(report)))
    for words in (LOOKED, FINDING, MEASURES, ANSWER, "已调取当日录像", "属实", "已结案", "第十一条"):
        assert words in shown
    assert report.number not in text(officer.get(LIST))
    assert report.number in text(officer.get(f"{LIST}?show=closed"))
    entries = AuditEntry.objects.filter(subject=f"pressure:{report.number}")
    assert entries.filter(act="pressure.escalate", actor="system").count() == 1
    acts = entries.exclude(act="pressure.escalate").order_by("id")
    assert [entry.act.removeprefix("pressure.") for entry in acts] == [
        *("take", "note", "verify", "decide", "measure", "answer", "close", "note")
    ]
    decided = acts[3]
    assert "第十一条" in decided.clause
    assert decided.detail == {"from": "verified", "to": "decided", "verdict": "founded"}
    # What was noted and answered is sealed where it lies.
    for row in (*PressureStep.objects.all(), PressureReport.objects.get()):
        for column in ("note", "answer"):
            kept = bytes(getattr(row, column, None) or b"")
            assert all(words.encode() not in kept for words in (FINDING, ANSWER, "归档"))


@pytest.mark.parametrize("verdict", ["unfounded", "discipline"])
def test_the_other_verdicts(officer: Client, city: City, now: datetime, verdict: str) -> None:
    report = put_report(city, now)
    submit(officer, report, "take")
    submit(officer, report, "verify", text=LOOKED)
    assert submit(officer, report, "decide", verdict=verdict, text=FINDING).status_code == 302
    report.refresh_from_db()
    assert report.verdict == verdict


def test_a_refusal_keeps_what_was_typed_and_names_every_problem(
    officer: Client, city: City, now: datetime
) -> None:
    report = put_report(city, now)
    submit(officer, report, "take")
    submit(officer, report, "verify", text=LOOKED)
    answer = submit(officer, report, "decide", text=f"电话{PHONE}")
    assert answer.status_code == 422
    shown = text(answer)
    for words in (
        "请选择处理结果",
        "现在是13个字" if len(f"电话{PHONE}") < 10 else "手机号码",
        f"电话{PHONE}",
    ):
        assert words in shown
    late = officer.post(page_of(report, "act"), {"act": "note", "revision": "0", "text": "已调取录像。"})
    assert (late.status_code, "没有保存" in text(late), "已调取录像。" in text(late)) == (409, True, True)
    for broken in ({"act": "void", "revision": "1"}, {"act": "note", "revision": "x"}):
        assert officer.post(page_of(report, "act"), broken).status_code == 400
    assert PressureStep.objects.count() == 2


def test_the_contact_is_shown_for_a_purpose_that_is_on_record(
    officer: Client, city: City, now: datetime
) -> None:
    report = put_report(city, now, contact=True)
    assert PHONE not in text(officer.get(page_of(report)))
    refused = officer.post(page_of(report, "contact"), {"purpose": "看看是谁"})
    assert (refused.status_code, PHONE in text(refused)) == (422, False)
    shown = text(officer.post(page_of(report, "contact"), {"purpose": "核实情况"}))
    assert NAME in shown
    assert PHONE in shown
    looked = AuditEntry.objects.get(act="identity.reveal")
    assert (looked.subject, looked.detail) == (str(report.id), {"purpose": f"{report.number} 核实情况"})
    nobody = put_report(city, now)
    assert officer.post(page_of(nobody, "contact"), {"purpose": "核实情况"}).status_code == 404
    assert "没有留下联系方式" in text(officer.get(page_of(nobody)))


def test_a_rating_is_seen_by_its_level_without_time_or_token(
    officer: Client, city: City, now: datetime
) -> None:
    rating = rate_badly(city, now.replace(year=now.year - 1))
    report = put_report(city, now, rating=rating)
    shown = text(officer.get(page_of(report)))
    assert "户口迁移" in shown
    assert "1 级" in shown
    assert str(rating) not in shown
    assert str(now.year - 1) not in shown
    assert "2026-11-19" not in shown
    assert "11月19日" not in shown


def others(city: City, now: datetime) -> dict[str, UUID]:
    """Everybody who must learn nothing, each with all rights of his posts."""
    county = registry.Organisation.objects.create(credit_code="11530102MB1234567A")
    registry.OrganisationRecord.objects.create(
        organisation=county,
        name="五华区政务服务管理局",
        division=registry.Division.objects.get(code="530102"),
        kind="authority",
    )
    both = create_official(
        username="both",
        name="钱某",
        posts=[
            NewPost(city.authority, Role.AUTHORITY_OFFICER),
            NewPost(city.police, Role.ORGANISATION_HANDLER),
        ],
        now=now,
        actor="test",
    )
    return {
        "handler of the rated": make_official(city.police, now, "police"),
        "handler of the authority": make_official(city.authority, now, "desk"),
        "officer of another authority": make_official(county.id, now, "county", Role.AUTHORITY_OFFICER),
        "officer who holds a post in the rated": both,
    }


def test_for_everybody_else_there_is_nothing(
    officer: Client, city: City, now: datetime, signed_in: Sign
) -> None:
    report = put_report(city, now, contact=True)
    absent = [f"{LIST}{uuid4()}/"]
    for who, official in others(city, now).items():
        client = signed_in(official)
        for what in ("", "act", "contact"):
            there, nowhere = page_of(report, what), f"{LIST}{uuid4()}/{what}/".replace("//", "/")
            answers = [client.get(there), client.get(nowhere)]
            if what:
                posted = {"act": "take", "revision": "0", "purpose": "核实情况"}
                answers = [client.post(there, posted), client.post(nowhere, posted)]
            assert [each.status_code for each in answers] == [404, 404], (who, what)
            first, second = (OWN.sub("", text(each)) for each in answers)
            assert first == second, (who, what)
        shown = client.get(LIST)
        if "officer" not in who:
            assert shown.status_code == 404
            assert OWN.sub("", text(shown)) == OWN.sub("", text(client.get("/console/nothing-here/")))
            assert "/console/pressure" not in text(client.get("/console/"))
        else:
            assert "现在没有待处理的反映" in text(shown)
            assert report.number not in text(shown)
    assert officer.get(absent[0]).status_code == 404
    assert Client().get(page_of(report)).status_code == 302
    report.refresh_from_db()
    assert (report.state, PressureStep.objects.count()) == ("received", 0)
    assert not AuditEntry.objects.filter(act="identity.reveal").exists()


def test_a_report_about_the_authority_is_seen_above_and_not_by_itself(
    officer: Client, city: City, now: datetime, signed_in: Sign
) -> None:
    province = registry.Organisation.objects.create(credit_code="11530000MB1234567A")
    registry.OrganisationRecord.objects.create(
        organisation=province,
        name="云南省政务服务管理局",
        division=registry.Division.objects.get(code="530000"),
        kind="authority",
    )
    above = signed_in(make_official(province.id, now, "above", Role.AUTHORITY_OFFICER))
    report = put_report(city, now, organisation=city.authority, authority=province.id)
    assert report.number in text(above.get(LIST))
    assert report.number not in text(officer.get(LIST))
    assert officer.get(page_of(report)).status_code == 404
