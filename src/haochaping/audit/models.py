"""Who did what, when, with what result, by which clause. Append-only: the database refuses change and deletion."""

from django.db import models


class AuditEntry(models.Model):
    """One act. Labels and values only, no foreign keys: it must outlive whatever it speaks of."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    act = models.CharField(max_length=80)
    subject = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=40)
    clause = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = (
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["subject", "at"], name="audit_subject"),
        )
