"""The commands of scores: work out, work out again, compare, write to a file."""

import json
from argparse import ArgumentParser, Namespace
from contextlib import nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest

from haochaping.audit.models import AuditEntry
from haochaping.cli import score_again, score_compare, score_enter, score_export, score_run
from haochaping.foundation.errors import Refused
from haochaping.foundation.sheets.csv_reading import csv_rows
from haochaping.policy.rulebook import Rulebook
from haochaping.scoring.models import EnteredValue, Result, Unit
from haochaping.scoring.operations.running import RunRequest, run_scores
from haochaping.tallies.models import Change
from tests.guards.floors import ROOT
from tests.integration.scoring.test_running import DAY, POLICE
from tests.orders import City, make_city


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch, now: datetime) -> City:
    for command in (score_again, score_compare, score_enter, score_export, score_run):
        monkeypatch.setattr(command, "connected", lambda _: nullcontext())
    found = make_city()
    Change.objects.create(organisation_id=found.police, day=DAY, **POLICE)
    return found


def asked(period: str = "2025", rules: Path | None = None, *, as_json: bool = False) -> Namespace:
    return Namespace(division="530100", period=period, rules=rules, json=as_json, parser=ArgumentParser())


def test_from_the_period_to_the_file(city, capsys, tmp_path) -> None:
    assert score_run.run(asked(as_json=True)) == 0
    before = json.loads(capsys.readouterr().out)
    assert before["new"]
    assert score_run.run(asked()) == 0
    told = capsys.readouterr()
    assert told.out.strip() == before["run"]
    assert "nothing has changed" in told.err
    assert score_again.run(Namespace(run=before["run"], json=False)) == 0
    assert capsys.readouterr().out == "worked out again: the same\n"

    Change.objects.create(organisation_id=city.police, day=DAY, n1=100, occasions=100)
    score_run.run(asked(as_json=True))
    after = json.loads(capsys.readouterr().out)["run"]
    score_compare.run(Namespace(before=before["run"], after=after, json=False))
    changed = capsys.readouterr().out
    assert "level_1: 5 -> 105" in changed
    assert "final: 6 -> " not in changed  # 960 of 1,100 rated, 8.14 on average: the same bands
    score_compare.run(Namespace(before=after, after=after, json=True))
    assert json.loads(capsys.readouterr().out) == []
    score_compare.run(Namespace(before=after, after=after, json=False))
    assert capsys.readouterr().out == "no difference\n"

    file = tmp_path / "scores.csv"
    assert score_export.run(Namespace(run=after, file=file)) == 0
    rows = [row.cells for row in csv_rows(file)]
    assert any("昆明市公安局" in row and "6" in row for row in rows)


def test_what_was_altered_in_the_database_is_told(city, capsys) -> None:
    score_run.run(asked())
    number = capsys.readouterr().out.strip()
    Unit.objects.filter(number=city.police).update(
        inputs={"cells": [], "external": {}, "of": "", "division": "530100"}
    )
    assert score_again.run(Namespace(run=number, json=False)) == 1
    assert "rows were altered in the database" in capsys.readouterr().err
    assert score_again.run(Namespace(run=number, json=True)) == 1
    assert json.loads(capsys.readouterr().out)["altered"] == ["inputs", "scores"]


EXTERNAL = """
[[scores]]
key = "trial"
from = 2020-06-02
document = "measures"
article = "第十四条"
[scores.value]
label = "第三方评估"
of = ["organisation"]
period = "year"
[[scores.value.parts]]
measure = "external"
external = "third_party"
"""


def entered(**said: object) -> Namespace:
    given = {"organisation": "11532216MB3585447A", "region": None, "period": "2025", "value": Decimal("88.5")}
    return Namespace(
        **{"name": "third_party", "source": "评估报告", "parser": ArgumentParser(), **given, **said}
    )


def test_a_value_from_outside_is_entered_with_its_source_and_counts(city, monkeypatch, tmp_path, now) -> None:
    copytree(ROOT / "rules", tmp_path / "rules")
    with (tmp_path / "rules/jurisdictions/kunming/profile.toml").open("a", encoding="utf-8") as file:
        file.write(EXTERNAL)
    rules = Rulebook.load(tmp_path / "rules")
    monkeypatch.setattr("haochaping.rectification.rulebook.rulebook", lambda: rules)
    for value in (Decimal("70"), Decimal("88.5")):
        assert score_enter.run(entered(value=value)) == 0
    score_enter.run(entered(organisation=None, region="530100"))
    assert AuditEntry.objects.filter(act="scoring.value_entered").count() == 3
    later = datetime(2027, 6, 1, tzinfo=UTC)
    run_scores(RunRequest(city.division, "year", DAY, "test"), rulebook=rules, now=later)
    trial = Result.objects.get(unit__kind="organisation", unit__number=city.police, score="trial")
    assert trial.points == "177/2"  # what was entered last
    others = Result.objects.get(unit__kind="organisation", unit__number=city.authority, score="trial")
    assert (others.points, others.why) == ("", "nothing_to_measure")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"name": "unheard"}, "name"),
        ({"value": Decimal("0.1234567")}, "value"),
        ({"value": Decimal("NaN")}, "value"),
        ({"source": " "}, "source"),
        ({"organisation": "X"}, "unit"),
        ({"organisation": None, "region": "110000"}, "unit"),
    ],
)
def test_what_cannot_be_entered_is_refused(city, monkeypatch, tmp_path, said, code) -> None:
    copytree(ROOT / "rules", tmp_path / "rules")
    with (tmp_path / "rules/jurisdictions/kunming/profile.toml").open("a", encoding="utf-8") as file:
        file.write(EXTERNAL)
    rules = Rulebook.load(tmp_path / "rules")
    monkeypatch.setattr("haochaping.rectification.rulebook.rulebook", lambda: rules)
    with pytest.raises(Refused) as refused:
        score_enter.run(entered(**said))
    assert refused.value.code == code
    assert not EnteredValue.objects.exists()


def test_a_period_that_is_none_is_refused_with_examples(city, capsys) -> None:
    with pytest.raises(SystemExit):
        score_run.run(asked("last year"))
    assert "2026-Q3" in capsys.readouterr().err
