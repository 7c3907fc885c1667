"""Makes the room known to Django."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "haochaping.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.AutoField"
