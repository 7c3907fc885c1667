"""Pictures are drawn once of what was published, by the worker, and are the same bytes for everybody from then on."""

import json
import re
from argparse import Namespace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from defusedxml import ElementTree
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client

from haochaping.audit.models import AuditEntry
from haochaping.cli import map_check, tiles_check
from haochaping.foundation import paperwork
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict
from haochaping.foundation.form_templates import Kind
from haochaping.jobs.minutely import charts
from haochaping.publication.models import Chart
from haochaping.publication.operations import freeze_departments
from haochaping.publication.operations.bulletins import make_bulletin
from haochaping.publication.operations.charts import draw_day, draw_publication
from haochaping.publication.operations.publishing import publish_ranking
from haochaping.publication.queries.bulletins import PATIENCE, bulletin, wanting_bulletins
from haochaping.publication.queries.charts import charts_of
from tests.integration.publication.test_bulletins import ENGLISH
from tests.integration.publication.test_publications import city, signed
from tests.orders import City
from tests.paper import Paper
from tests.unit.publication.test_bulletin import words_of
from tests.unit.publication.test_operator_map import collection, feature, written

__all__ = ["city"]


@pytest.fixture
def number(city: City, officer: UUID, now: datetime) -> str:
    return publish_ranking(run=signed(city, now), official_id=officer, now=now)


def test_drawn_once_and_shown_with_their_tables(number: str, now: datetime) -> None:
    assert wanting_bulletins(most=9, now=now) == ()
    assert len(wanting_bulletins(most=9, now=now + PATIENCE)) == 2
    drawn = charts.run(now=now)
    assert drawn == Chart.objects.filter(subject=number).count() > 0
    assert charts.run(now=now) == 0
    assert draw_publication(number=number, now=now) == 0
    assert AuditEntry.objects.get(act="publication.charts").subject == number
    found = {each.name: each for each in charts_of(number)}
    assert set(found) == {"regions-map", "regions", "departments", "levels"}
    public = Client()
    page = public.get(f"/publications/{number}").content.decode()
    english = public.get(f"/publications/{number}", **ENGLISH).content.decode()
    for each in found.values():
        assert each.told["title"] in page
        assert f"/charts/{number}/{each.name}.en.svg" in english
        picture = public.get(f"/charts/{number}/{each.name}.zh-hans.svg")
        assert picture["Content-Type"] == "image/svg+xml"
        root = ElementTree.fromstring(picture.content)
        assert root.get("role") == "img"
        assert root[0].text == each.told["title"]
        assert not re.search(r"style=|<style|<script", picture.content.decode())
    assert "昆明市公安局" in found["departments"].svg
    hidden = next(each for each in found["departments"].told["rows"] if each[0].startswith("五华区"))
    assert hidden[1:] == ["暂不公开", "—", "—"]
    assert public.get(f"/charts/{number}/other.en.svg").status_code == 404
    pdf, word = (make_bulletin(number=number, kind=kind, now=now) for kind in Kind)
    assert pdf
    assert word
    made = {kind: bulletin(number, kind) for kind in Kind}
    paper = Paper(made[Kind.PDF].content)  # type: ignore[union-attr]
    assert paper.is_archival()
    assert found["departments"].told["title"] in paper.text
    assert found["departments"].told["title"] in words_of(made[Kind.WORD].content)  # type: ignore[union-attr]
    assert b"word/media/image4.png" in made[Kind.WORD].content  # type: ignore[union-attr]


def test_the_same_definition_makes_the_same_bytes_and_no_sign_is_lost() -> None:
    spec = {"data": {"values": [{"a": "龘😀<&"}]}, "mark": "text", "encoding": {"text": {"field": "a"}}}
    asked = {"spec": spec, "title": "<甲>", "description": "&乙", "language": "zh-hans"}
    one, two = paperwork.pictures([asked, asked])
    assert one == two
    assert "龘〔U+1F600〕&lt;&amp;" in one
    assert '<title id="title">&lt;甲&gt;</title><desc id="desc">&amp;乙</desc>' in one
    with pytest.raises(paperwork.CannotBeSet):
        paperwork.pictures([{**asked, "spec": {"mark": "no such mark"}}])


def test_what_was_altered_is_neither_drawn_nor_shown(number: str, now: datetime) -> None:
    kept = {"subject": number, "place": 0, "name": "levels", "language": "zh-hans", "made_at": now}
    Chart.objects.create(
        id=UUID(int=1), svg="<svg/>", told=json.dumps({"title": "甲"}), digest="0" * 64, **kept
    )
    for change in (lambda: Chart.objects.update(svg="x"), lambda: Chart.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    address = f"/charts/{number}/levels.zh-hans.svg"
    assert Client().get(address).status_code == 409
    assert "chart-levels" not in Client().get(f"/publications/{number}").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM publication_chart")
        cursor.execute("""UPDATE publication_publication SET text = replace(text, '"bad":60', '"bad":6')""")
    with pytest.raises(Conflict):
        draw_publication(number=number, now=now)
    assert charts.run(now=now) == 0


def test_the_days_pictures_are_drawn_of_what_is_frozen_and_anew_when_that_is(
    city: City, now: datetime
) -> None:
    assert charts.run(now=now) == 0
    freeze_departments(now=now)
    drawn = charts.run(now=now)
    assert drawn == Chart.objects.count() > 0
    day = local_day(now)
    assert draw_day(day=day, now=now) == 0
    cache.clear()
    page = Client().get("/").content.decode()
    assert f"/charts/{day}/departments.zh-hans.svg" in page
    assert Client().get(f"/charts/{day}/departments.en.svg").status_code == 200
    freeze_departments(now=now + timedelta(minutes=1), replace=True)
    assert Chart.objects.count() == 0


def test_tiles_are_checked_against_the_registry(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tiles_check, "connected", lambda _arguments: transaction.atomic())
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path))
    file = tmp_path / "tiles.toml"
    # What is in force: ours, for a city of which the registry has one region.
    assert tiles_check.run(Namespace(file=None)) == 1
    said = capsys.readouterr()
    assert "五华区" in said.out
    assert "codes of no region right below the place: 530103" in said.err
    file.write_text("[530100]\nrows = [['', '530102']]")
    assert tiles_check.run(Namespace(file=None)) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["·", "五华区"]
    file.write_text("[530100]\nrows = [['530102', '530102']]")
    assert tiles_check.run(Namespace(file=file)) == 1
    assert "row 1, tile 2 is 530102, which stands at row 1, tile 1 as well" in capsys.readouterr().err
    # Of another place alone: what to begin with is one that passes.
    file.write_text("[999900]\nrows = [['999901']]")
    assert tiles_check.run(Namespace(file=file)) == 1
    file.write_text(capsys.readouterr().out.partition("\n")[2])
    assert tiles_check.run(Namespace(file=file)) == 0


def test_a_map_is_checked_against_the_registry(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(map_check, "connected", lambda _arguments: transaction.atomic())
    monkeypatch.setenv("HAOCHAPING_FORMS_DIR", str(tmp_path))
    asked = Namespace(file=None, data=tmp_path)
    assert map_check.run(asked) == 1
    assert "there is no map" in capsys.readouterr().err
    file = tmp_path / "map.geojson"
    file.write_bytes(written(collection(feature("530102"), 审图号="")))
    assert map_check.run(asked) == 1
    assert "no map approval number" in capsys.readouterr().err
    file.write_bytes(written(collection(feature("530102"), feature("999999"))))
    assert map_check.run(asked) == 1
    said = capsys.readouterr()
    assert "GS（2024）0650号, 2 regions" in said.out
    assert "999999" in said.err
