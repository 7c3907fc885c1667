"""What citizens report of being pressed or punished; runs of the self-test, alarms, and what is still to be told of them."""

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
    revision = models.IntegerField(db_default=0)

    class Meta:
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
