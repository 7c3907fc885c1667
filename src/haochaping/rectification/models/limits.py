"""Until when each step is due, and what the rules set off about it."""

from django.db import models
from django.db.models import Q

from haochaping.rectification.escalations import Stand
from haochaping.rectification.models.orders import WorkOrder


class OrderDeadline(models.Model):
    """The limit of one step of an order, as it was last counted: see `course.limits.StepLimit`; or of the decision on an
    objection to its rating (`contests.REVIEW_STEPS`).

    `due_at` is None while it stands still. `organisation_id` must keep it. `lapses`: something follows by itself when it
    has passed, and the sweep brings it about. `was_at`: until when it ran before a notice on holidays moved it.

    `planned_for`: the end for which its escalations were planned, None for none, and by which `edition` of the rules:
    whoever moves the end, or changes the rules, has them planned anew.
    """

    pk = models.CompositePrimaryKey("order_id", "step")
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="deadlines")
    step = models.CharField(max_length=40)
    organisation_id = models.IntegerField()
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField()
    clause = models.CharField(max_length=200, blank=True)
    met_at = models.DateTimeField(null=True)
    lapses = models.BooleanField()
    untold = models.BooleanField()
    was_at = models.DateTimeField(null=True)
    planned_for = models.DateTimeField(null=True)
    edition = models.CharField(max_length=64, blank=True, db_default="")

    class Meta:
        indexes = (
            models.Index(
                fields=["due_at"],
                name="deadline_lapsing",
                condition=models.Q(lapses=True, met_at__isnull=True, provisional=False),
            ),
            models.Index(
                fields=["due_at"],
                name="deadline_running",
                condition=models.Q(met_at__isnull=True, provisional=False),
            ),
        )


class Escalation(models.Model):
    """What the rules set off about one order: planned when its limit is known, set off once when its instant has come.

    `rule` is the key of the rule, `happened`, `action` and `body` its words. `due_at`: the end of the limit of `step` that
    it is about, so that another end is another escalation; `step` is empty where it is about none. Of what is counted over
    several orders `due_at` is the instant by which it is counted, and `same` of what they are counted (`repeating`,
    `counting`).
    `persons`: to how many officials it was told, none where the registry has no such body or nobody holds a post there.
    """

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="escalations")
    rule = models.CharField(max_length=60)
    happened = models.CharField(max_length=20)
    action = models.CharField(max_length=60)
    body = models.CharField(max_length=60, blank=True)
    clause = models.CharField(max_length=200, blank=True)
    step = models.CharField(max_length=40, blank=True)
    same = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Stand])
    settled_at = models.DateTimeField(null=True)
    persons = models.SmallIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["order", "rule", "step", "due_at"], name="escalation_once"),
        )
        indexes = (
            models.Index(fields=["at"], name="escalation_planned", condition=Q(state="planned")),
            models.Index(fields=["at"], name="escalation_uncounted", condition=Q(state="uncounted")),
            models.Index(fields=["-settled_at"], name="escalation_set_off", condition=Q(state="set_off")),
            models.Index(fields=["same", "rule", "at"], name="escalation_counted", condition=~Q(same="")),
        )
