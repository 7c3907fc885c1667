"""The bulletin says all that its publication says and nothing else, as PDF/A and as Word, whatever names there are."""

from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest
from django.utils.translation import override
from docx import Document

from haochaping.foundation.form_templates import Kind, Soundness, soundness
from haochaping.publication.bulletin.content import content
from haochaping.publication.bulletin.fields import FIELDS, sample
from haochaping.publication.bulletin.sources import BULLETIN
from haochaping.publication.ranking import COUNTS, SHARES
from tests.paper import Paper

HOSTILE = '{{ place }} {% for %} #read("/etc/passwd") *粗* <w:p/> & ]]> ${x} \\ 「」'
AT = 1_767_225_600
DIGEST = "ab" * 32
HIDDEN = {"name": "五华区人社局", "ended": False}


def row(name: str, *, rank: int | None = 1, ended: bool = False, why: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "ended": ended,
        "counts": {"occasions": 1100, "ratings": 960, "good": 900, "bad": 60, "defaults": 40, "unrated": 100},
        "shares": {
            "good_active": "15/16",
            "good_inclusive": "47/50",
            "unrated_share": "1/11",
            "default_share": "2/55",
        },
        "interval": ["0.920345", "0.951998"],
        "rank_among_similar": [1, 2],
        "scores": {
            "final": {"points": "179/20" if rank else "", "rank": rank, "of": 2, "why": why, "grade": "A"}
        },
    }


def record(*organisations: dict[str, Any], regions: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {
        "number": "GB0000TEST",
        "sequence": 1,
        "before": "0" * 64,
        "kind": "ranking",
        "place": "昆明市",
        "period": {"name": "2025年", "first": "2025-01-01", "last": "2025-12-31"},
        "published_at": "2026-01-20T17:30:00+00:00",
        "publisher": "昆明市政务服务管理局",
        "corrects": None,
        "source": {
            "run": "DF1",
            "cut_off": "2026-01-15T00:00:00+00:00",
            "rules": "kunming",
            "rules_version": "v" * 64,
            "inputs_digest": "",
            "digest": "",
        },
        "rows": {"region": list(regions), "organisation": list(organisations)},
        "withheld": [
            {"kind": "organisation", "name": each["name"], "why": "too_few"}
            for each in organisations
            if "counts" not in each
        ],
        "scores": {"final": {"label": "得分", "clause": "《办法》第十四条", "variant_of": "", "total": "x"}},
        "uncounted": {"halls": "places"},
        "least": 20,
    }


def words_of(document: bytes) -> str:
    """All that a Word document says, without spaces."""
    read = Document(BytesIO(document))
    cells = [cell.text for table in read.tables for line in table.rows for cell in line.cells]
    return "".join("".join([*cells, *(each.text for each in read.paragraphs)]).split())


def made(kind: Kind, said: dict[str, Any]) -> str:
    (file,) = BULLETIN.built_in(kind).fill([said], at=AT)
    return Paper(file).text if kind is Kind.PDF else words_of(file)


def test_every_field_is_filled_and_no_other() -> None:
    said = content(record(row("公安局"), regions=(row("昆明市"),)), DIGEST)
    assert said.keys() == set(FIELDS) == sample(full=True).keys()
    assert said["departments"][0].keys() == sample(full=True)["departments"][0].keys()
    assert said["rankings"][0]["rows"][0].keys() == sample(full=True)["rankings"][0]["rows"][0].keys()


def test_every_published_figure_has_its_name_and_how_it_is_counted() -> None:
    said = content(record(row("公安局"), regions=(row("昆明市"),)), DIGEST)
    assert len(said["totals"]) == len(COUNTS) + len(SHARES) + 1
    assert len(said["counted"]) == 1 + len(SHARES) + 2


def test_what_it_says_is_what_was_published() -> None:
    with override("en"):
        said = content(record(row("公安局"), HIDDEN, regions=(row("昆明市"),)), DIGEST)
    assert (said["title"], said["published_on"]) == ("昆明市2025年政务服务“好差评”情况通报", "2026年1月21日")
    totals = {each["label"]: each["value"] for each in said["totals"]}
    assert (totals["差评"], totals["未评率"], totals["默认评价占比"]) == ("60", "9.09%", "3.63%")
    (shown,) = said["departments"]
    assert (shown["low"], shown["rate"], shown["high"]) == (920, 937, 951)
    assert shown["drawn"] == "■" * 18 + "◆" * 2
    assert (shown["interval"], shown["rectified_in_time"]) == ("92.03%–95.20%", "—")
    (hidden,) = said["withheld"]
    assert (hidden["name"], hidden["kind"]) == ("五华区人社局", "部门")
    assert "评价太少" in hidden["why"]
    assert said["rankings"][-1]["rows"][0] == {
        "rank": "1/2",
        "name": "公安局",
        "points": "8.95",
        "grade": "A",
        "why": "",
    }


def test_who_has_no_rank_comes_last_with_the_reason_and_who_ended_is_marked() -> None:
    said = content(record(row("甲", rank=None, why="minimum", ended=True), row("乙", rank=2)), DIGEST)
    (ranking,) = said["rankings"]
    assert [(each["name"], each["rank"]) for each in ranking["rows"]] == [("乙", "2/2"), ("甲", "—")]
    assert ranking["rows"][1]["why"] == "评价太少，不排名"
    assert said["departments"][0]["name"] == "甲（期末已不存在）"
    assert said["totals"] == []


def test_a_record_without_what_came_later_is_told_all_the_same() -> None:
    old = record(row("公安局"))
    del old["publisher"]
    del old["rows"]["organisation"][0]["shares"]["default_share"]
    old["rows"]["organisation"][0] |= {"interval": None, "rank_among_similar": None}
    said = content(old, DIGEST)
    assert (said["publisher"], said["departments"][0]["default_share"]) == ("", "—")
    assert (said["departments"][0]["drawn"], said["departments"][0]["similar"]) == ("", "—")


@pytest.mark.parametrize("kind", Kind)
def test_ours_is_sound_and_says_it_all_the_same_bytes_each_time(kind: Kind) -> None:
    assert soundness(BULLETIN.built_in(kind)) == Soundness()
    said = content(record(row("公安局"), HIDDEN, regions=(row("昆明市"),)), DIGEST)
    files = [BULLETIN.built_in(kind).fill([deepcopy(said)], at=AT) for _ in range(2)]
    assert files[0] == files[1]
    text = made(kind, said)
    for words in (
        "昆明市政务服务管理局",
        "公安局",
        "五华区人社局",
        "93.75%",
        "92.03%–95.20%",
        "8.95",
        DIGEST,
        "GB0000TEST",
    ):
        assert words in text, words
    for words in (
        "《办法》第十四条",
        "评价太少，公开会暴露评价人",
        "2026年1月15日",
        "9.09%",
        "3.63%",
        *said["verify"],
    ):
        assert "".join(words.split()) in text, words


@pytest.mark.parametrize("kind", Kind)
def test_nothing_but_what_is_withheld(kind: Kind) -> None:
    text = made(kind, content(record(HIDDEN), DIGEST))
    for words in ("没有可以公开的数据。", "总数暂不公开", "没有得分", "五华区人社局（部门）：评价太少"):
        assert words in text, words


def test_names_are_neither_typst_nor_xml_nor_fields_and_no_sign_is_lost() -> None:
    said = content(record(row(HOSTILE + "😀𠮷"), row("长" * 200)) | {"place": HOSTILE}, DIGEST)
    (pdf,) = BULLETIN.built_in(Kind.PDF).fill([said], at=AT)
    paper = Paper(pdf)
    assert paper.is_archival()
    assert all(name.startswith("NotoSansSC") for name in paper.fonts())
    # Beside the place: the chart, the counts, the shares, the ranking.
    plain = "".join(HOSTILE.split())
    assert paper.text.count(plain + "〔U+1F600〕〔U+20BB7〕") == 4
    assert paper.text.count("长") == 800
    text = made(Kind.WORD, said)
    assert text.count(plain + "😀𠮷") == 4
