"""A bulletin is made once of what was published, by the worker, and is the same bytes for everybody from then on."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client

from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import Conflict
from haochaping.foundation.form_templates import Kind
from haochaping.jobs.minutely import bulletins
from haochaping.publication.models import Bulletin
from haochaping.publication.operations.bulletins import make_bulletin
from haochaping.publication.operations.publishing import publish_ranking
from haochaping.publication.queries.bulletins import PATIENCE
from haochaping.publication.queries.publications import publication
from tests.integration.publication.test_publications import city, signed
from tests.orders import City
from tests.paper import Paper

__all__ = ["city"]
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def number(city: City, officer: UUID, now: datetime) -> str:
    return publish_ranking(run=signed(city, now), official_id=officer, now=now)


def test_made_once_and_handed_out_as_it_was_made(number: str, now: datetime) -> None:
    public, address = Client(), f"/publications/{number}/bulletin"
    waiting = public.get(f"{address}.pdf")
    assert (waiting.status_code, waiting["Retry-After"]) == (503, "60")
    assert "正在生成" in waiting.content.decode()
    assert "正在生成" in public.get(f"/publications/{number}").content.decode()
    assert bulletins.run(now=now + PATIENCE) == 2
    assert bulletins.run(now=now) == 0
    # The page may be two seconds old.
    cache.clear()
    assert not make_bulletin(number=number, kind=Kind.PDF, now=now)
    pdf, word = (public.get(f"{address}.{kind}", **ENGLISH) for kind in Kind)
    assert (pdf["Content-Type"], pdf["Content-Disposition"]) == (
        "application/pdf",
        f'attachment; filename="{number}.pdf"',
    )
    paper = Paper(pdf.content)
    assert paper.is_archival()
    for words in (number, publication(number).digest, "昆明市公安局", "公布单位昆明市政务服务管理局"):
        assert words in paper.text, words
    digests = {sha256(each.content).hexdigest() for each in (pdf, word)}
    page, english = (public.get(f"/publications/{number}", **said).content.decode() for said in ({}, ENGLISH))
    assert all(digest in page and digest in english for digest in digests)
    assert "下载通报（PDF）" in page
    assert "Download the bulletin (PDF)" in english
    told = AuditEntry.objects.filter(act="publication.bulletin", subject=number)
    assert {each.detail["digest"] for each in told} == digests
    assert public.get(f"{address}.odt").status_code == 404
    assert public.get("/publications/GB0/bulletin.pdf").status_code == 404


def test_an_altered_publication_gets_none_but_the_reason(number: str, now: datetime) -> None:
    make_bulletin(number=number, kind=Kind.PDF, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("""UPDATE publication_publication SET text = replace(text, '"bad":60', '"bad":6')""")
    with pytest.raises(Conflict):
        make_bulletin(number=number, kind=Kind.WORD, now=now)
    assert bulletins.run(now=now) == 0
    answer = Client().get(f"/publications/{number}/bulletin.pdf")
    assert answer.status_code == 409
    assert "与公布时不一致" in answer.content.decode()
    assert "下载通报" not in Client().get(f"/publications/{number}").content.decode()


def test_a_kept_file_is_not_altered_unseen(number: str, now: datetime) -> None:
    make_bulletin(number=number, kind=Kind.PDF, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.update(content=b"x")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE publication_bulletin SET content = 'x'")
    answer = Client().get(f"/publications/{number}/bulletin.pdf")
    assert answer.status_code == 409
    assert "被改动过" in answer.content.decode()


def test_the_operators_own_template_is_used_and_a_broken_one_is_not(
    number: str, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAOCHAPING_FORMS_DIR", str(tmp_path))
    (tmp_path / "bulletin.typ").write_text("#let form(said) = [自己的 #said.number]")
    (tmp_path / "bulletin.docx").write_bytes(b"no package")
    assert bulletins.run(now=now + PATIENCE) == 2
    kept = {each.kind: each for each in Bulletin.objects.all()}
    assert Paper(bytes(kept["pdf"].content)).text == f"自己的{number}"
    assert (len(kept["pdf"].template), kept["docx"].template) == (64, "")
