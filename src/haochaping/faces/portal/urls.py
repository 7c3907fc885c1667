"""The routes of this face."""

from django.urls.resolvers import URLPattern

from haochaping.faces.portal import charts, screen, views
from haochaping.faces.shared.language import choose_language
from haochaping.faces.shared.routes import PUBLIC, route

app_name = "portal"
urlpatterns: list[URLPattern] = [
    route("", views.home, permission=PUBLIC, name="home"),
    route("data.<str:form>", views.data, permission=PUBLIC, name="data"),
    route("guide", views.guide, permission=PUBLIC, name="guide"),
    route("screen", screen.screen, permission=PUBLIC, name="screen"),
    route("screen/still", screen.still, permission=PUBLIC, name="screen-still"),
    route("status", views.status, permission=PUBLIC, name="status"),
    route("publications", views.publications, permission=PUBLIC, name="publications"),
    route("publications/<str:number>", views.publication, permission=PUBLIC, name="publication"),
    route(
        "publications/<str:number>/data.<str:form>",
        views.publication_data,
        permission=PUBLIC,
        name="publication-data",
    ),
    route(
        "publications/<str:number>/bulletin.<str:form>",
        views.publication_bulletin,
        permission=PUBLIC,
        name="publication-bulletin",
    ),
    route(
        "charts/<str:subject>/<str:name>.<str:language>.svg", charts.picture, permission=PUBLIC, name="chart"
    ),
    route("about", views.about, permission=PUBLIC, name="about"),
    route("language", choose_language, permission=PUBLIC, name="language"),
]
