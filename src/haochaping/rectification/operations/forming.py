"""Making the form (报告单) of orders: as PDF or Word, each on record with a code by which a printed one is known."""

import hmac
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries.officials import OfficialView
from haochaping.accounts.rules import Permission
from haochaping.audit import operations as audit
from haochaping.foundation import base32
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, Problem, Refused
from haochaping.foundation.form_templates import Kind, Template, forms_dir
from haochaping.foundation.ids import new_id
from haochaping.foundation.keys import key_for
from haochaping.foundation.typesetting import Busy, CannotBeSet
from haochaping.rectification import queries
from haochaping.rectification.course.steps import AS_FILED
from haochaping.rectification.models import ReportForm, WorkOrder
from haochaping.rectification.operations.contact import RaterContact, see_contact
from haochaping.rectification.operations.governing import governed
from haochaping.rectification.operations.reach import order_for
from haochaping.rectification.report_form.content import Told, content, told
from haochaping.rectification.report_form.fields import BESIDE
from haochaping.rectification.report_form.made import moved_to, printed_code
from haochaping.rectification.report_form.sources import REPORT
from haochaping.rectification.rulebook import rulebook

# As many as a page of the desk has.
MOST: Final = 50
_PREFIX: Final = "BG"
_NUMBER_BYTES: Final = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """`built_in`: by our template, whatever the operator has put in its place. `purpose`: for which the rater's name and the
    case number are in it, "" for a form without them."""

    kind: Kind
    built_in: bool = False
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A file to hand out: one PDF, one Word document, or a ZIP of several."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Draft:
    order: WorkOrder
    who: OfficialView
    number: str
    digest: bytes
    said: Mapping[str, object]
    moved_to: int


def make_forms(*, order_ids: Sequence[UUID], wanted: Wanted, official_id: UUID, now: datetime) -> Made:
    """The forms of these orders, in the order in which they are named, at most MOST.

    Nothing is locked while they are set. Raises NotFound out of reach, NotAllowed without the right or in one's own case,
    Invalid for none or too many, Conflict when an order changed meanwhile, Refused ("template") where the template does not
    work (ours does, with `built_in`), and ("busy").
    """
    ids = list(dict.fromkeys(order_ids))
    if not 1 <= len(ids) <= MOST or (wanted.purpose and len(ids) > 1):
        message = _("请先选择工单，一次最多{most}张。").format(most=MOST)
        raise Invalid([Problem("order", "number", message)])
    drafts = _drafts(ids, wanted, official_id, now)
    chosen, files = _set(wanted, drafts)
    _keep(drafts, files, wanted, chosen, now)
    return _handed_out(drafts, files, wanted.kind)


def _drafts(ids: Sequence[UUID], wanted: Wanted, official_id: UUID, now: datetime) -> list[_Draft]:
    contact = None
    if wanted.purpose:
        # A look of its own, on record whatever becomes of the form.
        contact = see_contact(order_id=ids[0], official_id=official_id, purpose=wanted.purpose, now=now)
    return [_draft(each, official_id, contact, now) for each in ids]


@transaction.atomic
def _draft(order_id: UUID, official_id: UUID, contact: RaterContact | None, now: datetime) -> _Draft:
    order, who = order_for(order_id, official_id, Permission.MAKE_FORMS, now)
    view = queries.order(official_id=official_id, order_id=order_id, now=now)
    found = governed(order, at=now, rulebook=rulebook())
    today = local_day(now)
    objections, parts = order.objections.order_by(*AS_FILED), order.parts.order_by("organisation_id")
    said = content(view, Told(list(objections), list(parts), found.rules if found else None, today))
    number = _PREFIX + base32.encode(os.urandom(_NUMBER_BYTES))
    digest = _digest(number, said)
    said |= {"number": number, "code": printed_code(digest), "made_by": who.label, "made_on": told(today)}
    if contact is not None:
        said |= {"rater": contact.name, "case_number": contact.project_no}
    return _Draft(order, who, number, digest, said, moved_to([order.id])[order.id])


def _digest(number: str, said: Mapping[str, object]) -> bytes:
    """Of what the form says but for `BESIDE`, by a key of ours: nobody else can make one that fits."""
    told_to_all = {name: value for name, value in said.items() if name not in BESIDE}
    message = json.dumps([number, told_to_all], ensure_ascii=False, sort_keys=True)
    return hmac.digest(key_for("report form"), message.encode(), "sha256")


def _set(wanted: Wanted, drafts: Sequence[_Draft]) -> tuple[Template, list[bytes]]:
    try:
        chosen = (
            REPORT.built_in(wanted.kind) if wanted.built_in else REPORT.template(wanted.kind, forms_dir())
        )
        return chosen, chosen.fill([draft.said for draft in drafts])
    except CannotBeSet as error:
        message = _("报告单没有生成：模板有误，或者内容不能排版。可以改用系统自带的模板，并告知系统管理员。")
        raise Refused("template", message) from error
    except Busy as error:
        raise Refused("busy", _("正在生成的报告单太多，请过一会儿再试。")) from error


@transaction.atomic
def _keep(
    drafts: Sequence[_Draft], files: Sequence[bytes], wanted: Wanted, chosen: Template, now: datetime
) -> None:
    """A row and an audit row for each form, if its order is still as the form tells it."""
    ids = [draft.order.id for draft in drafts]
    list(WorkOrder.objects.select_for_update().filter(id__in=ids).order_by("id").values_list("id"))
    moved = moved_to(ids)
    for place, draft in enumerate(drafts):
        if moved[draft.order.id] != draft.moved_to:
            raise Conflict("changed", _("有工单刚刚有了新的进展，报告单没有生成。请重新生成。"))
        file = files[place if len(files) > 1 else 0]
        ReportForm.objects.create(
            id=new_id(now),
            number=draft.number,
            order=draft.order,
            kind=wanted.kind,
            revision=draft.moved_to,
            content_digest=draft.digest,
            file_digest=sha256(file).digest(),
            template=chosen.digest,
            with_rater=bool(wanted.purpose),
            official_id=draft.who.id,
            made_by=draft.who.label,
            made_at=now,
        )
        audit.record(
            now=now,
            actor=draft.who.actor,
            act="order.form",
            subject=f"order:{draft.order.number}",
            detail={"form": draft.number, "kind": wanted.kind.value, "rater": bool(wanted.purpose)},
        )


def _handed_out(drafts: Sequence[_Draft], files: Sequence[bytes], kind: Kind) -> Made:
    name = drafts[0].order.number if len(drafts) == 1 else "forms"
    if len(files) == 1:
        return Made(f"{name}.{kind}", files[0])
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for draft, file in zip(drafts, files, strict=True):
            package.writestr(f"{draft.order.number}.{kind}", file)
    return Made(f"{name}.zip", packed.getvalue())
