"""What contradicts itself inside one value: the key, and what is wrong."""

# ruff: noqa: E501 - tables of cases, one a line

from collections.abc import Callable

import pytest

from haochaping.policy.rulebook import Rulebook, RulesError
from tests.unit.policy.samples import entry

DAYS = 'unit = "workday", after = "rating", count_first = false'
PART = '{ measure = "participation", counts_defaults = true'


def limit(text: str) -> tuple[str, str]:
    return "window", f"value = {{ {text} }}"


def part(text: str) -> tuple[str, str]:
    return "scores", f"value = {{ parts = [{{ {text} }}] }}"


def score(text: str) -> tuple[str, str]:
    return "scores", f"value = {{ parts = [{PART} }}], {text} }}"


def bands(text: str) -> tuple[str, str]:
    return part(f'measure = "participation", counts_defaults = true, bands = [{text}]')


def listed(text: str) -> tuple[str, str]:
    return "lists", f'value = {{ label = "名单", {text} }}'


def escalation(text: str) -> tuple[str, str]:
    return "escalations", f'value = {{ action = "talk", {text} }}'


def duty(text: str) -> tuple[str, str]:
    return "duties", f'value = {{ what = "报告", {text} }}'


@pytest.mark.parametrize(
    ("value", "key", "problem"),
    [
        (limit('n = 2, unit = "hour", after = "rating", count_first = true'), "count_first", "no meaning for hour"),
        (limit('n = 0, unit = "working_hour", after = "rating"'), "n", "day of the event itself"),
        (limit('n = 0, unit = "hour", after = "rating", count_first = true'), "count_first", "no meaning for hour"),
        (limit('n = 2, unit = "hour", after = "rating", then = { n = 1, unit = "hour", after = "rating" }'), "then.after", "from where the first span ends"),
        (("verdict", 'value = { scale = [{ key = "a", label = "好", satisfied = true }], beyond = "supervise" }'), "beyond", "needs `times`"),
        (("verdict", 'value = { scale = [{ key = "a", label = "好", satisfied = true, sets_off = "none" }] }'), "scale[0].sets_off", "no meaning"),
        (("frequency", 'value = { per = "case", counted = "each", counted_per = 100 }'), "counted_per", "counted = 'once'"),
        (limit('n = 2, unit = "hour", after = "result", or_after = ["delivery"]'), "whichever", "以先者为准"),
        (limit('n = 2, unit = "hour", after = "result", whichever = "last"'), "whichever", "stands with `or_after`"),
        (limit('n = 2, unit = "hour", before = "due", or_after = ["delivery"], whichever = "last"'), "or_after", "beside `after`"),
        (limit('n = 2, unit = "hour", after = "result", or_after = ["result"], whichever = "last"'), "or_after", "result is given twice"),
        (escalation('on = "nearing"'), "limit", "is needed"),
        (escalation('on = "nearing", limit = { n = 2, unit = "hour", after = "due" }'), "limit", "is needed"),
        (escalation('on = "overdue", limit = { n = 2, unit = "hour", before = "due" }'), "limit.before", 'on = "nearing"'),
        (escalation('on = "nearing", limit = { n = 2, unit = "hour", before = "due" }, times = 2'), "times", "nothing has happened yet"),
        (escalation('on = "nearing", limit = { n = 2, unit = "hour", before = "due" }, within = { n = 1, unit = "hour", after = "due" }'), "times", "nothing has happened yet"),
        (escalation('on = "repeated_bad", same = "staff"'), "same", "needs `times`"),
        (escalation('on = "repeated_bad", in_a_row = true'), "in_a_row", "with `times`"),
        (escalation('on = "overdue", times = 2, in_a_row = true'), "in_a_row", "repeated_bad"),
        (score("round = { mode = 'up' }"), "round.places", "one of `places` and `step`"),
        (score("round = { places = 1, step = 0.5 }"), "round.places", "one of `places` and `step`"),
        (score("round = { step = 0 }"), "round.step", "0 is not above 0"),
        (limit('n = 2, unit = "hour", after = "rating", until = 17:00:00'), "until", "no meaning for hour"),
        (limit('n = 2, unit = "working_hour", after = "rating", from_opening = true'), "from_opening", "says all of it"),
        (limit('n = 2, unit = "hour", after = "rating", from_opening = true, cutoff = 17:00:00'), "from_opening", "says all of it"),
        (limit('n = 2, unit = "hour", after = "rating", from_opening = true, start_on_workday = true'), "from_opening", "says all of it"),
        (limit('n = 2, unit = "hour", before = "due", from_opening = true'), "before", "from the event alone"),
        (limit('n = 2, unit = "hour", before = "due", start_on_workday = true'), "before", "from the event alone"),
        (limit('n = 2, unit = "hour", after = "rating", suspended_by = ["contact"]'), "suspended_by[0]", "nothing ends contact; what can be pending: appeal,"),
        (limit('n = 0, unit = "workday", after = "rating", count_first = true'), "n", "day of the event itself"),
        (limit('n = 2, unit = "month_end", before = "due"'), "before", "from the event alone"),
        (limit('n = 2, unit = "workday", before = "due", count_first = false, cutoff = 17:00:00'), "before", "alone"),
        (limit('n = 2, unit = "workday", before = "due", count_first = false, suspended_by = ["objection"]'), "suspended_by", "cannot stand still"),
        (limit(f"n = 2, {DAYS}, cutoff = 17"), "cutoff", "a time such as 17:00:00"),
        (limit(f'n = 2, {DAYS}, cap = {{ n = 1, unit = "month", after = "rating" }}'), "cap.count_first", "is missing"),
        (limit(f'n = 2, {DAYS}, suspended_by = ["objection", "objection"]'), "suspended_by[1]", "given twice"),
        (limit(f'n = 2, {DAYS}, suspended_by = "objection"'), "suspended_by", "expected a list, found 'objection'; write [\"objection\"]"),
        (("levels", 'value = [{ level = 5, label = "x", bad = true, good = true }]'), "[0].good", "not 好评 and 差评"),
        (("levels", "value = {}"), "", "expected a list, found a table"),
        (("levels", "value = []"), "", "at least one"),
        (("levels", "value = [[]]"), "[0]", "expected a table, found a list"),
        (("subjects", 'value = [{ subject = "item" }, { subject = "item" }]'), "[1].subject", "given twice"),
        (("frequency", 'value = { per = "case", stages = ["review"] }'), "stages", "only said with per"),
        (("office_hours", "value = [{ from = 09:00:00, to = 12:00:00 }, { from = 11:00:00, to = 17:00:00 }]"), "[1].from", "before 12:00:00"),
        (("office_hours", "value = [{ from = 12:00:00, to = 09:00:00 }]"), "[0].to", "not after"),
        (("local_days", 'value = { name = "节" }'), "off", "expected the days"),
        (("local_days", 'value = { name = "节", off = [2026-07-01], works = [2026-07-01] }'), "works[0]", "given twice"),
        (("verdict", 'value = { scale = [{ key = "a", label = "满意", satisfied = true }, { key = "a", label = "否", satisfied = false }] }'), "scale[1].key", "given twice"),
        (("verdict", 'value = { scale = [{ key = "A", label = "满意", satisfied = true }] }'), "scale[0].key", "short name"),
        (("verdict", 'value = { scale = [{ key = "a", label = "满意", satisfied = true, sets_off = "reopen" }] }'), "scale[0].sets_off", "an answer that is satisfied"),
        (("frequency", 'value = { per = "case", counted = "each", counted_per = 5 }'), "counted_per", "only said with counted"),
        (("surveys", 'value = { of = "raters", number = 0 }'), "number", "0 is below 1"),
        (part('measure = "ratio", of = ["bad"]'), "parts[0].over", "needs it"),
        (part('measure = "count"'), "parts[0].of", "needs it"),
        (part('measure = "external"'), "parts[0].external", "needs it"),
        (part('measure = "scores"'), "parts[0].score", "needs it"),
        (part('measure = "count", of = ["bad"], over = ["ratings"]'), "parts[0].over", "no meaning for the measure count"),
        (part('measure = "revisit_rate", below = "window"'), "parts[0].below", "no meaning"),
        (part('measure = "listed"'), "parts[0].list", "needs it"),
        (part('measure = "count", of = ["bad"], list = "black"'), "parts[0].list", "no meaning"),
        (part('measure = "count", of = ["bad"], each = "month"'), "parts[0].each", "no meaning"),
        (part('measure = "scores", score = "one", below = "window", each = "month"'), "parts[0].each", "`below` or `each`"),
        (part('measure = "scores", score = "one", how = "sum"'), "parts[0].how", "nothing to put together"),
        (part('measure = "scores", score = "one", below = "window", weigh_by = "occasions"'), "parts[0].weigh_by", 'how = "weighted"'),
        (part('measure = "count", of = ["bad"], relative = true'), "parts[0].relative", "give `compared`"),
        (part('measure = "count", of = ["bad"], better = "lower"'), "parts[0].better", "give `placed`"),
        (part('points = 1, when = { measure = "count", of = ["bad"] }'), "parts[0].when.from", "expected a bound"),
        (part('points = 1, when = { from = 1 }'), "parts[0].when.measure", "is looked at"),
        (part('points = 1, when = { measure = "count", from = 1 }'), "parts[0].when.of", "needs it"),
        (part('points = 1, when = { measure = "count", of = ["bad"], from = 1, above = 1 }'), "parts[0].when.above", "not both"),
        (part('measure = "good_rate"'), "parts[0].counts_defaults", "do defaults enter"),
        (part('measure = "count", of = ["bad"], groups = [{ only = { named = true }, weight = 2 }]'), "parts[0].groups", "mean_points only"),
        (part('measure = "participatoin", counts_defaults = true'), "parts[0].measure", "did you mean 'participation'?"),
        (part("weight = 1"), "parts[0].measure", "found none"),
        (part('points = 3, measure = "count", of = ["bad"]'), "parts[0].measure", "found measure, points"),
        (part("points = 3, times = 2"), "parts[0].times", "given as they are"),
        (part('measure = "count", of = ["bad"], times = 2, per = { step = 1, points = 1 }'), "parts[0].times", "one of per, times"),
        (part('measure = "count", of = ["bad"], per = { step = 0, points = 1 }'), "parts[0].per.step", "not above 0"),
        (part('measure = "count", of = ["bad"], least = 3, most = 2'), "parts[0].least", "above `most`"),
        (part('measure = "revisit_rate", times = 20, empty = "full"'), "parts[0].empty", "give `most`"),
        (part('measure = "revisit_rate", linear = [{ at = 1, points = 0 }, { at = 1, points = 2 }]'), "parts[0].linear[1].at", "not above 1"),
        (part('points = 1, bands = [{ from = 0 }]'), "parts[0].bands[0].points", "is missing"),
        (bands("{ from = 0, above = 0, points = 1 }"), "parts[0].bands[0].above", "not both"),
        (bands("{ from = 0, up_to = 1, under = 1, points = 1 }"), "parts[0].bands[0].under", "not both"),
        (bands("{ from = 1, up_to = 1, points = 1 }, { from = 0, points = 0 }"), "parts[0].bands[0].up_to", "not above 1"),
        (bands("{ points = 1 }, { from = 0, points = 0 }"), "parts[0].bands[0].from", "only the lowest band"),
        (bands("{ from = 0.9, points = 1 }, { up_to = 0.8, points = 0 }"), "parts[0].bands[1].up_to", "leaves a gap"),
        (bands("{ from = 0.9, points = 1 }, { up_to = 0.9, points = 0 }"), "parts[0].bands[1].up_to", "overlaps the band above"),
        (bands("{ above = 0.9, points = 1 }, { under = 0.9, points = 0 }"), "parts[0].bands[1].under", "leaves a gap"),
        (bands("{ from = 0.9, points = 1 }, { under = 0.95, points = 0 }"), "parts[0].bands[1].under", "overlaps"),
        (score("rolling = 3"), "rolling", "give `period`"),
        (score("caps = [{ from = 1, most = 0 }]"), "caps[0].measure", "is looked at"),
        (score('caps = [{ measure = "count", of = ["bad"], most = 0 }]'), "caps[0].from", "expected a bound"),
        (score('caps = [{ measure = "count", of = ["bad"], from = 1 }]'), "caps[0].most", "`most` or `least`"),
        (score('grades = [{ from = 90, label = "优秀" }, { under = 80, label = "其他" }]'), "grades[1].under", "gap"),
        (score("grades = [{ from = 0 }]"), "grades[0].label", "is missing"),
        (listed('measure = "bad_rate", counts_defaults = false, from = 1, rank = "last", n = 1'), "rank", "not both"),
        (listed("from = 1"), "measure", "is looked at"),
        (listed('measure = "scores", score = "one", rank = "last"'), "n", "`n` or `share`"),
        (listed('measure = "scores", score = "one", rank = "last", n = 1, share = 0.1'), "n", "`n` or `share`"),
        (listed('measure = "count", of = ["bad"]'), "from", "a bound or a `rank`"),
        (listed('measure = "count", of = ["bad"], from = 1, better = "lower"'), "better", "give `placed`"),
        (listed('measure = "count", of = ["bad"], from = 1, period = "month", out_of = 2, within = "year"'), "within", "not both"),
        (listed('measure = "count", of = ["bad"], from = 1, within = "year"'), "within", "give `period`"),
        (listed("periods = 3, out_of = 2"), "out_of", "less than `periods`"),
        (duty('every = "year", limit = { n = 5, unit = "workday", after = "period_end", count_first = false }, on = { month = 1, day = 1 }'), "on", "not both"),
        (duty('every = "month", on = { month = 1, day = 1 }'), "on", "needs `limit`"),
        (duty('every = "month", limit = { n = 5, unit = "workday", after = "rating", count_first = false }'), "limit.after", "period_end"),
        (duty('every = "month", first = 2026-02-01, last = 2026-01-01'), "last", "is before"),
        (duty('every = "once"'), "first", "due from some day on"),
    ],
)  # fmt: skip
def test_a_contradiction_is_named(
    load: Callable[..., Rulebook], value: tuple[str, str], key: str, problem: str
) -> None:
    dimension, text = value
    with pytest.raises(RulesError) as caught:
        load(sample=entry(dimension, text))
    separator = "" if key.startswith("[") or not key else "."
    assert caught.value.key == f"{dimension}[0].value{separator}{key}"
    assert problem in caught.value.problem


@pytest.mark.parametrize(
    ("dimension", "text"),
    [
        bands("{ from = 0.9, up_to = 1, points = 2 }, { from = 0.8, under = 0.9, points = 1 }, { under = 0.8, points = 0 }"),
        bands("{ above = 0.9, points = 2 }, { up_to = 0.9, points = 0 }"),
        part('measure = "revisit_rate", linear = [{ at = 0, points = 0 }, { at = 1, points = 2 }], empty = "full"'),
        part('measure = "count", of = ["overdue"], per = { step = 1, points = -1, start = 5 }, empty = "full"'),
        part('parts = [{ points = 3 }], most = 2, empty = "full"'),
        part('parts = [{ points = 3, weight = -1 }]'),
        part('parts = [{ measure = "count", of = ["good"], per = { step = 1, points = 1 } }]'),
        ("scores", 'value = { total = 5, base = 3, most = 5, parts = [{ points = 4 }] }'),
        ("scores", 'value = { total = 7, combine = "product", parts = [{ points = 4 }] }'),
        ("lists", 'value = { label = "表彰", consequences = [{ kind = "commendation" }] }'),
        ("objection", 'value = { decided_by = "named:有关部门", grounds = ["named:系统测试"] }'),
        duty('every = "year", on = { month = 12, day = 31 }'),
        ("repetition", 'value = { per = "rater", counted = "last" }'),
    ],
)  # fmt: skip
def test_what_a_regulation_can_well_say_is_read(
    load: Callable[..., Rulebook], dimension: str, text: str
) -> None:
    assert load(sample=entry(dimension, text)).jurisdictions[0].values[dimension]
