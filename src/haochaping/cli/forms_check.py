"""`forms check`: whether the operator's own templates of forms (报告单, 通报) can be used."""

import argparse
import os
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from haochaping.foundation.form_templates import Soundness

NAME = "forms check"
HELP = "say whether the templates of forms (报告单, 通报) are sound, and which fields they name are unknown"
_PROBLEMS: Final[Mapping[str, str]] = {
    "unreadable": "cannot be read: check the format and the rights on the file",
    "too_large": "has more than 2 MB: take the pictures out",
    "no_form": "does not define the form: it needs `#let form(said) = ...`",
    "package": "needs a package from outside, which is never fetched: write it without",
    "broken": "could not be filled with examples",
    "busy": "was not tried: others are being made; try again",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FOLDER: where report.typ, report.docx, bulletin.typ and bulletin.docx lie."""
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        metavar="FOLDER",
        help="the folder (default: HAOCHAPING_FORMS_DIR, else `forms` in the data directory)",
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when every template in use is sound, else 1."""
    from haochaping.foundation.form_templates import Kind, forms_dir
    from haochaping.publication.bulletin.sources import BULLETIN
    from haochaping.rectification.report_form.sources import REPORT

    folder = arguments.folder or forms_dir({**os.environ, "HAOCHAPING_DATA": str(arguments.data)})
    wrong = 0
    for form, kind in product((REPORT, BULLETIN), Kind):
        found = form.soundness_of(kind, folder)
        file = form.file(kind)
        whose = f"{folder}/{file}" if form.template_digest(kind, folder) else f"our {file}"
        print(f"{whose}: {_told(found)}")
        wrong += not found.sound
    return 1 if wrong else 0


def _told(found: "Soundness") -> str:
    parts = []
    if found.unknown:
        parts.append(f"has unknown fields: {', '.join(found.unknown)}")
    if found.problem:
        parts.append(_PROBLEMS[found.problem])
    if found.detail and not found.unknown:
        parts.append(f"({found.detail})")
    return " ".join(parts) or "sound"
