"""参照执行: whose rules hold in another place, from which day on, and which of them."""

from collections.abc import Callable
from datetime import date

import pytest

from haochaping.policy.explanation import explain
from haochaping.policy.occasions import Occasion
from haochaping.policy.rulebook import Rulebook, RulesError
from tests.unit.policy.samples import HEAD

Load = Callable[..., Rulebook]
THERE = Occasion("888801")
PARK = HEAD.replace("示例市", "园区").replace('"city"', '"county"').replace("999100", "888801")
FROM = 'name = "city", from = 2022-01-01, document = "d", article = "第二项"'


def rule(dimension: str, value: str, more: str = "") -> str:
    return (
        f'[[{dimension}]]\nfrom = 2021-01-01\ndocument = "d"\narticle = "第一条"\n{more}\nvalue = {value}\n'
    )


def window(n: int) -> str:
    return rule("window", f'{{ n = {n}, unit = "workday", after = "service", count_first = false }}')


CITY = HEAD + window(5) + rule("rectification", '{ n = 9, unit = "hour", after = "rating" }')


def park(adoption: str, own: str = "") -> str:
    return PARK.replace("[documents.d]", f"adopts = {adoption}\n[documents.d]") + own


def said(book: Rulebook, on: date) -> tuple[int | None, bool]:
    """The days of the window, and whether a rectification has a limit."""
    rules = book.rules(THERE, on)
    return (rules.window.value.n if rules.window else None, rules.rectification is not None)


@pytest.mark.parametrize(
    ("more", "on", "expected"),
    [
        ("", date(2021, 12, 31), (None, False)),
        ("", date(2022, 1, 1), (5, True)),
        (", to = 2023-01-01", date(2022, 12, 31), (5, True)),
        (", to = 2023-01-01", date(2023, 1, 1), (None, False)),
        (', only = ["window"]', date(2022, 1, 1), (5, False)),
        (', except = ["window"]', date(2022, 1, 1), (None, True)),
    ],
)
def test_whose_rules_hold_from_when_and_which_of_them(
    load: Load, more: str, on: date, expected: tuple[int | None, bool]
) -> None:
    keeps = rule("ratable", "true")
    assert said(load(city=CITY, park=park(f"{{ {FROM}{more} }}", keeps)), on) == expected


def test_ones_own_rule_goes_first_and_each_may_be_adopted_apart(load: Load) -> None:
    other = HEAD.replace("示例市", "另一市").replace("999100", "777700") + window(8)
    both = park(f"[{{ {FROM} }}, {{ {FROM.replace('city', 'other')} }}]")
    assert said(load(city=CITY, other=other, park=both), date(2022, 1, 1)) == (5, True)
    assert said(load(city=CITY, other=other, park=both + window(2)), date(2022, 1, 1)) == (2, True)


def test_what_is_adopted_may_itself_adopt(load: Load) -> None:
    first = FROM.replace("city", "town").replace("2022", "2023")
    town = HEAD.replace("示例市", "镇").replace("999100", "777701") + rule("ratable", "true")
    town = town.replace("[documents.d]", f"adopts = {{ {FROM} }}\n[documents.d]")
    book = load(city=CITY, town=town, park=park(f"{{ {first} }}", rule("ratable", "true")))
    assert said(book, date(2022, 6, 1)) == (None, False)
    assert said(book, date(2023, 1, 1)) == (5, True)
    assert book.rules(THERE, date(2022, 6, 1)).layers == ("park",)
    assert book.rules(THERE, date(2023, 1, 1)).layers == ("park", "town", "city")
    assert [each.key for each in book.layers(THERE, date(2022, 6, 1))] == ["park"]
    assert [each.key for each in book.layers(THERE)] == ["park", "town", "city"]


def test_a_rule_that_applies_and_is_adopted_is_one_rule(load: Load) -> None:
    inside = park(f"{{ {FROM} }}").replace("888801", "999101")
    book = load(city=CITY, park=inside)
    on = date(2022, 1, 1)
    assert len(book.stack(Occasion("999101"), on)["window"]) == 1
    assert [each.key for each in book.layers(Occasion("999101"), on)] == ["park", "city"]


def test_procedure_of_a_later_day_is_adopted_with_its_jurisdiction_named(load: Load) -> None:
    book = load(city=CITY, park=park(f"{{ {FROM} }}", rule("ratable", "true")))
    rules = book.rules(THERE, date(2021, 6, 1), step=date(2022, 6, 1))
    assert (rules.window, rules.rectification is not None) == (None, True)
    assert rules.layers == ("park", "city")


def test_by_which_clause_it_is_adopted_is_explained(load: Load) -> None:
    reading = FROM + ', reading = "全部参照"'
    book = load(city=CITY, park=park(f"{{ {reading} }}"))
    scopes = explain(book, THERE, date(2022, 1, 1)).scopes
    assert scopes == (("city", "参照执行，《示例办法》第二项", "全部参照"),)
    plain = load(city=CITY, park=park(f"{{ {FROM} }}"))
    assert explain(plain, THERE, date(2022, 1, 1)).scopes == (("city", "参照执行，《示例办法》第二项", ""),)


@pytest.mark.parametrize(
    ("adoption", "key", "problem"),
    [
        ('["city"]', "adopts[0]", "expected a table, found 'city'"),
        ('{ name = "city", document = "d", article = "一" }', "adopts.from", "is missing"),
        (f"{{ {FROM}, to = 2022-01-01 }}", "adopts.to", "2022-01-01 is not after 2022-01-01"),
        (f'{{ {FROM}, only = ["window"], except = ["points"] }}', "adopts.except", "not both"),
        (f'{{ {FROM}, only = ["windw"] }}', "adopts.only[0]", "did you mean 'window'?"),
        (f'{{ {FROM}, except = ["points", "windw"] }}', "adopts.except[1]", "did you mean 'window'?"),
        (f"{{ {FROM} }}".replace('"d"', '"x"'), "adopts[0].document", "'x' is not among [documents]: d"),
        (f"[{{ {FROM} }}, {{ {FROM.replace('city', 'cty')} }}]", "adopts[1].name", "did you mean 'city'?"),
    ],
)
def test_what_is_wrong_with_an_adoption(load: Load, adoption: str, key: str, problem: str) -> None:
    with pytest.raises(RulesError) as refused:
        load(city=CITY, park=park(adoption))
    (mistake,) = refused.value.mistakes
    assert mistake.key == f"jurisdiction.{key}"
    assert problem in mistake.problem
