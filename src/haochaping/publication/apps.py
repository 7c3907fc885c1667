"""Makes the room known to Django."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "haochaping.publication"
    label = "publication"
    default_auto_field = "django.db.models.AutoField"
