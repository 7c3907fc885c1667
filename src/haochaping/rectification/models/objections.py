"""The rated contest a rating."""

from django.db import models
from django.db.models import Q

from haochaping.rectification.contests import PENDING, By, Kind
from haochaping.rectification.contests import State as ObjectionState
from haochaping.rectification.models.orders import WorkOrder


class Objection(models.Model):
    """The rated contest the rating of an order. `organisation_id` is rated, `body_id` decides.

    `ordinal`: which of the order's it is, from 1 on, whatever the clock did; 0 of those that the release before filed.
    `found` is the ground that was established, `findings` what the body keeps, `reply` what the rated read. `effect` is
    what the rating suffers now. `silence`: what it means that nobody decides in time, "" for nothing. `proposed_by` is the
    official whose proposal another one is to confirm.
    """

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="objections")
    ordinal = models.SmallIntegerField(db_default=0)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    by = models.CharField(max_length=20, choices=[(by.value, by.value) for by in By])
    ground = models.CharField(max_length=80)
    reasons = models.TextField()
    evidence = models.TextField(blank=True)
    organisation_id = models.IntegerField()
    body_id = models.IntegerField()
    filed_by = models.UUIDField()
    filed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in ObjectionState])
    outcome = models.CharField(max_length=20, blank=True)
    found = models.CharField(max_length=80, blank=True)
    findings = models.TextField(blank=True)
    heard = models.TextField(blank=True)
    reply = models.TextField(blank=True)
    proposed_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    by_silence = models.BooleanField(default=False)
    effect = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField(null=True)
    due_provisional = models.BooleanField(default=False)
    due_clause = models.CharField(max_length=200, blank=True)
    silence = models.CharField(max_length=20, blank=True)
    revision = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["order"],
                name="objection_one_pending",
                condition=Q(state__in=sorted(state.value for state in PENDING)),
            ),
        )
        indexes = (models.Index(fields=["body_id", "state", "due_at"], name="objection_desk"),)


class ObjectionStep(models.Model):
    """One act on an objection. `revision` is the objection's after the act: it numbers the steps."""

    id = models.UUIDField(primary_key=True)
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=20)
    actor = models.CharField(max_length=200)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    clause = models.CharField(max_length=200, blank=True)
    revision = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["objection", "revision"], name="objection_step_once"),)
