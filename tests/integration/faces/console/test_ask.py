"""The page of questions: form, answer, what it leads to, and the file; before the first export, and with mistakes."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from haochaping.accounts.models import Official
from haochaping.accounts.rules import Role
from haochaping.analysis.operations.exporting import export
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import local_day
from tests.integration.analysis.test_asking import rate
from tests.orders import make_city, make_official

ASK = "/console/ask/"


@pytest.fixture
def officer(committed_db: None, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Looks after the whole city; nothing was exported yet."""
    monkeypatch.setenv("HAOCHAPING_ANALYSIS_DIR", str(tmp_path / "analysis"))
    client = Client()
    made = make_official(make_city().authority, now, "officer", Role.AUTHORITY_OFFICER)
    client.force_login(Official.objects.get(id=made))
    return client


def test_from_the_form_to_the_file(officer: Client, now: datetime) -> None:
    city = Official.objects.get().posts.get().organisation_id
    assert "选择按什么分组" in officer.get(ASK).content.decode()
    early = officer.get(ASK, {"by1": "window"})
    assert (early.status_code, "还没有夜间导出" in early.content.decode()) == (409, True)
    rate(city, now, 6, level=2, tags=[999])
    rate(city, now, 1, channel=1)
    export(now=now, tell=False)
    page = officer.get(
        ASK, {"by1": "tag", "by2": "channel", "weekday": str(local_day(now).isoweekday()), "by3": ""}
    )
    said = page.content.decode()
    assert page.status_code == 200
    assert 'href="?by1=tag&amp;by2=channel&amp;weekday=' in said
    assert "&amp;tag=999" in said
    assert "数据截至" in said
    # Narrowed to the tag, which the form keeps.
    assert (
        '<option value="999" selected>999</option>'
        in officer.get(ASK, {"by1": "level", "tag": "999"}).content.decode()
    )
    small = officer.get(ASK, {"by1": "channel"}).content.decode()
    assert small.count("不足5条，不显示") == 2, "the other would follow from the total"
    file = officer.get(ASK + "export/", {"by1": "level"})
    assert b'"\xe8\xaf\x84\xe4\xbb\xb7\xe7\xad\x89\xe6\xac\xa1"' in b"".join(file.streaming_content)
    none = officer.get(ASK, {"by1": "level", "to": f"{now - timedelta(days=400):%Y-%m}"}).content.decode()
    assert "没有符合这些条件" in none
    assert AuditEntry.objects.filter(act="analysis.ask").count() == 5


@pytest.mark.parametrize("path", [ASK, ASK + "export/"])
def test_a_mistake_is_said_and_what_was_typed_stays(officer: Client, path: str) -> None:
    page = officer.get(path, {"by1": "level", "from": "十一月", "hall": "x"})
    said = page.content.decode()
    assert page.status_code == 422
    assert "月份请写成" in said
    assert 'value="十一月" aria-invalid="true"' in said
    # An organisation out of reach is refused like one that is none.
    assert officer.get(path, {"by1": "level", "organisation": "999999"}).status_code == 409
