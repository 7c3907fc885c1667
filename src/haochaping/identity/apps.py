"""Makes the room known to Django."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "haochaping.identity"
    label = "identity"
    default_auto_field = "django.db.models.AutoField"
