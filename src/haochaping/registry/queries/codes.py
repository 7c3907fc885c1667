"""Things of the registry by the codes that people know them by; codes never change."""

from collections.abc import Mapping
from typing import Final

from django.db.models import Model

from haochaping.registry import models

_CODED: Final[Mapping[str, tuple[type[Model], str]]] = {
    "organisation": (models.Organisation, "credit_code"),
    "hall": (models.Hall, "code"),
    "window": (models.Window, "code"),
    "item": (models.Item, "handle_item"),
}


def id_by_code(kind: str, code: str) -> int | None:
    """The registry id of an "organisation" (credit code), "hall", "window" or "item" (handling-item code), whether it still
    exists or not; None for an unknown code. Raises KeyError for another kind."""
    model, column = _CODED[kind]
    found: int | None = model._default_manager.filter(**{column: code}).values_list("id", flat=True).first()
    return found
