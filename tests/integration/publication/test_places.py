"""Whose counts they are is asked for all at once: public pages are made every two seconds."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from haochaping.publication.places import place_counts
from haochaping.registry import models as registry
from haochaping.tallies.queries import Counts
from tests.orders import make_city

ON = date(2026, 11, 20)


def test_organisations_that_ended_are_asked_for_at_once(db: None) -> None:
    city = make_city()
    registry.OrganisationRecord.objects.filter(organisation_id=city.county).update(valid_to=date(2026, 1, 1))
    asked = []
    for unknown in (1, 40):
        totals = dict.fromkeys((city.police, city.county, *range(9_000, 9_000 + unknown)), Counts())
        with CaptureQueriesContext(connection) as queries:
            found = place_counts(totals, on=ON)
        # Who ended comes last, as it was; what the registry never had is left out.
        assert [view.id for view, _counts in found] == [city.police, city.county]
        asked.append(len(queries))
    assert asked[0] == asked[1]
