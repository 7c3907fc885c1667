"""Templates of forms: ours where there is no other, an operator's own in its place; each is tried before it is relied on."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from haochaping.foundation.form_templates import LARGEST, Form, Kind, Template, soundness
from haochaping.foundation.typesetting import CannotBeSet


def said(*, full: bool) -> dict[str, Any]:
    return {"order": "示例", "clauses": ["一", "二"] if full else []}


def samples() -> tuple[dict[str, Any], ...]:
    return said(full=True), said(full=False)


def word_of(*paragraphs: str) -> bytes:
    document, kept = Document(), BytesIO()
    for each in paragraphs:
        document.add_paragraph(each)
    document.save(kept)
    return kept.getvalue()


PLAIN = Form("plain", "样张", Path("/nowhere"), ("order", "clauses"), samples)


def own(kind: Kind, content: str | bytes) -> Template:
    return Template(PLAIN, kind, content.encode() if isinstance(content, str) else content, "own")


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
        own(Kind.WORD, word_of("{{ nobody }}")).fill([said(full=True)])


def test_what_lies_in_the_folder_goes_before_ours(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    for kind in Kind:
        (ours / PLAIN.file(kind)).write_text("ours")
    plain = replace(PLAIN, ours=ours)
    assert not plain.template(Kind.PDF, tmp_path).own
    assert plain.template(Kind.PDF, None).content == b"ours"
    assert plain.soundness_of(Kind.PDF, None).sound
    (tmp_path / plain.file(Kind.PDF)).write_text("#let form(said) = [#said.order]")
    assert plain.template(Kind.PDF, tmp_path).own
    assert plain.template_digest(Kind.PDF, tmp_path) != ""
    assert not plain.template(Kind.WORD, tmp_path).own
    (tmp_path / plain.file(Kind.WORD)).write_bytes(bytes(LARGEST + 1))
    assert plain.soundness_of(Kind.WORD, tmp_path).problem == "too_large"
    assert plain.template_digest(Kind.WORD, tmp_path) == "?"
    (tmp_path / plain.file(Kind.WORD)).unlink()
    (tmp_path / plain.file(Kind.WORD)).mkdir()
    assert plain.soundness_of(Kind.WORD, tmp_path).problem == "unreadable"
