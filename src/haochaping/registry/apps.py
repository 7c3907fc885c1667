"""Makes the room known to Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "haochaping.registry"
    label = "registry"
    default_auto_field = "django.db.models.AutoField"
