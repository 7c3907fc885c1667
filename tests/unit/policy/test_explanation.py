"""Rules that speak: what applies, by which clause, what it overrides; what differs; how a value reads."""

# ruff: noqa: E501 - tables of cases, one a line

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from haochaping.policy.explanation import differences, explain, lines
from haochaping.policy.format_tables import used_shapes
from haochaping.policy.key_words import KEY_WORDS
from haochaping.policy.occasions import Occasion
from haochaping.policy.rulebook import AsOf, Rulebook
from haochaping.policy.shapes import keys
from haochaping.policy.wording import dimension_word, for_whom, value_words
from tests.unit.policy.samples import HEAD, WINDOW, entry

ON = date(2021, 6, 1)
Load = Callable[..., Rulebook]


def words(load: Load, dimension: str, text: str) -> str:
    profile = load(sample=entry(dimension, text)).profile("999100", ON)
    name, value = next((name, value) for name, value in profile.values().items() if value)
    return value_words(name, value)


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ('n = 5, unit = "workday", after = "service", count_first = false', "自接受服务之日的次日起5个工作日内"),
        ('n = 5, unit = "workday", after = "service", count_first = true', "自接受服务之日起5个工作日内"),
        ('n = 1, unit = "month", after = "verification", count_first = false', "自查实之日的次日起1个月内"),
        ('n = 24, unit = "hour", after = "dispatch"', "自转办之时起24小时内"),
        ('n = 0, unit = "calendar_day", after = "rating"', "评价当日"),
        ('n = 0, unit = "month_end", after = "rating"', "评价所在期间的月末"),
        ('n = 1, unit = "quarter_end", after = "rating"', "评价后第1个季度末"),
        ('n = 2, unit = "workday", before = "due", count_first = false', "原期限届满2个工作日前"),
        (
            'n = 5, unit = "calendar_day", after = "return", count_first = false, roll = "next_workday", '
            'start_on_workday = true, cutoff = 17:00:00, suspended_by = ["objection"], '
            'cap = { n = 0, unit = "year_end", after = "rating" }, floor = { n = 1, unit = "hour", after = "rating" }',
            "自退回之日的次日起5日内（遇节假日顺延至下一工作日；节假日发生的自下一工作日起算；17:00以后的视为次日；"
            "且不晚于评价所在期间的年末；且不早于自评价之时起1小时内；提出异议期间中止计算）",
        ),
    ],
)  # fmt: skip
def test_a_limit_reads_as_a_sentence(load: Load, limit: str, expected: str) -> None:
    assert words(load, "window", f"value = {{ {limit} }}") == expected


@pytest.mark.parametrize(
    ("dimension", "text", "expected"),
    [
        ("levels", 'value = [{ level = 5, label = "好", bad = false }, { level = 3, label = "行", bad = false, good = false }, { level = 1, label = "差", bad = true }]', "5级好（好评）、3级行（非好评）、1级差（差评）"),
        ("points", "value = [{ level = 5, points = 10.50 }, { level = 1, points = -2 }]", "5级10.5分、1级-2分"),
        ("bad_needs_reason", "value = true", "是"),
        ("ratable", "value = false", "否"),
        ("trigger", "value = {}", "有此规定，未附条件"),
        ("trigger", "value = { named = true }", "实名：是"),
        ("steps", 'value = { attempts = 3, means = ["telephone", "sms"], limit = { n = 1, unit = "hour", after = "opening" } }', "期限：自生成工单之时起1小时内，次数：3，方式：人工电话、短信"),
        ("responsibility", 'value = { by = "named:市营商环境办", with = ["hotline_12345"] }', "主体：市营商环境办，配合：12345热线"),
        ("scores", 'value = { parts = [{ measure = "ratio", of = ["bad"], over = ["ratings"], only = { named = true }, times = 20 }] }', "组成：【指标：比率，计数：差评数，除以：主动评价数，仅限【实名：是】，乘以：20】"),
        ("office_hours", "value = [{ from = 09:00:00, to = 12:00:00 }]", "【开始：09:00:00，结束：12:00:00】"),
        ("duties", 'value = { what = "报告", every = "year", on = { month = 12, day = 31 } }', "内容：报告，频率：年，日期【月：12，日：31】"),
    ],
)  # fmt: skip
def test_a_value_reads_in_the_words_of_the_field(
    load: Load, dimension: str, text: str, expected: str
) -> None:
    text = entry(dimension, text).replace('key = "one"', 'key = "contact"')
    found = load(sample=text).profile("999100", ON).values()
    assert [value_words(name, value) for name, value in found.items() if value] == [expected]


def test_every_key_of_every_shape_has_a_word() -> None:
    assert {key.name for shape in used_shapes() for key in keys(shape)} == set(KEY_WORDS)


def test_for_whom_a_value_is(load: Load) -> None:
    more = 'only = [{ channels = ["qr", "web"], levels = [1] }, { named = true }]\nexcept = { forms = ["batch"] }'
    book = load(sample=HEAD + WINDOW.replace("document", f"{more}\ndocument", 1))
    value = book.jurisdictions[0].values["window"][0]
    assert for_whom(value) == "渠道为二维码/网上，等次为1；或实名为是；除外：办件形式为批量办件"
    assert dimension_word("steps.contact") == "办理环节 contact"


def book_of_two(load: Load) -> Rulebook:
    province = HEAD.replace("999100", "990000").replace("city", "province").replace("示例市", "示例省")
    province = province.replace(
        "[documents.d]", 'document = "d"\narticle = "三"\nreading = "按地域"\n[documents.d]'
    )
    special = WINDOW.replace("document", 'only = { levels = [1] }\nwording = "三日"\nreading = "当日不计入"\nchecked_until = 2021-05-01\ndocument', 1)  # fmt: skip
    absent = '[[naming]]\nfrom = 2021-01-01\ndocument = "d"\narticle = "第九条"\nabsent = true\n'
    naming = absent.replace("absent = true", "value = { encouraged = true, anonymous = true }")
    return load(city=HEAD + special + absent, province=province + WINDOW.replace("n = 3", "n = 9") + naming)


def test_each_rule_is_explained_by_the_day_by_which_it_is_judged(load: Load) -> None:
    """三日 until 2022, then one day, by the day of the acceptance; what nobody told is that of the service."""
    later = (
        WINDOW.replace("n = 3", "n = 1").replace("to = 2022-01-01\n", "").replace("2021-01-01", "2022-01-01")
    )
    since = '[[transition]]\nfrom = 2022-01-01\ndocument = "d"\narticle = "附则"\nvalue = { substance = "acceptance_day" }\n'
    book, served = load(city=HEAD + WINDOW + later + since), date(2022, 3, 1)

    def said(as_of: AsOf) -> list[str]:
        found = lines(explain(book, Occasion("999101"), served, as_of))
        return [line for line in found if line.startswith(("服务日", "评价期限"))]

    old, new = (
        "评价期限（window）：自接受服务之日的次日起3个工作日内",
        "评价期限（window）：自接受服务之日的次日起1个工作日内",
    )
    told = "服务日 2022-03-01，办理日 2022-04-01，受理日 2021-12-31：各项规定按其应依据的日期选用（见“新旧规则衔接”）"
    assert said(AsOf()) == [new]
    assert said(AsOf(step=date(2022, 4, 1), accepted=date(2021, 12, 31))) == [told, old]
    # Asked again, and by the rating's day, which no rule here names.
    assert said(AsOf(accepted=date(2022, 1, 1), rated=date(2021, 6, 1)))[1:] == [new]
    assert said(AsOf(accepted=date(2021, 12, 31)))[1:] == [old]


def test_an_explanation_says_what_applies_and_what_it_overrides(load: Load) -> None:
    found = list(lines(explain(book_of_two(load), Occasion("999101", level=1), ON)))
    assert found[0].startswith("示例市（city） 2021-06-01 版本 ")
    assert found[1:10] == [
        "适用顺序：city > province",
        "    province 的适用：《示例办法》三；理解：按地域",
        "",
        "实名评价（naming）：明文不适用",
        "    依据：《示例办法》第九条（city，2021-01-01起，jurisdictions/city/profile.toml:19）",
        "    取代：鼓励实名：是，允许匿名：是 —— 《示例办法》第九条（province，2021-01-01起，jurisdictions/province/profile.toml:18）",
        "",
        "评价期限（window）：自接受服务之日的次日起3个工作日内",
        "    依据：《示例办法》第一条（city，2021-01-01至2022-01-01前，jurisdictions/city/profile.toml:9）",
    ]
    assert found[10:14] == [
        "    适用于：等次为1",
        "    原文：三日",
        "    理解：当日不计入",
        "    核对至：2021-05-01",
    ]
    assert found[-1].startswith("未规定：评价等次（levels）、")


def test_without_places_and_with_nothing_missing_to_tell(load: Load) -> None:
    explanation = explain(book_of_two(load), Occasion("999101"), ON)
    text = "\n".join(lines(explanation, places=False))
    assert "profile.toml" not in text
    assert explanation.scopes == (("province", "《示例办法》三", "按地域"),)
    by_name = {each.name: each for each in explanation.dimensions}
    assert by_name["naming"].absent
    assert by_name["levels"].effective is None
    assert not by_name["levels"].absent


def test_each_step_that_is_laid_down_is_explained_by_itself(load: Load) -> None:
    both = entry("steps", "value = { attempts = 2 }").replace('"one"', '"answer"')
    both += entry("steps", "value = { attempts = 3 }").removeprefix(HEAD).replace('"one"', '"contact"')
    found = explain(load(sample=both), Occasion("999100"), ON).dimensions
    assert [each.name for each in found if each.effective] == ["steps.answer", "steps.contact"]
    assert "steps" not in {each.name for each in found}


def test_what_differs_between_two(load: Load) -> None:
    book = book_of_two(load)
    one, other = book.rules(Occasion("999101", level=1), ON), book.rules(Occasion("999200"), ON)
    found = {each.name: each for each in differences(one, other)}
    assert list(found) == ["naming", "window"]
    assert found["naming"].one is None
    assert found["window"].one is not None
    assert found["window"].other is not None
    assert found["window"].other.words == "自接受服务之日的次日起9个工作日内"
    assert differences(one, one) == ()


def test_where_everything_is_laid_down_nothing_is_missing(load: Load) -> None:
    explanation = explain(book_of_two(load), Occasion("999101"), ON)
    laid_down = tuple(each for each in explanation.dimensions if each.effective is not None)
    found = list(lines(replace(explanation, dimensions=laid_down)))
    assert not any(each.startswith("未规定") for each in found)
    assert found[-1] != ""


def test_the_label_of_a_profile_names_it_and_its_version(load: Load) -> None:
    profile = book_of_two(load).profile("999101", ON)
    assert profile.label == f"city@{profile.version}"
    long = replace(profile, key="x" * 60)
    assert long.label == f"{'x' * 27}@{profile.version}"
    assert (len(long.label), len(profile.version)) == (40, 12)
