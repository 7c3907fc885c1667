"""Makes the room known to Django: it has words of its own."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "haochaping.scoring"
    label = "scoring"
    default_auto_field = "django.db.models.AutoField"
