"""The bulletin (通报) as a form with templates. Pure."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from haochaping.foundation.form_templates import Form
from haochaping.publication.bulletin.fields import FIELDS, TITLE, sample


def _samples() -> tuple[Mapping[str, Any], ...]:
    return sample(full=True), sample(full=False)


BULLETIN: Final = Form("bulletin", TITLE, Path(__file__).parent / "templates", FIELDS, _samples)
