"""Files as people bring them, honest and otherwise, for the tests of evidence."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

import openpyxl
from PIL import Image

from haochaping.evidence.models import Camera
from haochaping.evidence.shelf import Draft
from haochaping.evidence.states import MEDIA, Format
from haochaping.foundation.ids import random_id
from haochaping.rectification import operations
from haochaping.rectification.sight import Place, Way

NOTE = "窗口当日的叫号记录。"
TEXT = "叫号记录：A012，九时四十分。\n".encode()
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MAIN = f"{MEDIA[Format.DOCX]}.main+xml"


def pdf(*objects: bytes, extra: bytes = b"", trailer: bytes = b"") -> bytes:
    """A page without anything on it; `objects` are numbered from 4 on."""
    said = (
        b"<</Type/Catalog/Pages 2 0 R" + extra + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        *objects,
    )
    body, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, each in enumerate(said, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(said) + 1)
    table += b"".join(b"%010d 00000 n \n" % at for at in places)
    end = b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(said) + 1,
        trailer,
        len(body),
    )
    return body + table + end


def stream(said: bytes, content: bytes, *, packed: bool = True) -> bytes:
    """An object of a PDF that holds a stream."""
    inner = zlib.compress(content) if packed else content
    way = b"/Filter/FlateDecode" if packed else b""
    return b"<<%s%s/Length %d>>\nstream\n%s\nendstream" % (said, way, len(inner), inner)


def picture(form: Format, size: tuple[int, int] = (40, 30), **how: object) -> bytes:
    """A picture by Pillow, as phones and screens make them."""
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, form.name, **how)
    return out.getvalue()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def workbook() -> bytes:
    """As openpyxl writes it."""
    out, book = io.BytesIO(), openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "叫号"
    book.save(out)
    return out.getvalue()


def docx(
    parts: Mapping[str, bytes | str] | None = None,
    *,
    text: str = "<w:t>情况说明</w:t>",
    kind: str = _MAIN,
    more_kinds: str = "",
    before: bytes = b"",
    comment: bytes = b"",
) -> bytes:
    """A document of Word with further parts, or these in the place of its own."""
    own: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/>{more_kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="r1" Type="officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r>{text}</w:r></w:p></w:body></w:document>',
    }
    out = io.BytesIO()
    out.write(before)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {**own, **(parts or {})}.items():
            package.writestr(name, content)
        package.comment = comment
    return out.getvalue()


def relationship(kind: str, target: str, mode: str = "External") -> str:
    return (
        f'<Relationships xmlns="{_RELATIONSHIPS}"><Relationship Id="r9" TargetMode="{mode}" Target="{target}" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
    )


def put_camera(window_id: int, now: datetime, code: str = "cam-1") -> Camera:
    """A camera that has looked at a window since the beginning of November."""
    return Camera.objects.create(
        id=random_id(),
        window_id=window_id,
        code=code,
        valid_from=date(2026, 11, 1),
        entered_by="test",
        entered_at=now,
    )


@contextmanager
def drafted(content: bytes) -> Iterator[Draft]:
    """A finished draft of a file, discarded in the end."""
    draft = Draft()
    try:
        draft.write(content)
        draft.finish()
        yield draft
    finally:
        draft.discard()


def bring(place: UUID | Place, official: UUID, now: datetime, content: bytes = TEXT, **said: object) -> UUID:
    """Brings a file as an official, about an order by its id or by another way; its id."""
    named = {"name": "叫号记录.txt", "note": NOTE, "part_id": None, **said}
    with drafted(content) as draft:
        return operations.add_evidence(
            place=place if isinstance(place, Place) else Place(Way.ORDER, place),
            official_id=official,
            draft=draft,
            now=now,
            **named,  # type: ignore[arg-type]
        )
