"""What a profile with a mistake is told: file, key, and what is wrong."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from haochaping.policy.rulebook import Rulebook, RulesError
from tests.unit.policy.samples import HEAD, WINDOW, WINDOW_2022, entry

ON = date(2026, 11, 23)
SILENCE = 'silence = "accepted"'
LIMIT = '{ n = 1, unit = "workday", after = "notification", count_first = true }'


@pytest.fixture
def refusal(load: Callable[..., Rulebook]) -> Callable[[str], RulesError]:
    """The error that a single profile is refused with."""

    def refusal(text: str) -> RulesError:
        with pytest.raises(RulesError) as caught:
            load(sample=text)
        assert caught.value.file == "jurisdictions/sample/profile.toml"
        return caught.value

    return refusal


def test_no_jurisdiction_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="no jurisdiction"):
        Rulebook.load(tmp_path)


@pytest.mark.parametrize("other", ["999100", "999102", "990000"])
def test_two_of_one_layer_for_the_same_divisions_are_refused(
    load: Callable[..., Rulebook], other: str
) -> None:
    with pytest.raises(RulesError, match="'one', of the same layer") as caught:
        load(one=HEAD, two=HEAD.replace("999100", other))
    assert caught.value.key == "jurisdiction.applies_to"


def test_two_of_one_layer_side_by_side_are_fine(load: Callable[..., Rulebook]) -> None:
    assert load(one=HEAD, two=HEAD.replace("999100", "999200")).profile("999201", ON).key == "two"


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ('name = "示例市"', "", "jurisdiction.name", "is missing"),
        ("city", "planet", "jurisdiction.layer", "one of national, province, city, county, department_line"),
        ("999100", "9991", "jurisdiction.applies_to[0]", "6 or 12 digits"),
        ('applies_to = ["999100"]', "applies_to = []", "jurisdiction.applies_to", "at least one"),
        ("name =", "country = 1\nname =", "jurisdiction.country", "unknown key"),
        ('title = "示例办法"', 'title = "示例办法"\npublisher = "x"', "documents.d.publisher", "unknown key"),
        ("[[window]]", "[[windows]]", "windows", "did you mean 'window'?"),
        ("[[window]]", "[window]", "window", "expected a list"),
        ('document = "d"', "", "window[0].document", "is missing"),
        ('document = "d"', 'document = "e"', "window[0].document", "not among [documents]: d"),
        ('document = "d"', 'document = "d"\nseen_through = "e"', "window[0].seen_through", "not among"),
        ('article = "第一条"', "", "window[0].article", "is missing"),
        ("from = 2021-01-01", "", "window[0].from", "is missing"),
        ("from = 2021-01-01", 'from = "2021"', "window[0].from", "expected a date"),
        ("to = 2022-01-01", "to = 2021-01-01", "window[0].to", "is not after"),
        ("n = 3", "n = -1", "window[0].value.n", "not between 0 and 3660"),
        ("n = 3", "n = 0", "window[0].value.n", "0 is the day of the event itself"),
        ("n = 3", "n = 3661", "window[0].value.n", "not between 0 and 3660"),
        ("n = 3", "n = 3.5", "window[0].value.n", "whole number"),
        ("workday", "fortnight", "window[0].value.unit", "one of minute, hour, working_hour, workday"),
        ('after = "service"', 'after = "servise"', "window[0].value.after", "did you mean 'service'?"),
        ('after = "service", ', "", "window[0].value.after", "one of `after` and `before`"),
        ('after = "service"', 'after = "service", before = "due"', "window[0].value.after", "one of"),
        (", count_first = false", "", "window[0].value.count_first", "is missing"),
        ("n = 3", "n = 3, rol = true", "window[0].value.rol", "did you mean 'roll'?"),
        ("n = 3", "n = 3, roll = true", "window[0].value.roll", "expected a text, found true"),
        ("value =", "values =", "window[0].value", "is missing; expected what is laid down"),
        ("[[window]]", "[[window]]\nkey = 'one'", "window[0].key", "this dimension has one value only"),
        ("[[window]]", "[[steps]]", "steps[0].key", "is missing; expected one of invitation, dispatch"),
        ("[[window]]", "[[steps]]\nkey = 'call'", "steps[0].key", "'call' is unknown; expected one of"),
        ("[[window]]", "[[lists]]", "lists[0].key", "is missing; expected a short name of one's own"),
        ("[[window]]", "[[window]]\nabsent = true", "window[0].value", "not both"),
        ("[[window]]", "[[window]]\nchecked_until = 2020-01-01", "window[0].checked_until", "is before"),
        ("[[window]]", "[[window]]\nreading = ' '", "window[0].reading", "must not be empty"),
        ("[[window]]", "[[window]]\nkey = 'A'", "window[0].key", "is not a short name"),
        ('article = "第一条"', 'article = "第一条"\nsection = "一"', "window[0].section", "unknown key"),
    ],
)
def test_a_mistake_is_named_by_file_and_key(
    refusal: Callable[[str], RulesError], old: str, new: str, key: str, problem: str
) -> None:
    error = refusal((HEAD + WINDOW).replace(old, new, 1))
    assert error.key == key
    assert problem in error.problem


def test_values_whose_dates_overlap_are_refused_in_either_order(refusal: Callable[[str], RulesError]) -> None:
    overlapping = WINDOW_2022.replace("from = 2022-01-01", "from = 2021-12-31")
    for text in (WINDOW + overlapping, overlapping + WINDOW):
        error = refusal(HEAD + text)
        assert error.key == "window[1].from"
        assert "overlaps" in error.problem


PART = 'parts = [{{ measure = "mean_points", counts_defaults = true, bands = [{}] }}]'


def score(bands: str, rest: str = "") -> str:
    return f"value = {{ total = 3, {PART.format(bands)}{rest} }}"


@pytest.mark.parametrize(
    ("dimension", "value", "key", "problem"),
    [
        ("levels", 'value = [{ level = 6, label = "x", bad = true }]', "value[0].level", "between 1 and 5"),
        (
            "levels",
            'value = [{ level = 5, label = "x", bad = true }, { level = 5, label = "y", bad = true }]',
            "value[1].level",
            "5 is given twice",
        ),
        ("levels", 'value = [{ level = 5, label = "x", bad = 1 }]', "value[0].bad", "true or false"),
        ("levels", 'value = [{ level = 5, label = "x", bad = true, z = 1 }]', "value[0].z", "unknown key"),
        ("bad_needs_reason", 'value = "yes"', "value", "true or false"),
        ("default", "value = { level = 0, limit = 1 }", "value.level", "between 1 and 5"),
        ("default", "value = { level = 3 }", "value.limit", "is missing; expected a table"),
        ("default", "value = { level = 3, limit = 5 }", "value.limit", "expected a table, found 5"),
        (
            "default",
            f"value = {{ level = 3, x = 1, limit = {LIMIT.replace('notification', 'service')} }}",
            "value.x",
            "unknown",
        ),
        ("naming", "value = { encouraged = true }", "value.anonymous", "is missing"),
        ("naming", "value = { encouraged = true, anonymous = true, x = 1 }", "value.x", "unknown key"),
        (
            "objection",
            f'value = {{ limit = {LIMIT}, decided_by = "itself", silence = "accepted" }}',
            "value.decided_by",
            "or a text that begins with 'named:'",
        ),
        (
            "objection",
            f'value = {{ x = 1, limit = {LIMIT}, decided_by = "same_level_authority", {SILENCE} }}',
            "value.x",
            "unknown key",
        ),
        ("revisits", 'value = { of = "some", share = 1 }', "value.of", "one of bad, named_bad"),
        ("revisits", 'value = { of = "bad", share = 0 }', "value.share", "above 0"),
        ("revisits", 'value = { of = "bad", share = 1.01 }', "value.share", "between 0 and 1"),
        ("revisits", 'value = { of = "bad", share = 0.2, x = 1 }', "value.x", "unknown key"),
        (
            "points",
            "value = [{ level = 1, points = 0 }, { level = 1, points = 2 }]",
            "value[1].level",
            "twice",
        ),
        ("points", "value = [{ level = 1, points = 0, x = 1 }]", "value[0].x", "unknown key"),
        (
            "scores",
            score("{ from = 0, points = 1 }, { from = 0, points = 3 }"),
            "value.parts[0].bands[1].from",
            "not below",
        ),
        ("scores", score("{ from = 1, points = 3 }"), "value.parts[0].bands", "nothing is said below 1"),
        ("scores", score("{ from = 0, points = 2 }"), "value.total", "add up to 2"),
        ("scores", score("{ from = 0, points = 3, x = 1 }"), "value.parts[0].bands[0].x", "unknown key"),
        ("scores", score("{ from = 0, points = 3 }", ", x = 1"), "value.x", "unknown key"),
        (
            "scores",
            score("{ from = 0, points = 3 }").replace("true,", "true, x = 1,"),
            "value.parts[0].x",
            "unknown",
        ),
    ],
)
def test_a_value_that_makes_no_sense_is_named(
    refusal: Callable[[str], RulesError], dimension: str, value: str, key: str, problem: str
) -> None:
    error = refusal(entry(dimension, value))
    assert error.key == f"{dimension}[0].{key}"
    assert problem in error.problem


def test_no_documents_at_all_are_named(refusal: Callable[[str], RulesError]) -> None:
    error = refusal(HEAD.replace('[documents.d]\ntitle = "示例办法"', "[documents]") + WINDOW)
    assert error.key == "window[0].document"
    assert "none given" in error.problem


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        (WINDOW, "jurisdiction", "is missing; expected a table"),
        ("window = [1]\n" + HEAD, "window[0]", "write [[window]]"),
        ("window = []\n" + HEAD, "window", "write [[window]]"),
        ("documents = 1\n[jurisdiction]\nname = 'x'", "documents", "write [documents.KEY]"),
        (HEAD.replace('name = "示例市"', "name = 1"), "jurisdiction.name", "expected a text, found 1"),
        (HEAD.replace('layer = "city"', "layer = []"), "jurisdiction.layer", "expected a text, found a list"),
        (HEAD.replace('layer = "city"', ""), "jurisdiction.layer", "expected one of national, province"),
        (
            HEAD.replace('applies_to = ["999100"]', ""),
            "jurisdiction.applies_to",
            "is missing; expected a list",
        ),
        (HEAD.replace('title = "示例办法"', ""), "documents.d.title", "is missing; expected a text"),
        ("a = " + "[" * 9000 + "]" * 9000, "", "nested too deeply"),
    ],
)
def test_a_file_that_is_no_profile_says_where(
    refusal: Callable[[str], RulesError], text: str, key: str, problem: str
) -> None:
    found = [each.problem for each in refusal(text).mistakes if each.key == key]
    assert any(problem in each for each in found)
