"""Whatever stands in a dialect's file or in a record: nothing but a clear refusal, and never another case."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from haochaping.foundation.errors import Invalid, Problem
from haochaping.intake.dialect_files import ABSENT, FOLDED, OCCASION_CODES, RATING_CODES, read
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
FULL = read(
    json.dumps(
        {
            "format": 1,
            "about": "x",
            "occasions": {
                "codes": {"promiseTime": {"1": "2", "2": "1"}},
                "absent": {name: ["0", "无"] for name in ABSENT},
                "fold_width": list(FOLDED),
                "times": [
                    "yyyy/MM/dd HH:mm",
                    "yyyy-MM-ddTHH:mm:ss.SSSXXX",
                    "yyyyMMddHHmmss",
                    "unix",
                    "unix_ms",
                ],
                "divisions": [{"sent": "530122", "means": "530115", "from": "2017-01-01"}],
            },
            "ratings": {"codes": {"satisfaction": {"0": "5"}}, "tags": {"510": "115"}},
        }
    ),
    tags=TAGS,
)
TIMES = st.from_regex(r"[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?", fullmatch=True)
RECORDS = st.dictionaries(
    st.sampled_from(
        [
            *OCCASION_CODES,
            *ABSENT,
            *FOLDED,
            "projectNo",
            "serviceNumber",
            "serviceTime",
            "acceptDate",
            "dataSource",
        ]
    ),
    st.text(min_size=1, max_size=12) | TIMES | st.from_regex(r"[0-9]{9,14}", fullmatch=True),
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


@given(RECORDS)
@settings(max_examples=300)
def test_no_dialect_makes_another_case(record: dict[str, str]) -> None:
    read_once, told = FULL.occasion(record)
    for name in ("projectNo", "serviceNumber"):
        assert read_once.get(name) == record.get(name)
    assert {problem.field for problem in told} <= set(OCCASION_CODES)
    # What is left has the types that rules expect, and the source record is untouched.
    assert all(isinstance(value, str) for value in read_once.values())


@given(st.dictionaries(st.sampled_from([*RATING_CODES, "evalDetail", "assessNumber", "dataSource"]), VALUES))
@settings(max_examples=300)
def test_any_rating_is_read_or_left_to_the_rules(fields: dict[str, object]) -> None:
    before = json.dumps(fields)
    FULL.rating(fields)
    assert json.dumps(fields) == before
