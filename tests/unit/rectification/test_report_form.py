"""Templates of the form: ours say all there is to say, whatever was said; an operator's own are tried."""

import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from haochaping.cli.main import main
from haochaping.faces.console.form_words import FIELDS as DESCRIBED
from haochaping.faces.console.form_words import PROBLEMS as DESCRIBED_PROBLEMS
from haochaping.foundation.form_templates import PROBLEMS, Kind, Soundness, soundness
from haochaping.rectification.report_form.fields import FIELDS, LISTS, TEXTS, sample
from haochaping.rectification.report_form.sources import REPORT
from tests.paper import Paper

HOSTILE = '{{ order }} {% for %} #read("/etc/passwd") *粗* <w:p/> & ]]> ${x} \\ 「」'
ODD = "😀笑\x07\x0b\u200d𠮷"


def words_of(document: bytes) -> str:
    """All that the tables of a Word document say, and its paragraphs and footer."""
    read = Document(BytesIO(document))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    around = [*read.paragraphs, *read.sections[0].footer.paragraphs]
    return "\n".join([*cells, *(each.text for each in around)])


def word_of(*paragraphs: str) -> bytes:
    document, kept = Document(), BytesIO()
    for each in paragraphs:
        document.add_paragraph(each)
    document.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("kind", Kind)
def test_ours_is_sound_and_says_every_field(kind: Kind) -> None:
    assert soundness(REPORT.built_in(kind)) == Soundness()
    (made,) = REPORT.built_in(kind).fill([sample(full=True)])
    text = "".join(words_of(made).split()) if kind is Kind.WORD else Paper(made).text
    assert [name for name in TEXTS if f"{name}：示例" not in text] == []
    assert text.count("示例二") >= len(LISTS)


def test_what_was_said_is_neither_typst_nor_xml_nor_a_field_and_no_sign_is_lost() -> None:
    said = {**sample(full=True), "text": HOSTILE + ODD, "answer": "长" * 1000, "contacts": [HOSTILE]}
    (pdf,) = REPORT.built_in(Kind.PDF).fill([said])
    paper = Paper(pdf)
    assert paper.text.count("".join(HOSTILE.split())) == 2
    assert "〔U+1F600〕笑〔U+0007〕〔U+000B〕〔U+20BB7〕" in paper.text
    assert paper.text.count("长") == 1000
    assert paper.is_archival()
    assert all(name.startswith("NotoSansSC") for name in paper.fonts())
    (word,) = REPORT.built_in(Kind.WORD).fill([said])
    text = words_of(word)
    assert text.count(HOSTILE) >= 2
    assert "😀笑\u200d𠮷" in text
    assert "长" * 1000 in text


def test_several_forms_are_one_pdf_or_a_document_each() -> None:
    said = [{**sample(full=False), "order": name} for name in ("CP1", "CP2", "CP3")]
    paper = Paper(REPORT.built_in(Kind.PDF).fill(said)[0])
    assert len(paper.pages) == 3
    assert [name in paper.text for name in ("CP1", "CP2", "CP3")] == [True] * 3
    documents = REPORT.built_in(Kind.WORD).fill(said)
    assert ["CP2" in words_of(each) for each in documents] == [False, True, False]


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(
        Path(__file__).parents[3] / "src/haochaping/rectification/report_form/templates/report.typ", tmp_path
    )
    assert main(["forms", "check", str(tmp_path)]) == 0
    (tmp_path / REPORT.file(Kind.WORD)).write_bytes(word_of("{{ nobody }}"))
    assert main(["forms", "check", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert re.search(r"report\.docx: has unknown fields: nobody\n", said)
    assert "report.typ: sound" in said


def test_every_field_and_every_problem_has_its_words() -> None:
    assert DESCRIBED.keys() == set(FIELDS)
    assert DESCRIBED_PROBLEMS.keys() == set(PROBLEMS)
