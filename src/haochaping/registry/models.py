"""Who serves where, with what: each thing has one identity for ever and dated records of its name and place.

`valid_from` and `valid_to` are legal days, both included; empty means open. A rename adds a record, a new
code adds a thing.
"""

from django.db import models
from django.db.models import F, Q


class Dated(models.Model):
    """A record that held from one day to another, both included."""

    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        abstract = True


def _dated_constraints(name: str, thing: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=[thing, "valid_from"], name=f"{name}_once", nulls_distinct=False),
        models.CheckConstraint(
            condition=Q(valid_from__isnull=True)
            | Q(valid_to__isnull=True)
            | Q(valid_from__lte=F("valid_to")),
            name=f"{name}_span",
        ),
    ]


class Division(models.Model):
    """An administrative division by its code: six digits (GB/T 2260), twelve below the county (GB/T 10114)."""

    code = models.CharField(max_length=12, unique=True)
    # Made for the daily self-test: whatever lies in it is in no list, no figure and no file.
    trial = models.BooleanField(default=False, db_default=False)


class DivisionRecord(Dated):
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="records")
    name = models.CharField(max_length=100)
    parent = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+")
    level = models.CharField(max_length=20)
    successor = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = _dated_constraints("division_record", "division")


class Organisation(models.Model):
    """A government organisation by its unified social credit code (GB 32100)."""

    credit_code = models.CharField(max_length=18, unique=True)


class OrganisationRecord(Dated):
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="records")
    name = models.CharField(max_length=200)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    # The line (条线) it belongs to, in the operator's words, as rules select it; empty: not known.
    department = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        constraints = _dated_constraints("organisation_record", "organisation")


class Hall(models.Model):
    """A service hall, centre or station."""

    code = models.CharField(max_length=40, unique=True)


class HallRecord(Dated):
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="records")
    name = models.CharField(max_length=200)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    # One of the places of the rules' vocabulary; empty: not known.
    kind = models.CharField(max_length=20, blank=True, default="", db_default="")
    # Who answers for the hall itself, not for a window in it; empty: not told (`Directory.responsible_for`).
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = _dated_constraints("hall_record", "hall")


class Window(models.Model):
    """A window of a hall."""

    code = models.CharField(max_length=40, unique=True)


class WindowRecord(Dated):
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="records")
    name = models.CharField(max_length=200)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = _dated_constraints("window_record", "window")


class Staff(models.Model):
    """A member of staff who serves citizens."""

    code = models.CharField(max_length=40, unique=True)


class StaffRecord(Dated):
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="records")
    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = _dated_constraints("staff_record", "staff")


class Item(models.Model):
    """A service item by its 33-character handling-item code."""

    handle_item = models.CharField(max_length=33, unique=True)


class ItemRecord(Dated):
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="records")
    task_code = models.CharField(max_length=31)
    name = models.CharField(max_length=300)
    task_type = models.CharField(max_length=2)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    project_type = models.CharField(max_length=10)

    class Meta:
        constraints = _dated_constraints("item_record", "item")
        indexes = (models.Index(fields=["task_code"], name="item_task_code"),)


class Edition(models.Model):
    """Counts the changes of the registry, so that those who keep copies know when to read again. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.IntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
