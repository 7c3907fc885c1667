"""Score runs with all that went in and came out. Rows of a run are written once and never altered."""

from django.db import models
from django.db.models import F, Q, Value

from haochaping.scoring.states import State


class Run(models.Model):
    """What the rules of a division make of a period (`kind`, `first` to `last`), by what was counted at `cut_off`.

    `profile` and `version`: the rules by which it was worked out. `inputs_digest`: of what was counted and entered,
    `digest`: of all that came out; the same inputs and rules give the same bytes. `what_if`: it was worked out by other
    rules than those in force (`rules_name`), to be looked at beside; it is never signed. `previous`: the last run of the
    same period before it. `scores`: by key what each is called, its clause and of which it is another reading. `earlier`:
    the inputs of the other periods at which the rules look, as `Unit.inputs`, by length, period and unit. `uncounted`:
    scores that the rules lay down and that cannot be worked out, with the fact that is not counted. `editions`: the rules in
    force in the period as `scoring.editions` gives them; it was worked out by the last of them.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    division_id = models.IntegerField()
    kind = models.CharField(max_length=12)
    first = models.DateField()
    last = models.DateField()
    cut_off = models.DateTimeField()
    profile = models.CharField(max_length=60)
    version = models.CharField(max_length=64)
    what_if = models.BooleanField(default=False)
    rules_name = models.CharField(max_length=200, blank=True)
    inputs_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in State])
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    scores = models.JSONField(default=dict)
    earlier = models.JSONField(default=dict)
    uncounted = models.JSONField(default=dict)
    editions = models.JSONField(default=list, db_default=Value([], output_field=models.JSONField()))
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    revision = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["division_id", "kind", "first"],
                name="score_run_signed_once",
                condition=Q(state=State.SIGNED.value, what_if=False),
            ),
        )
        indexes = (models.Index(fields=["division_id", "kind", "first"], name="score_run_of_period"),)


class Unit(models.Model):
    """Who was scored: `kind` is a word of the rules, `number` its id in the registry, `name` what it was called at the
    end of the period; `of` the unit to which it belongs ("organisation:7"), `division` the code of that by whose rules
    its ratings are worth something; `ended`: it was no more on the last day. `inputs`: what was counted and entered of it
    (see `scoring.record`), `beside`: the figures that are shown beside every score, each as an exact fraction."""

    id = models.UUIDField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="units")
    kind = models.CharField(max_length=20)
    number = models.IntegerField()
    name = models.CharField(max_length=200)
    of = models.CharField(max_length=40, blank=True)
    division = models.CharField(max_length=12)
    ended = models.BooleanField(default=False)
    inputs = models.JSONField()
    beside = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "kind", "number"], name="score_unit_once"),)


class Result(models.Model):
    """One score of one unit. `points`: an exact fraction as "19/2", "" for no score, and `why` not. `ranked`: of so many."""

    pk = models.CompositePrimaryKey("unit_id", "score")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="results")
    score = models.CharField(max_length=60)
    points = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=80, blank=True)
    grade = models.CharField(max_length=60, blank=True)
    rank = models.IntegerField(null=True)
    ranked = models.IntegerField(null=True)
    parts = models.JSONField()


class Listing(models.Model):
    """A list that the rules lay down, after the period: the units on it. `missing`: what was not counted for it."""

    pk = models.CompositePrimaryKey("run_id", "key")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="lists")
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    clause = models.CharField(max_length=200)
    named = models.JSONField()
    missing = models.CharField(max_length=80, blank=True)


class Signature(models.Model):
    """That a person stands for a run: each once."""

    id = models.UUIDField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="signatures")
    official_id = models.UUIDField()
    name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["run", "official_id"], name="score_signature_once"),)


class Remark(models.Model):
    """What those concerned say against the figures of a unit while a run may be looked at, and the answer to it."""

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="remarks")
    text = models.TextField()
    filed_by = models.UUIDField()
    filer = models.CharField(max_length=200)
    filed_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.UUIDField(null=True)
    answerer = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)


class EnteredValue(models.Model):
    """A value that the rules take from outside (`external`): of a unit and period, with where it comes from. What is entered
    later counts instead; nothing is overwritten.

    `documented_on`: the date of the document in `source`. `entered_by_id`: the official who entered it; empty where an
    operator did by command, for whom nobody has to confirm it. It counts from `decided_at` on, where another person has
    `confirmed` it; else it was sent back.
    """

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=60)
    unit_kind = models.CharField(max_length=20)
    unit_number = models.IntegerField()
    kind = models.CharField(max_length=12)
    first = models.DateField()
    value = models.DecimalField(max_digits=24, decimal_places=6)
    source = models.CharField(max_length=400)
    documented_on = models.DateField(null=True)
    # The division whose authority entered it; empty where an operator did.
    division_id = models.IntegerField(null=True)
    entered_by = models.CharField(max_length=200)
    entered_by_id = models.UUIDField(null=True)
    entered_at = models.DateTimeField()
    confirmed = models.BooleanField(db_default=False, default=False)
    decided_by = models.CharField(max_length=200, blank=True, default="", db_default="")
    decided_by_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["kind", "first", "entered_at"], name="entered_value_of_period"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True) | ~Q(decided_by_id=F("entered_by_id")),
                name="entered_value_by_two",
            ),
        )
