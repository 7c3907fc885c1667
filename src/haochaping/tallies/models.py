"""Counts. Who writes a fact appends a signed change in the same transaction; the fold adds them up.

Columns: `occasions` reported and rateable, `late` reported after the window, `n1`..`n5` ratings by citizens
per level, `d1`..`d5` defaults per level. `day` is the local day of the service, `month` the first day of its month. Which
tallies there are is declared in `tallies.declared`.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Change(models.Model):
    """One fact and whom it counts for, waiting to be folded: all by which anything is counted.

    A row has one sign. The measures are as often as it counts for its organisation, `times` is how many facts it is (of
    the organisation itself, and of those that share it as well). Window, hall, item and member of staff are those of the
    organisation's own service, None where it only shares it. `channel`, `named` and `tags` are a rating's, `staff_level` is
    what it says of the member of staff.
    """

    # The table has no key: nothing refers to a row, and an index would cost the writer more than all it counts.
    pk = models.CompositePrimaryKey("organisation_id", "day")
    organisation_id = models.IntegerField()
    day = models.DateField()
    hall_id = models.IntegerField(null=True)
    window_id = models.IntegerField(null=True)
    item_id = models.IntegerField(null=True)
    staff_id = models.IntegerField(null=True)
    channel = models.SmallIntegerField(null=True)
    staff_level = models.SmallIntegerField(null=True)
    named = models.BooleanField(null=True)
    times = models.SmallIntegerField(db_default=1)
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
    tags = ArrayField(models.SmallIntegerField(), null=True)
    # A rules.Correction, 0 for none.
    why = models.SmallIntegerField(db_default=0)


class _Said(models.Model):
    """Ratings by level."""

    n1 = models.BigIntegerField()
    n2 = models.BigIntegerField()
    n3 = models.BigIntegerField()
    n4 = models.BigIntegerField()
    n5 = models.BigIntegerField()

    class Meta:
        abstract = True


class _Counted(_Said):
    """All measures of services."""

    occasions = models.BigIntegerField()
    late = models.BigIntegerField()
    d1 = models.BigIntegerField()
    d2 = models.BigIntegerField()
    d3 = models.BigIntegerField()
    d4 = models.BigIntegerField()
    d5 = models.BigIntegerField()

    class Meta:
        abstract = True


class _ByMonth(models.Model):
    """Kept for years, and read mostly a quarter at a time."""

    month = models.DateField()

    class Meta:
        abstract = True
        indexes = (models.Index(fields=["month"], name="%(class)s_of_month"),)


class OrganisationDay(_Counted):
    """The folded counts of one organisation and service day."""

    pk = models.CompositePrimaryKey("organisation_id", "day")
    organisation_id = models.IntegerField()
    day = models.DateField()

    class Meta:
        indexes = (models.Index(fields=["day"], name="organisationday_of_day"),)


class OrganisationMonth(_ByMonth, _Counted):
    """The folded counts of one organisation and month of service: the days of the month added up."""

    pk = models.CompositePrimaryKey("organisation_id", "month")
    organisation_id = models.IntegerField()


class WindowMonth(_ByMonth, _Counted):
    """Of one window and month of service."""

    pk = models.CompositePrimaryKey("window_id", "month")
    window_id = models.IntegerField()


class HallMonth(_ByMonth, _Counted):
    """Of one hall and month of service."""

    pk = models.CompositePrimaryKey("hall_id", "month")
    hall_id = models.IntegerField()


class ItemMonth(_ByMonth, _Counted):
    """Of one item as one organisation serves it, and month of service."""

    pk = models.CompositePrimaryKey("organisation_id", "item_id", "month")
    organisation_id = models.IntegerField()
    item_id = models.IntegerField()


class StaffService(_ByMonth, _Counted):
    """The services that one member of staff gave in a month, each once."""

    pk = models.CompositePrimaryKey("staff_id", "month")
    staff_id = models.IntegerField()


class ChannelMonth(_ByMonth, _Said):
    """The ratings of one organisation that came by one channel, 实名 or not, of one month of service."""

    pk = models.CompositePrimaryKey("organisation_id", "channel", "named", "month")
    organisation_id = models.IntegerField()
    channel = models.SmallIntegerField()
    named = models.BooleanField()


class TagMonth(_ByMonth, _Said):
    """The ratings of one organisation that have one tag, of one month of service."""

    pk = models.CompositePrimaryKey("organisation_id", "tag", "month")
    organisation_id = models.IntegerField()
    tag = models.SmallIntegerField()


class CorrectionDay(_Counted):
    """By how much what was told on one day moved the counts of another, of one organisation; `why` is a
    rules.Correction."""

    pk = models.CompositePrimaryKey("organisation_id", "why", "noted_on", "day")
    organisation_id = models.IntegerField()
    why = models.SmallIntegerField()
    noted_on = models.DateField()
    day = models.DateField()

    class Meta:
        indexes = (models.Index(fields=["day"], name="correction_of_day"),)


class Filled(models.Model):
    """The ledger of what is filled: a tally that was declared when others had been counted already has all of that from here
    on. Before its row is there, nobody reads it."""

    tally = models.CharField(max_length=60, primary_key=True)
    filled_at = models.DateTimeField()


class Portion(models.Model):
    """A month of a tally that has been filled from the rows."""

    pk = models.CompositePrimaryKey("tally", "month")
    tally = models.CharField(max_length=60)
    month = models.DateField()
    filled_at = models.DateTimeField()


class StaffMonth(_ByMonth):
    """The folded counts of one member of staff and month of service."""

    pk = models.CompositePrimaryKey("staff_id", "month")
    staff_id = models.IntegerField()
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
