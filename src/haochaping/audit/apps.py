"""Makes the room known to Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "haochaping.audit"
    label = "audit"
    default_auto_field = "django.db.models.AutoField"
