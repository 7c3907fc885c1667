"""A simulated city has the shares that are declared of it, as near as so many draws come to them."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from math import sqrt
from typing import Any

import pytest

from haochaping.foundation.clock import CN
from haochaping.policy.keeping import in_force
from haochaping.ratings.wording import opened_text
from haochaping.simulation.marginals import FOLDER, LEVELS, STREAMS, parted, read
from haochaping.simulation.spread import kind_of_day
from tests.integration.simulation.conftest import NOW, TWO_YEARS, Lived

# So many standard deviations: of a few hundred comparisons none goes further by chance.
WIDE = 4.5
SHAPE = read(TWO_YEARS.shape)
COMMENTS = FOLDER.parent / "comments.toml"


# How the sentences end in which somebody is named, or a number.
NAMING = re.compile(
    "|".join(
        re.escape(each).replace(r"\{person\}", ".{2,4}").replace(r"\{phone\}", r"\d{11}")
        for part in tomllib.loads(COMMENTS.read_text(encoding="utf-8")).values()
        for each in part.get("masked", ())
    )
)


def near(found: int, of: int, share: float) -> bool:
    """Whether so many of so many are what this share gives, within what chance does."""
    return abs(found - of * share) <= WIDE * sqrt(of * share * (1 - share)) + 1


def fits(counted: Mapping[Any, int], weights: Mapping[Any, Any]) -> bool:
    total, whole = sum(counted.values()), float(sum(weights.values()))
    assert total > 1000
    assert set(counted) <= set(weights)
    return all(near(counted.get(key, 0), total, float(weight) / whole) for key, weight in weights.items())


@pytest.fixture(scope="module")
def rated(lived: Lived) -> list[dict[str, Any]]:
    return [each for each in lived.services if each["level"] is not None]


def stream_of(service: dict[str, Any]) -> str:
    return "online" if service["place"] == "online" else "hall"


def test_there_are_as_many_as_were_asked_for(lived: Lived, rated: list[dict[str, Any]]) -> None:
    assert near(len(rated), len(lived.services), float(SHAPE.rated.share))
    assert abs(len(rated) - TWO_YEARS.ratings) < 400
    # Silence counts for all others but those of the last days, and what was reported too late.
    waiting = [each for each in lived.services if each["waits"]]
    late = [each for each in lived.services if each["late"]]
    silent = [each for each in lived.services if each["silence"] is not None]
    assert len(rated) + len(silent) + len(waiting) + len(late) == len(lived.services)
    assert {each["silence"] for each in silent} == {3}
    assert 0 < len(waiting) < 200
    assert near(len(late), len(lived.services), float(SHAPE.late.share))


def test_levels_and_channels_are_those_of_the_bulletin(rated: list[dict[str, Any]]) -> None:
    assert fits(Counter(each["level"] for each in rated), SHAPE.level_weights)
    channels = Counter(each["channel"] for each in rated)
    assert fits(channels, {**SHAPE.channels.hall, **SHAPE.channels.online})
    for each in rated:
        assert each["channel"] in getattr(SHAPE.channels, stream_of(each))
        assert (each["window_id"] is None) == (stream_of(each) == "online")


@pytest.mark.parametrize("stream", STREAMS)
def test_hours_and_weekdays_are_as_declared(lived: Lived, stream: str) -> None:
    mine = [each for each in lived.services if stream_of(each) == stream]
    hours = Counter(each["service_at"].astimezone(CN).hour for each in mine)
    assert fits(hours, dict(enumerate(getattr(SHAPE.hours, stream))))
    calendar = in_force().rulebook.calendar
    days = Counter(each["service_day"] for each in mine)
    first = min(each["service_day"] for each in lived.services)
    assert stream == "hall" or sorted(days) == [first + timedelta(later) for later in range(TWO_YEARS.days)]
    weights = getattr(SHAPE.weekdays, stream)
    whole = {day: weights[kind_of_day(calendar, day)] for day in days}
    # Days are not drawn: each has its part, to one.
    assert 0 not in whole.values()
    per_weight = sum(days.values()) / sum(whole.values())
    assert all(abs(number - whole[day] * per_weight) <= 1.5 for day, number in days.items())


def test_few_organisations_have_most(lived: Lived) -> None:
    counts = sorted(Counter(each["organisation_id"] for each in lived.services).values(), reverse=True)
    exponent = float(SHAPE.organisations.exponent)
    weights = [(place + 1) ** -exponent for place in range(len(counts))]
    assert len(counts) > 100
    tenth = len(counts) // 10
    assert near(sum(counts[:tenth]), sum(counts), sum(weights[:tenth]) / sum(weights))
    assert near(counts[0], sum(counts), weights[0] / sum(weights))


def test_of_the_items_of_an_organisation_few_have_most(lived: Lived) -> None:
    largest = Counter(each["organisation_id"] for each in lived.services).most_common(1)[0][0]
    items = Counter(each["item_id"] for each in lived.services if each["organisation_id"] == largest)
    (_, first), (_, second), *others = items.most_common()
    weights = [(place + 1) ** -float(SHAPE.items.exponent) for place in range(2)]
    assert others
    assert near(first, first + second, weights[0] / sum(weights))


@pytest.mark.parametrize("stream", STREAMS)
def test_ratings_come_as_long_after_the_report_as_declared(rated: list[dict[str, Any]], stream: str) -> None:
    buckets = getattr(SHAPE.delays, stream)
    waited = [
        (each["received_at"] - each["reported_at"]).total_seconds() - 1
        for each in rated
        # Of the last days only who was quick has rated.
        if stream_of(each) == stream and (NOW - each["reported_at"]).days > 4
    ]
    counted = Counter(next(upto for upto, _ in buckets if seconds < 60 * upto) for seconds in waited)
    assert fits(counted, dict(buckets))


def test_names_are_given_as_often_as_declared(rated: list[dict[str, Any]]) -> None:
    assert near(sum(each["named"] for each in rated), len(rated), float(SHAPE.named.share))
    assert {each["origin"] for each in rated} == {"simulation"}


@pytest.mark.parametrize(
    ("share", "has"),
    [
        pytest.param(SHAPE.tags.share, lambda each: bool(each["tags"]), id="tags"),
        pytest.param(SHAPE.comments.share, lambda each: bool(each["text"]), id="comments"),
    ],
)
def test_tags_and_comments_by_level(
    rated: list[dict[str, Any]], share: Mapping[int, Any], has: Callable[[dict[str, Any]], bool]
) -> None:
    for level in LEVELS:
        mine = [each for each in rated if each["level"] == level]
        # Of a few bad ones only a few can be without.
        assert near(sum(map(has, mine)), len(mine), min(float(share[level]), 0.9999))


def test_tags_go_with_their_level(rated: list[dict[str, Any]]) -> None:
    for each in rated:
        assert all(str(tag).startswith(str(each["level"])) for tag in each["tags"] or ())
        assert len(each["tags"] or ()) == len(set(each["tags"] or ())) <= 3


def test_most_who_choose_tags_choose_one(rated: list[dict[str, Any]]) -> None:
    counted = Counter(len(each["tags"]) for each in rated if each["tags"])
    assert fits(counted, dict(enumerate(SHAPE.tags.number, start=1)))


def test_comments_differ_and_are_sealed(rated: list[dict[str, Any]]) -> None:
    kept = [each for each in rated if each["text"]]
    texts = [opened_text(each["text"], each["id"]) for each in kept]
    assert len(set(texts)) > 0.9 * len(texts) > 400
    assert not any(text in each["text"] for text, each in zip(texts, kept, strict=True))
    assert all("{" not in text for text in texts)
    # Some name somebody, or a number that no network gives out.
    naming = [text for text in texts if NAMING.search(text)]
    assert near(len(naming), len(texts), float(SHAPE.comments.masked))


def test_each_rating_comes_after_its_report_and_has_its_receipt_and_its_trace_while_that_is_kept(
    rated: list[dict[str, Any]],
) -> None:
    assert all(each["received_at"] > each["reported_at"] > each["service_at"] for each in rated)
    assert all(each["receipt"] for each in rated)
    old = [each for each in rated if (NOW - each["received_at"]).days > 190]
    assert old
    assert not any(each["traced"] for each in old)
    assert sum(each["traced"] for each in rated) >= len(rated) - len(old) - 60


def test_every_tally_is_proved_by_its_rows(lived: Lived) -> None:
    assert lived.differences == ()
    assert lived.pending == 0
    assert lived.report.bad == lived.report.orders


def test_what_is_parted_is_whole() -> None:
    weights = [read("demo").rated.share, read("demo").named.share, read("demo").late.share]
    assert sum(parted(1001, weights)) == 1001
    assert parted(5, [weights[0] * 0, weights[0] * 0]) == [0, 0]
