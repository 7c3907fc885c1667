"""Every public page of figures can be had as JSON and CSV, with a dictionary, and says the same in all three."""

import base64
import csv
import json
import re
from datetime import date, datetime
from hashlib import sha256
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from haochaping.accounts.rules import Role
from haochaping.faces.portal.urls import urlpatterns
from haochaping.foundation.sheets.escapes import from_csv
from haochaping.publication.datasets import cell, digest_of_rows
from haochaping.publication.operations import freeze_departments
from haochaping.publication.operations.publishing import publish_ranking
from haochaping.tallies.models import Change
from tests.integration.oversight.test_alarms import concluded
from tests.integration.publication.test_breakdown import put_parts
from tests.integration.publication.test_publications import signed
from tests.integration.publication.test_released_answers import released
from tests.markup import Page
from tests.orders import City, make_city, make_official, open_order
from tests.released import answered

# Pages of words without a figure, what is no page, and pictures of the figures of other pages.
WORDS = {"guide", "about", "language", "size", "publication-bulletin", "screen-still", "chart"}
DAY = date(2025, 5, 6)


@pytest.fixture
def city(db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> City:
    """A city with figures on every page."""
    for module in ("views", "published", "answers", "channels", "screen"):
        monkeypatch.setattr(f"haochaping.faces.portal.{module}.now", lambda: now)
    made = make_city()
    Change.objects.create(organisation_id=made.police, day=DAY, occasions=1_234, late=3, n5=900, n1=61, d3=40)
    Change.objects.create(organisation_id=made.authority, day=DAY, occasions=30, n5=30)
    Change.objects.create(organisation_id=made.county, day=DAY, occasions=5, n5=4, n1=1)
    put_parts(made, now)
    freeze_departments(now=now)
    officer = make_official(made.authority, now, "officer", Role.AUTHORITY_OFFICER)
    publish_ranking(run=signed(made, now), official_id=officer, now=now)
    released(answered(open_order(made, now)), officer, now)
    concluded(now, 1)
    return made


def pages() -> list[tuple[str, dict[str, str]]]:
    """The routes of pages with what their addresses name; all but those of words."""
    names = [str(route.name) for route in urlpatterns if not str(route.name).endswith(("data", "record"))]
    return [(name, {}) for name in names if name not in WORDS]


def data_of(client: Client, page: str, form: str) -> Any:
    return client.get(page.rstrip("/") + f"/data.{form}")


def addresses(client: Client) -> dict[str, str]:
    number = json.loads(client.get("/publications/data.json").content)["rows"][0]["number"]
    found = {}
    for name, _named in pages():
        route = next(each for each in urlpatterns if each.name == name)
        named = {"number": number} if "number" in route.pattern.converters else {}
        found[name] = reverse(f"portal:{name}", kwargs=named)
    return found


def test_every_page_of_figures_has_its_data_with_a_dictionary(city: City, client: Client) -> None:
    for name, address in addresses(client).items():
        assert client.get(address).status_code == 200, name
        answer = data_of(client, address, "json")
        assert answer.status_code == 200, name
        said = json.loads(answer.content)
        assert said["rows"], name
        assert {key for row in said["rows"] for key in row} <= said["dictionary"].keys(), name
        assert said.keys() <= said["dictionary"].keys(), name
        assert {"dataset", "title", "licence", "cut_off", "period", "digest"} <= said.keys(), name
        assert said.get("rows_digest", said["digest"]) == digest_of_rows(said["rows"])
        digest = base64.b64encode(sha256(answer.content).digest()).decode()
        assert answer["Repr-Digest"] == f"sha-256=:{digest}:"
        assert re.fullmatch(r'attachment; filename="[\w-]+\.json"', answer["Content-Disposition"]), name
        again = client.get(address.rstrip("/") + "/data.json", headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304, name
        page = client.get(address).content.decode()
        for form in ("json", "csv"):
            assert re.search(rf'href="[^"]*/data\.{form}"', page), name


def test_csv_says_what_json_says(city: City, client: Client) -> None:
    for name, address in addresses(client).items():
        said = json.loads(data_of(client, address, "json").content)
        answer = data_of(client, address, "csv")
        assert 'rel="describedby"' in answer["Link"], name
        head, *rows = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
        assert len(rows) == len(said["rows"]), name
        for row, told in zip(rows, said["rows"], strict=True):
            read = dict(zip(head, map(from_csv, row), strict=True))
            assert read == {key: cell(told.get(key)) for key in head}, name


def written(key: str, value: object) -> str:
    """How a page writes what the data says."""
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def test_the_pages_show_the_figures_of_the_data(city: City, client: Client) -> None:
    """Row by row: of whom it is, every count, and who is ranked where."""
    shown = {
        "screen": ("name", "rated"),
        "home": ("occasions", "rated", "good", "bad", "unrated", "default"),
        "publication": ("name",),
        "rankings": ("name", "rank"),
        "answers": ("number", "organisation", "answer"),
        "status": ("channel",),
        "channels": ("name", "rated", "good", "bad"),
        "publications": ("number", "period"),
        "definitions": ("label", "part", "clause"),
    }
    for name, address in addresses(client).items():
        text = Page(client.get(address).content).text
        rows = json.loads(data_of(client, address, "json").content)["rows"]
        for row in rows:
            for key in shown.get(name, ()):
                # The page of channels is of the whole place; its divisions are one choice away.
                if row.get(key) not in (None, "") and not row.get("division_code"):
                    assert written(key, row[key]) in text, (name, key, row)


def test_a_publication_has_its_counts_and_shares_in_all_three(city: City, client: Client) -> None:
    address = addresses(client)["publication"]
    rows = json.loads(data_of(client, address, "json").content)["rows"]
    police = next(row for row in rows if row["name"] == "昆明市公安局")
    assert (police["ratings"], police["bad"], police["good_active"]) == (961, 61, "900/961")
    page = client.get(address).content.decode()
    line = page[page.index("昆明市公安局</th>") :].split("</tr>")[0]
    for figure in ("961", "61", "93.65%"):
        assert figure in line
    county = next(row for row in rows if row["name"] == "五华区人力资源和社会保障局")
    assert county["ratings"] is None


def test_the_rankings_say_who_is_not_ranked_and_why_and_that_nobody_is_named(
    city: City, client: Client
) -> None:
    page = client.get("/rankings").content.decode()
    assert "没有条款要求点名公布，所以不公布" in page
    said = json.loads(client.get("/rankings/data.json").content)
    assert said["naming"] == {"staff": None, "window": None}
    rows = {(row["score"], row["name"]): row for row in said["rows"] if row["kind"] == "organisation"}
    final = rows["final", "五华区人力资源和社会保障局"]
    assert (final["rank"], final["why"]) == (None, "评价太少，公开会暴露评价人。")
    similar = rows["similar", "昆明市公安局"]
    assert (similar["from"], similar["under"], similar["ratings"]) == (100, 1000, 961)


def test_the_licence_is_the_operators(city: City, client: Client, settings: Any) -> None:
    assert json.loads(client.get("/definitions/data.json").content)["licence"] is None
    settings.OPEN_DATA_LICENCE = "https://example.org/terms"
    from django.core.cache import cache

    cache.clear()
    assert json.loads(client.get("/definitions/data.json").content)["licence"] == "https://example.org/terms"


def test_there_is_no_other_form(client: Client, db: None) -> None:
    for route in urlpatterns:
        if str(route.name).endswith("data") and "number" not in route.pattern.converters:
            address = reverse(f"portal:{route.name}", kwargs={"form": "xml"})
            assert client.get(address).status_code == 404
