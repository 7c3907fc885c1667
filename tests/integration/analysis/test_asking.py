"""Questions of the export: each fact and measure, small groups, who may ask about whom, and what DuckDB may not do."""

import json
from argparse import Namespace
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from haochaping.accounts.rules import Role
from haochaping.analysis import queries
from haochaping.analysis.asked import question_of
from haochaping.analysis.engine import TooLong, asked, opened, turn
from haochaping.analysis.operations.asking import ask, ask_as_operator
from haochaping.analysis.operations.exporting import export
from haochaping.analysis.queries import Answer, TooMany, answer
from haochaping.analysis.shelf import NoExport
from haochaping.analysis.tables import table
from haochaping.audit.models import AuditEntry
from haochaping.cli import ask as command
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotAllowed, NotFound
from haochaping.foundation.ids import new_id
from haochaping.ratings.models import DefaultRating, Rating
from tests.orders import City, make_city, make_official, open_order

SERVED = {"division_id": 1, "profile": "kunming"}


@pytest.fixture
def home(committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HAOCHAPING_ANALYSIS_DIR", str(tmp_path / "analysis"))
    return tmp_path / "analysis"


def rate(organisation: int, now: datetime, number: int, **columns: object) -> None:
    made = {
        "level": 5, "channel": 3, "origin": "citizen", "named": False, "norm_version": 2, "received_at": now,
        "submission": b"x", "service_day": local_day(now), "organisation_id": organisation, **SERVED, **columns,
    }  # fmt: skip
    Rating.objects.bulk_create(
        Rating(id=(key := new_id(now)), occasion_id=key, **made) for _ in range(number)
    )


def keep_silent(organisation: int, now: datetime, number: int, **columns: object) -> None:
    made = {
        "level": 3, "due_at": now, "in_time_until": now, "defaulted_at": now, "service_day": local_day(now),
        "organisation_id": organisation, **SERVED, **columns,
    }  # fmt: skip
    DefaultRating.objects.bulk_create(DefaultRating(id=new_id(now), **made) for _ in range(number))


@pytest.fixture
def city(home: Path, now: datetime) -> City:
    """Ratings of the police at two windows and of a county's office, exported."""
    made = make_city()
    rate(made.police, now, 6, window_id=1, tags=[501, 502])
    rate(made.police, now, 2, window_id=1, level=1, tags=[101], channel=1, named=True)
    rate(made.police, now - timedelta(days=31, hours=3), 3, window_id=2, level=4, origin="device")
    rate(made.county, now, 7, window_id=3, shared_with=[made.police], weight=2)
    keep_silent(made.police, now, 4, window_id=1)
    open_order(made, now)
    export(now=now, tell=False)
    return made


def told(found: Answer) -> list[tuple[object, ...]]:
    """Keys, ratings, bad ones, defaults and orders of each group."""
    return [
        (
            *group.keys,
            *(
                (group.counts.rated, group.counts.bad, group.counts.default, group.orders)
                if group.counts
                else ()
            ),
        )
        for group in found.groups
    ]


def put(*by: str, small_groups: bool = True, **where: str) -> list[tuple[object, ...]]:
    return told(answer(question_of(by, where), reach=None, small_groups=small_groups))


def test_by_every_fact_and_small_groups_are_withheld(city: City, now: datetime) -> None:
    police, county, before, month = (
        city.police,
        city.county,
        date(2026, 10, 1),
        date(2026, 11, 1),
    )
    # One rating more than those above: that of the order.
    assert put("organisation") == [(police, 26, 3, 4, 1), (county, 14, 0, 0, 0)]
    assert put("window", organisation=str(police)) == [
        (3, 14, 0, 0, 0),
        (1, 8, 2, 4, 0),
        (2, 3, 0, 0, 0),
        (None, 1, 1, 0, 0),
    ]
    assert put("month", organisation=str(police)) == [(before, 3, 0, 0, 0), (month, 23, 3, 4, 1)]
    assert put("level", organisation=str(police)) == [
        (1, 3, 3, 0, 0),
        (3, 0, 0, 4, 0),
        (4, 3, 0, 0, 0),
        (5, 20, 0, 0, 0),
    ]
    assert put("default", window="1") == [(False, 8, 2, 0, 0), (True, 0, 0, 4, 0)]
    assert put("tag") == [(501, 6, 0, 0, 0), (502, 6, 0, 0, 0), (101, 2, 2, 0, 0), (111, 1, 1, 0, 1)]
    assert put("channel", "named", window="1") == [(3, False, 6, 0, 0, 0), (1, True, 2, 2, 0, 0)]
    assert put("origin") == [("citizen", 23, 3, 0, 0), ("device", 3, 0, 0, 0)]
    assert put("hour", organisation=str(police)) == [(7, 3, 0, 0, 0), (10, 23, 3, 0, 0)]
    assert put("weekday", window="2") == [(5, 3, 0, 0, 0)]
    assert put("item", item=str(city.item)) == [(city.item, 1, 1, 0, 1)]
    assert put(window="1") == [(8, 2, 4, 0)]
    assert put("hall", window="99") == []
    found = answer(question_of(["hall"], {}, first="2026-10", last="2026-10"), reach=None, small_groups=True)
    assert (told(found), found.months, found.as_of) == ([(None, 3, 0, 0, 0)], (before, before), now)
    assert (found.occasions, found.defaults, found.orders) == (True, True, False)
    # Of windows 2 and none together four ratings: the next smallest goes with them.
    assert put("window", organisation=str(city.police), small_groups=False) == [
        (3, 14, 0, 0, 0),
        (1,),
        (2,),
        (None,),
    ]
    # The levels of a window are one group; those of one rating alone are no group.
    assert (3, 5, 14, 0, 0, 0) in put("window", "level", small_groups=False)
    assert (1, 1, 2, 2, 0, 0) in put("window", "level", window="1", small_groups=False)
    shown = put("origin", organisation=str(city.police), small_groups=False)
    assert shown == [("citizen",), ("device",)], "of two groups both, or the total tells the other"
    # In files it says so.
    found = answer(
        question_of(["origin"], {"organisation": str(city.police)}), reach=None, small_groups=False
    )
    made = table(found, on=local_day(now))
    assert [column.title for column in made.columns][:2] == ["评价来源", "评价"]
    assert {cell for row in made.rows for cell in row[1:]} == {"不足5条，不显示"}


def test_who_may_ask_and_about_whom(city: City, now: datetime) -> None:
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    handler = make_official(city.police, now, "handler", Role.ORGANISATION_HANDLER)
    question = question_of(["organisation"], {"organisation": str(city.police)})
    assert told(ask(question, official_id=officer, now=now)) == [(city.police, 26, 3, 4, 1)]
    row = AuditEntry.objects.get(act="analysis.ask")
    assert row.actor == "official:officer"
    assert row.detail["where"] == {"organisation": str(city.police)}
    for who, asked_about in ((handler, city.police), (officer, 999)):
        with pytest.raises(NotAllowed):
            ask(question_of(["level"], {"organisation": str(asked_about)}), official_id=who, now=now)
    assert AuditEntry.objects.filter(act="analysis.ask").count() == 1


def test_before_the_first_export_and_beyond_the_limits(
    home: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = question_of(["window"], {})
    with pytest.raises(NoExport):
        ask_as_operator(question, small_groups=False, now=now)
    rate(7, now, 1, window_id=1)
    rate(7, now, 1, window_id=2)
    export(now=now, tell=False)
    monkeypatch.setattr(queries, "MOST_GROUPS", 1)
    with pytest.raises(TooMany):
        ask_as_operator(question, small_groups=False, now=now)


def test_duckdb_reaches_nothing_else_and_no_question_lasts(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    with opened(kept) as database:
        for statement in (
            f"SELECT * FROM read_csv('{Path(__file__)}')",  # noqa: S608
            f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET memory_limit = '8GB'",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                database.execute(statement)
        with pytest.raises(TooLong):
            asked(
                database,
                "SELECT count(*) FROM range(100000000000) AS r WHERE r.range % 7 = 3",
                [],
                seconds=0.05,
            )
    with turn(), pytest.raises(TooLong) as refusal, turn(seconds=0.01):
        pass
    assert refusal.value.code == "busy"


def test_the_command(
    city: City,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(command, "connected", lambda _: nullcontext())
    asked_for = Namespace(
        by=["organisation"], where=["organisation=11532216MB3585447A"], first="", last="2026-11", form="table",
        output=None, small_groups=False,
    )  # fmt: skip

    def printed(form: str) -> str:
        asked_for.form = form
        assert command.run(asked_for) == 0
        return capsys.readouterr().out

    # The only occasion is that of the order.
    expected = ["昆明市公安局", "1", "26", "23", "3", "88.46%", "4", "2600.00%", "1"]
    assert printed("table").splitlines()[1].split("\t") == expected
    assert [cell.strip('"') for cell in printed("csv").splitlines()[1].split(",")] == expected
    assert list(json.loads(printed("json"))[0].values()) == expected
    asked_for.output = tmp_path / "answer.csv"
    assert (printed("table"), asked_for.output.exists()) == ("", True)
    asked_for.where = ["hall=nowhere"]
    with pytest.raises(NotFound):
        command.run(asked_for)
