"""Makes templates and static files of this face known to Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "haochaping.faces.portal"
    label = "face_portal"
