"""A report of pressure as the door keeps it, straight in the tables, for the tests of who sees it and what is done."""

import uuid
from datetime import datetime

from haochaping.oversight.models import PressureReport
from haochaping.oversight.sealed import Reference, issued, sealed_reference, sealed_words
from tests.orders import City, put_person

STORY = "窗口人员要我把差评改成好评，不改就不给办。"
NAME, PHONE = "段誉之", "13987654321"


def put_report(
    city: City,
    now: datetime,
    *,
    authority: int | None = None,
    organisation: int | None = None,
    contact: bool = False,
    rating: uuid.UUID | None = None,
) -> PressureReport:
    """A report about the police of the city, unless told otherwise, to the authority of the city."""
    report_id, receipt = issued(uuid.uuid4().bytes)
    reference = Reference(str(rating), True, city.item, None, None, None) if rating else None
    report = PressureReport.objects.create(
        id=report_id,
        number=receipt.number,
        secret=receipt.kept,
        matters=["change", "retaliation"],
        source="receipt" if rating else "portal",
        division_id=city.division,
        organisation_id=organisation or city.police,
        authority_id=authority or city.authority,
        text=sealed_words(STORY, row=report_id, column="text"),
        reference=sealed_reference(reference, row=report_id),
        may_contact=contact,
        received_at=now,
        state="received",
    )
    if contact:
        put_person(report_id, now, name=NAME, phone=PHONE)
    return report
