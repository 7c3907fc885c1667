"""Cases (办件) with their service occasions (办件服务); which occasion may still be rated, and what senders reported."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Case(models.Model):
    """A case as its platform numbers it. Status, result and its delivery belong to the case, not to an occasion."""

    id = models.UUIDField(primary_key=True)
    platform = models.CharField(max_length=40)
    project_no = models.CharField(max_length=100)
    status = models.SmallIntegerField()
    accepted_at = models.DateTimeField()
    result_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["platform", "project_no"], name="case_natural_key"),)


class ServiceOccasion(models.Model):
    """One service of a case: what may be rated, once. Registry ids are those of the service day. All services of a case are
    found by their natural keys. `version_id`: what was reported last; empty where that is the first, which has the id of the
    occasion.

    `late`: its window was over when what it is counted from was reported. `offered`: an address to rate it was handed out.
    `profile`: the rules by which its window and default were derived last.
    `accepted_day`: of its case; kept here as well, so that who rates by this row alone is judged by the right rules.
    `place` to `stage` are what the sender said of it in the words that rules select by, or empty (facts.py).

    `unratable`: why the rules give it no rating, or empty. `unit_id`: the unit by which it is rated, empty where it is by
    itself. Of a unit one occasion stands for all: what is rated is it. `weight`: how often its rating counts, and for how
    much it counts among what may be rated; 0 of those for which another stands, and of what is not rated. `shared_with`:
    the organisations besides its own for which the rating counts as well. `whole` and `size` are what the sender said of
    its group.
    """

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="occasions"
    )
    service_number = models.IntegerField()
    service_name = models.CharField(max_length=200)
    service_at = models.DateTimeField()
    service_day = models.DateField()
    accepted_day = models.DateField(null=True)
    division_id = models.IntegerField()
    organisation_id = models.IntegerField()
    hall_id = models.IntegerField(null=True)
    window_id = models.IntegerField(null=True)
    staff_id = models.IntegerField(null=True)
    item_id = models.IntegerField()
    place = models.CharField(max_length=20, blank=True, default="", db_default="")
    case_type = models.CharField(max_length=20, blank=True, default="", db_default="")
    rater = models.CharField(max_length=20, blank=True, default="", db_default="")
    form = models.CharField(max_length=20, blank=True, default="", db_default="")
    stage = models.CharField(max_length=20, blank=True, default="", db_default="")
    unratable = models.CharField(max_length=20, blank=True, default="", db_default="")
    unit_id = models.UUIDField(null=True)
    whole = models.BooleanField(db_default=False)
    size = models.SmallIntegerField(null=True)
    weight = models.SmallIntegerField(default=1, db_default=1)
    shared_with = ArrayField(models.IntegerField(), null=True)
    late = models.BooleanField()
    offered = models.BooleanField(db_default=True)
    profile = models.CharField(max_length=40)
    version_id = models.UUIDField(null=True)

    class Meta:
        indexes = (
            # Whether a thing was ever served in a span of days: what coverage asks of each.
            models.Index(fields=["item_id", "service_day"], name="occasion_of_item"),
            models.Index(
                fields=["window_id", "service_day"],
                name="occasion_at_window",
                condition=models.Q(window_id__isnull=False),
            ),
            models.Index(
                fields=["staff_id", "service_day"],
                name="occasion_by_staff",
                condition=models.Q(staff_id__isnull=False),
            ),
            models.Index(
                fields=["unit_id"], name="occasion_of_unit", condition=models.Q(unit_id__isnull=False)
            ),
        )


class RatingUnit(models.Model):
    """What is rated as one (`policy.units.Unit`): of a case, or of a group of cases that is handled as one (`grouped`), by
    its `number`. `id` is that of its first occasion: the claim, the rating address and the rating are under this id."""

    pk = models.CompositePrimaryKey("platform", "grouped", "number", "part")
    platform = models.CharField(max_length=40)
    grouped = models.BooleanField()
    number = models.CharField(max_length=100)
    part = models.CharField(max_length=20)
    id = models.UUIDField()


class OccasionKey(models.Model):
    """The natural key of an occasion, in a table of its own so that occasions can be partitioned by id."""

    pk = models.CompositePrimaryKey("platform", "project_no", "service_number")
    platform = models.CharField(max_length=40)
    project_no = models.CharField(max_length=100)
    service_number = models.IntegerField()
    occasion_id = models.UUIDField()


class OccasionVersion(models.Model):
    """One content that was accepted or updated under a key. `digest` is a keyed hash of the normalised record;
    the record itself lies in the vault under this id. `dialect_id` is the edition of the client's dialect by which it was
    read, empty for the words of the convention."""

    id = models.UUIDField(primary_key=True)
    occasion_id = models.UUIDField()
    digest = models.BinaryField()
    received_at = models.DateTimeField()
    client_id = models.UUIDField(null=True)
    dialect_id = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["occasion_id", "digest"], name="occasion_version_once"),
        )


class QuarantinedOccasion(models.Model):
    """A well-formed but suspicious record, kept aside with all reasons; its content lies in the vault under this id."""

    id = models.UUIDField(primary_key=True)
    platform = models.CharField(max_length=40)
    project_no = models.CharField(max_length=100)
    service_number = models.IntegerField()
    digest = models.BinaryField()
    reasons = models.JSONField()
    received_at = models.DateTimeField()
    client_id = models.UUIDField(null=True)
    dialect_id = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    # One of states.Outcome.
    outcome = models.CharField(max_length=10, default="", db_default="")
    release_wished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["platform", "project_no", "service_number", "digest"], name="quarantined_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["platform", "received_at"],
                name="quarantined_open",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(fields=["platform", "id"], name="quarantined_of_platform"),
            models.Index(
                fields=["release_wished_at"],
                name="quarantined_wished",
                condition=models.Q(release_wished_at__isnull=False),
            ),
        )


class QuarantineStep(models.Model):
    """What a person or a sender's correction did about a kept record. `note` is told to the sender."""

    id = models.UUIDField(primary_key=True)
    record = models.ForeignKey(
        QuarantinedOccasion, on_delete=models.PROTECT, db_constraint=False, related_name="steps"
    )
    act = models.CharField(max_length=10)
    note = models.CharField(max_length=500)
    actor = models.CharField(max_length=200)
    at = models.DateTimeField()


class SenderDay(models.Model):
    """How many records a platform sent on a local day, by verdict; `late` are those accepted after their window."""

    pk = models.CompositePrimaryKey("platform", "day")
    platform = models.CharField(max_length=40)
    day = models.DateField()
    calls = models.IntegerField()
    rejected = models.IntegerField()
    repeated = models.IntegerField()
    updated = models.IntegerField()
    conflicting = models.IntegerField()
    quarantined = models.IntegerField()
    accepted = models.IntegerField()
    late = models.IntegerField()


class LibraryDifference(models.Model):
    """Accepted occasions of an item that the item library gives to another organisation, or whose division is not that of
    the accepting organisation (`kind`): counted for the sender, refused for nobody."""

    pk = models.CompositePrimaryKey("platform", "kind", "item_id", "organisation_id", "division_id")
    platform = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    item_id = models.IntegerField()
    organisation_id = models.IntegerField()
    division_id = models.IntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    number = models.IntegerField()


class Waiting(models.Model):
    """The claim on an occasion that is still open. Door, sweep and correction must all take this row.

    Its instants are those of `cases.instants`: the end of the window and the default, each by itself, and until when a
    rating may follow the default, and whether in its place. `known_at`: when the report came in by which they were
    derived. A provisional instant sets nothing off. `subject_id`: the occasion that stands for the unit, empty where it is
    that of `id`.
    """

    id = models.UUIDField(primary_key=True)
    window_at = models.DateTimeField(null=True)
    window_provisional = models.BooleanField(db_default=False)
    default_at = models.DateTimeField(null=True)
    default_provisional = models.BooleanField(db_default=False)
    silence_level = models.SmallIntegerField(null=True)
    after_default = models.BooleanField(db_default=False)
    default_stays = models.BooleanField(db_default=False)
    after_at = models.DateTimeField(null=True)
    after_provisional = models.BooleanField(db_default=False)
    known_at = models.DateTimeField()
    subject_id = models.UUIDField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["default_at"],
                name="waiting_default",
                condition=models.Q(default_provisional=False, default_at__isnull=False),
            ),
            models.Index(
                fields=["window_at"],
                name="waiting_window",
                condition=models.Q(
                    silence_level__isnull=True, window_provisional=False, window_at__isnull=False
                ),
            ),
        )
