"""On which line a key stands."""

import tomllib
from collections.abc import Iterator

import pytest

from haochaping.policy.places import line_of, lines_of
from haochaping.policy.sources import RULES_DIR

TEXT = '''\
# a comment = 1
top = "a # b"  # and more
"quoted key".'x' = 'it = "s"'

[head] # here
many = """
[not.a.table]
a = 1 \\""" more
""" # after
raw = \'\'\'
[[no]]
\'\'\'
list = [
    1, # one
    { a = 1, "b" = [2, 3] },
    [],
]
dotted.name = {}

[[entry]]
n = 1
[entry.value]
limit = { n = 5, unit = "x]}", on = 2020-06-02 }

[[entry]]
n = 2
[[entry.parts]]
m = 1
[[entry.parts]]
m = 2
bands = [
    { from = 0.5 },
    { from = 0,
    },
]
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("top", 2),
        ("quoted key.x", 3),
        ("head", 5),
        ("head.many", 6),
        ("head.raw", 10),
        ("head.list", 13),
        ("head.list[0]", 14),
        ("head.list[1].b[1]", 15),
        ("head.list[2]", 16),
        ("head.dotted.name", 18),
        ("entry[0]", 20),
        ("entry[0].n", 21),
        ("entry[0].value", 22),
        ("entry[0].value.limit.on", 23),
        ("entry[1].n", 26),
        ("entry[1].parts[0].m", 28),
        ("entry[1].parts[1].bands[1].from", 33),
        # What is not there: the nearest table around it.
        ("entry[0].value.limit.missing", 23),
        ("entry[1].parts[1].bands[0].points", 32),
        ("entry[1].from", 25),
        ("entry[7].from", 20),
        ("nothing.at[3].all", 0),
        ("", 0),
    ],
)
def test_the_line_of_a_key(key: str, line: int) -> None:
    assert line_of(lines_of(TEXT), key) == line


def keys_of(content: object, key: str = "") -> Iterator[str]:
    if isinstance(content, dict):
        for name, each in content.items():
            inner = f"{key}.{name}" if key else name
            yield inner
            yield from keys_of(each, inner)
    if isinstance(content, list):
        for index, each in enumerate(content):
            yield f"{key}[{index}]"
            yield from keys_of(each, f"{key}[{index}]")


@pytest.mark.parametrize("path", sorted(RULES_DIR.glob("**/*.toml")), ids=lambda path: path.parent.name)
def test_every_key_of_every_shipped_file_is_found_where_it_stands(path) -> None:  # type: ignore[no-untyped-def]
    text = path.read_text(encoding="utf-8")
    lines, found = text.splitlines(), lines_of(text)
    expected = set(keys_of(tomllib.loads(text)))
    assert expected <= set(found)
    for key in expected:
        name = key.rpartition(".")[2].partition("[")[0]
        assert name in lines[found[key] - 1] or key.endswith("]")


def test_an_empty_text_has_no_lines() -> None:
    assert lines_of("") == {}
    assert lines_of("# only a comment") == {}


def test_what_stands_behind_a_header_is_no_key() -> None:
    text = "[a]# c = 1\nb = 2\n[[d]]# e = 3\nf = 4"
    assert lines_of(text) == {"a": 1, "a.b": 2, "d": 3, "d[0]": 3, "d[0].f": 4}
