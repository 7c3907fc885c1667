"""Two persons stand for a run; those concerned are heard before; only the authority of the place has a say."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import Conflict, NotAllowed, NotFound, Refused
from haochaping.policy.rulebook import Rulebook
from haochaping.scoring.models import Remark, Run, Unit
from haochaping.scoring.operations.remarking import answer, remark
from haochaping.scoring.operations.running import RunRequest, run_scores
from haochaping.scoring.operations.signing import sign, withdraw
from haochaping.scoring.queries import runs
from haochaping.scoring.states import State
from haochaping.tallies.models import Change
from tests.integration.scoring.test_running import DAY, POLICE
from tests.orders import City, make_city, make_official


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return Rulebook.load()


@pytest.fixture
def city(db: None) -> City:
    found = make_city()
    Change.objects.create(organisation_id=found.police, day=DAY, **POLICE)
    return found


@pytest.fixture
def leader(city: City, now: datetime) -> UUID:
    return make_official(city.authority, now, "leader", Role.AUTHORITY_LEADER)


@pytest.fixture
def run(city: City, rules: Rulebook, now: datetime) -> Run:
    made = run_scores(RunRequest(city.division, "year", DAY, "test"), rulebook=rules, now=now)
    return Run.objects.get(number=made.number)


def test_two_different_persons_make_it_count(run, officer, leader, handler, now) -> None:
    signed = {"number": run.number, "digest": run.digest, "now": now}
    with pytest.raises(Conflict) as other:
        sign(official_id=officer, **{**signed, "digest": "0" * 64})
    assert other.value.code == "other_figures"
    with pytest.raises(NotAllowed):
        sign(official_id=handler, **signed)
    assert sign(official_id=officer, **signed) is State.PREVIEW
    with pytest.raises(Conflict) as twice:
        sign(official_id=officer, **signed)
    assert twice.value.code == "signed_already"
    assert sign(official_id=leader, **signed) is State.SIGNED
    with pytest.raises(Conflict):
        sign(official_id=leader, **signed)
    assert AuditEntry.objects.filter(act="scoring.sign").count() == 2
    with pytest.raises(NotFound):
        sign(official_id=leader, **{**signed, "number": "DF0"})


def test_the_run_that_is_signed_later_takes_its_place(run, city, officer, leader, rules, now) -> None:
    for who in (officer, leader):
        sign(number=run.number, official_id=who, digest=run.digest, now=now)
    Change.objects.create(organisation_id=city.police, day=DAY, n1=-1, occasions=-1)
    made = run_scores(RunRequest(city.division, "year", DAY, "test"), rulebook=rules, now=now)
    later = Run.objects.get(number=made.number)
    for who in (officer, leader):
        sign(number=later.number, official_id=who, digest=later.digest, now=now)
    states = dict(Run.objects.values_list("number", "state"))
    assert states == {run.number: State.SUPERSEDED, later.number: State.SIGNED}


def test_a_preview_may_be_set_aside_with_a_reason(run, officer, handler, now) -> None:
    with pytest.raises(Refused) as silent:
        withdraw(number=run.number, official_id=officer, reason=" ", now=now)
    assert silent.value.code == "reason"
    with pytest.raises(NotAllowed):
        withdraw(number=run.number, official_id=handler, reason="数据有误", now=now)
    withdraw(number=run.number, official_id=officer, reason="数据有误", now=now)
    with pytest.raises(Conflict):
        withdraw(number=run.number, official_id=officer, reason="数据有误", now=now)
    with pytest.raises(Conflict):
        sign(number=run.number, official_id=officer, digest=run.digest, now=now)
    assert AuditEntry.objects.get(act="scoring.withdraw").detail == {"reason": "数据有误"}


def test_whoever_is_concerned_is_heard_before_it_counts(run, city, officer, handler, now) -> None:
    mine = Unit.objects.get(run=run, kind="organisation", number=city.police)
    others = Unit.objects.get(run=run, kind="organisation", number=city.county)
    with pytest.raises(NotAllowed):
        remark(unit_id=others.id, official_id=handler, text="不对", now=now)
    with pytest.raises(Refused):
        remark(unit_id=mine.id, official_id=handler, text="", now=now)
    with pytest.raises(NotFound):
        remark(unit_id=uuid4(), official_id=handler, text="不对", now=now)
    said = remark(unit_id=mine.id, official_id=handler, text="5月6日的办件重复报送。", now=now)
    with pytest.raises(Conflict) as waits:
        sign(number=run.number, official_id=officer, digest=run.digest, now=now)
    assert waits.value.code == "open_remarks"
    with pytest.raises(NotAllowed):
        answer(remark_id=said, official_id=handler, text="好", now=now)
    answer(remark_id=said, official_id=officer, text="已核对，没有重复。", now=now)
    with pytest.raises(Conflict):
        answer(remark_id=said, official_id=officer, text="再答", now=now)
    with pytest.raises(NotFound):
        answer(remark_id=uuid4(), official_id=officer, text="好", now=now)
    sign(number=run.number, official_id=officer, digest=run.digest, now=now)
    withdraw(number=run.number, official_id=officer, reason="重算", now=now)
    with pytest.raises(Conflict):
        remark(unit_id=mine.id, official_id=handler, text="太晚", now=now)
    assert Remark.objects.count() == 1


def test_an_organisation_sees_itself_and_the_authority_everybody(run, city, officer, handler, now) -> None:
    whole = runs.run(run.number, official_id=officer, now=now)
    own = runs.run(run.number, official_id=handler, now=now)
    assert (whole.whole, own.whole) == (True, False)
    names = [each.name for each in runs.units(whole, "organisation", official_id=officer, now=now)]
    assert names[0] == "昆明市公安局"  # the only one with a rank
    assert len(names) == 3
    mine = runs.units(own, "organisation", official_id=handler, now=now)
    assert [each.name for each in mine] == ["昆明市公安局"]
    assert runs.units(own, "region", official_id=handler, now=now) == ()
    other = Unit.objects.get(run=run, kind="organisation", number=city.county)
    with pytest.raises(NotFound):
        runs.unit(own, other.id, official_id=handler, now=now)
    stranger = make_official(city.authority, now, "hotline", Role.HOTLINE_AGENT)
    assert runs.runs(official_id=stranger, now=now) == ()
    with pytest.raises(NotFound):
        runs.run(run.number, official_id=stranger, now=now)
    assert [each.number for each in runs.runs(official_id=handler, now=now)] == [run.number]
