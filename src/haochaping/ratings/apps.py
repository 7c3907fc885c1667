"""Makes the room known to Django."""

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    name = "haochaping.ratings"
    label = "ratings"
    default_auto_field = "django.db.models.AutoField"
