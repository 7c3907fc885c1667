"""Tianjin names four measures and no weights: each is shown, what they come to is 未规定, until an operator decides."""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from shutil import copytree

import pytest
from django.test import Client

from haochaping.accounts.models import Official
from haochaping.accounts.rules import Role
from haochaping.policy.rulebook import Rulebook
from haochaping.publication.operations.publishing import publish_ranking
from haochaping.scoring.models import Result, Run
from haochaping.scoring.operations import signing
from haochaping.scoring.operations.running import RunRequest, run_scores
from haochaping.tallies.models import Change
from tests.guards.floors import ROOT
from tests.markup import Page
from tests.orders import City, make_city, make_official

DAY = date(2025, 5, 6)
TIANJIN = ("000000", "120000", "120101")
MEASURES = {
    "service_quality": Fraction(850, 860),  # good ones of those that somebody gave
    "active_rate": Fraction(860, 1_000),
    "rectification_rate": None,
    "revisit_satisfaction": None,
}
OPEN = "综合得分：未规定"
# An operator's decision, invented for this test. Where no bad rating was to be rectified, nothing is lost.
WEIGHTS = """
[jurisdiction]
name = "天津市好差评运行单位（测试用）"
layer = "operator"
applies_to = ["120000"]

[documents.decision]
title = "关于量化评分权重的决定（测试用）"

[[scores]]
key = "total"
from = 2025-01-01
document = "decision"
article = "第一条"
[scores.value]
label = "综合得分"
total = 100
parts = [
    { measure = "good_rate", counts_defaults = false, times = 40, most = 40 },
    { measure = "participation", counts_defaults = false, times = 20, most = 20 },
    { measure = "rectification_rate", times = 20, most = 20, empty = "full" },
    { measure = "revisit_satisfaction", times = 20, most = 20, empty = "full" },
]
"""


@pytest.fixture
def city(db: None) -> City:
    found = make_city(TIANJIN)
    Change.objects.create(
        organisation_id=found.police, day=DAY, occasions=1_000, n5=700, n4=100, n3=50, n2=5, n1=5
    )
    return found


@pytest.fixture
def asked(city: City) -> RunRequest:
    return RunRequest(city.division, "year", DAY, "test")


@pytest.fixture
def weighed(tmp_path: Path) -> Rulebook:
    copytree(ROOT / "rules", tmp_path / "rules")
    layer = tmp_path / "rules/jurisdictions/tianjin-operator"
    layer.mkdir()
    (layer / "profile.toml").write_text(WEIGHTS)
    return Rulebook.load(tmp_path / "rules")


def points(run: str, city: City) -> dict[str, Fraction | None]:
    found = Result.objects.filter(unit__run__number=run, unit__kind="organisation", unit__number=city.police)
    return {each.score: Fraction(each.points) if each.points else None for each in found}


def page(city: City, address: str, now: datetime) -> str:
    """As the authority's leader sees it."""
    leader = Official.objects.filter(username="leads.scores").first()
    if leader is None:
        made = make_official(city.authority, now, "leads.scores", Role.AUTHORITY_LEADER)
        leader = Official.objects.get(id=made)
    client = Client()
    client.force_login(leader)
    return client.get(f"/console/scores/{address}/").content.decode()


def test_measures_are_shown_and_their_total_is_said_to_be_open(city, asked, now) -> None:
    made = run_scores(asked, rulebook=Rulebook.load(), now=now)
    assert points(made.number, city) == MEASURES
    shown = page(city, made.number, now)
    assert OPEN in shown
    assert all(label in shown for label in ("政务服务质量", "主动评价率", "差评整改率", "差评整改回访满意率"))


def test_an_operator_lays_weights_down_and_there_is_a_total(city, asked, weighed, now) -> None:
    made = run_scores(asked, rulebook=weighed, now=now)
    total = 40 * Fraction(850, 860) + 20 * Fraction(860, 1_000) + 20 + 20
    assert points(made.number, city) == MEASURES | {"total": total}
    assert (
        Run.objects.get(number=made.number).scores["total"]["clause"].startswith("《关于量化评分权重的决定")
    )
    assert OPEN not in page(city, made.number, now)


def test_before_he_decides_he_may_look_at_it_beside_what_counts(city, asked, weighed, now) -> None:
    trial = run_scores(replace(asked, rules_name="weighed"), rulebook=weighed, now=now).number
    assert Run.objects.get(number=trial).what_if
    assert "还没有按现行规则计算过得分" in page(city, f"{trial}/changes", now)
    counting = run_scores(asked, rulebook=Rulebook.load(), now=now).number
    seen = Page(page(city, f"{trial}/changes", now).encode())
    assert counting in seen.text
    # Both have the measures; what they come to only the trial.
    assert "— → ≈96.734884 第1名" in seen.text
    assert seen.text.count("第1名，共1 → ") == 2


def test_the_public_is_told_so_too(city, asked, now) -> None:
    number = run_scores(asked, rulebook=Rulebook.load(), now=now).number
    digest = Run.objects.get(number=number).digest
    signers = [make_official(city.authority, now, f"signs.{each}", Role.AUTHORITY_LEADER) for each in "ab"]
    for each in signers:
        signing.sign(number=number, official_id=each, digest=digest, now=now)
    published = publish_ranking(run=number, official_id=signers[0], now=now)
    assert OPEN in Client().get(f"/publications/{published}").content.decode()
