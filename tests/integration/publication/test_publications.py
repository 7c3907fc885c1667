"""A signed run is published once, frozen and chained; few ratings are withheld; corrections are new publications."""

import json
from argparse import Namespace
from datetime import date, datetime

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.cli import publication_verify
from haochaping.foundation.errors import Conflict, NotAllowed, NotFound
from haochaping.policy.rulebook import Rulebook
from haochaping.publication.models import Publication
from haochaping.publication.operations.publishing import publish_ranking
from haochaping.publication.queries.publications import chain_broken, publication
from haochaping.registry import models as registry
from haochaping.scoring.models import Run
from haochaping.scoring.operations.running import RunRequest, run_scores
from haochaping.scoring.operations.signing import sign
from haochaping.tallies.models import Change
from tests.orders import City, make_city, make_official

DAY = date(2025, 5, 6)


@pytest.fixture
def city(db: None) -> City:
    found = make_city()
    Change.objects.create(organisation_id=found.police, day=DAY, occasions=1_000, n5=900, n1=60, d3=40)
    Change.objects.create(organisation_id=found.authority, day=DAY, occasions=30, n5=30)
    Change.objects.create(organisation_id=found.county, day=DAY, occasions=5, n5=4, n1=1)
    return found


def signed(city: City, now: datetime) -> str:
    made = run_scores(RunRequest(city.division, "year", DAY, "test"), rulebook=Rulebook.load(), now=now)
    run = Run.objects.get(number=made.number)
    for name in ("one", "two"):
        who = make_official(city.authority, now, f"{name}.{run.number.lower()}", Role.AUTHORITY_LEADER)
        sign(number=run.number, official_id=who, digest=run.digest, now=now)
    return run.number


def test_what_was_signed_is_published_once(city, officer, now) -> None:
    made = run_scores(RunRequest(city.division, "year", DAY, "test"), rulebook=Rulebook.load(), now=now)
    with pytest.raises(Conflict) as preview:
        publish_ranking(run=made.number, official_id=officer, now=now)
    assert preview.value.code == "not_signed"
    run = signed(city, now)
    with pytest.raises(NotAllowed):
        publish_ranking(run=run, official_id=make_official(city.police, now, "handler"), now=now)
    with pytest.raises(NotFound):
        publish_ranking(run="DF0", official_id=officer, now=now)
    number = publish_ranking(run=run, official_id=officer, now=now)
    with pytest.raises(Conflict) as again:
        publish_ranking(run=run, official_id=officer, now=now)
    assert again.value.code == "published_already"
    found = publication(number)
    assert (found.sequence, found.altered, found.place) == (1, False, "昆明市")
    assert AuditEntry.objects.get(act="publication.published").detail == {"digest": found.digest}


def test_who_has_few_ratings_is_named_without_figures_and_the_total_does_not_tell(city, officer, now) -> None:
    number = publish_ranking(run=signed(city, now), official_id=officer, now=now)
    record = publication(number).record
    rows = {row["name"]: row for row in record["rows"]["organisation"]}
    assert rows["昆明市公安局"]["counts"]["bad"] == 60
    assert "counts" not in rows["五华区人力资源和社会保障局"]
    withheld = {(each["kind"], each["name"]): each["why"] for each in record["withheld"]}
    assert withheld["organisation", "五华区人力资源和社会保障局"] == "too_few"
    assert withheld["region", "五华区"] == "too_few"
    # 995 in the city less 960 and 30 would tell the five of the county.
    assert withheld["organisation", "昆明市政务服务管理局"] == "complement"
    assert rows["昆明市公安局"]["scores"]["final"]["rank"] == 2
    assert "staff" not in record["rows"]


def test_a_correction_is_a_publication_of_its_own(city, officer, now) -> None:
    first = publish_ranking(run=signed(city, now), official_id=officer, now=now)
    Change.objects.create(organisation_id=city.police, day=DAY, occasions=-10, n1=-10)
    second = publish_ranking(run=signed(city, now), official_id=officer, now=now)
    assert (publication(first).corrected_by, publication(second).corrects) == (second, first)
    assert publication(second).record["before"] == publication(first).digest
    assert list(chain_broken()) == []
    page = Client().get(f"/publications/{first}").content.decode()
    assert "已有更正" in page
    assert second in page


def test_the_database_refuses_and_what_gets_past_it_is_seen(
    city, officer, now, capsys, tmp_path, monkeypatch
) -> None:
    number = publish_ranking(run=signed(city, now), official_id=officer, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.update(place="别处")
    said = Client().get(f"/publications/{number}/data.json").content
    (tmp_path / "kept.json").write_bytes(said)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("""UPDATE publication_publication SET text = replace(text, '"bad":60', '"bad":6')""")
    assert publication(number).altered
    assert "不要相信下面的数字" in Client().get(f"/publications/{number}").content.decode()
    assert "与公布时不一致" in Client().get("/publications").content.decode()
    assert [each.why for each in chain_broken()] == ["altered"]
    assert publication_verify.run(Namespace(files=[tmp_path / "kept.json"])) == 0
    assert "1 publications" in capsys.readouterr().out
    kept = json.loads(said)
    kept["record"]["place"] = "别处"
    (tmp_path / "kept.json").write_text(json.dumps(kept), encoding="utf-8")
    assert publication_verify.run(Namespace(files=[tmp_path / "kept.json"])) == 1


def test_the_pages_of_the_public(city, officer, now) -> None:
    public = Client()
    cache.clear()
    assert "还没有公布" in public.get("/publications").content.decode()
    number = publish_ranking(run=signed(city, now), official_id=officer, now=now)
    # The page may be two seconds old.
    cache.clear()
    assert number in public.get("/publications").content.decode()
    page = public.get(f"/publications/{number}").content.decode()
    assert "昆明市公安局" in page
    assert "暂不公开" in page
    table = public.get(f"/publications/{number}/data.csv").content.decode()
    assert table.splitlines()[0].startswith('\ufeff"kind","name","occasions"')
    assert '"organisation","昆明市公安局","1000"' in table
    assert public.get(f"/publications/{number}/data.xml").status_code == 404
    assert public.get("/publications/GB0").status_code == 404
    registry.OrganisationRecord.objects.filter(organisation_id=city.police).update(name="改名")
    assert "改名" not in public.get(f"/publications/{number}").content.decode()
