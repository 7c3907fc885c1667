"""Files that were brought as evidence about a matter. What they hold lies sealed on the shelf, under the row's id."""

from django.db import models

from haochaping.evidence.states import Format, Side


class EvidenceFile(models.Model):
    """One file. `matter_id` is what it is about, a work order; `part_id` an objection to its rating or a part of it that
    another organisation does, empty where it is about the whole; `number` is the order's, for people. `organisation_id`: for
    whom it was brought, `added_by` the official who did.

    `name`, `note` and `withdrawal` are sealed (`evidence.sealed`). `size` in bytes and the digests are of the file in the
    open. It is never replaced: withdrawn, with a reason, and kept until its term is over, when row and file go.
    """

    id = models.UUIDField(primary_key=True)
    matter_id = models.UUIDField()
    part_id = models.UUIDField(null=True)
    number = models.CharField(max_length=20)
    side = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Side])
    organisation_id = models.IntegerField()
    added_by = models.UUIDField()
    adder = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    form = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Format])
    name = models.BinaryField()
    note = models.BinaryField(null=True)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawer = models.CharField(max_length=200, blank=True)
    withdrawal = models.BinaryField(null=True)

    class Meta:
        db_table = "evidence_file"
        indexes = (models.Index(fields=["matter_id", "added_at"], name="evidence_of_matter"),)


class Camera(models.Model):
    """The camera that looks at a window, from one local day to another, both included; no end: until further notice.
    `code` is its name on the video platform."""

    id = models.UUIDField(primary_key=True)
    window_id = models.IntegerField()
    code = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    entered_by = models.CharField(max_length=200)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["window_id"], name="camera_running_once", condition=models.Q(valid_to__isnull=True)
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="camera_ends_after_it_began",
            ),
        )
        indexes = (models.Index(fields=["window_id", "valid_from"], name="camera_of_window"),)


class VideoLook(models.Model):
    """That an official stated why he needs a clip about a matter, and which: it can be opened by him for some minutes."""

    id = models.UUIDField(primary_key=True)
    matter_id = models.UUIDField()
    number = models.CharField(max_length=20)
    official_id = models.UUIDField()
    purpose = models.CharField(max_length=100)
    camera = models.CharField(max_length=100)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["matter_id"], name="video_look_of_matter"),)
