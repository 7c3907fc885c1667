"""A template, a manner and values become an answer. No script, one inline sheet, nothing kept by caches."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from haochaping.faces.citizen.language import Manner, catalogue
from haochaping.faces.citizen.sheet import SHEET, SHEET_HASH
from haochaping.foundation.browser import content_policy
from haochaping.intake.http import Response

TEMPLATES = Path(__file__).parent / "templates"
# Our own file, not input: it must not be escaped.
_SHEET = Markup(SHEET)  # noqa: S704
_HEADERS = (
    ("Content-Security-Policy", content_policy(style_hash=SHEET_HASH)),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)


def soft(label: str) -> Markup:
    """A level's name that may break before 满意 and 不满意, where people would break it."""
    for ending in ("不满意", "满意"):
        if label.endswith(ending):
            beginning = label.removesuffix(ending)
            return Markup("{}<wbr>{}").format(beginning, ending) if beginning else escape(label)
    return escape(label)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters["soft"] = soft
    # For words that come from data: unlike _() it takes a percent sign as it is.
    environment.filters["word"] = catalogue(language).gettext
    return environment


def rendered(template: str, manner: Manner, **values: Any) -> str:
    """The page as text. A name that a template uses and nobody gave is an error, not a blank."""
    return _environment(manner.language).get_template(template).render(manner=manner, sheet=_SHEET, **values)


def page(
    status: int,
    template: str,
    manner: Manner,
    *,
    headers: tuple[tuple[str, str], ...] = (),
    **values: Any,
) -> Response:
    """The page as an answer, with the headers that let it show its own style and nothing else."""
    # What was typed is shown again, and what was sent in its place may be no text at all.
    body = rendered(template, manner, **values).encode("utf-8", "replace")
    return answer(status, body, manner, headers=headers)


def answer(
    status: int, body: bytes, manner: Manner, *, headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    """A page that is rendered already, with the same headers."""
    return Response(status, body, headers=(*_HEADERS, ("Content-Language", manner.tag), *headers))
