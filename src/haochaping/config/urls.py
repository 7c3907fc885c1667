"""Which face answers where. The door owns /r/, /receipt, /api/v1/ratings and /api/v1/occasions (config.asgi)."""

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from haochaping.faces.shared.errors import malformed, not_found

handler400, handler404 = malformed, not_found
urlpatterns: list[URLPattern | URLResolver] = [
    path("console/", include("haochaping.faces.console.urls")),
    path("", include("haochaping.faces.portal.urls")),
]
