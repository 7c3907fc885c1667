"""Seven things that should not happen to figures, and do: what comes of each, as far as officers and the public see it. What
each means is said in docs/scores.md."""

import threading
from argparse import Namespace
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from shutil import copytree
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client

from haochaping.accounts.models import Official
from haochaping.accounts.rules import Role
from haochaping.cli import publication_verify
from haochaping.cli import reconcile as reconcile_command
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict
from haochaping.jobs.daily import publications as job_of_publications
from haochaping.jobs.daily import reconcile as job_of_reconcile
from haochaping.policy.rulebook import Rulebook
from haochaping.publication.models import Publication
from haochaping.publication.operations.publishing import publish_ranking
from haochaping.registry import models as registry
from haochaping.scoring.models import Run, Unit
from haochaping.scoring.operations.running import RunRequest, run_scores
from haochaping.scoring.operations.signing import sign
from haochaping.scoring.operations.turns import alone_with
from haochaping.tallies.models import Change, OrganisationDay
from haochaping.tallies.operations import fold
from tests.guards.floors import ROOT
from tests.integration.publication.test_proof import rated, served
from tests.orders import City, make_city, make_official

DAY = date(2025, 5, 6)
NOUGHTS = ("0.00%", "100.00%", "0%")


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return Rulebook.load()


@pytest.fixture
def city(db: None) -> City:
    return make_city()


def count(organisation: int, day: date = DAY, **measures: int) -> None:
    Change.objects.create(organisation_id=organisation, day=day, **measures)


def official(city: City, now: datetime, name: str, role: Role = Role.AUTHORITY_OFFICER) -> UUID:
    return make_official(city.authority, now, name, role)


def console(who: UUID) -> Client:
    client = Client()
    client.force_login(Official.objects.get(id=who))
    return client


def run_of(city: City, rules: Rulebook, now: datetime, kind: str = "year") -> Run:
    made = run_scores(RunRequest(city.division, kind, DAY, "test"), rulebook=rules, now=now)
    return Run.objects.get(number=made.number)


def signed(run: Run, city: City, now: datetime) -> str:
    for name in ("one", "two"):
        who = official(city, now, f"{name}.{run.number.lower()}", Role.AUTHORITY_LEADER)
        sign(number=run.number, official_id=who, digest=run.digest, now=now)
    return run.number


def public(path: str) -> str:
    """A page of the portal, as it is now: it may be kept for two seconds."""
    cache.clear()
    return Client().get(path).content.decode()


def test_a_period_without_any_service_has_no_scores_and_no_ranks(city, rules, now) -> None:
    officer = official(city, now, "officer")
    run = run_of(city, rules, now)
    page = console(officer).get(f"/console/scores/{run.number}/").content.decode()
    assert page.count("没有可以计算的数据") >= 3  # each organisation, in the first score alone
    assert not any(said in page for said in NOUGHTS)
    number = publish_ranking(run=signed(run, city, now), official_id=officer, now=now)
    for path in (f"/publications/{number}", f"/publications/{number}/rankings"):
        page = public(path)
        assert "暂不公开" in page
        assert not any(said in page for said in NOUGHTS)
        assert "第1名" not in page
    table = public(f"/publications/{number}/data.csv")
    assert "昆明市公安局" in table
    assert "1/1" not in table


def test_where_nobody_rated_there_is_no_rate_and_silence_is_no_rating(city, rules, now) -> None:
    count(city.police, occasions=50)
    count(city.authority, occasions=50, d3=50)
    officer = official(city, now, "officer")
    run = run_of(city, rules, now)
    police, authority = (
        Unit.objects.get(run=run, kind="organisation", number=number)
        for number in (city.police, city.authority)
    )
    assert police.beside["shares"] == {"participation": "0", "unrated_share": "1", "default_share": "0"}
    assert authority.beside["shares"] == {
        **{"participation": "0", "unrated_share": "0", "default_share": "1"},
        "good_inclusive": "1",
    }
    for unit in (police, authority):
        assert (unit.beside["interval"], unit.beside["rank"], unit.beside["shrunk"]) == (None, None, None)
    page = console(officer).get(f"/console/scores/{run.number}/{police.id}/").content.decode()
    assert "没有可以计算的数据" in page
    number = publish_ranking(run=signed(run, city, now), official_id=officer, now=now)
    page = public(f"/publications/{number}")
    assert "评价太少，公开会暴露评价人" in page
    assert "100.00%" not in page


def test_an_organisation_merged_within_the_period_is_named_and_both_keep_their_own(city, rules, now) -> None:
    registry.OrganisationRecord.objects.filter(organisation_id=city.police).update(valid_to=date(2025, 6, 30))
    count(city.police, DAY, occasions=60, n5=60)
    count(city.authority, date(2025, 8, 5), occasions=40, n5=30, n1=10)
    officer = official(city, now, "officer")
    run = run_of(city, rules, now)
    units = {
        (each.kind, each.number): (each.beside["counts"]["ratings"], each.ended)
        for each in Unit.objects.filter(run=run)
    }
    assert units["organisation", city.police] == (60, True)
    assert units["organisation", city.authority] == (40, False)
    assert units["region", city.division] == (100, False)
    page = console(officer).get(f"/console/scores/{run.number}/").content.decode()
    assert "<dt>期末已不存在的单位</dt><dd>昆明市公安局</dd>" in page
    number = publish_ranking(run=signed(run, city, now), official_id=officer, now=now)
    assert "昆明市公安局 <span" in public(f"/publications/{number}")
    assert "期末已不存在" in public(f"/publications/{number}")


LATER = """
[[scores]]
key = "later"
from = 2025-07-01
document = "measures"
article = "第十四条"
[scores.value]
label = "下半年起的得分"
of = ["organisation"]
period = "year"
[[scores.value.parts]]
measure = "external"
external = "third_party"
"""


def test_a_profile_changed_within_the_period_is_named_with_the_one_that_counts(
    city, rules, now, tmp_path: Path
) -> None:
    count(city.police, occasions=50, n5=40, d3=10)
    assert len(run_of(city, rules, now).editions) == 1
    copytree(ROOT / "rules", tmp_path / "rules")
    with (tmp_path / "rules/jurisdictions/kunming/profile.toml").open("a", encoding="utf-8") as file:
        file.write(LATER)
    changed = Rulebook.load(tmp_path / "rules")
    officer = official(city, now, "officer")
    run = run_of(city, changed, now)
    first, second = run.editions
    assert (first["from"], second["from"]) == ("2025-01-01", "2025-07-01")
    assert (first["version"], second["version"]) == (
        changed.profile("530100", DAY).version,
        changed.profile("530100", date(2025, 12, 31)).version,
    )
    assert run.version == second["version"]
    said = console(officer).get(f"/console/scores/{run.number}/").content.decode()
    published = public(f"/publications/{_published(run, city, officer, now)}")
    for page in (said, published):
        assert "统计期内规则有变" in page
        assert first["version"] in page
        assert second["version"] in page
    assert "得分按期末的规则计算" in said


def _published(run: Run, city: City, officer: UUID, now: datetime) -> str:
    return publish_ranking(run=signed(run, city, now), official_id=officer, now=now)


def test_a_tally_row_deleted_by_hand_is_an_alarm_stops_scores_and_is_mended(
    committed_db: None, rules, now, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    city = make_city()
    officer = console(official(city, now, "officer"))
    rated(served(now), 1, now)
    Change.objects.create(
        organisation_id=7, day=local_day(now), item_id=3, channel=3, named=False, occasions=1, n1=1
    )
    fold(limit=10)
    assert job_of_reconcile.run(now=now) == 0
    OrganisationDay.objects.all().delete()
    assert job_of_reconcile.run(now=now) == 1
    assert "统计数量与逐条记录不一致" in officer.get("/console/watch/").content.decode()
    with pytest.raises(Conflict) as refused:
        run_of(city, rules, now)
    assert refused.value.code == "tallies_differ"
    monkeypatch.setattr(reconcile_command, "connected", lambda _: nullcontext())
    assert reconcile_command.run(Namespace(fix=False, json=False)) == 1
    assert f"organisation 7/{local_day(now).isoformat()}：应增减 occasions+1 n1+1" in capsys.readouterr().out
    assert reconcile_command.run(Namespace(fix=True, json=False)) == 0
    assert reconcile_command.run(Namespace(fix=False, json=False)) == 0
    page = officer.get("/console/watch/").content.decode()
    assert "现在没有告警" in page
    assert run_of(city, rules, now)


def test_a_publication_altered_in_the_database_is_an_alarm_and_seen_by_everybody(
    city, rules, now, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    count(city.police, occasions=100, n5=90, n1=10)
    who = official(city, now, "officer")
    officer, numbers = console(who), []
    for _ in range(3):
        numbers.append(_published(run_of(city, rules, now), city, who, now))
        count(city.police, n1=-1, occasions=-1)
    assert job_of_publications.run(now=now) == 0
    assert "公布的记录不完整" not in public("/publications")

    _past_the_database("UPDATE publication_publication SET text = replace(text, '\"bad\":10', '\"bad\":1')")
    assert job_of_publications.run(now=now) == 1
    assert (
        f"已公布的内容在数据库中被改动或者缺失：{numbers[0]}"
        in officer.get("/console/watch/").content.decode()
    )
    assert "公布的记录不完整" in public("/publications")
    assert "不要相信下面的数字" in public(f"/publications/{numbers[0]}")
    monkeypatch.setattr(publication_verify, "connected", lambda _: nullcontext())
    assert publication_verify.run(Namespace(files=[])) == 1
    assert f"{numbers[0]} is not what its digest was made of" in capsys.readouterr().err

    _past_the_database("UPDATE publication_publication SET text = replace(text, '\"bad\":1,', '\"bad\":10,')")
    assert job_of_publications.run(now=now) == 0
    assert "现在没有告警" in officer.get("/console/watch/").content.decode()

    # The last one altered: nothing is chained to it.
    _past_the_database("UPDATE publication_publication SET text = replace(text, '\"bad\":8', '\"bad\":0')")
    with pytest.raises(Conflict) as refused:
        _published(run_of(city, rules, now), city, who, now)
    assert refused.value.code == "altered"
    _past_the_database("UPDATE publication_publication SET text = replace(text, '\"bad\":0', '\"bad\":8')")

    _past_the_database("UPDATE publication_publication SET corrects_id = NULL")
    _past_the_database("DELETE FROM publication_publication WHERE number = %s", numbers[1])
    assert (
        job_of_publications.run(now=now) == 2
    )  # it is gone, and the next one does not follow the one before
    assert numbers[2] in public("/publications").split("公布的记录不完整")[1]
    # Taken off the end, nothing in the chain tells: the trail does.
    _past_the_database("DELETE FROM publication_publication WHERE number = %s", numbers[2])
    assert publication_verify.run(Namespace(files=[])) == 0
    assert job_of_publications.run(now=now) == 2
    assert numbers[2] in officer.get("/console/watch/").content.decode()


def _past_the_database(statement: str, *given: str) -> None:
    """As somebody with all rights would: the database itself refuses."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, given or None)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_a_period_opened_twice_at_once_is_scored_and_published_once(committed_db: None, rules, now) -> None:
    city = make_city()
    count(city.police, occasions=100, n5=90, n1=10)
    officer = official(city, now, "officer")
    made = _at_once(lambda: run_of(city, rules, now, "month").number)
    # Whoever came while the other was at it is refused, whoever came after it finds the same.
    assert {str(each) for each in made if not isinstance(each, Conflict)} == {Run.objects.get().number}
    assert all(each.code == "run_at_work" for each in made if isinstance(each, Conflict))

    form = {"division": city.division, "period": "month:2025-05-01"}
    with _elsewhere(lambda: alone_with(city.division, "month", date(2025, 5, 1))):
        answer = console(officer).post("/console/scores/make/", form)
        assert answer.status_code == 409
        assert "正在由另一个人计算" in answer.content.decode()
        run_of(city, rules, now, "quarter")  # another period is nobody's business
    assert console(officer).post("/console/scores/make/", form).status_code == 302

    run = signed(Run.objects.get(kind="month"), city, now)
    published = _at_once(lambda: publish_ranking(run=run, official_id=officer, now=now))
    refused = [each.code for each in published if isinstance(each, Conflict)]
    assert refused == ["published_already"]
    assert Publication.objects.get().number in published


def _at_once(act: Callable[[], str]) -> list[object]:
    """What came of it for two who begin at the same time, each with a connection of his own."""
    found: list[object] = []
    both = threading.Barrier(2)

    def work() -> None:
        try:
            both.wait()
            found.append(act())
        except Conflict as refusal:
            found.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    return found


class _elsewhere:  # noqa: N801  (used as a function)
    """Somebody else is within a block, on a connection of his own, while this lasts."""

    def __init__(self, block) -> None:
        self._block = block
        self._in, self._out = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work)

    def _work(self) -> None:
        try:
            with self._block():
                self._in.set()
                self._out.wait()
        finally:
            connections.close_all()

    def __enter__(self) -> None:
        self._thread.start()
        assert self._in.wait(60)

    def __exit__(self, *_: object) -> None:
        self._out.set()
        self._thread.join()
