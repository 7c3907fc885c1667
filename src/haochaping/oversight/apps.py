"""Makes the room known to Django: it has words of its own."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "haochaping.oversight"
    label = "oversight"
    default_auto_field = "django.db.models.AutoField"
