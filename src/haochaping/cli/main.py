"""The table of commands. A command module has NAME ("up", "client create"), HELP, add_arguments(parser) and
run(arguments) -> exit code, and imports Django inside `run` only: help must not need a database."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

from haochaping.cli import (
    api_schema,
    ask,
    bench,
    calendar_load,
    client,
    client_change,
    client_dialect_check,
    client_dialect_set,
    client_dialect_show,
    client_end,
    client_key_add,
    client_key_end,
    client_list,
    codes,
    coverage,
    door,
    drill,
    export,
    forms_check,
    import_cameras,
    import_occasions,
    import_registry,
    keys_new,
    keys_rekey,
    keys_rotate_master,
    keys_status,
    map_check,
    migrate,
    official,
    official_link,
    people_find,
    publication_verify,
    reconcile,
    registry_template,
    revisits_redraw,
    rules_check,
    rules_diff,
    rules_explain,
    rules_run,
    rules_schema,
    score_again,
    score_compare,
    score_enter,
    score_export,
    score_run,
    selftest,
    simulate,
    test,
    tiles_check,
    up,
    web,
    worker,
)
from haochaping.foundation.errors import Refused
from haochaping.foundation.keys import KeyMissing
from haochaping.starter.progress import StartError

ROOT = Path(__file__).resolve().parents[3]
INTERRUPTED = 130


Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class Command(Protocol):
    """What a command module offers."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser, /) -> None: ...

    def run(self, arguments: argparse.Namespace, /) -> int: ...


COMMANDS: tuple[Command, ...] = (
    up,
    import_registry,
    registry_template,
    import_occasions,
    import_cameras,
    calendar_load,
    client,
    client_list,
    client_change,
    client_end,
    client_key_add,
    client_key_end,
    client_dialect_check,
    client_dialect_set,
    client_dialect_show,
    official,
    official_link,
    keys_status,
    keys_new,
    keys_rotate_master,
    keys_rekey,
    people_find,
    codes,
    coverage,
    simulate,
    selftest,
    reconcile,
    export,
    ask,
    revisits_redraw,
    forms_check,
    map_check,
    score_run,
    score_again,
    score_compare,
    score_enter,
    score_export,
    publication_verify,
    rules_check,
    rules_explain,
    rules_run,
    rules_diff,
    rules_schema,
    api_schema,
    migrate,
    door,
    web,
    worker,
    bench,
    drill,
    test,
    tiles_check,
)


def main(argv: Sequence[str]) -> int:
    """Runs one command and returns its exit code: 2 for what was typed wrongly, 1 for what failed."""
    parser = build_parser()
    arguments, rest = parser.parse_known_args(argv)
    command: Command | None = getattr(arguments, "command", None)
    if command is None:
        parser.print_help(sys.stderr)
        return 2
    if rest and not getattr(command, "PASSES_ON", False):
        arguments.parser.error(f"unrecognized arguments: {' '.join(rest)}")
    arguments.rest = rest
    try:
        return command.run(arguments)
    except (StartError, KeyMissing, Refused) as error:
        print(f"haochaping: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def build_parser() -> argparse.ArgumentParser:
    """Every command with its help; a name of several words becomes groups and a command in the last one."""
    parser = argparse.ArgumentParser(
        prog="haochaping",
        description="The open platform for the rating of government services (政务服务好差评).",
    )
    groups = {"": parser.add_subparsers(title="commands", metavar="COMMAND")}
    for command in COMMANDS:
        group, _, name = command.NAME.rpartition(" ")
        leaf = _group(groups, group).add_parser(
            name, help=command.HELP, description=command.HELP, allow_abbrev=False
        )
        leaf.add_argument(
            "--data",
            type=Path,
            metavar="DIR",
            default=Path(os.environ.get("HAOCHAPING_DATA") or ROOT / "var"),
            help="the data directory (default: HAOCHAPING_DATA, else `var` beside the launcher)",
        )
        command.add_arguments(leaf)
        leaf.set_defaults(command=command, parser=leaf)
    return parser


def _group(groups: "dict[str, Commands]", name: str) -> "Commands":
    """The group of this name, made with those around it when it is first asked for."""
    if name not in groups:
        around, _, own = name.rpartition(" ")
        beneath = _group(groups, around).add_parser(own, help=f"{name} ...: see `haochaping {name} --help`")
        groups[name] = beneath.add_subparsers(title="commands", metavar="COMMAND", required=True)
    return groups[name]
