"""Where canaries must not be: the database as a dump, and every file that the processes left."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from drills.canary.people import found_in, found_in_bytes, unpacked
from haochaping.cli.figures import CouldNotRun
from haochaping.starter.programs import find_programs

# Bytes as a dump writes them. Their digits are looked at as the bytes that they stand for: read as letters, sealed ones
# spell a document number of their own in every second run.
_BYTES = re.compile(r"\\\\x[0-9a-f]*")
# What is sealed and written in a text: longer than any word of ours.
_SEALED = re.compile(r"[A-Za-z0-9+/_-]{48,}={0,2}")
_COPY = re.compile(r"COPY public\.(\w+) \((.*)\) FROM stdin;")


def dumped(dsn: str) -> str:
    """The whole database as plain text. Raises CouldNotRun without pg_dump."""
    programs = find_programs()
    if programs is None or not Path(programs.path("pg_dump")).exists():
        raise CouldNotRun("pg_dump was not found; on Debian: apt-get install postgresql")
    done = subprocess.run([programs.path("pg_dump"), dsn], capture_output=True, check=False)
    if done.returncode:
        raise CouldNotRun(f"pg_dump failed: {done.stderr.decode()[-300:]}")
    return done.stdout.decode()


def leaks_in_dump(dump: str, planted: frozenset[str]) -> list[str]:
    """Table and column of everything that gives somebody away, sealed bytes and base64 unpacked as well."""
    found = []
    for table, column, value in _cells(dump):
        hidden = set().union(*(found_in_bytes(data, planted) for data in unpacked(value)), set())
        if seen := _found_in_text(_BYTES.sub("", value), planted) | hidden:
            found.append(f"{table}.{column}: {sorted(seen)[:3]}")
    return sorted(set(found))


def cells_of(dump: str, table: str, column: str) -> int:
    """How many cells of a column hold something: were there none, nothing would have been planted there."""
    return sum(bool(value) for of, name, value in _cells(dump) if (of, name) == (table, column))


def _cells(dump: str) -> Iterator[tuple[str, str, str]]:
    table, columns = "", [""]
    for line in dump.splitlines():
        if match := _COPY.match(line):
            table, columns = match[1], [name.strip('" ') for name in match[2].split(",")]
        elif line == "\\.":
            table, columns = "", [""]
        elif table:
            yield from (
                (table, column, value) for column, value in zip(columns, line.split("\t"), strict=True)
            )
        else:
            yield "(schema)", "", line


def _found_in_text(text: str, planted: frozenset[str]) -> set[str]:
    """Of what is sealed and written in base64 the letters are random: there, and in what they stand for, only what was
    planted is looked for."""
    seen = found_in(_SEALED.sub(" ", text))
    for run in _SEALED.findall(text):
        seen |= found_in_bytes(run.encode(), planted)
    for piece in unpacked(text):
        seen |= found_in_bytes(piece, planted)
    return seen


def leaks_in_files(folder: Path, planted: frozenset[str]) -> list[str]:
    """Files of a data directory that give somebody away; in the database's own, of which many bytes are random, only
    what was planted is looked for.
    """
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        binary = folder / "postgres" in path.parents
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            if not binary:
                raise
            continue  # the running server takes its passing files away and makes them anew
        seen = (
            found_in_bytes(data, planted)
            if binary
            else _found_in_text(data.decode(errors="replace"), planted)
        )
        if seen:
            found.append(f"{path.relative_to(folder)}: {sorted(seen)[:3]}")
    return found
