"""English is complete and nothing in it is stale; the address says which language is shown."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import haochaping.faces.citizen as citizen
from haochaping.faces.citizen.language import CATALOGUES, Manner, catalogue, manner_of
from haochaping.intake.http import Request
from haochaping.oversight.reporting import MESSAGES as REPORT_MESSAGES
from haochaping.policy.retention import known_terms
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.tags import Tags
from haochaping.ratings.rules import MESSAGES

HERE = Path(citizen.__path__[0])
DAY = date(2026, 11, 20)
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def wanted(rulebook: Rulebook) -> set[str]:
    """Every message of the pages: in templates, marked in code, and the words that come from data."""
    found = extract_from_dir(
        HERE,
        method_map=[("**.py", "python"), ("templates/**.html", "jinja2")],
        options_map={"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}},
        keywords={"_": None, "mark": None},
    )
    messages = {message for _, _, message, _, _ in found if isinstance(message, str)}
    labels = set(rulebook.profile("530100", DAY).labels.values())
    tags = {tag.name for level in range(1, 6) for tag in Tags.load().offered(level)}
    told = [each for each in known_terms() if each.notice]
    told_words = {word for each in told for word in (each.what, each.purpose, each.because) if word}
    told_words |= {word for each in told for word in (each.counted_from, each.how) if word}
    return told_words | messages | labels | tags | set(MESSAGES.values()) | set(REPORT_MESSAGES.values())


def test_english_is_complete_and_nothing_in_it_is_stale(rulebook: Rulebook) -> None:
    with (CATALOGUES / "en" / "LC_MESSAGES" / "citizen.po").open("rb") as source:
        there = {
            str(message.id): str(message.string) for message in read_po(source, locale="en") if message.id
        }
    assert len(there) > 150
    assert wanted(rulebook) - {key for key, value in there.items() if value} == set(), "not translated"
    assert there.keys() - wanted(rulebook) == set(), "stale"
    for message, translation in there.items():
        assert sorted(PLACEHOLDER.findall(message)) == sorted(PLACEHOLDER.findall(translation)), message


def test_the_compiled_catalogue_speaks() -> None:
    assert catalogue("en").gettext("非常不满意") == "Very dissatisfied"
    assert catalogue("zh").gettext("非常不满意") == "非常不满意"


@pytest.mark.parametrize(
    ("query", "accepted", "expected"),
    [
        ("", "", Manner("zh")),
        ("", "en-GB,en;q=0.9", Manner("en")),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", Manner("zh")),
        ("lang=en", "zh-CN", Manner("en", chosen=True)),
        ("lang=zh&size=large", "en", Manner("zh", large=True, chosen=True)),
        ("lang=xx&size=huge", "", Manner("zh")),
        ("&".join(["lang=en"] * 50), "", Manner("zh")),
        ("lang=%ff%00", "fr", Manner("zh")),
    ],
)
def test_the_address_decides_then_the_browser(
    request_with: Callable[..., Request], query: str, accepted: str, expected: Manner
) -> None:
    assert manner_of(request_with(query=query, headers={"accept-language": accepted})) == expected


def test_links_keep_what_was_chosen() -> None:
    assert Manner().query() == ""
    assert Manner("en").query() == "", "the browser's wish needs no address"
    assert Manner("en", chosen=True).query(large=True) == "?lang=en&size=large"
    assert Manner("en", large=True, chosen=True).query(language="zh") == "?lang=zh&size=large"
    assert Manner("zh", large=True).query(large=False) == ""
