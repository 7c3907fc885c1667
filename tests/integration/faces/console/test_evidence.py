"""Evidence on the console: uploaded without a script, refused in words, handed out so that nothing runs, withdrawn."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client

from haochaping.evidence.models import EvidenceFile
from haochaping.evidence.rules import Limits
from haochaping.rectification.models import WorkOrder
from tests.evidence import NOTE, TEXT, bring, pdf
from tests.objections import People, file
from tests.orders import City, open_order

Sign = Callable[[UUID], Client]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HAOCHAPING_EVIDENCE_DIR", str(tmp_path / "evidence"))
    return tmp_path / "evidence"


@pytest.fixture
def order(city: City, now: datetime) -> WorkOrder:
    return open_order(city, now)


def page(order: WorkOrder, rest: str = "") -> str:
    return f"/console/orders/{order.id}/evidence/{rest}"


def upload(
    client: Client, order: WorkOrder, content: bytes = TEXT, name: str = "叫号记录.txt", **said: str
) -> HttpResponse:
    fields = {"file": SimpleUploadedFile(name, content), "note": NOTE, **said}
    return client.post(page(order, "add/"), fields)


def lying(place: Path) -> list[Path]:
    return [each for each in place.rglob("*") if each.is_file()]


def test_the_whole_way(place: Path, browser: Client, order: WorkOrder) -> None:
    shown = browser.get(f"/console/orders/{order.id}/").content.decode()
    assert "上传证据文件" in shown
    assert "还没有证据文件" in shown
    assert upload(browser, order).status_code == 302
    (row,) = EvidenceFile.objects.all()
    assert "叫号记录.txt" in browser.get(f"/console/orders/{order.id}/").content.decode()
    got = browser.get(page(order, f"{row.id}/"))
    assert isinstance(got, StreamingHttpResponse)
    assert got.getvalue() == TEXT
    assert got["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert got["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert (got["X-Content-Type-Options"], got["Cache-Control"]) == ("nosniff", "no-store")
    assert browser.post(page(order, f"{row.id}/withdraw/"), {"reason": "传错了文件。"}).status_code == 302
    assert "传错了文件。" in browser.get(page(order)).content.decode()


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "a.pdf", "这个文件是空的"),
        (b"\x7fELF\2", "a.pdf", "不是可以上传的格式"),
        (pdf(b"<</S/JavaScript>>"), "a.pdf", "有宏、脚本"),
        (TEXT * 100, "a.txt", "文件太大"),
    ],
)
def test_a_refused_file_is_told_and_what_was_typed_is_kept(
    place: Path, browser: Client, order: WorkOrder, settings: object, content: bytes, name: str, why: str
) -> None:
    settings.EVIDENCE_LIMITS = Limits(size=3000)  # type: ignore[attr-defined]
    answer = upload(browser, order, content, name)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert NOTE in answer.content.decode()
    assert lying(place) == []


def test_nothing_chosen_and_a_disk_that_takes_nothing(place: Path, browser: Client, order: WorkOrder) -> None:
    assert "请选择一个文件" in browser.post(page(order, "add/"), {"note": "x"}).content.decode()
    place.write_text("no folder can be made here")
    answer = upload(browser, order)
    assert answer.status_code == 503
    assert "存储空间不足" in answer.content.decode()
    assert not EvidenceFile.objects.exists()


def test_a_forged_form_leaves_nothing(place: Path, order: WorkOrder, handler: UUID, signed_in: Sign) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(handler).cookies
    assert upload(strict, order).status_code == 403
    assert lying(place) == []
    form = strict.get(page(order)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token is not None
    assert upload(strict, order, csrfmiddlewaretoken=token[1]).status_code == 302
    assert len(lying(place)) == 1


def test_several_files_at_once_are_one(place: Path, browser: Client, order: WorkOrder) -> None:
    two = [SimpleUploadedFile(f"{number}.txt", TEXT) for number in range(2)]
    assert browser.post(page(order, "add/"), {"file": two, "other": two[0]}).status_code == 302
    assert len(lying(place)) == EvidenceFile.objects.count() == 1


def test_the_body_sees_all_of_it_on_the_page_of_the_objection(
    place: Path, city: City, now: datetime, order: WorkOrder, signed_in: Sign
) -> None:
    people = People(city, now)
    filed = file(order, people.handler, now)
    assert upload(signed_in(people.handler), order, about=str(filed.id)).status_code == 302
    bring(order.id, people.first, now, name="主管部门的材料.txt")
    shown = signed_in(people.first).get(f"/console/objections/{filed.id}/").content.decode()
    assert "叫号记录.txt" in shown
    assert "主管部门的材料.txt" in shown
    hidden = signed_in(people.handler).get(f"/console/orders/{order.id}/").content.decode()
    assert "主管部门的材料" not in hidden
    assert "叫号记录.txt" in hidden


def test_a_missing_file_is_told(place: Path, browser: Client, order: WorkOrder) -> None:
    upload(browser, order)
    (left,) = lying(place)
    left.unlink()
    answer = browser.get(page(order, f"{left.name}/".replace(left.name, str(UUID(hex=left.name)))))
    assert answer.status_code == 410
    assert "找不到" in answer.content.decode()
    assert "文件丢失" in browser.get(page(order)).content.decode()


def test_a_text_that_names_somebody_is_refused(place: Path, browser: Client, order: WorkOrder) -> None:
    answer = upload(browser, order, note="请打13888012345")
    assert answer.status_code == 422
    assert "手机号码" in answer.content.decode()
    assert lying(place) == []
