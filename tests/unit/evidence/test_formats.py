"""What a file is, by its content: honest files of each kind, and what only looks like one."""

import contextlib
import io
import os
import random
import zlib

import pytest
import typst

from haochaping.evidence.formats import recognised
from haochaping.evidence.formats.refused import Unacceptable
from haochaping.evidence.states import Fault, Format
from tests.evidence import TEXT, docx, pdf, picture, png_chunk, relationship, stream, workbook

JPEG, PNG = picture(Format.JPEG), picture(Format.PNG)
SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


def form(content: bytes) -> Format:
    return recognised(io.BytesIO(content), len(content))


def fault(content: bytes) -> Fault:
    with pytest.raises(Unacceptable) as refusal:
        form(content)
    return refusal.value.fault


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (pdf(), Format.PDF),
        (pdf(stream(b"", b"BT (JavaScript) Tj ET")), Format.PDF),
        (pdf(stream(b"/Type/ObjStm/N 1/First 4", b"9 0 <</A 1>>")) + b"\r\n \n", Format.PDF),
        (JPEG, Format.JPEG),
        (picture(Format.JPEG, progressive=True), Format.JPEG),
        (JPEG + JPEG + b"\0\0", Format.JPEG),  # a preview behind the picture, as cameras keep it
        (PNG, Format.PNG),
        (picture(Format.PNG, (301, 7)), Format.PNG),
        (docx(), Format.DOCX),
        (
            docx({"word/_rels/document.xml.rels": relationship("hyperlink", "https://www.gov.cn/")}),
            Format.DOCX,
        ),
        (workbook(), Format.XLSX),
        (TEXT, Format.TEXT),
        (TEXT.decode().encode("gb18030"), Format.TEXT),
        (b"\xef\xbb\xbf" + TEXT * 9000, Format.TEXT),
        (b"a,b\r\n1,2\r\n", Format.TEXT),
    ],
)
def test_honest_files(content: bytes, wanted: Format) -> None:
    assert form(content) is wanted


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Fault.EMPTY),
        (b"MZ\x90\0\3\0\0\0", Fault.UNKNOWN),
        (b"\x7fELF\2\1\1\0", Fault.UNKNOWN),
        (b"<!DOCTYPE html><script>alert(1)</script>", Fault.UNKNOWN),
        (b" \n<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", Fault.UNKNOWN),
        (b"#!/bin/sh\nrm -rf /\n", Fault.UNKNOWN),
        (b"{\\rtf1 x}", Fault.UNKNOWN),
        (b"GIF89a\1\0\1\0\0\0\0;", Fault.UNKNOWN),
        (b"RIFF\x24\0\0\0WEBPVP8 ", Fault.UNKNOWN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Fault.UNKNOWN),  # .doc
        ("叫号".encode("utf-16"), Fault.UNKNOWN),
        (b"junk\n" + pdf(), Fault.UNKNOWN),  # readers of PDF would look for its head
        (os.urandom(4096), Fault.UNKNOWN),
    ],
)
def test_what_is_of_no_kind(content: bytes, why: Fault) -> None:
    assert fault(content) is why


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.7\n", Fault.BROKEN),
        (pdf()[:-20], Fault.BROKEN),
        (pdf().replace(b"startxref\n", b"startxref\n9"), Fault.BROKEN),
        (pdf().replace(b"/Pages", b"/Pagos"), Fault.BROKEN),
        (pdf() + b"<script>x</script>", Fault.HIDDEN),
        (pdf(extra=b"/OpenAction " + SCRIPT), Fault.ACTIVE),
        (pdf(SCRIPT.replace(b"JavaScript", b"J#61va#53cript")), Fault.ACTIVE),
        (pdf(stream(b"/Type/ObjStm/N 1/First 4", b"9 0 " + SCRIPT)), Fault.ACTIVE),
        # Where the name stands across two pieces of what is unpacked.
        (pdf(stream(b"/Type/ObjStm/N 1/First 4", b" " * (1024 * 1024 - 6) + SCRIPT)), Fault.ACTIVE),
        # In a wrapping that nobody opens here.
        (
            pdf(
                b"<</Type/ObjStm/N 1/First 4/Filter[/ASCIIHexDecode/FlateDecode]/Length 4>>\nstream\n00>\nendstream"
            ),
            Fault.ACTIVE,
        ),
        # A word that begins no stream hides nothing behind it.
        (pdf(b"% stream\n" + SCRIPT), Fault.ACTIVE),
        (pdf(b"<</S/Launch/F(cmd.exe)>>"), Fault.ACTIVE),
        (pdf(b"<</Type/EmbeddedFile>>"), Fault.ACTIVE),
        (pdf(b"<</XFA 9 0 R>>"), Fault.ACTIVE),
        (pdf(trailer=b"/Encrypt 9 0 R"), Fault.ENCRYPTED),
        (pdf(*[stream(b"/Type/ObjStm/N 1/First 4", bytes(30_000_000))] * 9), Fault.SWELLS),
    ],
)
def test_documents_that_are_more_or_less_than_that(content: bytes, why: Fault) -> None:
    assert fault(content) is why


def test_what_our_own_typesetter_makes_is_taken() -> None:
    assert form(typst.compile(b"= 1")) is Format.PDF


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (JPEG[:-2], Fault.BROKEN),
        (JPEG[:400], Fault.BROKEN),
        (b"\xff\xd8\xff\xd9", Fault.BROKEN),
        (JPEG + b"<?php system('x'); ?>", Fault.HIDDEN),
        (JPEG + docx(), Fault.HIDDEN),
        (PNG[:-12], Fault.BROKEN),
        (PNG.replace(b"IDAT", b"IDAX"), Fault.BROKEN),
        (PNG[:20] + b"\xff" + PNG[21:], Fault.BROKEN),
        (PNG + b"x", Fault.HIDDEN),
        (PNG[:33] + png_chunk(b"IDAT", zlib.compress(bytes(9))) + PNG[33:], Fault.HIDDEN),
        (
            PNG[:8]
            + png_chunk(b"IHDR", b"\0\1\0\0\0\1\0\0\x08\2\0\0\0")
            + png_chunk(b"IDAT", b"")
            + png_chunk(b"IEND", b""),
            Fault.SWELLS,
        ),
    ],
)
def test_pictures_that_are_more_or_less_than_that(content: bytes, why: Fault) -> None:
    assert fault(content) is why


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (docx()[:-4], Fault.BROKEN),
        (docx(before=JPEG), Fault.HIDDEN),
        (docx(comment=b"%PDF-1.7"), Fault.HIDDEN),
        (docx() + b"\0", Fault.HIDDEN),
        (docx(kind="application/xml"), Fault.UNKNOWN),
        (docx({"../../etc/cron.d/x.xml": "<x/>"}), Fault.BROKEN),
        (docx({"word\\x.xml": "<x/>"}), Fault.BROKEN),
        (docx({"word/Document.xml": "<x/>"}), Fault.BROKEN),
        (docx({"word/document.xml": "<x>"}), Fault.BROKEN),
        (docx({"word/vbaProject.bin": b"x"}), Fault.ACTIVE),
        (docx(kind="application/vnd.ms-word.document.macroEnabled.main+xml"), Fault.ACTIVE),
        (docx({"word/embeddings/oleObject1.bin": b"x"}), Fault.ACTIVE),
        (docx({"word/embeddings/sheet.xlsx": workbook()}), Fault.ACTIVE),
        (docx({"word/activeX/activeX1.xml": "<x/>"}), Fault.ACTIVE),
        (
            docx(
                {
                    "word/_rels/settings.xml.rels": relationship(
                        "attachedTemplate", "http://203.0.113.7/a.dotm"
                    )
                }
            ),
            Fault.ACTIVE,
        ),
        (docx(text="<w:instrText>DDE</w:instrText><w:instrText>AUTO c cmd</w:instrText>"), Fault.ACTIVE),
        (docx(text='<w:fldSimple w:instr=" dde c cmd"/>'), Fault.ACTIVE),
        # Bombs: one that says how large it is, one that does not, entities that swell, very many parts.
        (docx({f"word/media/{n}.xml": bytes(30_000_000) for n in range(4)}), Fault.SWELLS),
        (
            docx({"word/document.xml": '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'}),
            Fault.SWELLS,
        ),
        (docx({f"word/{n}.xml": "<x/>" for n in range(3000)}), Fault.SWELLS),
    ],
)
def test_packages_that_are_more_or_less_than_that(content: bytes, why: Fault) -> None:
    assert fault(content) is why


def test_a_bomb_that_understates_its_size_is_read_no_further_than_it_says() -> None:
    honest = docx({"word/media/a.png": bytes(50_000_000)})
    size = (50_000_000).to_bytes(4, "little")
    assert fault(honest.replace(size, (9).to_bytes(4, "little"))) is Fault.BROKEN


def test_a_locked_package_is_refused() -> None:
    content = bytearray(docx())
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flag] |= 1
    assert fault(bytes(content)) is Fault.ENCRYPTED


@pytest.mark.parametrize(
    "content", [pdf(stream(b"/Type/ObjStm/N 1/First 4", b"9 0 <<>>")), JPEG, PNG, docx(), TEXT]
)
def test_whatever_comes_is_a_format_or_refused(content: bytes) -> None:
    """Cut, altered and doubled at random places, always the same ones."""
    chance = random.Random(7)
    for _ in range(120):
        changed = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(changed))
            match chance.randrange(3):
                case 0:
                    changed[at] = chance.randrange(256)
                case 1:
                    del changed[at : at + chance.randint(1, 40)]
                case _:
                    changed[at:at] = changed[at : at + chance.randint(1, 40)]
            changed = changed or bytearray(b"x")
        with contextlib.suppress(Unacceptable):
            form(bytes(changed))
