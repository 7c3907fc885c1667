"""Objections of a small city, for the tests of what is filed, decided and counted out."""

from datetime import date, datetime
from uuid import UUID

from django.db import connection

from haochaping.accounts.models import StaffLink
from haochaping.accounts.rules import Role
from haochaping.foundation.clock import CN
from haochaping.foundation.ids import random_id
from haochaping.rectification import operations
from haochaping.rectification.contests import Filing, Kind, Outcome, State
from haochaping.rectification.models import Objection, WorkOrder
from haochaping.registry import models as registry
from tests.orders import City, make_official

FILING = Filing("rated_organisation", "mistaken", "办事人把评价点在了另一个单位的名下。", "")
UPHELD = operations.Decision(
    Outcome.UPHELD, "mistaken", "经核对，办事人当日在其他单位办理。", "经复核，误评成立，不计入。"
)
REFUSED = operations.Decision(
    Outcome.REFUSED, "", "经核对，评价与办理情况相符。", "经复核，异议不成立，评价照计。"
)


STAFF = 41
CLAUSE = "《昆明市政务服务“好差评”实施办法》第十条"
# Kunming 10 over Ching Ming, 3 to 5 April 2021: told on Thursday the 1st; three working days: 2, 6, 7.
TOLD = datetime(2021, 4, 1, 15, 0, tzinfo=CN)
SERVED = date(2021, 3, 30)


def name_staff(order: WorkOrder, staff_id: int = STAFF) -> WorkOrder:
    """The order, whose rating names a member of staff from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE ratings_rating SET staff_id = %s WHERE id = %s", [staff_id, order.subject_id])
        cursor.execute("SET session_replication_role = origin")
    return order


def link_to_staff(official: UUID, first: date, last: date | None = None, staff_id: int = STAFF) -> UUID:
    """The official, who was that member of staff from day to day."""
    StaffLink.objects.create(
        id=random_id(), official_id=official, staff_id=staff_id, valid_from=first, valid_to=last
    )
    return official


class People:
    """A handler of the rated police, two officers of the city's authority, one of the province's."""

    def __init__(self, city: City, now: datetime) -> None:
        self.handler = make_official(city.police, now, "handler")
        self.first, self.second = (
            make_official(city.authority, now, name, Role.AUTHORITY_OFFICER) for name in ("first", "second")
        )


def file(
    order: WorkOrder, official: UUID, now: datetime, kind: Kind = Kind.OBJECTION, **said: str
) -> Objection:
    """What was filed; `said` differs from FILING."""
    filing = Filing(
        **{name: said.get(name, getattr(FILING, name)) for name in ("by", "ground", "reasons", "evidence")}
    )
    objection_id = operations.file(order_id=order.id, kind=kind, official_id=official, filing=filing, now=now)
    return Objection.objects.get(pk=objection_id)


def decide(
    objection: Objection, official: UUID, now: datetime, decision: operations.Decision = UPHELD
) -> State:
    """Decides on what stands now."""
    objection.refresh_from_db()
    revision = objection.revision
    return operations.decide(
        objection_id=objection.id, official_id=official, revision=revision, decision=decision, now=now
    )


def confirm(objection: Objection, official: UUID, now: datetime) -> None:
    """Confirms what stands now."""
    objection.refresh_from_db()
    operations.confirm(objection_id=objection.id, official_id=official, revision=objection.revision, now=now)


def void(order: WorkOrder, people: People, now: datetime) -> Objection:
    """An objection to the order's rating that two persons upheld."""
    objection = file(order, people.handler, now)
    decide(objection, people.first, now)
    confirm(objection, people.second, now)
    objection.refresh_from_db()
    return objection


def put_objection(order: WorkOrder, now: datetime, *, body: int, by: str = FILING.by) -> Objection:
    """An objection as it is kept when it was filed, whoever decides."""
    return Objection.objects.create(
        id=random_id(),
        order=order,
        kind=Kind.OBJECTION,
        by=by,
        ground=FILING.ground,
        reasons=FILING.reasons,
        organisation_id=order.organisation_id,
        body_id=body,
        filed_by=random_id(),
        filed_at=now,
        state=State.FILED,
    )


def authority_of_province() -> int:
    """An authority above that of the city."""
    province = registry.Division.objects.get(records__level="province")
    organisation = registry.Organisation.objects.create(credit_code="11530000MB1B00001X")
    registry.OrganisationRecord.objects.create(
        organisation=organisation, name="云南省政务服务管理局", division=province, kind="authority"
    )
    return organisation.id


def to_mingzhou() -> None:
    """The same city where the teaching regulation is in force (docs/rules-teaching.md)."""
    for old, new in (("530000", "990000"), ("530100", "999900"), ("530102", "999902")):
        registry.Division.objects.filter(code=old).update(code=new)
