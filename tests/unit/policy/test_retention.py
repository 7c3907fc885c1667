"""The terms of what is kept: read strictly, an operator's own on top, what is silent left undetermined."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from haochaping.policy import retention
from haochaping.policy.sources import RulesError

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ORDER = '[documents.order]\ntitle = "留存规定"\nissuer = "某局"\nissued = 2026-12-01\n'
TERM = '[[term]]\nkey = "pressure_contacts"\nn = 365\nunit = "day"\ndocument = "order"\narticle = "第三条"\n'


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path))
    return tmp_path / retention.FILE


def test_what_the_documents_are_silent_on_is_undetermined_and_deleted_by_nobody() -> None:
    contacts = retention.kept("pressure_contacts")
    assert (contacts.n, contacts.span, contacts.cutoff(NOW), contacts.because) == (None, None, None, "")
    traces = retention.kept("traces")
    assert traces.cutoff(NOW) == NOW - timedelta(days=190)
    assert traces.citation == "《中华人民共和国网络安全法》第二十一条第（三）项"
    assert retention.kept("ratings").because


def test_an_operator_lays_a_term_down_with_his_own_citation(operator: Path) -> None:
    operator.write_text(ORDER + TERM, "utf-8")
    laid_down = retention.kept("pressure_contacts")
    assert (laid_down.span, laid_down.citation) == (timedelta(days=365), "《留存规定》第三条")
    assert laid_down.what.startswith("反映强迫评价")
    operator.write_text(ORDER + TERM.replace("365", "30"), "utf-8")
    assert retention.kept("pressure_contacts").span == timedelta(days=30)
    operator.unlink()
    assert retention.kept("pressure_contacts").span is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (TERM, "pressure_contacts.document"),
        (ORDER + TERM.replace("365", "-1"), "pressure_contacts.n"),
        (ORDER + TERM.replace("365", "true"), "pressure_contacts.n"),
        (ORDER + TERM.replace('unit = "day"', 'unit = "year"'), "pressure_contacts.n"),
        (ORDER + TERM.replace('unit = "day"\n', ""), "pressure_contacts.n"),
        (ORDER + TERM.replace('n = 365\nunit = "day"\n', ""), "pressure_contacts.n"),
        (ORDER + TERM.replace("pressure_contacts", "ratings"), "ratings"),
        (ORDER + TERM.replace("pressure_contacts", "nothing"), "nothing"),
        (ORDER + TERM + 'who = "me"\n', "pressure_contacts.who"),
        (ORDER + TERM + TERM, "term"),
        (ORDER.replace('issuer = "某局"\n', "") + TERM, "documents.order"),
        (ORDER + TERM.replace("[[term]]", "[[kept]]"), "kept"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(operator: Path, text: str, place: str) -> None:
    operator.write_text(text, "utf-8")
    with pytest.raises(RulesError) as refused:
        retention.terms()
    assert refused.value.key == place
    assert retention.kept("pressure_contacts").span is None


BASE = ORDER + (
    '[[kept]]\nkey = "a"\nwhat = "甲"\npurpose = "乙"\ndocument = "order"\narticle = "一"\nn = 1\nunit = "day"\n'
    'from = "收到"\nhow = "删除"\n'
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (BASE.replace('purpose = "乙"\n', ""), "a.purpose"),
        (BASE + 'kept = "丙"\n', "a.kept"),
        (BASE.replace('how = "删除"\n', ""), "a.from"),
        (None, ""),
    ],
)
def test_our_own_file_is_read_as_strictly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, place: str
) -> None:
    monkeypatch.delenv("HAOCHAPING_RULES_DIR", raising=False)
    monkeypatch.setattr(retention, "RULES_DIR", tmp_path)
    path = tmp_path / retention.FILE
    path.write_text(BASE, "utf-8")
    assert retention.kept("a").span == timedelta(days=1)
    if text is None:
        path.unlink()
    else:
        path.write_text(text, "utf-8")
    with pytest.raises(RulesError) as caught:
        retention.known_terms()
    assert caught.value.mistakes[0].key == place
