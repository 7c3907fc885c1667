"""Kunming's file, broken in every way that a person's hand breaks a file: told with the line and what is expected."""

# ruff: noqa: E501 - tables of cases, one a line

from collections.abc import Callable
from pathlib import Path

import pytest

from haochaping.policy.checking import check
from haochaping.policy.sources import RULES_DIR

KUNMING = (RULES_DIR / "jurisdictions" / "kunming" / "profile.toml").read_text("utf-8")
NATIONAL = (RULES_DIR / "jurisdictions" / "national" / "profile.toml").read_text("utf-8")
FILE = "jurisdictions/kunming/profile.toml"
WINDOW = '[[window]]\nfrom = 2020-06-02\ndocument = "measures"\narticle = "第七条"'
LIMIT = '{ n = 5, unit = "workday", after = "service", count_first = false }'
LEVELS = KUNMING[KUNMING.index("value = [\n    { level = 5, label") : KUNMING.index("\n\n[[window]]")]
SUBJECTS = KUNMING[KUNMING.index("value = [\n    { subject") : KUNMING.index("\n\n[[questions]]")]
Told = list[tuple[int, str]]


@pytest.fixture
def told(tmp_path: Path) -> Callable[[str | bytes], Told]:
    """Lines and words of the mistakes of such a file beside the national base."""

    def told(content: str | bytes) -> Told:
        raw = content.encode() if isinstance(content, str) else content
        for key, text in (("national", NATIONAL.encode()), ("kunming", raw)):
            path = tmp_path / "jurisdictions" / key / "profile.toml"
            path.parent.mkdir(parents=True)
            path.write_bytes(text)
        mistakes = check(tmp_path)
        assert {each.file for each in mistakes} <= {FILE}
        return [(each.line, f"{each.key}: {each.problem}") for each in mistakes]

    return told


def more(dimension: str, value: str, beside: str = "") -> str:
    """A further entry at the end of the file."""
    return f'\n[[{dimension}]]\nfrom = 2020-06-02\ndocument = "measures"\narticle = "第九条"\n{beside}value = {value}\n'


# What is written instead of what (nothing: at the end), the text on whose line the mistake is, and what is said of it.
MUTATIONS = [
    ('name = "昆明市"', 'name = "昆明市', 'name = "昆明市', 'a text ends on its own line with a quote (")'),
    ('article = "第六条"', 'article = 第六条"', "article = 第六", "a text stands in quotes"),
    ('layer = "city"', "layer = “city”", "layer =", "“ is a full-width sign; write it with the English keyboard"),
    ('after = "service"', 'after = "service"，', "after =", "， is a full-width sign"),
    ('layer = "city"', 'layer = "city"\nlayer = "county"', 'layer = "county"', "a key stands only once in a table"),
    ("[documents.measures]", "[documents.measures]\n[documents.measures]", "[documents.measures]\ntitle", "a table [NAME] stands only once"),
    ('{ level = 5, label = "非常满意", bad = false },', '{ level = 5, label = "非常满意", bad = false }', "{ level = 4", "expected a comma or ]"),
    ("bad = true", "bad = True", "bad = True", "yes and no are true and false"),
    ('after = "service", ', 'after = "service" ', "after =", "expected a comma or }"),
    ("[[window]]", "[[窗口]]", "[[窗口]]", "a key is of a-z, 0-9, _ and -"),
    ("[[window]]", "[[window]", "[[window]", "a header is [NAME] or [[NAME]]"),
    ('layer = "city"', 'layer : "city"', "layer :", "expected KEY = VALUE"),
    ('layer = "city"', 'layer = "city" applies = 1', "layer =", "a line has one KEY = VALUE only"),
    (WINDOW, WINDOW + "\nto = 2021-02-30", "to = 2021-02-30", "there is no such day or time"),
    ("昆明市", "昆\0明市", 'name = "昆', "take the invisible character out"),
    ("昆明市", "昆\\u0000明市", 'name = "昆', "jurisdiction.name: holds a control character"),
    ("n = 5", 'n = "5"', "n =", "window[0].value.n: expected a whole number, found '5'"),
    ("n = 5", "n = 5.0", "n =", "window[0].value.n: expected a whole number, found 5.0"),
    ("n = 5", "n = true", "n =", "expected a whole number, found true"),
    ("n = 5", "n = 99999999999999999999", "n =", "is not between 0 and 3660"),
    ("n = 5", "n = " + "9" * 5000, "n =", "holds a number of thousands of digits"),
    ("[[window]]", "[[windw]]", "[[windw]]", "windw: unknown key; did you mean 'window'?"),
    ("[[window]]", "[window]", "[window]", "window: expected a list of entries: write [[window]]"),
    ("[[window]]", '[["win.dow"]]', '[["win', "unknown key; did you mean 'window'?"),
    (WINDOW, WINDOW.replace("from", "form"), "form", "window[0].form: unknown key; did you mean 'from'?"),
    ("count_first", "count_frist", "count_frist", "count_frist: unknown key; did you mean 'count_first'?"),
    ('unit = "workday"', 'unit = "workdays"', "unit =", "did you mean 'workday'?"),
    ('unit = "workday"', 'unit = "工作日"', "unit =", "expected one of minute, hour, working_hour, workday"),
    ('after = "service"', 'after = "servce"', "after =", "did you mean 'service'?"),
    ("{ from = 0.80, points = 1 }", "{ from = 0.95, points = 1 }", "{ from = 0.95, points = 1", "0.95 is not below 0.95: highest band first"),
    ("{ from = 0, points = 0 }", "{ from = 0.1, points = 0 }", "bands = [", "nothing is said below 0.1"),
    ("{ from = 0.95, points = 3 }", "{ from = 95, points = 3 }", '[[scores]]\nkey = "final"', "95 % is 0.95"),
    ("{ from = 0.95, points = 3 }", "{ from = 0.95, points = 1e999999999 }", "{ from = 0.95", "is beyond all measure"),
    ("total = 10", "total = 11", "total = 11", "is 11, but the best bands add up to 10"),
    ("share = 1\n", "share = nan\n", "share = nan", "expected a number, found NaN"),
    ("share = 1\n", "share = 100\n", "share = 100", "100 is not between 0 and 1"),
    (WINDOW, WINDOW.replace('\ndocument = "measures"', ""), "[[window]]", "window[0].document: is missing: every value cites"),
    (WINDOW, WINDOW.replace('\narticle = "第七条"', ""), "[[window]]", "window[0].article: is missing: every value cites"),
    (WINDOW, WINDOW.replace("measures", "measure"), 'document = "measure"', "'measure' is not among [documents]: measures"),
    ("[documents.measures]", "[document.measures]", "[document.", "document: unknown key; did you mean 'documents'?"),
    ("", more("window", LIMIT), "from = 2020-06-02", "window[1].from: overlaps the value that holds from 2020-06-02"),
    (WINDOW, f'[[window]]\nfrom = 2020-01-01\nto = 2020-05-01\ndocument = "measures"\narticle = "旧"\nvalue = {LIMIT}\n{WINDOW}', "from = 2020-06-02", "nothing holds from 2020-05-01 until before 2020-06-02"),
    (WINDOW, WINDOW + "\nto = 2019-01-01", "to = 2019-01-01", "2019-01-01 is not after 2020-06-02"),
    (WINDOW, WINDOW + '\nto = "2021-01-01"', 'to = "2021', "expected a date such as 2020-06-02, found '2021-01-01'"),
    (WINDOW, WINDOW + "\nto = 2021-01-01T00:00:00", "to = 2021", "expected a date such as 2020-06-02"),
    ('layer = "city"', 'layer = "city"\nadopts = { name = "kunming", from = 2020-06-02, document = "measures", article = "第十五条" }', "adopts", "goes in a circle: kunming → kunming"),
    ('layer = "city"', 'layer = "city"\nadopts = { name = "nationl", from = 2020-06-02, document = "measures", article = "第十五条" }', "adopts", "'nationl' is unknown; did you mean 'national'?"),
    ('layer = "city"', 'layer = "town"', "layer", "expected one of national, province, city"),
    ('layer = "city"', 'layer = "city"\nprecedence = 5000', "precedence", "5000 is not between -1000 and 1000"),
    ('["530100"]', '["5301"]', "applies_to", "'5301' is not a division code of 6 or 12 digits"),
    ('["530100"]', '["530100", "530100"]', "applies_to", "530100 is given twice"),
    ('measure = "participation"\ncounts_defaults = false', 'measure = "scores"\nscore = "final"', '[[scores]]\nkey = "final"', "goes in a circle: scores.final → scores.final"),
    ('variant_of = "final"', 'variant_of = "finale"', '[[scores]]\nkey = "final_active_only"', "the score 'finale' is unknown; did you mean 'final'?"),
    ('measure = "mean_points"', 'measure = "mean_point"', "measure =", "did you mean 'mean_points'?"),
    ("", more("scores", '{ combine = "weighted_mean", parts = [{ points = 1, weight = 0.5 }, { points = 2, weight = 0.6 }] }', 'key = "w"\n'), "[[scores]]", "the weights of its parts add up to 1.1; expected 1"),
    ("", more("window", LIMIT, 'only = { divisions = ["110100"] }\n'), "only =", "selects nothing: its divisions are not among `applies_to`"),
    ("", more("window", LIMIT, 'only = { places = ["hall"] }\n'), "only =", "did you mean 'own_hall'?"),
    ("", more("window", LIMIT, "only = {}\n"), "only =", "says nothing: leave it out to mean everything"),
    ("", more("window", LIMIT, 'only = { classes = ["hard"] }\n'), "only =", "no [[classes]] has the key 'hard'"),
    (SUBJECTS, "value = []", "value = []", "subjects[0].value: expected a list of at least one entry"),
    (LEVELS, "value = []", "value = []", "levels[0].value: expected a list of at least one entry"),
    ('after = "verification"', 'after = "rectification"', "[[rectification]]", "can never begin, it waits for itself: rectification → rectification"),
    ("level = 5, label", "level = 6, label", "level = 6", "levels[0].value[0].level: 6 is not between 1 and 5"),
    ('    { level = 3, label = "基本满意", bad = false },\n', "", "value = { level = 3", "3 is not among the levels laid down"),
    ("{ level = 1, points = 0 }", "{ level = 2, points = 0 }", "{ level = 2, points = 0", "2 is given twice"),
    ('value = { by = "handling_unit" }', 'value = { by = "handling_units" }', 'value = { by = "handling_units', "did you mean 'handling_unit'?"),
    ('"named:市营商环境办"', '"市营商环境办"', 'by = "市', "or a text that begins with 'named:'"),
    ('[[steps]]\nkey = "answer"', '[[steps]]\nkey = "anser"', 'key = "anser"', "'anser' is unknown; expected one of"),
    ("", more("local_days", '{ name = "节", off = [2026-07-01, 2026-07-01] }', 'key = "a"\n'), "value =", "2026-07-01 is given twice"),
    ("", more("local_days", '{ name = "节", off = [2026-07-01] }', 'key = "a"\n') + more("local_days", '{ name = "工", works = [2026-07-01] }', 'key = "b"\n'), '[[local_days]]\nfrom = 2020-06-02\ndocument = "measures"\narticle = "第九条"\nkey = "b"', "2026-07-01 is laid down by 'a' already"),
    ("[[naming]]", "[[naming]]\nabsent = true", "value = { encouraged", "give `value` or `absent`, not both"),
    ("[[naming]]", '[[naming]]\nkey = "a"', 'key = "a"', "unknown key; this dimension has one value only"),
    ('key = "efficiency"', 'key = "quality"', 'from = 2020-06-02\ndocument = "measures"\narticle = "第三条"\nwording = "对办理质量、效率、结果等进行综合评价"\nreading = "“综合评价”是一个等次；质量、效率、结果是其内容，可以另外作答而不必作答。"\nvalue = { words = "办理效率', "questions[1].from: overlaps"),
    ('reading = "接受服务当日不计入。"', 'reading = ""', 'reading = ""', "must not be empty"),
    ("[[naming]]", "[[naming]]\nchecked_until = 2019-01-01", "checked_until", "2019-01-01 is before 2020-06-02"),
    ("", more("transition", '{ as_substance = ["windows"] }'), "[[transition]]", "the dimension 'windows' is unknown; did you mean 'window'?"),
    ("", "#" + "x" * 1_100_000, "", "is larger than 1024 KiB"),
    ("", "\na = " + "[" * 3000, "", "is nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "marker", "problem"), MUTATIONS)
def test_a_broken_line_is_found_and_what_is_expected_is_said(
    told: Callable[[str], Told], old: str, new: str, marker: str, problem: str
) -> None:
    at = KUNMING.index(old) if old else len(KUNMING)
    text = KUNMING[:at] + new + KUNMING[at + len(old) :]
    before = 0 if old and marker.startswith(("[[", "bands")) else text.rfind("\n", 0, at) + 1
    line = text.count("\n", 0, text.index(marker, before)) + 1 if marker else 0
    found = told(text)
    assert any(problem in words for _, words in found), found
    assert next(where for where, words in found if problem in words) == line, found


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"", 1, "jurisdiction: is missing; expected a table [jurisdiction]"),
        (b"  \n\n", 1, "jurisdiction: is missing"),
        (KUNMING.encode("gb18030"), 3, "is not UTF-8 text; save it as UTF-8"),
        (KUNMING.encode("utf-16"), 1, "is not UTF-8 text; save it as UTF-8"),
        (KUNMING.replace("\n", "\r").encode(), 1, "save the file with usual line ends"),
        (KUNMING.encode()[: len(KUNMING.encode()) // 2], 0, "is not valid TOML"),
    ],
)
def test_a_file_that_is_broken_as_a_whole_is_told_so(
    told: Callable[[bytes], Told], content: bytes, line: int, problem: str
) -> None:
    ((where, words),) = told(content)
    assert problem in words
    assert where == line or (not line and where > 1)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + KUNMING.encode(),
        KUNMING.replace("\n", "\r\n").encode(),
        KUNMING.replace('layer = "city"', '\tlayer\t=\t"city"\t# 市').encode(),
        KUNMING.encode() + b"# " + b"x" * 900_000,
        KUNMING.rstrip("\n").encode(),
    ],
)
def test_what_harms_nobody_is_left_in_peace(told: Callable[[bytes], Told], content: bytes) -> None:
    assert told(content) == []


def test_thousands_of_entries_are_read(told: Callable[[str], Told]) -> None:
    many = "".join(more("questions", '{ words = "问" }', f'key = "q{n}"\n') for n in range(1500))
    assert told(KUNMING + many + more("questions", '{ words = "问" }', 'key = "q7"\n')) == [
        (
            KUNMING.count("\n") + 1500 * 7 + 3,
            "questions[1503].from: overlaps the value that holds from 2020-06-02",
        )
    ]
