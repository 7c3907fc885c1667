"""`client dialect check`: what is wrong in a dialect's file, all of it at once."""

import argparse
from pathlib import Path

from haochaping.foundation.errors import Invalid

NAME = "client dialect check"
HELP = "Read the file of a dialect (TOML or JSON) and say all that is wrong in it; nothing is stored."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the dialect (docs/dialects.md)")


def run(arguments: argparse.Namespace) -> int:
    """0 when the file can be used, 1 with every problem by its place."""
    return 0 if checked(arguments.file) is not None else 1


def checked(file: Path) -> str | None:
    """The text of a dialect that can be used; else None, and every problem was printed."""
    from haochaping.intake.dialect_files import read
    from haochaping.policy.tags import Tags

    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        print(f"{file}: cannot be read as UTF-8 text ({type(error).__name__})")
        return None
    try:
        dialect = read(text, tags=Tags.load())
    except Invalid as invalid:
        for problem in invalid.problems:
            print(f"{file}: {problem.field or '-'} [{problem.code}] {problem.message}")
        return None
    sources = (
        f", with readings of their own for dataSource {', '.join(dialect.sources)}" if dialect.sources else ""
    )
    print(f"{file}: can be used{sources}")
    return text
