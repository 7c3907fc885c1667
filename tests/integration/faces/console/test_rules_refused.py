"""The operator's rules in the console: local days in the time left, and what is said while files cannot be used."""

import os
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.foundation.clock import CN, local_day
from haochaping.policy.keeping import keeper, one_edition
from haochaping.rectification.listing import DeskFilter, desk
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.states import Act
from tests.orders import City, lead_to, make_official, open_order

OURS = """
[jurisdiction]
name = "运行单位"
layer = "operator"
applies_to = ["530100"]
[documents.d]
title = "运行单位决定（示例）"
[[local_days]]
key = "festival"
from = 2020-06-02
document = "d"
article = "第一条"
value = { name = "地方节日", off = [2026-11-24] }
"""
MONDAY = datetime(2026, 11, 23, 10, tzinfo=CN)


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The operator's own file, read by this process."""
    path = tmp_path / "ours" / "jurisdictions" / "ours" / "profile.toml"
    path.parent.mkdir(parents=True)
    path.write_text(OURS, encoding="utf-8")
    data = tmp_path / "data"
    data.mkdir()
    (data / "keys").symlink_to(Path(os.environ["HAOCHAPING_DATA"]) / "keys")
    monkeypatch.setenv("HAOCHAPING_DATA", str(data))
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path / "ours"))
    monkeypatch.setattr("haochaping.policy.keeping.EVERY", 0.0)
    keeper.cache_clear()
    yield path
    keeper.cache_clear()


def test_the_time_left_knows_the_days_off_of_the_place(profile: Path, city: City) -> None:
    handler = make_official(city.police, MONDAY, "worker")
    order = lead_to(open_order(city, MONDAY), Act.VERIFY, handler, MONDAY)
    # Fifteen working days from Monday 23 November, the 24th not among them.
    assert local_day(order.due_at - timedelta(seconds=1)) == date(2026, 12, 15)  # type: ignore[operator]
    (row,) = desk(official_id=handler, now=MONDAY, filters=DeskFilter()).rows
    assert (row.clock.last_day, row.clock.days) == (date(2026, 12, 15), 15)


def test_a_place_without_rules_has_the_countrys_days(profile: Path, city: City) -> None:
    handler = make_official(city.police, MONDAY, "worker")
    order = lead_to(open_order(city, MONDAY), Act.VERIFY, handler, MONDAY)
    WorkOrder.objects.filter(id=order.id).update(division_id=0)
    (row,) = desk(official_id=handler, now=MONDAY, filters=DeskFilter()).rows
    assert row.clock.days == 16


def test_refused_files_are_told_at_the_desk_and_listed_with_the_rules(
    profile: Path, city: City, now: datetime, signed_in: Callable[[UUID], Client]
) -> None:
    officer = signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))

    def page(address: str) -> str:
        answer = officer.get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    with one_edition() as edition:
        version = edition.version
    assert f"规则文件版本 {version}" in page("/console/rules/")
    assert "没有载入" not in page("/console/") + page("/console/rules/")
    profile.write_text(OURS.replace("[2026-11-24]", "20261124"), encoding="utf-8")
    told = f"规则文件有1处错误，没有载入；目前仍按先前的规则（版本 {version}）办理。"
    assert told in page("/console/")
    place = "jurisdictions/ours/profile.toml:13: local_days[0].value.off: expected a list, found 20261124"
    assert place not in page("/console/")
    assert told in (listed := page("/console/rules/"))
    assert place in listed
    profile.write_text(OURS, encoding="utf-8")
    assert "没有载入" not in page("/console/") + page("/console/rules/")
