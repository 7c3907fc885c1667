"""Making the bulletin (通报) of what was published, once: what was made is kept, and handed out from then on."""

import logging
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.audit import operations as audit
from haochaping.foundation import paperwork
from haochaping.foundation.errors import Conflict, Refused
from haochaping.foundation.form_templates import Kind, Template, forms_dir
from haochaping.foundation.ids import new_id
from haochaping.foundation.typesetting import Busy, CannotBeSet
from haochaping.publication.bulletin.content import chart_fields, content
from haochaping.publication.bulletin.sources import BULLETIN
from haochaping.publication.models import Bulletin, Publication
from haochaping.publication.queries.charts import LANGUAGES, charts_of
from haochaping.publication.queries.publications import Published, publication

logger = logging.getLogger(__name__)


def make_bulletin(*, number: str, kind: Kind, now: datetime) -> bool:
    """Makes a bulletin out of the record of a publication and keeps it; False where there is one already.

    A template of the operator's that does not work is left aside for ours. Nothing is locked while it is set. Raises
    NotFound, Conflict ("altered") for a publication that is no longer what was published, Refused ("busy", "template").
    """
    found = publication(number)
    if found.altered:
        raise Conflict("altered", _("保存的数据与公布时不一致，不能制作通报。"))
    if Bulletin.objects.filter(publication__number=number, kind=kind).exists():
        return False
    template, file = _set(kind, found)
    return _keep(number, template, file, now)


def _set(kind: Kind, found: Published) -> tuple[Template, bytes]:
    at = int(found.published_at.timestamp())
    try:
        said = content(found.record, found.digest, _charts(found.number, kind))
        return _own(kind, said, at) or _filled(BULLETIN.built_in(kind), said, at)
    except CannotBeSet as error:
        raise Refused("template", _("通报没有生成：内容不能排版。")) from error
    except Busy as error:
        raise Refused("busy", _("正在生成的文件太多，请过一会儿再试。")) from error


def _charts(number: str, kind: Kind) -> list[dict[str, Any]]:
    """What was drawn of it, as it was drawn; for Word in points."""
    views = charts_of(number, language=LANGUAGES[0])
    if kind is Kind.PDF or not views:
        return [chart_fields(each) for each in views]
    points = paperwork.as_points([each.svg for each in views])
    return [chart_fields(each, png) for each, png in zip(views, points, strict=True)]


def _own(kind: Kind, said: dict[str, Any], at: int) -> tuple[Template, bytes] | None:
    """By the operator's template; None where there is none, or it does not work."""
    try:
        chosen = BULLETIN.template(kind, forms_dir())
        return _filled(chosen, said, at) if chosen.own else None
    except CannotBeSet:
        logger.error("the operator's template of the %s bulletin does not work: ours is used", kind)
        return None


def _filled(chosen: Template, said: dict[str, Any], at: int) -> tuple[Template, bytes]:
    return chosen, chosen.fill([said], at=at)[0]


@transaction.atomic
def _keep(number: str, template: Template, file: bytes, now: datetime) -> bool:
    row = Publication.objects.select_for_update().get(number=number)
    if row.bulletins.filter(kind=template.kind).exists():
        return False
    digest = sha256(file).hexdigest()
    Bulletin.objects.create(
        id=new_id(now),
        publication=row,
        kind=template.kind,
        content=file,
        digest=digest,
        template=template.digest,
        made_at=now,
    )
    audit.record(
        now=now,
        actor="system",
        act="publication.bulletin",
        subject=number,
        detail={"kind": template.kind.value, "digest": digest, "template": template.digest},
    )
    return True
