"""Frozen copies for the public: labels and counts as they were on the day, no keys into other rooms."""

from django.db import models


class DepartmentDay(models.Model):
    """What was published of one organisation on one day: the service days before it, as then known.

    Departments are published by the day, because a figure that moves while somebody rates shows who rated.
    """

    pk = models.CompositePrimaryKey("published_on", "organisation_id")
    published_on = models.DateField()
    organisation_id = models.IntegerField()
    taken_at = models.DateTimeField()
    name = models.CharField(max_length=200)
    division_code = models.CharField(max_length=12)
    division_name = models.CharField(max_length=100)
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
