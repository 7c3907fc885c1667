"""What officials keep for themselves, and what they print."""

from django.db import models
from django.db.models import Q

from haochaping.rectification.models.orders import WorkOrder


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
