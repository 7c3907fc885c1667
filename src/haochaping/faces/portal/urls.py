"""The routes of this face. Every page of figures has its data beside it: `/data.json`, `/data.csv`."""

from django.urls.resolvers import URLPattern

from haochaping.faces.portal import answers, channels, charts, published, screen, views
from haochaping.faces.shared.language import choose_language, choose_size
from haochaping.faces.shared.routes import PUBLIC, route

app_name = "portal"
urlpatterns: list[URLPattern] = [
    route(pattern, view, permission=PUBLIC, name=name)
    for pattern, view, name in (
        ("", views.home, "home"),
        ("data.<str:form>", views.data, "data"),
        ("guide", views.guide, "guide"),
        ("screen", screen.screen, "screen"),
        ("screen/still", screen.still, "screen-still"),
        ("screen/data.<str:form>", screen.data, "screen-data"),
        ("status", views.status, "status"),
        ("status/data.<str:form>", views.status_data, "status-data"),
        ("publications", published.publications, "publications"),
        ("publications/data.<str:form>", published.publications_data, "publications-data"),
        ("publications/<str:number>", published.publication, "publication"),
        ("publications/<str:number>/data.<str:form>", published.publication_data, "publication-data"),
        ("publications/<str:number>/record.json", published.publication_record, "publication-record"),
        (
            "publications/<str:number>/bulletin.<str:form>",
            published.publication_bulletin,
            "publication-bulletin",
        ),
        ("publications/<str:number>/rankings", published.rankings, "rankings-of"),
        ("publications/<str:number>/rankings/data.<str:form>", published.rankings_data, "rankings-of-data"),
        ("rankings", published.rankings, "rankings"),
        ("rankings/data.<str:form>", published.rankings_data, "rankings-data"),
        ("channels", channels.channels, "channels"),
        ("channels/data.<str:form>", channels.data, "channels-data"),
        ("answers", answers.answers, "answers"),
        ("answers/data.<str:form>", answers.data, "answers-data"),
        ("definitions", views.definitions, "definitions"),
        ("definitions/data.<str:form>", views.definitions_data, "definitions-data"),
        ("charts/<str:subject>/<str:name>.<str:language>.svg", charts.picture, "chart"),
        ("about", views.about, "about"),
        ("language", choose_language, "language"),
        ("size", choose_size, "size"),
    )
]
