"""The words for kinds of evidence files."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haochaping.evidence.states import Format

Words = str | Promise
FORMS: Final[Mapping[Format, Words]] = {
    Format.PDF: "PDF",
    Format.JPEG: _("JPEG图片"),
    Format.PNG: _("PNG图片"),
    Format.DOCX: _("Word文档"),
    Format.XLSX: _("Excel工作簿"),
    Format.TEXT: _("纯文本"),
}
