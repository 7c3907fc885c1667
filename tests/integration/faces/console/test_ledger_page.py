"""The ledger as a page and as a file."""

from datetime import datetime

from django.test import Client

from haochaping.rectification.states import Act
from tests.integration.rectification.test_ledger import enter
from tests.orders import City, open_order


def test_the_ledger_is_narrowed_in_its_address_and_taken_along_as_csv(
    browser: Client, city: City, now: datetime
) -> None:
    empty = browser.get("/console/ledger/").content.decode()
    assert "台账里没有工单" in empty
    late = enter(open_order(city, now), now, (Act.PLAN, {"until": "2026-01-05"}))
    asked = enter(open_order(city, now), now, (Act.ASK_EXTENSION, {"waits": "yes", "until": "2099-12-20"}))
    page = browser.get("/console/ledger/", {"late": "yes"}).content.decode()
    assert late.number in page
    assert asked.number not in page
    assert "/console/ledger/export/?late=yes" in page
    assert "没有符合这些条件" in browser.get("/console/ledger/", {"outcome": "refused"}).content.decode()
    answer = browser.get("/console/ledger/export/", {"outcome": "waits"})
    assert "attachment" in answer["Content-Disposition"]
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith('"工单","承办单位","状态"')
    assert len(lines) == 2
    assert f'"{asked.number}","昆明市公安局","待整改","理由1","2099-12-20"' in lines[1]
    assert "延期待批准" in lines[1]
