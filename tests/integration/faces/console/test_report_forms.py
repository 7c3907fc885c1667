"""The form of an order, of several; who may make it, what is on it, how it is checked, and what a broken template does."""

import zipfile
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import Conflict, Invalid
from haochaping.foundation.form_templates import Kind
from haochaping.rectification.models import ReportForm, WorkOrder
from haochaping.rectification.operations import forming
from haochaping.rectification.operations.forming import Wanted, make_forms
from haochaping.rectification.parts import PartAct
from haochaping.rectification.states import Act
from tests.joint import do_part, joint_order, make_tax, part_of
from tests.objections import REFUSED, decide, file
from tests.orders import NAME, PHONE, PROJECT_NO, City, do_act, make_official, open_order
from tests.paper import Paper
from tests.unit.rectification.test_report_form import word_of, words_of

MAKE, CHECK = "/console/forms/make/", "/console/forms/check/"


def address(order: WorkOrder) -> str:
    return f"/console/orders/{order.id}/form/"


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.fixture
def order(city: City, handler: UUID, now: datetime) -> WorkOrder:
    made = do_act(open_order(city, now, named=True), Act.TAKE, handler, now)
    do_act(made, Act.CONTACT, handler, now, "约好明天再打。", means="telephone", reached="no")
    do_act(made, Act.VERIFY, handler, now, "已向窗口了解，情况属实。", finding="partly", reasonable="yes")
    return do_act(made, Act.RECTIFY, handler, now, "已增设一个窗口。")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HAOCHAPING_FORMS_DIR", str(tmp_path))
    return tmp_path


def test_a_pdf_says_what_the_page_says_is_on_record_and_can_be_checked(
    browser: Client, order: WorkOrder, city: City, now: datetime
) -> None:
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    decide(file(order, UUID(str(order.steps.first().official_id)), now), officer, now, REFUSED)  # type: ignore[union-attr]
    answer = browser.post(address(order), {"kind": "pdf"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    paper = Paper(answer.content)
    for words in (
        "政务服务差评事项核查整改情况报告单",
        order.number,
        "昆明市公安局",
        "户口迁移",
        "2026年",
        "当周",
        "排队两小时",
        "部分属实",
        "合理",
        "已增设一个窗口。",
        "人工电话，没有联系上。约好明天再打。",
        "异议（误评）",
        "不成立",
        "整改：《昆明市政务服务“好差评”实施办法》第十二条",
        "未写入本单",
    ):
        assert words in paper.text, words
    for secret in (NAME, PHONE, PROJECT_NO, str(order.subject_id), "非常不满意"):
        assert secret not in paper.text
    assert paper.is_archival()
    row = ReportForm.objects.get()
    assert bytes(row.file_digest) == sha256(answer.content).digest()
    entry = AuditEntry.objects.get(act="order.form")
    assert (entry.subject, entry.detail) == (
        f"order:{order.number}",
        {"form": row.number, "kind": "pdf", "rater": False},
    )
    assert row.number in paper.text
    page = text(browser.get(f"/console/orders/{order.id}/"))
    assert row.number in page
    assert "与工单现在的内容一致" in page
    code = paper.text.partition("核对码")[2][:19]
    found = browser.post(CHECK, {"number": row.number.lower(), "code": code.lower()})
    assert "是本系统生成的" in text(found)
    assert order.number in text(found)
    uploaded = SimpleUploadedFile("x.pdf", answer.content)
    assert row.number in text(browser.post(CHECK, {"file": uploaded}))
    changed = SimpleUploadedFile("x.pdf", answer.content + b" ")
    assert "没有核对上" in text(browser.post(CHECK, {"file": changed}))
    assert "没有核对上" in text(browser.post(CHECK, {"number": row.number, "code": "0000-0000-0000-0000"}))
    assert "没有核对上" in text(browser.post(CHECK, {"number": row.number, "code": "?"}))
    assert browser.post(CHECK, {"number": row.number}).status_code == 422


def test_a_word_document_has_the_raters_name_only_when_asked_for_with_a_look_on_record(
    browser: Client, order: WorkOrder
) -> None:
    without = words_of(browser.post(address(order), {"kind": "docx"}).content)
    assert "已增设一个窗口。" in without
    assert NAME not in without
    within = words_of(browser.post(address(order), {"kind": "docx", "rater": "1"}).content)
    assert NAME in within
    assert PROJECT_NO in within
    assert PHONE not in within
    assert list(ReportForm.objects.order_by("made_at").values_list("with_rater", flat=True)) == [False, True]
    assert AuditEntry.objects.filter(act="identity.reveal").count() == 1


def test_of_an_anonymous_rating_nobody_is_named(browser: Client, city: City, now: datetime) -> None:
    order = open_order(city, now)
    answer = browser.post(address(order), {"kind": "docx", "rater": "1"}, follow=True)
    assert "不能查看" in text(answer)
    assert not ReportForm.objects.exists()
    document = words_of(browser.post(address(order), {"kind": "docx"}).content)
    assert "匿名，不得查询" in document


def test_of_a_joint_case_it_says_what_each_organisation_did_and_knows_when_that_changes(
    browser: Client, city: City, handler: UUID, now: datetime
) -> None:
    other = make_tax(city)
    order = joint_order(city, now, other)
    part, taxes = part_of(order, other), make_official(other, now, "taxes")
    assert "昆明市税务局：尚未提交" in words_of(browser.post(address(order), {"kind": "docx"}).content)
    do_part(part, PartAct.TAKE, taxes, now)
    do_part(part, PartAct.REPORT, taxes, now)
    assert "此后工单有新的进展" in text(browser.get(f"/console/orders/{order.id}/"))
    document = words_of(browser.post(address(order), {"kind": "docx"}).content)
    assert "昆明市税务局：属实。已向社保窗口了解，材料确实退过一次。已把两个窗口的清单对齐。" in document


def test_who_may_not_make_one(
    signed_in: Callable[[UUID], Client], order: WorkOrder, city: City, now: datetime
) -> None:
    for role, organisation, wanted in (
        (Role.ORGANISATION_APPROVER, city.police, 403),
        (Role.INSPECTOR, city.authority, 403),
        (Role.ORGANISATION_HANDLER, city.county, 404),
        (Role.AUTHORITY_LEADER, city.authority, 200),
    ):
        browser = signed_in(make_official(organisation, now, role.replace("_", "."), role))
        assert browser.post(address(order), {"kind": "docx"}).status_code == wanted, role
        assert browser.post(MAKE, {"kind": "docx", "order": order.id}).status_code == wanted, role
    assert ReportForm.objects.count() == 2


def test_several_are_one_pdf_or_an_archive_of_documents(
    browser: Client, order: WorkOrder, city: City, now: datetime
) -> None:
    other = open_order(city, now)
    both = {"order": [str(order.id), str(other.id), str(order.id)]}
    answer = browser.post(MAKE, {**both, "kind": "pdf"})
    paper = Paper(answer.content)
    assert len(paper.pages) == 2
    assert order.number in paper.text
    assert other.number in paper.text
    packed = zipfile.ZipFile(BytesIO(browser.post(MAKE, {**both, "kind": "docx"}).content))
    assert sorted(packed.namelist()) == sorted(f"{each.number}.docx" for each in (order, other))
    assert other.number in words_of(packed.read(f"{other.number}.docx"))
    assert ReportForm.objects.count() == 4
    assert AuditEntry.objects.filter(act="order.form").count() == 4
    page = text(browser.get("/console/"))
    assert page.count('name="order"') == 2
    assert f'action="{MAKE}"' in page


def test_none_too_many_or_one_out_of_reach(
    browser: Client, order: WorkOrder, handler: UUID, city: City, now: datetime
) -> None:
    assert "请先选择工单，一次最多50张。" in text(browser.post(MAKE, {"kind": "pdf"}, follow=True))
    ids = [UUID(int=number) for number in range(1, 52)]
    with pytest.raises(Invalid):
        make_forms(order_ids=ids, wanted=Wanted(Kind.PDF), official_id=handler, now=now)
    elsewhere = open_order(city, now, organisation=city.county)
    answer = browser.post(MAKE, {"kind": "pdf", "order": [str(order.id), str(elsewhere.id)]})
    assert answer.status_code == 404
    assert not ReportForm.objects.exists()


def test_a_template_of_ones_own_is_used_and_a_broken_one_offers_ours(
    browser: Client, order: WorkOrder, folder: Path
) -> None:
    (folder / "report.docx").write_bytes(word_of("本局报告单 {{ order }}"))
    assert "本局报告单" in words_of(browser.post(address(order), {"kind": "docx"}).content)
    assert ReportForm.objects.get().template
    page = text(browser.get("/console/forms/templates/"))
    assert "自己的" in page
    (folder / "report.docx").write_bytes(word_of("{{ order }} {{ nobody }}"))
    answer = browser.post(address(order), {"kind": "docx"}, follow=True)
    assert "模板有误" in text(answer)
    assert 'name="built_in"' in text(answer)
    assert ReportForm.objects.count() == 1
    assert browser.post(address(order), {"kind": "docx", "built_in": "1"}).status_code == 200
    page = text(browser.get("/console/forms/templates/"))
    assert "没有这些字段" in page
    assert "<code>nobody</code>" in page
    assert "附件（报告单的样式）没有取得" in page


def test_our_template_can_be_taken_along(browser: Client) -> None:
    answer = browser.get("/console/forms/templates/report.docx/")
    assert "{{ order }}" in words_of(answer.content)
    assert "#let form" in text(browser.get("/console/forms/templates/report.typ/"))
    assert browser.get("/console/forms/templates/passwd/").status_code == 404


def test_an_order_that_changes_meanwhile_gives_no_form(
    order: WorkOrder, handler: UUID, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = forming.Template.fill

    def meanwhile(*given: object) -> list[bytes]:
        do_act(order, Act.ANSWER, handler, now, "您反映的等候时间过长属实，我们已增设一个窗口。")
        return fill(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(forming.Template, "fill", meanwhile)
    with pytest.raises(Conflict):
        make_forms(order_ids=[order.id], wanted=Wanted(Kind.WORD), official_id=handler, now=now)
    assert not ReportForm.objects.exists()


def test_the_pages_speak_english(browser: Client, order: WorkOrder) -> None:
    browser.cookies["django_language"] = "en"
    assert "Report form" in text(browser.get(f"/console/orders/{order.id}/"))
    assert "Check a report form" in text(browser.get(CHECK))
    assert "Templates of the report form" in text(browser.get("/console/forms/templates/"))
    assert "Make a PDF" in text(browser.get("/console/"))
