"""What citizens report of being pressed or punished, and what the authority does about it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

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
