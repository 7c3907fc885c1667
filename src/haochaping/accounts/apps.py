"""Makes the room known to Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "haochaping.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.AutoField"
