"""Whatever stands in a dialect's file: nothing but a clear refusal. What a dialect makes of records: test_fuzz.py."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from haochaping.foundation.errors import Invalid, Problem
from haochaping.intake.dialect_files import read
from haochaping.policy.tags import Tags

TAGS = Tags.load()
WORDS = st.sampled_from(
    [
        *("format", "about", "occasions", "ratings", "sources", "codes", "absent", "fold_width", "times"),
        *("divisions", "order_tolerance_minutes", "tags", "tag_separators", "assess_number", "sent", "means"),
        *("from", "to", "promiseTime", "satisfaction", "certKeyGOV", "1", "530102", "2017-01-01", "unix"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


def refusals(text: str) -> tuple[Problem, ...]:
    """What is told of a file, () for one that can be used: nothing else may come of it."""
    try:
        read(text, tags=TAGS)
    except Invalid as invalid:
        return invalid.problems or (Problem("", "nothing told", ""),)
    return ()


@given(VALUES)
@settings(max_examples=300)
def test_a_file_is_read_or_refused_with_its_problems(value: object) -> None:
    text = json.dumps(
        {"format": 1, "about": "x", "occasions": value, "ratings": value, "sources": {"1": value}}
    )
    assert all(problem.message for problem in refusals(text))


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert all(problem.message for problem in refusals(text))
