"""Fills one Word template: a program that reads it from its standard input and ends with it (`foundation.paperwork`).

By docxtpl, whose fields are Jinja's, in a sandbox: a template reads what it is given and nothing else. Everything said is
escaped, so that nothing of it is read as XML or as a field.
"""

import base64
import io
import json
import os
import re
import sys
import zipfile
from typing import Any, Final

from haochaping.foundation.typesetter import CANNOT_BE_SET

_NICENESS: Final = 5
# XML 1.0 has no such characters, and docxtpl takes \a and \f for orders.
_NO_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def main() -> int:
    """`template` (a .docx, in base 64) becomes one document for each object of `said`; they come as a JSON list on standard
    output, in base 64; without `said`, the names of its fields. With `explain` what is wrong with the template is told
    instead: only for what nobody said."""
    os.nice(_NICENESS)
    asked = json.load(sys.stdin.buffer)
    template = base64.b64decode(asked["template"])
    try:
        made = _made(template, asked["said"]) if "said" in asked else _fields(template)
    except Exception as error:  # whatever a template of somebody else's brings about
        if asked.get("explain"):
            sys.stdout.buffer.write((str(error) or type(error).__name__).encode())
        return CANNOT_BE_SET
    sys.stdout.buffer.write(json.dumps(made).encode())
    return 0


def _made(template: bytes, said: list[dict[str, Any]]) -> list[str]:
    return [base64.b64encode(_filled(template, each)).decode() for each in said]


def _fields(template: bytes) -> list[str]:
    from docxtpl import DocxTemplate

    return sorted(DocxTemplate(io.BytesIO(template)).get_undeclared_template_variables(_environment()))


def _environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _filled(template: bytes, said: dict[str, Any]) -> bytes:
    from docxtpl import DocxTemplate

    document = DocxTemplate(io.BytesIO(template))
    document.render(_readable(said, document), _environment(), autoescape=True)
    made = io.BytesIO()
    document.save(made)
    return _timeless(made)


def _timeless(made: io.BytesIO) -> bytes:
    """The same package without the hour at which it was packed: the same said makes the same bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(made) as package, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for each in package.infolist():
            packed.writestr(zipfile.ZipInfo(each.filename), package.read(each), zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _readable(said: Any, document: Any) -> Any:
    match said:
        case str():
            return _NO_XML.sub("", said)
        case {"png": str(), "alt": str(), "wide": int()}:
            return _picture(said, document)
        case dict():
            return {key: _readable(value, document) for key, value in said.items()}
        case list():
            return [_readable(each, document) for each in said]
    return said


def _picture(said: dict[str, Any], document: Any) -> Any:
    """A PNG (base 64) as a field of a template, so many millimetres `wide`, with what is said to who does not see it."""
    from docx.shared import Mm
    from docxtpl import InlineImage

    class Described(InlineImage):  # type: ignore[misc]  # docxtpl has no types
        def _insert_image(self) -> str:
            inline = self.tpl.current_rendering_part.new_pic_inline(self.image_descriptor, self.width, None)
            inline.docPr.set("descr", _NO_XML.sub("", said["alt"]))
            return (
                f'</w:t></w:r><w:r><w:drawing>{inline.xml}</w:drawing></w:r><w:r><w:t xml:space="preserve">'
            )

    return Described(document, io.BytesIO(base64.b64decode(said["png"])), width=Mm(said["wide"]))


if __name__ == "__main__":
    sys.exit(main())
