"""What follows a bad rating: the work order, its steps, and the inbox that comes before."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from haochaping.rectification.contests import PENDING, By, Kind
from haochaping.rectification.contests import State as ObjectionState
from haochaping.rectification.states import State


class BadRating(models.Model):
    """Inbox: a bad rating whose order is still to be opened, or whose rater has said something since. Written by the
    statement that stored the rating, or what was said.

    What cannot be opened stays, and is tried again later and later, behind the others.
    """

    rating_id = models.UUIDField(primary_key=True)
    received_at = models.DateTimeField()
    failures = models.SmallIntegerField(db_default=0)
    retry_at = models.DateTimeField(null=True)


class WorkOrder(models.Model):
    """One bad rating on its way to being set right.

    `subject_id` is the rating's id, without foreign key and never shown below the authority. `week` is the
    Monday of the service: the handler learns no time. `text` and `additions`, what the rater added later, are masked.
    `words_seen`: so many of the rating's later words are in it. `exclusion`: why it was closed unhandled, "" if not.
    `stands_still`: its limit does, while an objection is undecided.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    subject_id = models.UUIDField(unique=True)
    organisation_id = models.IntegerField()
    division_id = models.IntegerField()
    item_id = models.IntegerField(null=True)
    tags = ArrayField(models.SmallIntegerField(), default=list)
    text = models.TextField(blank=True)
    additions = ArrayField(models.TextField(), db_default=[])
    words_seen = models.SmallIntegerField(db_default=0)
    named = models.BooleanField()
    week = models.DateField()
    profile = models.CharField(max_length=40)
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in State])
    finding = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    due_provisional = models.BooleanField(default=False)
    due_clause = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    exclusion = models.CharField(max_length=20, blank=True, db_default="")
    stands_still = models.BooleanField(db_default=False)
    revision = models.IntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=["organisation_id", "state", "due_at"], name="order_desk"),)


class OrderStep(models.Model):
    """One act on an order: who, when, from which state to which, what was noted, by which clause.

    `revision` is the order's after the act: it numbers the steps, whatever the clock did.
    """

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=20)
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    actor = models.CharField(max_length=200)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    clause = models.CharField(max_length=200, blank=True)
    revision = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["order", "revision"], name="step_once"),)


class Objection(models.Model):
    """The rated contest the rating of an order. `organisation_id` is rated, `body_id` decides.

    `found` is the ground that was established, `findings` what the body keeps, `reply` what the rated read. `effect` is
    what the rating suffers now. `silence`: what it means that nobody decides in time, "" for nothing. `proposed_by` is the
    official whose proposal another one is to confirm.
    """

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="objections")
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
