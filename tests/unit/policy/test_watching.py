"""From when on a silence is told: the product's thresholds, an operator's in their place from his day on, read strictly."""

from datetime import date
from pathlib import Path

import pytest

from haochaping.policy import watching
from haochaping.policy.sources import RulesError

DAY = date(2026, 12, 7)
ORDER = '[documents.order]\ntitle = "监测规定"\nissuer = "某局"\nissued = 2026-12-01\n'
ENTRY = (
    "[[thresholds]]\nfrom = 2026-12-07\none_in = 1_000\nlooked_back = 366\nleast_workdays = 10\n"
    'document = "order"\narticle = "第二条"\n'
)


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path))
    return tmp_path / watching.FILE


def test_the_products_own_say_that_no_document_lays_them_down(operator: Path) -> None:
    found = watching.thresholds(DAY)
    assert (found.one_in, found.looked_back, found.least_workdays) == (1_000_000, 56, 2)
    assert (found.decided_by, found.since, found.decided_on) == ("本系统开发者", *2 * [date(2026, 11, 30)])
    assert found.citation == "《运行监测说明》“Ratings that stop to come”一节"
    assert "没有文件规定" in found.reading
    # Before they were written nobody had decided otherwise.
    assert watching.thresholds(date(2026, 1, 1)) == found


def test_without_a_directory_of_an_operator_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HAOCHAPING_RULES_DIR", "HAOCHAPING_DATA"):
        monkeypatch.delenv(name, raising=False)
    assert watching.thresholds(DAY).one_in == 1_000_000


def test_an_operator_decides_from_a_day_on_and_is_named(operator: Path) -> None:
    later = ENTRY.replace("2026-12-07", "2027-01-01").replace("1_000\n", "1_000_000_000_000\n")
    operator.write_text(ORDER + later + ENTRY + 'reading = "试行"\n', "utf-8")
    found = watching.thresholds(DAY)
    assert (found.one_in, found.looked_back, found.least_workdays, found.reading) == (1000, 366, 10, "试行")
    assert (found.citation, found.decided_by) == ("《监测规定》第二条", "某局")
    assert (found.since, found.decided_on) == (DAY, date(2026, 12, 1))
    assert watching.thresholds(date(2026, 12, 6)).one_in == 1_000_000
    assert watching.thresholds(date(2026, 12, 31)).one_in == 1000
    assert watching.thresholds(date(2027, 1, 1)).one_in == 1_000_000_000_000
    operator.write_text(ORDER + ENTRY.replace("= 366", "= 14").replace("= 10", "= 1"), "utf-8")
    found = watching.known_thresholds(DAY)
    assert (found.looked_back, found.least_workdays) == (14, 1)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", "thresholds", "is missing; expected [[thresholds]], each from a day"),
        ("thresholds = 3\n", "thresholds", "is missing; expected [[thresholds]], each from a day"),
        ("thresholds = [3]\n", "thresholds.from", "is missing; expected a day such as 2026-12-01"),
        (ENTRY, "thresholds.2026-12-07.document", "needs a document of this file, and an article"),
        ('documents = "x"\n' + ENTRY, "thresholds.2026-12-07.document", "needs a document"),
        ("[documents]\norder = 3\n" + ENTRY, "documents.order", "needs title, issuer and issued, a date"),
        (ORDER.replace("2026-12-01", '"2026"') + ENTRY, "documents.order", "needs title"),
        (ORDER.replace("某局", "") + ENTRY, "documents.order", "needs title"),
        (
            ORDER + ENTRY.replace('article = "第二条"\n', ""),
            "thresholds.2026-12-07.document",
            "and an article",
        ),
        (ORDER + ENTRY + 'who = "me"\n', "thresholds.2026-12-07.who", "is not known here"),
        (ORDER + ENTRY + "[other]\n", "other", "is not known here; expected [documents] and [[thresholds]]"),
        (ORDER + ENTRY + ENTRY, "thresholds.from", "is there twice; expected one entry a day"),
        (
            ORDER + ENTRY.replace("2026-12-07", '"2026-12-07"'),
            "thresholds.from",
            "is missing; expected a day",
        ),
        (ORDER + ENTRY.replace("2026-12-07", "2026-12-07T00:00:00"), "thresholds.from", "is missing"),
        (ORDER + ENTRY.replace("1_000", "999"), "thresholds.2026-12-07.one_in", "from 1000 to 1000000000000"),
        (ORDER + ENTRY.replace("1_000", "1_000_000_000_001"), "thresholds.2026-12-07.one_in", "whole number"),
        (ORDER + ENTRY.replace("1_000", "true"), "thresholds.2026-12-07.one_in", "expected a whole number"),
        (ORDER + ENTRY.replace("366", "367"), "thresholds.2026-12-07.looked_back", "from 14 to 366"),
        (ORDER + ENTRY.replace("366", "13"), "thresholds.2026-12-07.looked_back", "from 14 to 366"),
        (ORDER + ENTRY.replace("= 10", "= 11"), "thresholds.2026-12-07.least_workdays", "from 1 to 10"),
        (ORDER + ENTRY.replace("= 10", "= 0"), "thresholds.2026-12-07.least_workdays", "from 1 to 10"),
        (ORDER + ENTRY.replace("one_in = 1_000\n", ""), "thresholds.2026-12-07.one_in", "expected a whole"),
        ("nonsense", "", "is not valid TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(
    operator: Path, text: str, place: str, words: str
) -> None:
    operator.write_text(text, "utf-8")
    with pytest.raises(RulesError) as refused:
        watching.thresholds(DAY)
    assert (refused.value.file, refused.value.key) == ("watching.toml", place)
    assert words in refused.value.problem
    # Who watches goes on by the product's own.
    assert watching.known_thresholds(DAY).one_in == 1_000_000


def test_of_the_products_own_file_nothing_is_forgiven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HAOCHAPING_RULES_DIR", raising=False)
    monkeypatch.setattr(watching, "RULES_DIR", tmp_path)
    with pytest.raises(RulesError, match=r"^watching.toml: cannot be read \(No such file or directory\)$"):
        watching.known_thresholds(DAY)
