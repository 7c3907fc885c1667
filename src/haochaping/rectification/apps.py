"""Makes the room known to Django."""

from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "haochaping.rectification"
    label = "rectification"
    default_auto_field = "django.db.models.AutoField"
