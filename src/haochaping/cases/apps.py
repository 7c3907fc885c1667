"""Makes the room known to Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "haochaping.cases"
    label = "cases"
    default_auto_field = "django.db.models.AutoField"
