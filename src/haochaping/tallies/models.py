"""Counts. Who writes a fact appends a signed delta in the same transaction; the fold adds them up.

Columns: `occasions` reported and rateable, `late` reported after the window, `n1`..`n5` ratings by citizens
per level, `d1`..`d5` defaults per level. `day` is the local day of the service, `month` the first day of its month. Which
tallies there are is declared in `tallies.declared`.
"""

from django.contrib.postgres.functions import RandomUUID
from django.db import models


class Delta(models.Model):
    """A signed change, waiting to be folded."""

    id = models.UUIDField(primary_key=True, db_default=RandomUUID())
    organisation_id = models.IntegerField()
    day = models.DateField()
    occasions = models.SmallIntegerField(db_default=0)
    late = models.SmallIntegerField(db_default=0)
    n1 = models.SmallIntegerField(db_default=0)
    n2 = models.SmallIntegerField(db_default=0)
    n3 = models.SmallIntegerField(db_default=0)
    n4 = models.SmallIntegerField(db_default=0)
    n5 = models.SmallIntegerField(db_default=0)
    d1 = models.SmallIntegerField(db_default=0)
    d2 = models.SmallIntegerField(db_default=0)
    d3 = models.SmallIntegerField(db_default=0)
    d4 = models.SmallIntegerField(db_default=0)
    d5 = models.SmallIntegerField(db_default=0)


class _OfOrganisation(models.Model):
    """What is added up of an organisation, whatever the span."""

    organisation_id = models.IntegerField()
    occasions = models.BigIntegerField()
    late = models.BigIntegerField()
    n1 = models.BigIntegerField()
    n2 = models.BigIntegerField()
    n3 = models.BigIntegerField()
    n4 = models.BigIntegerField()
    n5 = models.BigIntegerField()
    d1 = models.BigIntegerField()
    d2 = models.BigIntegerField()
    d3 = models.BigIntegerField()
    d4 = models.BigIntegerField()
    d5 = models.BigIntegerField()

    class Meta:
        abstract = True


class OrganisationDay(_OfOrganisation):
    """The folded counts of one organisation and service day."""

    pk = models.CompositePrimaryKey("organisation_id", "day")
    day = models.DateField()


class OrganisationMonth(_OfOrganisation):
    """The folded counts of one organisation and month of service: the days of the month added up."""

    pk = models.CompositePrimaryKey("organisation_id", "month")
    month = models.DateField()


class Filled(models.Model):
    """The ledger of what is filled: a tally that is made of another's deltas counts from here on, and all that was folded
    before it was declared is in it. Before its row is there, nobody reads it."""

    tally = models.CharField(max_length=60, primary_key=True)
    filled_at = models.DateTimeField()


class StaffDelta(models.Model):
    """A signed change for a member of staff, waiting to be folded."""

    id = models.UUIDField(primary_key=True, db_default=RandomUUID())
    staff_id = models.IntegerField()
    month = models.DateField()
    n1 = models.IntegerField(db_default=0)
    n2 = models.IntegerField(db_default=0)
    n3 = models.IntegerField(db_default=0)
    n4 = models.IntegerField(db_default=0)
    n5 = models.IntegerField(db_default=0)
    d1 = models.IntegerField(db_default=0)
    d2 = models.IntegerField(db_default=0)
    d3 = models.IntegerField(db_default=0)
    d4 = models.IntegerField(db_default=0)
    d5 = models.IntegerField(db_default=0)


class StaffMonth(models.Model):
    """The folded counts of one member of staff and month of service."""

    pk = models.CompositePrimaryKey("staff_id", "month")
    staff_id = models.IntegerField()
    month = models.DateField()
    n1 = models.BigIntegerField()
    n2 = models.BigIntegerField()
    n3 = models.BigIntegerField()
    n4 = models.BigIntegerField()
    n5 = models.BigIntegerField()
    d1 = models.BigIntegerField()
    d2 = models.BigIntegerField()
    d3 = models.BigIntegerField()
    d4 = models.BigIntegerField()
    d5 = models.BigIntegerField()
