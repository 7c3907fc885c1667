"""The work order that a bad rating becomes, its history, and the inbox that comes before."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, DateField, Q, Value, When
from django.db.models.functions import Coalesce, TruncDate

from haochaping.foundation.clock import CN
from haochaping.rectification.states import PRESSING, Act, State

# The day of the limit that presses, the last of all days where none does: the desk goes by it, and its index has it.
PRESSES = Coalesce(
    Case(When(state__in=PRESSING, then=TruncDate("due_at", tzinfo=CN)), output_field=DateField()),
    Value(date.max),
    output_field=DateField(),
)


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
    `about_staff`: the item was not rated badly, the member of staff was. `words_seen`: so many of the rating's later words
    are in it. `exclusion`: why it was closed unhandled, "" if not. `stands_still`: its limit does, while an objection is
    undecided. `organisation_id`: with whom it is; the rating keeps whose it was. `due_at`: the limit that presses (see
    `course.limits.pressing`). `reasonable`: whether what is asked is so; None: not said. `bad_class`: a key of the
    rules' classes, "" for not classified. `rated_id`: whose rating it is about, None where the release before opened it.

    `verdict`: what the rater made of the last answer that was judged, `set_off`: what that set off (`states.SetOff`), ""
    for nothing; `verdicts_seen` as `words_seen`. `channel`: by which the rating came (`pf`), never told to the rated; None
    of orders from before it was kept. From `silence_at` on silence about the answer counts; None: it never does,
    or has. `tell_staff_at`: from when the member of staff who was rated is told that he may object, None for nobody or told.
    `counted`: once verified, for the rules about repeated bad ratings.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    subject_id = models.UUIDField(unique=True)
    organisation_id = models.IntegerField()
    rated_id = models.IntegerField(null=True)
    division_id = models.IntegerField()
    item_id = models.IntegerField(null=True)
    tags = ArrayField(models.SmallIntegerField(), default=list)
    text = models.TextField(blank=True)
    additions = ArrayField(models.TextField(), db_default=[])
    about_staff = models.BooleanField(db_default=False)
    words_seen = models.SmallIntegerField(db_default=0)
    named = models.BooleanField()
    week = models.DateField()
    profile = models.CharField(max_length=40)
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in State])
    finding = models.CharField(max_length=20, blank=True)
    reasonable = models.BooleanField(null=True)
    bad_class = models.CharField(max_length=40, blank=True, db_default="")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    due_provisional = models.BooleanField(default=False)
    due_clause = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    exclusion = models.CharField(max_length=20, blank=True, db_default="")
    stands_still = models.BooleanField(db_default=False)
    verdicts_seen = models.SmallIntegerField(db_default=0)
    verdict = models.CharField(max_length=20, blank=True, db_default="")
    set_off = models.CharField(max_length=20, blank=True, db_default="")
    silence_at = models.DateTimeField(null=True)
    silence_provisional = models.BooleanField(db_default=False)
    channel = models.SmallIntegerField(null=True)
    tell_staff_at = models.DateTimeField(null=True)
    counted = models.BooleanField(db_default=False)
    revision = models.IntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(fields=["organisation_id", "state", "due_at"], name="order_desk"),
            models.Index(fields=["rated_id", "-week"], name="order_rated"),
            models.Index(
                fields=["organisation_id"], name="order_open", condition=~Q(state=State.CLOSED.value)
            ),
            models.Index(
                PRESSES, "week", "number", name="order_urgency", condition=~Q(state=State.CLOSED.value)
            ),
            models.Index(
                fields=["division_id", "bad_class", "organisation_id", "state"],
                name="order_class",
                condition=~Q(bad_class=""),
            ),
            models.Index(
                TruncDate("closed_at", tzinfo=CN).desc(),
                "number",
                name="order_ended",
                condition=Q(state=State.CLOSED.value),
            ),
            models.Index(
                fields=["silence_at"],
                name="order_silence",
                condition=models.Q(silence_at__isnull=False, silence_provisional=False),
            ),
            models.Index(
                fields=["id"],
                name="order_uncounted",
                condition=models.Q(exclusion="", counted=False) & ~models.Q(finding=""),
            ),
            models.Index(
                fields=["tell_staff_at"], name="order_untold", condition=Q(tell_staff_at__isnull=False)
            ),
        )


class OrderStep(models.Model):
    """One act on an order: who, when, from which state to which, what was noted, by which clause.

    `revision` is the order's after the act: it numbers the steps, whatever the clock did. `official_id`: whose act it was,
    None for what the rater did and what follows by rule. `said`: what was said beside the note, by the names of
    `rules.Said`, and `waits` of a request that somebody is to grant.
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
    official_id = models.UUIDField(null=True)
    said = models.JSONField(default=dict, db_default={})

    class Meta:
        constraints = (models.UniqueConstraint(fields=["order", "revision"], name="step_once"),)
        indexes = (
            models.Index(
                fields=["order"],
                name="step_ledger",
                condition=Q(act__in=[Act.PLAN.value, Act.ASK_EXTENSION.value]),
            ),
        )
