"""Frozen copies for the public: labels and counts as they were on the day, no keys into other rooms."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from haochaping.publication.states import Release


class DepartmentDay(models.Model):
    """What was published of one organisation on one day: the service days before it, as then known.

    Departments are published by the day, because a figure that moves while somebody rates shows who rated.
    """

    pk = models.CompositePrimaryKey("published_on", "organisation_id")
    published_on = models.DateField()
    organisation_id = models.IntegerField()
    taken_at = models.DateTimeField()
    name = models.CharField(max_length=200)
    division_code = models.CharField(max_length=12)
    division_name = models.CharField(max_length=100)
    occasions = models.BigIntegerField()
    late = models.BigIntegerField()
    n1 = models.BigIntegerField()
    n2 = models.BigIntegerField()
    n3 = models.BigIntegerField()
    n4 = models.BigIntegerField()
    n5 = models.BigIntegerField()
    d1 = models.BigIntegerField()
    d2 = models.BigIntegerField()
    d3 = models.BigIntegerField()
    d4 = models.BigIntegerField()
    d5 = models.BigIntegerField()


class DayBreakdown(models.Model):
    """What was published on one day by channel and tag, and of the ways by which ratings came: JSON as
    `publication.operations.breakdowns` writes it, before anything is withheld."""

    published_on = models.DateField(primary_key=True)
    taken_at = models.DateTimeField()
    text = models.TextField()


class Publication(models.Model):
    """One publication, frozen: the text of its record as it was published (`publication.chain.canonical`), and its
    digest. The other columns are of the record too, to be found by. `corrects`: the one in whose place it came; `source`:
    the run whose figures it has. No row is ever altered.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    sequence = models.IntegerField(unique=True)
    kind = models.CharField(max_length=20)
    place = models.CharField(max_length=100)
    period = models.CharField(max_length=40)
    published_at = models.DateTimeField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    source = models.CharField(max_length=40, unique=True)
    text = models.TextField()
    digest = models.CharField(max_length=64, unique=True)


class Bulletin(models.Model):
    """The bulletin (通报) of a publication as one file, made once: always the same bytes. `kind`: "pdf" or "docx"; `digest`:
    SHA-256 in hex; `template`: that of the operator's own, "" of ours. No row is ever altered.
    """

    id = models.UUIDField(primary_key=True)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="bulletins")
    kind = models.CharField(max_length=10)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    template = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["publication", "kind"], name="one_bulletin_of_a_kind"),
        )


class Chart(models.Model):
    """A picture, drawn once: always the same bytes. `subject`: the number of the publication of which it is, or the day
    (ISO) on which it was drawn for the live page; `told`: title, description, note and table, as `chain.canonical` writes
    them; `digest`: SHA-256 in hex of `svg` and `told` after it. No row is ever altered; a day's are drawn anew when its
    figures are taken anew.
    """

    id = models.UUIDField(primary_key=True)
    subject = models.CharField(max_length=20)
    place = models.IntegerField()
    name = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    svg = models.TextField()
    told = models.TextField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["subject", "name", "language"], name="one_chart_of_a_name"),
        )


class ReleasedAnswer(models.Model):
    """One bad rating and its answer, as a person released them to the public: labels and texts as they were then, masked.

    `order_id` is without foreign key and shown to nobody. `week`: the Monday of the service; None, and `item` "", where too
    few rated in it. `tags` are codes of the national list. `clause`: what lays publication down, "" where nothing does.
    `digest`: of what the public is told (`publication.answers.record_of`), "" before the release. What is withdrawn keeps
    its number, reason and digest, and loses its texts. Persons are the `label`s of officials.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=20, unique=True)
    order_id = models.UUIDField()
    organisation_id = models.IntegerField()
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Release])
    credit_code = models.CharField(max_length=18)
    organisation = models.CharField(max_length=200)
    division_code = models.CharField(max_length=12)
    division = models.CharField(max_length=100)
    item = models.CharField(max_length=500, blank=True)
    week = models.DateField(null=True)
    tags = ArrayField(models.SmallIntegerField(), default=list)
    said = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    clause = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    drafted_by = models.CharField(max_length=200)
    drafted_at = models.DateTimeField()
    released_by = models.CharField(max_length=200, blank=True)
    released_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["order_id"], name="answer_released_once", condition=~Q(state=Release.WITHDRAWN.value)
            ),
        )
        indexes = (
            models.Index(
                fields=["-released_at", "number"],
                name="answers_public",
                condition=Q(state=Release.RELEASED.value),
            ),
        )
