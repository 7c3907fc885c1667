"""A made-up jurisdiction, small enough to break at one place at a time."""

from haochaping.policy.dimensions import DIMENSIONS

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
