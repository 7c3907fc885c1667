"""Makes templates and static files of this face known to Django."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "haochaping.faces.console"
    label = "face_console"
