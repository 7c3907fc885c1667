"""The words for kinds of evidence files, and where the evidence of an order lies by each way to it."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haochaping.evidence.states import Format
from haochaping.rectification.sight import Place, Way

Words = str | Promise
FORMS: Final[Mapping[Format, Words]] = {
    Format.PDF: "PDF",
    Format.JPEG: _("JPEG图片"),
    Format.PNG: _("PNG图片"),
    Format.DOCX: _("Word文档"),
    Format.XLSX: _("Excel工作簿"),
    Format.TEXT: _("纯文本"),
}

# The page on which evidence is, by its way; and what that page calls it.
BACK: Final[Mapping[Way, tuple[str, Words]]] = {
    Way.ORDER: ("order", _("返回工单")),
    Way.PART: ("part", _("返回联办任务")),
    Way.RATED: ("rated-order", _("返回评价")),
    Way.OWN: ("own-rating", _("返回评价")),
}


def address(place: Place, what: str = "", *files: UUID) -> str:
    """Where the evidence of a place is seen (""), or a form of it goes: "add", "withdraw"; or one of its files."""
    start = "evidence" if what and place.way is Way.ORDER else f"{place.way}-evidence"
    return reverse(f"console:{start}-{what}" if what else f"console:{start}", args=[place.id, *files])
