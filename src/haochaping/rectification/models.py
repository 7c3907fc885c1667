"""What follows a bad rating: the work order, its steps, and the inbox that comes before."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, DateField, Q, Value, When
from django.db.models.functions import Coalesce, TruncDate

from haochaping.foundation.clock import CN
from haochaping.rectification.contests import PENDING, By, Kind
from haochaping.rectification.contests import State as ObjectionState
from haochaping.rectification.escalations import Stand
from haochaping.rectification.parts import PartState
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


class PlannedLimit(models.Model):
    """A verified order that was counted for the rules about repeated bad ratings (`repeating`), by which edition of them.

    `due_at` and `provisional` are of the release before; each limit tells itself for what it was planned.
    """

    order = models.OneToOneField(WorkOrder, on_delete=models.PROTECT, primary_key=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(db_default=False)
    edition = models.CharField(max_length=64)


class SavedView(models.Model):
    """Filters of the desk under a name, as one official keeps them for himself: see `listing.saved.ViewRow`."""

    id = models.UUIDField(primary_key=True)
    official_id = models.UUIDField()
    name = models.CharField(max_length=20)
    query = models.CharField(max_length=300, blank=True)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["official_id", "name"], name="view_once"),
            models.UniqueConstraint(
                fields=["official_id"], name="view_default", condition=Q(is_default=True)
            ),
        )


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


class ReportForm(models.Model):
    """A form (报告单) that was made of an order: by whom, when, and by what a printed or sent one is known.

    `kind`: "pdf" or "docx". `revision`: so many acts on the order and its parts it tells of. `content_digest`: of what it
    says, without the rater's name and the case number, by a key of ours; the code on it is the first part. `file_digest`:
    SHA-256 of the file that was handed out, of several forms in one. `template`: hexadecimal SHA-256 of the operator's, ""
    for ours. `with_rater`: the rater's name and the case number are in it.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="forms")
    kind = models.CharField(max_length=8)
    revision = models.IntegerField()
    content_digest = models.BinaryField()
    file_digest = models.BinaryField()
    template = models.CharField(max_length=64, blank=True)
    with_rater = models.BooleanField()
    official_id = models.UUIDField()
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()


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
