"""Filters of the desk and the ledger, to an address and back."""

from datetime import date
from urllib.parse import parse_qsl

import pytest

from haochaping.faces.console.desk_query import (
    desk_filter,
    desk_query,
    is_narrowed,
    ledger_filter,
    ledger_query,
)
from haochaping.rectification.listing import Carrier, DeskFilter, Due, LedgerFilter, Outcome, Show
from haochaping.rectification.states import State

FULL = DeskFilter(
    show=Show.MINE,
    due=Due.SOON,
    state=State.VERIFIED,
    organisation=12,
    item_type="07",
    bad_class="at_once",
    carrier=Carrier.CODE,
    joint=True,
    contested=False,
    named=True,
    week=date(2026, 11, 16),
)


@pytest.mark.parametrize(
    "asked", [DeskFilter(), FULL, DeskFilter(bad_class=""), DeskFilter(named=False, show=Show.CLOSED)]
)
def test_a_filter_survives_its_address(asked: DeskFilter) -> None:
    assert desk_filter(dict(parse_qsl(desk_query(asked)))) == asked


def test_an_address_has_no_page_and_can_say_one_thing_otherwise() -> None:
    asked = DeskFilter(due=Due.TODAY, after="CP1", before="CP2")
    assert desk_query(asked) == "show=open&due=today"
    assert desk_query(asked, due="") == "show=open"
    assert desk_filter({"after": " CP1 "}).after == "CP1"


def test_a_day_stands_for_its_week() -> None:
    assert desk_filter({"week": "2026-11-22"}).week == date(2026, 11, 16)
    assert desk_filter({"week": "2026-11-16"}).week == date(2026, 11, 16)
    assert desk_filter({"week": "0001-01-03"}).week is None


def test_what_is_no_filter_is_passed_over() -> None:
    said = {"show": "x", "due": "x", "state": "x", "unit": "-1", "type": "02", "channel": "x", "joint": "x"}
    assert desk_filter(said) == DeskFilter()
    assert ledger_filter({"unit": "x", "outcome": "x", "late": "x", "page": "x"}) == LedgerFilter()


def test_a_list_alone_narrows_nothing() -> None:
    assert not is_narrowed(DeskFilter(show=Show.CLOSED, after="CP1"))
    assert is_narrowed(DeskFilter(due=Due.NONE))


def test_the_ledger_survives_its_address() -> None:
    asked = LedgerFilter(organisation=3, outcome=Outcome.WAITS, late=False)
    assert ledger_filter(dict(parse_qsl(ledger_query(asked)))) == asked
    assert ledger_query(LedgerFilter(page=3)) == ""
