"""Makes templates and static files of this face known to Django."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "haochaping.faces.shared"
    label = "face_shared"
