"""The parts of a joint order."""

from django.db import models
from django.db.models import Q

from haochaping.rectification.models.orders import WorkOrder
from haochaping.rectification.parts import PartState


class OrderPart(models.Model):
    """What one organisation does of a joint order; the order's own leads, and gives the one answer.

    `asked`: what the officer wrote who gave it, "" where the case itself tells that the organisation takes part. `until`:
    the last day that he set, None for none. `due_at`: until when it is to be in, with its `due_clause`, "" where that is
    the officer's day. `finding` as of orders, `verified` and `rectified`: what its organisation found and set right.
    `tell_at`: from when its organisation is told that it has a part, where that instant is the rater's; None: it is told.
    `late_for`: of which end it was told that it has passed.
    """

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="parts")
    organisation_id = models.IntegerField()
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in PartState])
    asked = models.TextField(blank=True)
    until = models.DateField(null=True)
    finding = models.CharField(max_length=20, blank=True)
    verified = models.TextField(blank=True)
    rectified = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    due_provisional = models.BooleanField(default=False)
    due_clause = models.CharField(max_length=200, blank=True)
    tell_at = models.DateTimeField(null=True)
    late_for = models.DateTimeField(null=True)
    revision = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["order", "organisation_id"], name="part_once"),)
        indexes = (
            models.Index(fields=["organisation_id", "state"], name="part_desk"),
            models.Index(fields=["tell_at"], name="part_untold", condition=Q(tell_at__isnull=False)),
            models.Index(
                fields=["due_at"],
                name="part_running",
                condition=Q(state__in=["waiting", "taken"], due_provisional=False),
            ),
        )


class PartStep(models.Model):
    """One act on a part, as `OrderStep`. That the case itself gave it at first is none: that instant is the rater's."""

    id = models.UUIDField(primary_key=True)
    part = models.ForeignKey(OrderPart, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=20)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    actor = models.CharField(max_length=200)
    official_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    revision = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["part", "revision"], name="part_step_once"),)
