"""The report form (报告单) as a form with templates. Pure."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from haochaping.foundation.form_templates import Form
from haochaping.rectification.report_form.fields import FIELDS, TITLE, sample


def _samples() -> tuple[Mapping[str, object], ...]:
    return sample(full=True), sample(full=False)


REPORT: Final = Form("report", TITLE, Path(__file__).parent / "templates", FIELDS, _samples)
