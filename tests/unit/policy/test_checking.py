"""`rules check`: all mistakes at once, each with its file, line, and what is expected."""

# ruff: noqa: E501 - tables of cases, one a line

from collections.abc import Callable
from pathlib import Path

import pytest

from haochaping.policy.checking import check
from haochaping.policy.sources import RULES_DIR, RulesError
from haochaping.policy.vocabulary import EVENTS
from tests.unit.policy.samples import HEAD, WINDOW, WINDOW_2022

NATIONAL = HEAD.replace('"city"', '"national"').replace("999100", "000000")
LIMIT = '{ n = 3, unit = "workday", after = "%s", count_first = false }'
SERVISE = (
    f"'servise' is unknown; expected one of {', '.join(word.removesuffix('_') for word in EVENTS)}"
    ", or a text that begins with 'named:'"
)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A directory of rules that stands by itself, with the given profiles beside a national base."""

    def write(**profiles: str) -> Path:
        for key, text in {"national": NATIONAL, **profiles}.items():
            path = tmp_path / "jurisdictions" / key / "profile.toml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def entry(dimension: str, value: str, more: str = "") -> str:
    return f'[[{dimension}]]\nfrom = 2021-01-01\ndocument = "d"\narticle = "第一条"\n{more}\n{value}\n'


def found(root: Path) -> list[str]:
    return [str(each) for each in check(root)]


def test_the_shipped_rules_have_no_mistake() -> None:
    assert check(RULES_DIR) == ()
    assert check(RULES_DIR / "jurisdictions" / "kunming" / "profile.toml") == ()


def test_all_mistakes_at_once_with_their_lines(write: Write) -> None:
    wrong = (
        WINDOW.replace("n = 3", "n = 3.5")
        .replace("service", "servise")
        .replace('"第一条"', '"第一条"\nreadin = 1')
    )
    root = write(city=HEAD + wrong + "[[windw]]\n", other=HEAD.replace("999100", "9992"), worse="= 1")
    place = "jurisdictions/city/profile.toml"
    assert found(root) == [
        f"{place}:14: window[0].readin: unknown key; did you mean 'reading'?",
        f"{place}:15: window[0].value.n: expected a whole number, found 3.5",
        f"{place}:15: window[0].value.after: {SERVISE}; did you mean 'service'?",
        f"{place}:16: windw: unknown key; did you mean 'window'?",
        "jurisdictions/other/profile.toml:5: jurisdiction.applies_to[0]: '9992' is not a division code of 6 or 12 digits",
        "jurisdictions/worse/profile.toml:1: is not valid TOML: Invalid statement (at line 1, column 1); expected KEY = VALUE, [TABLE] or [[LIST]]",
    ]


def test_broken_in_the_middle_of_a_text_it_is_the_last_line(write: Write) -> None:
    assert ":2: is not valid TOML" in found(write(city='a = 1\nb = "'))[0]


@pytest.mark.parametrize(
    ("text", "key", "line", "problem"),
    [
        (WINDOW + WINDOW_2022.replace("from = 2022-01-01", "from = 2022-03-01"), "window.from", 17, "nothing holds from 2022-01-01 until before 2022-03-01"),
        (entry("window", "value = " + LIMIT % "service", 'only = { divisions = ["110100"] }'), "window.only", 12, "selects nothing: its divisions"),
        (entry("window", "value = " + LIMIT % "service", 'only = { levels = [1] }\nexcept = { levels = [1] }'), "window.except", 13, "all of `only` is excepted"),
        (entry("window", "value = " + LIMIT % "service", 'only = { classes = ["hard"] }'), "window.only.classes", 12, "no [[classes]] has the key 'hard'"),
        (entry("scores", 'value = { parts = [{ points = 1 }], variant_of = "finl" }', 'key = "final"'), "scores.final", 8, "'finl' is unknown; did you mean 'final'?"),
        (entry("scores", 'value = { parts = [{ parts = [{ measure = "scores", score = "a" }] }] }', 'key = "a"'), "scores.a", 8, "circle: scores.a → scores.a"),
        (entry("scores", 'value = { parts = [{ measure = "listed", list = "b" }] }', 'key = "a"') + entry("lists", 'value = { label = "x", measure = "scores", score = "a", under = 1 }', 'key = "b"'), "scores.a", 8, "circle: scores.a → lists.b → scores.a"),
        (entry("scores", 'value = { parts = [{ points = 1 }], caps = [{ measure = "scores", score = "b", under = 1, most = 0 }] }', 'key = "a"'), "scores.a", 8, "the score 'b' is unknown"),
        (entry("lists", 'value = { label = "x", measure = "listed", list = "c", from = 1 }', 'key = "a"'), "lists.a", 8, "the list 'c' is unknown; known are a"),
        (entry("lists", 'value = { label = "x", measure = "scores", score = "b", from = 1 }', 'key = "a"'), "lists.a", 8, "the score 'b' is unknown"),
        (entry("transition", 'value = { as_substance = ["windows"] }'), "transition", 8, "did you mean 'window'?"),
        (entry("rectification", "value = " + LIMIT % "approval") + entry("steps", f"value = {{ limit = {LIMIT % 'rectification'} }}", 'key = "approval"'), "rectification", 8, "waits for itself: rectification → approval → rectification"),
        (entry("objection", f"value = {{ limit = {LIMIT % 'objection'} }}"), "objection", 8, "waits for itself"),
        (entry("levels", 'value = [{ level = 5, label = "好", bad = false }]') + entry("default", f"value = {{ level = 3, limit = {LIMIT % 'service'} }}"), "default.value.level", 19, "3 is not among"),
        (entry("levels", 'value = [{ level = 5, label = "好", bad = false }]') + entry("points", "value = [{ level = 5, points = 1 }, { level = 1, points = 0 }]"), "points.value", 19, "1 is not among"),
    ],
)  # fmt: skip
def test_what_can_be_read_and_yet_not_be_meant(
    write: Write, text: str, key: str, line: int, problem: str
) -> None:
    mistakes = check(write(city=HEAD + text))
    assert [each.key for each in mistakes] == [key]
    assert mistakes[0].line == line
    assert problem in mistakes[0].problem


@pytest.mark.parametrize(
    "text",
    [
        entry("window", "absent = true") + entry("default", "absent = true") + entry("points", "absent = true"),
        WINDOW + WINDOW_2022,
        WINDOW + WINDOW_2022.replace("from = 2022-01-01", 'from = 2022-06-01\nonly = { levels = [1] }'),
        WINDOW.replace("to = 2022-01-01\n", "") + entry("window", "value = " + LIMIT % "service", 'only = [{ divisions = ["110100"] }, { divisions = ["999101"] }]'),
        entry("levels", 'value = [{ level = 5, label = "好", bad = false }]') + entry("default", "absent = true") + entry("points", "absent = true"),
        entry("scores", 'value = { parts = [{ measure = "scores", score = "a", below = "window" }] }', 'key = "a"'),
        entry("scores", "absent = true", 'key = "a"'),
        entry("scores", 'value = { combine = "weighted_mean", parts = [{ points = 1, weight = 0.5 }, { points = 2, weight = 0.5 }] }', 'key = "a"'),
        entry("scores", 'value = { combine = "weighted_mean", parts = [{ points = 1, weight = 3 }, { points = 2, weight = 2 }] }', 'key = "a"'),
        entry("scores", 'value = { parts = [{ measure = "bad_rate", counts_defaults = false, bands = [{ above = 0.5, points = 0 }, { up_to = 0.5, points = 1 }] }] }', 'key = "a"'),
        entry("local_days", "absent = true", 'key = "a"') + entry("local_days", 'value = { name = "节", off = [2026-07-01] }', 'key = "b"') + entry("local_days", 'value = { name = "会", off = [2026-07-02] }', 'key = "c"'),
        entry("classes", 'value = { label = "复杂" }', 'key = "hard"') + entry("window", "value = " + LIMIT % "service", 'only = { classes = ["hard"] }'),
        entry("steps", "value = { attempts = 3 }", 'key = "contact"') + entry("verdict", 'value = { scale = [{ key = "a", label = "满意", satisfied = true }] }'),
        entry("transition", 'value = { as_substance = ["window"], as_procedure = ["default"] }'),
        entry("steps", 'value = { limit = { n = 1, unit = "hour", before = "contact" } }', 'key = "contact"'),
    ],
)  # fmt: skip
def test_what_is_well_meant_is_left_in_peace(write: Write, text: str) -> None:
    assert found(write(city=HEAD + text)) == []


def test_a_value_that_the_jurisdictions_own_only_leaves_nothing_of(write: Write) -> None:
    city = HEAD.replace("[documents.d]", 'only = { places = ["own_hall"] }\n[documents.d]')
    text = entry("window", "value = " + LIMIT % "service", 'only = { places = ["online"] }')
    assert "leaves none of these" in found(write(city=city + text))[0]


# Calendars and tags


def calendar(root: Path, text: str, name: str = "2026.toml") -> Path:
    path = root / "calendars" / "CN" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


NOTICE = 'year = 2026\n[documents.n]\ntitle = "通知"\n'


def day_off(day: str, more: str = "") -> str:
    return f'[[holidays]]\nname = "节"\nfrom = {day}\nto = {day}\ndocument = "n"\n{more}\n'


def test_a_day_twice_in_a_calendar_is_named_with_its_line(write: Write) -> None:
    root = write()
    calendar(root, NOTICE + day_off("2026-05-01") * 2)
    assert found(root) == [
        "calendars/CN/2026.toml:12: holidays[1].from: 2026-05-01 is in holidays[0] already"
    ]


def test_a_calendar_that_cannot_be_read_is_named(write: Write) -> None:
    root = write()
    path = calendar(root, "year = ")
    path.with_name("2027.toml").write_bytes(b"\xff")
    assert [each.partition(": ")[0] for each in found(root)] == [
        "calendars/CN/2026.toml:1",
        "calendars/CN/2027.toml:1",
    ]


def test_two_notices_that_contradict_each_other(write: Write) -> None:
    root = write()
    calendar(root, NOTICE + day_off("2026-12-27"))
    text = NOTICE.replace("2026", "2027") + day_off("2027-01-01", "makeup = [2026-12-27]")
    calendar(root, text, "2027.toml")
    assert "a holiday in one year's notice and a working day in another's" in found(root)[0]


def test_tags_are_looked_at_where_there_are_some(write: Write) -> None:
    root = write()
    (root / "tags").mkdir()
    (root / "tags" / "rating_tags.csv").write_text("code,level\n")
    assert "tags/rating_tags.csv: line 1: expected the columns" in found(root)[0]


# What PATH may be


def test_a_single_file_is_checked_in_its_directory(write: Write) -> None:
    root = write(city=HEAD + WINDOW.replace("n = 3", "n = 3.5"), other=HEAD.replace("name", "nam"))
    mistakes = check(root / "jurisdictions" / "city" / "profile.toml")
    assert [(each.file, each.line) for each in mistakes] == [("jurisdictions/city/profile.toml", 14)]
    path = calendar(root, "year = ")
    assert [each.file for each in check(path)] == ["calendars/CN/2026.toml"]


def test_a_file_that_stands_nowhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text("")
    with pytest.raises(RulesError, match="in no directory of rules"):
        check(path)


def test_an_operators_directory_is_checked_on_top_of_the_products_own(tmp_path: Path) -> None:
    folder = tmp_path / "jurisdictions" / "ours"
    folder.mkdir(parents=True)
    operator = HEAD.replace('"city"', '"operator"').replace("999100", "530100")
    adopting = operator.replace(
        "[documents.d]",
        'adopts = [{ name = "kunming", FROM }, { name = "kunmin", FROM }]\n[documents.d]'.replace(
            "FROM", 'from = 2021-01-01, document = "d", article = "一"'
        ),
    )
    (folder / "profile.toml").write_text(adopting, encoding="utf-8")
    assert [str(each) for each in check(tmp_path)] == [
        "jurisdictions/ours/profile.toml:6: jurisdiction.adopts[1].name: 'kunmin' is unknown; did you mean 'kunming'?"
    ]


def test_a_directory_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"holds no rules; expected jurisdictions/NAME/profile\.toml"):
        check(tmp_path)


def test_a_directory_with_a_calendar_alone_has_nothing_to_say_against_the_products_own(
    tmp_path: Path,
) -> None:
    calendar(tmp_path, NOTICE.replace("2026", "2027") + day_off("2027-01-01"), "2027.toml")
    assert check(tmp_path) == ()


def test_the_folder_of_one_profile_may_be_named(write: Write) -> None:
    root = write(city=HEAD + WINDOW.replace("n = 3", "n = 3.5"))
    assert [each.line for each in check(root / "jurisdictions" / "city")] == [14]


def test_files_that_nobody_reads_are_named(write: Write) -> None:
    root = write(city=HEAD + WINDOW)
    city = root / "jurisdictions" / "city"
    (city / "Profile.TOML").write_text("")
    (city / ".profile.toml.swp").write_text("")
    (city / "notes.md").write_text("")
    calendar(root, "", "2027.toml.bak")
    (root / "calendars" / "2027.toml").write_text("")
    assert found(root) == [
        "jurisdictions/city/Profile.TOML: is read by nobody; expected jurisdictions/NAME/profile.toml",
        "calendars/2027.toml: is read by nobody; expected calendars/CN/YEAR.toml",
        "calendars/CN/2027.toml.bak: is read by nobody; expected calendars/CN/YEAR.toml",
    ]


def test_files_and_folders_that_cannot_be_read_are_named(write: Write) -> None:
    root = write(city=HEAD + WINDOW)
    (root / "jurisdictions" / "empty").mkdir()
    (root / "jurisdictions" / "loop").symlink_to("loop")
    (root / "calendars").mkdir()
    (root / "calendars" / "CN").symlink_to("CN")
    told = found(root)
    assert told[0] == "jurisdictions/empty/profile.toml: cannot be read (No such file or directory)"
    assert told[1] == "jurisdictions/loop/profile.toml: cannot be read (Too many levels of symbolic links)"
    assert told[2] == "calendars/CN: cannot be read (Too many levels of symbolic links)"
    assert len(told) == 3


def test_one_mistake_brings_about_no_other(write: Write) -> None:
    score = entry("scores", 'value = { parts = [{ measure = "meen", counts_defaults = true }] }', 'key = "a"')
    of_it = entry("scores", 'value = { parts = [{ points = 1 }], variant_of = "a" }', 'key = "b"')
    levels = entry("levels", 'value = [{ level = 5, label = "好", bad = 1 }]')
    default = entry("default", f"value = {{ level = 3, limit = {LIMIT % 'service'} }}")
    sorts = entry("classes", "value = { labl = 1 }", 'key = "hard"')
    told = found(
        write(
            city=HEAD
            + score
            + of_it
            + levels
            + default
            + sorts
            + entry("window", "value = " + LIMIT % "service", 'only = { classes = ["hard"] }')
        )
    )
    assert [each.partition(": ")[2].partition(":")[0] for each in told] == [
        "scores[0].value.parts[0].measure",
        "levels[0].value[0].bad",
        "classes[0].value.label",
        "classes[0].value.labl",
    ]


PLACED = '{ measure = "bad_rate", counts_defaults = false, %s bands = [{ above = 2, points = 0 }, { from = 0, points = 1 }] }'


@pytest.mark.parametrize(
    ("said", "doubted"),
    [
        ("", True),
        ('placed = "rank",', False),
        ('compared = "year_ago",', True),
        ('compared = "year_ago", relative = true,', False),
    ],
)
def test_the_bounds_of_a_share_are_shares_but_those_of_its_place_are_not(
    write: Write, said: str, doubted: bool
) -> None:
    text = entry("scores", f"value = {{ parts = [{PLACED % said}] }}", 'key = "a"')
    assert [each.problem for each in check(write(city=HEAD + text))] == (
        ["a band of bad_rate begins at 2; expected a share from 0 to 1, 95 % is 0.95"] if doubted else []
    )
