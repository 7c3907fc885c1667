"""Makes the room known to Django."""

from django.apps import AppConfig


class TalliesConfig(AppConfig):
    name = "haochaping.tallies"
    label = "tallies"
    default_auto_field = "django.db.models.AutoField"
