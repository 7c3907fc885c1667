"""What citizens report of being pressed or punished; revisits; runs of the self-test and alarms."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from haochaping.oversight.states import State


class PressureReport(models.Model):
    """One report. `authority_id` alone may see it (`oversight.receiving`); `organisation_id` is whom it is about, empty
    where the citizen did not say.

    `secret` is a keyed hash, as of a rating's receipt. `text`, `reference` and `answer` are sealed (`oversight.sealed`): the
    reference names what was rated, by ids that lead to the printed token. Who agreed to be contacted lies in the vault under
    the id of the report, which tells no time.

    `order_number`: of the work order that the authority opened for it when it took it, "" before. `due_at`: until when the
    rules want something done about what was found, with their `due_clause`; None where nothing is laid down. `late_for`: of
    which end it was told that it has passed.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    secret = models.BinaryField()
    matters = ArrayField(models.CharField(max_length=20))
    source = models.CharField(max_length=10)
    division_id = models.IntegerField()
    organisation_id = models.IntegerField(null=True)
    authority_id = models.IntegerField()
    text = models.BinaryField()
    reference = models.BinaryField(null=True)
    may_contact = models.BooleanField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in State])
    verdict = models.CharField(max_length=20, db_default="")
    answer = models.BinaryField(null=True)
    answered_at = models.DateTimeField(null=True)
    order_number = models.CharField(max_length=20, db_default="")
    due_at = models.DateTimeField(null=True)
    due_provisional = models.BooleanField(db_default=False)
    due_clause = models.CharField(max_length=200, db_default="")
    late_for = models.DateTimeField(null=True)
    revision = models.IntegerField(db_default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["order_number"], name="pressure_order_once", condition=~Q(order_number="")
            ),
        )
        indexes = (models.Index(fields=["authority_id", "received_at"], name="pressure_of_authority"),)


class PressureStep(models.Model):
    """One act of the authority on a report. `note` is sealed; `revision` is the report's after the act."""

    id = models.UUIDField(primary_key=True)
    report = models.ForeignKey(PressureReport, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=20)
    actor = models.CharField(max_length=200)
    at = models.DateTimeField()
    note = models.BinaryField(null=True)
    clause = models.CharField(max_length=200, blank=True)
    revision = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["report", "revision"], name="pressure_step_once"),)


class SelfTestRun(models.Model):
    """One self-test: so many ratings were tried, so many of them went wrong. `address`: by which it went in."""

    id = models.UUIDField(primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    address = models.CharField(max_length=200)
    tested = models.IntegerField()
    failed = models.IntegerField()

    class Meta:
        indexes = (models.Index(fields=["-started_at"], name="selftest_latest"),)


class SelfTestResult(models.Model):
    """What became of one rating of a run: `step` is the first one that failed, empty when all held."""

    run = models.ForeignKey(SelfTestRun, on_delete=models.PROTECT, related_name="results")
    way = models.CharField(max_length=20)
    channel = models.SmallIntegerField()
    level = models.SmallIntegerField()
    step = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["run", "way", "channel", "level"], name="selftest_once"),
        )


class Alarm(models.Model):
    """Something that fails, or has stopped to come, from one instant to another. Where `kind` is "arrivals", `way` is empty,
    and without `level` the whole channel is meant."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=20)
    way = models.CharField(max_length=20, blank=True)
    channel = models.SmallIntegerField()
    level = models.SmallIntegerField(null=True)
    step = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "way", "channel", "level"],
                name="alarm_on_once",
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
            ),
        )


class RevisitPeriod(models.Model):
    """A month, quarter or year of which samples are drawn. `seed` is sealed and fixed before it begins, its SHA-256 is made
    known at once; after the end everything of it is drawn in one transaction: samples of orders, and `closed_at` is set;
    those of ratings, and `ratings_drawn_at` is."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10)
    first_day = models.DateField()
    last_day = models.DateField()
    seed = models.BinaryField()
    commitment = models.CharField(max_length=64)
    seed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    ratings_drawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "first_day"], name="revisit_period_once"),)


class RevisitAssessed(models.Model):
    """An order as it was when it was looked at which revisits the rules lay down for it. `undetermined`: rules that hold of
    it and lay down neither a share nor a number; `ruled`: rules are known for its place."""

    order_id = models.UUIDField(primary_key=True)
    organisation_id = models.IntegerField()
    revision = models.IntegerField()
    answered_at = models.DateTimeField()
    ruled = models.BooleanField()
    undetermined = ArrayField(models.CharField(max_length=40), default=list)


class RevisitCandidate(models.Model):
    """An order in the frame of a rule's sample. `scope_id`: the organisation or authority of which the share is; `terms` is
    the rule as it stood (`revisiting.Terms`), `version` the digest of it."""

    order_id = models.UUIDField()
    number = models.CharField(max_length=20)
    organisation_id = models.IntegerField()
    named = models.BooleanField()
    period = models.ForeignKey(RevisitPeriod, on_delete=models.PROTECT, related_name="candidates")
    scope_id = models.IntegerField()
    rule = models.CharField(max_length=40)
    version = models.CharField(max_length=16)
    terms = models.JSONField()
    due_at = models.DateTimeField(null=True)
    due_provisional = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["order_id", "rule"], name="revisit_candidate_once"),)


_DRAWN_ONCE = ["period", "scope_id", "rule", "version"]


class Sampled(models.Model):
    """What was drawn for one rule and scope in a period, with all that it takes to draw it again (`drawing`); `anonymous` of
    those drawn have nobody to be called."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    scope_id = models.IntegerField()
    scope = models.CharField(max_length=18)
    rule = models.CharField(max_length=40)
    version = models.CharField(max_length=16)
    terms = models.JSONField()
    algorithm = models.CharField(max_length=30)
    seed = models.CharField(max_length=64)
    frame_digest = models.CharField(max_length=64)
    anonymous = models.IntegerField()
    drawn_at = models.DateTimeField()

    class Meta:
        abstract = True


class RevisitSample(Sampled):
    """Of orders: `frame` and `drawn` are their numbers."""

    period = models.ForeignKey(RevisitPeriod, on_delete=models.PROTECT, related_name="samples")
    frame = ArrayField(models.CharField(max_length=20))
    drawn = ArrayField(models.CharField(max_length=20))

    class Meta:
        constraints = (models.UniqueConstraint(fields=_DRAWN_ONCE, name="revisit_sample_once"),)


class RevisitRatingSample(Sampled):
    """Of ratings, by numbers that are made for this sample alone (`numbering`), ten bytes each. `frame` in ascending order,
    None where it is too long to be kept: it is made again of the ratings as they stood at `as_of`. `drawn` by rank."""

    period = models.ForeignKey(RevisitPeriod, on_delete=models.PROTECT, related_name="rating_samples")
    as_of = models.DateTimeField()
    frame_size = models.IntegerField()
    frame = models.BinaryField(null=True)
    drawn = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=_DRAWN_ONCE, name="revisit_rating_sample_once"),)


class Revisit(models.Model):
    """One revisit of one order, or of one rating that was drawn: `of` says of which, "" for an order, and `rating_id`
    is that of a default too; it is shown to nobody. `number` is the order's, or that of the sample's frame; `body` whom the
    rules name, "" for nobody; `conductors` the organisations whose people may do it. `terms`: the rules that it meets.
    `occasion`: "answered", "unsatisfied" or the number of the sample. `satisfied` only where it was answered;
    `set_off`: what followed of a rating without an order. `answers` of the last step are sealed."""

    id = models.UUIDField(primary_key=True)
    order_id = models.UUIDField(null=True)
    rating_id = models.UUIDField(null=True)
    of = models.CharField(max_length=10, blank=True, db_default="")
    number = models.CharField(max_length=20)
    organisation_id = models.IntegerField()
    body = models.CharField(max_length=60, blank=True)
    occasion = models.CharField(max_length=20)
    conductors = ArrayField(models.IntegerField())
    terms = models.JSONField()
    arisen_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    due_provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=20)
    satisfied = models.BooleanField(null=True)
    set_off = models.CharField(max_length=20, blank=True, db_default="")
    ended_at = models.DateTimeField(null=True)
    revision = models.IntegerField(db_default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["order_id", "body", "occasion"], name="revisit_once"),
            models.UniqueConstraint(fields=["rating_id", "occasion"], name="revisit_rating_once"),
            models.CheckConstraint(
                condition=Q(of="", order_id__isnull=False, rating_id__isnull=True)
                | (~Q(of="") & Q(order_id__isnull=True, rating_id__isnull=False)),
                name="revisit_of_one",
            ),
        )
        indexes = (models.Index(fields=["organisation_id", "arisen_at"], name="revisit_of_organisation"),)


class RevisitStep(models.Model):
    """One attempt. `answers` is sealed JSON: question → answer, and the note under ""."""

    id = models.UUIDField(primary_key=True)
    revisit = models.ForeignKey(Revisit, on_delete=models.PROTECT, related_name="steps")
    outcome = models.CharField(max_length=20)
    means = models.CharField(max_length=20, blank=True)
    actor = models.CharField(max_length=200)
    at = models.DateTimeField()
    answers = models.BinaryField(null=True)
    revision = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["revisit", "revision"], name="revisit_step_once"),)


class RevisitAnswer(models.Model):
    """Inbox: what a rater answered to a revisit by the receipt; the door leaves it, and the worker takes it in, once.
    `answers` is sealed JSON as of a step, bound to the revisit, and gone when it was taken; `submission` a keyed hash."""

    revisit = models.OneToOneField(Revisit, on_delete=models.PROTECT, primary_key=True, related_name="+")
    satisfied = models.BooleanField()
    answers = models.BinaryField(null=True)
    submission = models.BinaryField()
    received_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["received_at"], name="revisit_answer_waits", condition=Q(taken_at__isnull=True)
            ),
        )
