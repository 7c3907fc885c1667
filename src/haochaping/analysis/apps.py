"""Makes the room known to Django: for its sentences; it has no tables."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "haochaping.analysis"
    label = "analysis"
    default_auto_field = "django.db.models.AutoField"
