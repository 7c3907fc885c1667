"""The forms that were made: on the page of their order, and found again by what is printed on one, or by the file itself."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation import base32
from haochaping.foundation.clock import local_day
from haochaping.foundation.form_templates import Kind
from haochaping.rectification.models import OrderPart, ReportForm, WorkOrder

_CODE_BYTES: Final = 10
LONGEST_LIST: Final = 50


@dataclass(frozen=True, slots=True)
class FormView:
    """One form. `current`: the order has not changed since. `own_template`: by the operator's template and not by ours."""

    number: str
    code: str
    kind: Kind
    order_id: UUID
    order_number: str
    made_by: str
    made_at: datetime
    current: bool
    with_rater: bool
    own_template: bool


def moved_to(order_ids: Collection[UUID]) -> dict[UUID, int]:
    """How far orders have moved on: so many acts on them and on their parts."""
    return dict(WorkOrder.objects.filter(id__in=order_ids).values_list("id", _moved("pk", "revision")))


def _moved(order: str, revision: str) -> Combinable:
    parts = OrderPart.objects.filter(order=OuterRef(order)).order_by().values("order")
    return F(revision) + Coalesce(Subquery(parts.annotate(total=Sum("revision")).values("total")), 0)


def printed_code(digest: bytes) -> str:
    """What is printed of a form's digest: 80 bits in base 32, in groups of four."""
    text = base32.encode(digest[:_CODE_BYTES])
    return "-".join(text[place : place + 4] for place in range(0, len(text), 4))


def forms_of(*, order_id: UUID) -> tuple[FormView, ...]:
    """The forms of an order, the last first. Whether he who asks may make some is for the caller to check."""
    rows = _forms().filter(order_id=order_id).order_by("-made_at", "-id")
    return tuple(map(_view, rows[:LONGEST_LIST]))


def form_by_code(*, number: str, code: str, official_id: UUID, now: datetime) -> FormView | None:
    """The form with this number, if it bears this code and its order is within reach; as people copy them from paper."""
    try:
        typed = base32.decode(code, _CODE_BYTES)
    except ValueError:
        return None
    # A number is BG and base 32: what people read for another sign is that sign.
    plain = number.upper().replace(" ", "").replace("-", "")
    plain = plain[:2] + plain[2:].replace("O", "0").replace("I", "1").replace("L", "1")
    row = _in_reach(official_id, now).filter(number=plain).first()
    fits = row is not None and hmac.compare_digest(bytes(row.content_digest)[:_CODE_BYTES], typed)
    return _view(row) if row is not None and fits else None


def forms_by_file(*, digest: bytes, official_id: UUID, now: datetime) -> tuple[FormView, ...]:
    """The forms within reach that are in a file with this SHA-256."""
    rows = _in_reach(official_id, now).filter(file_digest=digest).order_by("number")
    return tuple(map(_view, rows[:LONGEST_LIST]))


def _in_reach(official_id: UUID, now: datetime) -> QuerySet[ReportForm]:
    reach = officials.scope(official_id=official_id, permission=Permission.MAKE_FORMS, on=local_day(now))
    return _forms().filter(order__organisation_id__in=reach)


def _forms() -> QuerySet[ReportForm]:
    return ReportForm.objects.select_related("order").annotate(now_at=_moved("order_id", "order__revision"))


def _view(row: ReportForm) -> FormView:
    return FormView(
        number=row.number,
        code=printed_code(bytes(row.content_digest)),
        kind=Kind(row.kind),
        order_id=row.order_id,
        order_number=row.order.number,
        made_by=row.made_by,
        made_at=row.made_at,
        current=row.revision == getattr(row, "now_at", None),
        with_rater=row.with_rater,
        own_template=bool(row.template),
    )
