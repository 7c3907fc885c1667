"""Makes the room known to Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "haochaping.notices"
    label = "notices"
    default_auto_field = "django.db.models.AutoField"
