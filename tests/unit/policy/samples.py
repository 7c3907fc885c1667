"""A made-up jurisdiction, small enough to break at one place at a time."""

from collections import Counter

from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.scenario import Run

HEAD = """
[jurisdiction]
name = "示例市"
layer = "city"
applies_to = ["999100"]
[documents.d]
title = "示例办法"
"""
WINDOW = """
[[window]]
from = 2021-01-01
to = 2022-01-01
document = "d"
article = "第一条"
value = { n = 3, unit = "workday", after = "service", count_first = false }
"""
WINDOW_2022 = (
    WINDOW.replace("2022-01-01", "2023-01-01").replace("2021-01-01", "2022-01-01").replace("n = 3", "n = 7")
)


def entry(dimension: str, value: str) -> str:
    """One entry of a dimension, cited, holding from 2021 on."""
    key = 'key = "one"\n' if DIMENSIONS[dimension].keyed else ""
    return f'{HEAD}[[{dimension}]]\n{key}from = 2021-01-01\ndocument = "d"\narticle = "第一条"\n{value}\n'


LEVELS = (
    "["
    + ", ".join(f'{{ level = {n}, label = "{n}", bad = {str(n < 3).lower()} }}' for n in range(1, 6))
    + "]"
)
OPENING = """
title = "示例"
cites = ["第一条"]
"""
EXPECTING = """
[[expect]]
occasion = "甲"
article = "第一条"
"""


def laid_down(**values: str) -> str:
    """A profile of these values by dimension, `steps.contact` for one of many; levels 2 and 1 are bad."""
    text = HEAD
    for name, value in {"levels": LEVELS, **values}.items():
        dimension, _, key = name.partition(".")
        text += f'[[{dimension}]]\nfrom = 2020-01-01\ndocument = "d"\narticle = "第一条"\nvalue = {value}\n'
        text += f'key = "{key}"\n' if key else ""
    return text


def story(now: str, *tables: str, service: str = "2020-01-02 10:00:00", more: str = "") -> str:
    """A scenario with the occasion 甲, looked at `now`; `tables`: what happened to it."""
    served = f'[[occasions]]\nname = "甲"\ndivision = "999100"\nservice = {service}\n{more}\n'
    return f"{OPENING}now = {now}\n{EXPECTING}{served}{''.join(tables)}"


def rated(at: str, level: int, more: str = "") -> str:
    """A rating of 甲, 实名 and with a reason where nothing else is said."""
    return f'[[ratings]]\noccasion = "甲"\nat = {at}\nlevel = {level}\n{more}\n'


def happened(event: str, at: str, more: str = "") -> str:
    """What else happened to 甲."""
    return f'[[events]]\noccasion = "甲"\nevent = "{event}"\nat = {at}\n{more}\n'


def given(unit: str, period: str = "", more: str = "", **counts: int) -> str:
    """Figures of a unit in a period."""
    counted = ", ".join(f"{word} = {n}" for word, n in counts.items())
    when = f'period = "{period}"\n' if period else ""
    return f'[[figures]]\nunit = "{unit}"\n{when}counts = {{ {counted} }}\n{more}\n'


def days(n: int, after: str) -> str:
    """So many calendar days after an event, the next day the first."""
    return f'{{ n = {n}, unit = "calendar_day", after = "{after}", count_first = false }}'


def added_up(run: Run, name: str = "甲") -> dict[str, dict[str, int]]:
    """What an occasion has added up to, by unit; what came to nought is left out."""
    (found,) = [each for each in run.stories if each.given.name == name]
    totals: dict[str, Counter[str]] = {}
    for unit, cell in found.cells:
        totals.setdefault(unit, Counter()).update(cell.counts)
    return {unit: {word: n for word, n in total.items() if n} for unit, total in totals.items()}
