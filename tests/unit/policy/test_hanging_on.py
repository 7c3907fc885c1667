"""On which facts of an occasion values hang in a place: what must be told apart to be judged by its own rules."""

from collections.abc import Callable
from datetime import date

from haochaping.policy.rulebook import Rulebook
from tests.unit.policy.samples import HEAD

Load = Callable[..., Rulebook]
ON = date(2022, 6, 1)
WORTH = ("points", "default")
DEFAULT = '{ level = 3, limit = { n = 5, unit = "workday", after = "service", count_first = false } }'


def value(dimension: str, said: str, only: str = "", since: str = "2021-01-01") -> str:
    lines = (
        f"[[{dimension}]]",
        f"from = {since}",
        'document = "d"',
        'article = "第一条"',
        only,
        f"value = {said}",
    )
    return "\n".join(lines) + "\n"


def points(only: str, since: str = "2021-01-01") -> str:
    return value("points", "[{ level = 5, points = 10 }]", only, since)


def head(code: str, layer: str, more: str = "") -> str:
    return HEAD.replace("999100", code).replace('layer = "city"', f'layer = "{layer}"\n{more}')


def test_by_selectors_of_values_in_force_and_no_others(load: Load) -> None:
    book = load(
        city=HEAD
        + points("")
        + points('only = { channels = ["web"], named = true }')
        + points('only = { places = ["online"] }', since="2023-01-01")
        + value("default", DEFAULT, 'only = { raters = ["person"] }')
    )
    assert book.hanging_on("999100", ON, ["points"]) == {"channel", "named"}
    assert book.hanging_on("999100", date(2023, 1, 1), WORTH) == {"channel", "named", "place", "rater"}
    assert book.hanging_on("999100", date(2020, 1, 1), WORTH) == frozenset()
    assert book.hanging_on("999100", ON, ["default"]) == {"rater"}


def test_by_what_a_jurisdiction_is_for_where_it_says_anything(load: Load) -> None:
    line = head("999101", "county", 'only = { departments = ["tax"] }')
    book = load(city=HEAD + points(""), line=line + points(""))
    assert book.hanging_on("999101", ON, WORTH) == {"department"}
    assert book.hanging_on("999100", ON, WORTH) == {"department"}  # it lies below
    assert book.hanging_on("999102", ON, WORTH) == frozenset()  # beside it
    assert book.hanging_on("999101", ON, ["default"]) == frozenset()
    assert [len(book.holding(code, ON, "points")) for code in ("999101", "999100", "999102")] == [2, 2, 1]
    assert book.holding("999100", date(2020, 1, 1), "points") == ()


def test_by_what_is_adopted_as_far_as_it_is(load: Load) -> None:
    adopts = 'adopts = {{ name = "city", from = 2022-01-01, document = "d", article = "第二项"{} }}'
    city = HEAD + points('except = { channels = ["web"] }')
    for more, expected in (("", {"channel"}), (', only = ["window"]', set())):
        book = load(city=city, park=head("888801", "county", adopts.format(more)))
        assert book.hanging_on("888801", ON, WORTH) == expected
        assert book.hanging_on("888801", date(2021, 12, 31), WORTH) == frozenset()
