"""What must not be in the tree: paths of a developer's machine, package indexes, secrets, names that say nothing."""

import re
import subprocess

import pytest

from tests.guards.floors import ROOT

# Put together here, so that this file does not find itself.
FORBIDDEN = {
    "a package index": "|".join(
        ["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.org", "deb" + r"\.debian", "index" + "-url"]
    ),
    "a developer's path": "|".join(["/" + "root/", "/" + r"home/\w", "/" + "work/", "/" + "Users/"]),
    "a private key": "BEGIN " + r"[A-Z ]*PRIVATE " + "KEY",
    "a secret": r"(?:secret|password|token)\s*=\s*[\"'][A-Za-z0-9+/]{24,}[\"']",
}
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "misc", "manager"}
BINARY = {".png", ".jpg", ".mo", ".xlsx", ".pdf", ".docx", ".ico"}


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def findings(kind: str) -> list[str]:
    pattern = re.compile(FORBIDDEN[kind])
    found = []
    for name in tracked():
        if any(name.endswith(suffix) for suffix in BINARY):
            continue
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name}:{number}")
    return found


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_the_tree_holds_none_of(kind: str) -> None:
    assert findings(kind) == []


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("a package index", "https://" + "pypi" + ".org/simple"),
        ("a developer's path", "/" + "root/checkout"),
        ("a private key", "-----BEGIN " + "EC PRIVATE " + "KEY-----"),
        ("a secret", "pass" + 'word = "' + "a" * 24 + '"'),
    ],
)
def test_the_guard_sees_what_it_looks_for(kind: str, line: str) -> None:
    assert re.search(FORBIDDEN[kind], line)


def test_no_file_has_a_name_that_says_nothing() -> None:
    names = [name for name in tracked() if name.endswith(".py")]
    assert [
        name for name in names if name.rsplit("/", 1)[-1].removesuffix(".py") in NAMES_THAT_SAY_NOTHING
    ] == []


def test_the_clock_is_read_in_one_place() -> None:
    pattern = re.compile(r"datetime\.now\(|utcnow\(|date\.today\(|timezone\.now\(")
    found = [
        name
        for name in tracked()
        if name.startswith("src/")
        and name.endswith(".py")
        and name != "src/haochaping/foundation/clock.py"
        and pattern.search((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert found == []
