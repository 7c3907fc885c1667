"""docs/permissions.md, made of the permission map: who may do what, how far, why; in Chinese and English."""

from collections.abc import Iterator
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from haochaping.accounts.law import ROLES, SCOPES, Line, lines
from haochaping.accounts.rules import Role

_LANGUAGES: Final = (("zh-hans", "岗位和权限"), ("en", "Posts and permissions"))
MARK: Final = "<!-- made by haochaping.accounts.law_page; accept changes with HAOCHAPING_ACCEPT=1 -->"


def page() -> str:
    """The whole file."""
    said = [MARK]
    for language, title in _LANGUAGES:
        with translation.override(language):
            said += ["", f"# {title}", "", *_text()]
    return "\n".join(said) + "\n"


def _text() -> Iterator[str]:
    yield _("没有写明可以做的，就不可以做。")
    yield ""
    for number, line in enumerate(lines(), 1):
        yield from _article(number, line)
    yield _("系统管理员、安全管理员、审计管理员互不兼任，也不得兼任其他任何岗位；三者都不能改动评价和工单。")
    yield ""
    yield "| | " + " | ".join(str(ROLES[role]) for role in Role) + " |"
    yield "|---|" + "---|" * len(Role)
    for number, line in enumerate(lines(), 1):
        held = {grant.role: grant.scope for grant in line.grants}
        cells = (held[role].value if role in held else "" for role in Role)
        yield f"| {number} | " + " | ".join(cells) + " |"
    yield ""
    yield "; ".join(f"`{scope.value}`: {words}" for scope, words in SCOPES.items())


def _article(number: int, line: Line) -> Iterator[str]:
    roles = _("、").join(str(ROLES[grant.role]) for grant in line.grants)
    clause = f" {line.article.clause}" if line.article.clause else ""
    may = _("{roles}可以{may}。").format(roles=f"**{roles}**", may=line.article.may)
    yield f"{number}. {may} {line.article.why}{clause} `{line.permission.value}`"
    yield ""
