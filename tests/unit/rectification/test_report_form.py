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
from haochaping.foundation.typesetting import CannotBeSet
from haochaping.rectification.report_form.fields import FIELDS, LISTS, TEXTS, sample
from haochaping.rectification.report_form.sources import (
    FILES,
    LARGEST,
    PROBLEMS,
    Kind,
    Soundness,
    Template,
    built_in,
    soundness,
    soundness_of,
    template,
    template_digest,
)
from tests.paper import Paper

HOSTILE = '{{ order }} {% for %} #read("/etc/passwd") *粗* <w:p/> & ]]> ${x} \\ 「」'
ODD = "😀笑\x07\x0b\u200d𠮷"


def words_of(document: bytes) -> str:
    """All that the tables of a Word document say, and its paragraphs and footer."""
    read = Document(BytesIO(document))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    around = [*read.paragraphs, *read.sections[0].footer.paragraphs]
    return "\n".join([*cells, *(each.text for each in around)])


def own(kind: Kind, content: str | bytes) -> Template:
    return Template(kind, content.encode() if isinstance(content, str) else content, "own")


def word_of(*paragraphs: str) -> bytes:
    document, kept = Document(), BytesIO()
    for each in paragraphs:
        document.add_paragraph(each)
    document.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("kind", Kind)
def test_ours_is_sound_and_says_every_field(kind: Kind) -> None:
    assert soundness(built_in(kind)) == Soundness()
    (made,) = built_in(kind).fill([sample(full=True)])
    text = "".join(words_of(made).split()) if kind is Kind.WORD else Paper(made).text
    assert [name for name in TEXTS if f"{name}：示例" not in text] == []
    assert text.count("示例二") >= len(LISTS)


def test_what_was_said_is_neither_typst_nor_xml_nor_a_field_and_no_sign_is_lost() -> None:
    said = {**sample(full=True), "text": HOSTILE + ODD, "answer": "长" * 1000, "contacts": [HOSTILE]}
    (pdf,) = built_in(Kind.PDF).fill([said])
    paper = Paper(pdf)
    assert paper.text.count("".join(HOSTILE.split())) == 2
    assert "〔U+1F600〕笑〔U+0007〕〔U+000B〕〔U+20BB7〕" in paper.text
    assert paper.text.count("长") == 1000
    assert paper.is_archival()
    assert all(name.startswith("NotoSansSC") for name in paper.fonts())
    (word,) = built_in(Kind.WORD).fill([said])
    text = words_of(word)
    assert text.count(HOSTILE) >= 2
    assert "😀笑\u200d𠮷" in text
    assert "长" * 1000 in text


def test_several_forms_are_one_pdf_or_a_document_each() -> None:
    said = [{**sample(full=False), "order": name} for name in ("CP1", "CP2", "CP3")]
    paper = Paper(built_in(Kind.PDF).fill(said)[0])
    assert len(paper.pages) == 3
    assert [name in paper.text for name in ("CP1", "CP2", "CP3")] == [True] * 3
    documents = built_in(Kind.WORD).fill(said)
    assert ["CP2" in words_of(each) for each in documents] == [False, True, False]


@pytest.mark.parametrize(
    ("kind", "content", "unknown", "problem"),
    [
        (Kind.PDF, "#let form(said) = [#said.order #said.nobody]", ("nobody",), ""),
        (Kind.WORD, word_of("{{ order }} {{ nobody }} {{ never }}"), ("never", "nobody"), ""),
        (Kind.PDF, "#let form(said) = [#said.order", (), "broken"),
        (Kind.WORD, word_of("{{ order"), (), "broken"),
        (Kind.WORD, word_of("{{ order.__class__.__mro__ }}"), (), "broken"),
        (Kind.PDF, '#let form(said) = [#read("/etc/passwd")]', (), "broken"),
        (Kind.PDF, "#let page(said) = []", (), "no_form"),
        (Kind.PDF, '#import "@preview/x:0.1.0"\n#let form(said) = []', (), "package"),
        (Kind.PDF, b"\xff\xfe", (), "unreadable"),
        (Kind.WORD, b"no package", (), "unreadable"),
        (Kind.PDF, "#let form(said) = [#said.order]", (), ""),
        (Kind.WORD, word_of("{{ order }}", "{% for each in clauses %}{{ each }}{% endfor %}"), (), ""),
    ],
)
def test_one_of_somebody_elses_is_tried(
    kind: Kind, content: str | bytes, unknown: tuple[str, ...], problem: str
) -> None:
    found = soundness(own(kind, content))
    assert (found.unknown, found.problem) == (unknown, problem)
    assert found.sound == (not unknown and not problem)
    assert bool(found.detail) == (bool(unknown) or problem == "broken")


def test_a_field_without_a_value_is_told_even_where_only_one_order_lacks_it() -> None:
    with pytest.raises(CannotBeSet):
        own(Kind.WORD, word_of("{{ nobody }}")).fill([sample(full=True)])


def test_what_lies_in_the_folder_goes_before_ours(tmp_path: Path) -> None:
    assert not template(Kind.PDF, tmp_path).own
    assert not template(Kind.PDF, None).own
    (tmp_path / FILES[Kind.PDF]).write_text("#let form(said) = [#said.order]")
    assert template(Kind.PDF, tmp_path).own
    assert template_digest(Kind.PDF, tmp_path) != ""
    assert not template(Kind.WORD, tmp_path).own
    (tmp_path / FILES[Kind.WORD]).write_bytes(bytes(LARGEST + 1))
    assert soundness_of(Kind.WORD, tmp_path).problem == "too_large"
    assert template_digest(Kind.WORD, tmp_path) == "?"
    (tmp_path / FILES[Kind.WORD]).unlink()
    (tmp_path / FILES[Kind.WORD]).mkdir()
    assert soundness_of(Kind.WORD, tmp_path).problem == "unreadable"


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(
        Path(__file__).parents[3] / "src/haochaping/rectification/report_form/templates/report.typ", tmp_path
    )
    assert main(["forms", "check", str(tmp_path)]) == 0
    (tmp_path / FILES[Kind.WORD]).write_bytes(word_of("{{ nobody }}"))
    assert main(["forms", "check", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert re.search(r"report\.docx: has unknown fields: nobody\n", said)
    assert "report.typ: sound" in said


def test_every_field_and_every_problem_has_its_words() -> None:
    assert DESCRIBED.keys() == set(FIELDS)
    assert DESCRIBED_PROBLEMS.keys() == set(PROBLEMS)
