"""The routes of evidence: the same four pages by each way to it."""

from typing import Final

from django.urls.resolvers import URLPattern

from haochaping.accounts.rules import Permission
from haochaping.faces.console import evidence
from haochaping.faces.shared.routes import route
from haochaping.rectification.sight import Way

# From where, and who looks and who brings.
_WAYS: Final = (
    (Way.ORDER, "orders/<uuid:order_id>", Permission.VIEW_EVIDENCE, Permission.ADD_EVIDENCE),
    (Way.PART, "parts/<uuid:part_id>", Permission.VIEW_EVIDENCE, Permission.ADD_EVIDENCE),
    (Way.RATED, "rated/<uuid:order_id>", Permission.FILE_OBJECTIONS, Permission.FILE_OBJECTIONS),
    (Way.OWN, "own-ratings/<uuid:own_id>", Permission.FILE_OWN_OBJECTIONS, Permission.FILE_OWN_OBJECTIONS),
)


def _routes(way: Way, start: str, looks: Permission, brings: Permission) -> tuple[URLPattern, ...]:
    names = "evidence" if way is Way.ORDER else f"{way}-evidence"
    one = f"{way}_file_id" if way in {Way.PART, Way.OWN} else "file_id"
    return tuple(
        route(f"{start}/evidence/{what}", view, permission=permission, name=name, way=way)
        for what, view, permission, name in (
            ("", evidence.evidence, looks, f"{way}-evidence"),
            ("add/", evidence.add, brings, f"{names}-add"),
            (f"<uuid:{one}>/", evidence.file, looks, f"{names}-file"),
            (f"<uuid:{one}>/withdraw/", evidence.withdraw, brings, f"{names}-withdraw"),
        )
    )


evidence_routes: Final = tuple(each for way in _WAYS for each in _routes(*way))
