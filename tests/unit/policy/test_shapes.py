"""Shapes: what has a form in a rule file."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

import pytest

from haochaping.policy.shapes import OneOf, Range, keys, kind_of


@dataclass(frozen=True)
class Sample:
    n: Annotated[int, Range(0, 3), "how many"]
    from_: Annotated[Annotated[str, OneOf({"a_": "甲"})] | None, "from where"] = None
    shares: tuple[Decimal, ...] = ()


def test_the_keys_of_a_shape() -> None:
    n, start, shares = keys(Sample)
    assert (n.name, n.required, n.kind.range, n.kind.doc) == ("n", True, Range(0, 3), "how many")
    assert (start.name, start.attribute, start.required) == ("from", "from_", False)
    assert start.kind.words is not None
    assert start.kind.words.keys == ("a",)
    assert start.kind.doc == "from where"
    assert shares.kind.item is not None
    assert shares.kind.item.base is Decimal


@pytest.mark.parametrize("hint", [float, dict[str, int], list[int], object])
def test_what_has_no_form_in_a_rule_file_is_refused(hint: object) -> None:
    with pytest.raises(TypeError, match="no form in a rule file"):
        kind_of(hint)


def test_a_prefix_alone_names_nobody() -> None:
    words = OneOf({"public": "公众"}, prefix="named:")
    assert [words.allows(each) for each in ("public", "named:市政府", "named:", "city")] == [
        True,
        True,
        False,
        False,
    ]
